"""Cards of one's people's follow-ups: as they come, and the day's digest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from cards.visits import amount_words
from crm.feed import Day, Entry, Mode, Share

MOST_LINES = 5
MOST_NAMES = 3
ROW = 30  # characters of a row: WeCom shows no more
MODES = {Mode.LIVE: "实时", Mode.DIGEST: "汇总", Mode.OFF: "关闭"}
MEANING = {
    Mode.LIVE: "下属一记跟进就发给你，两分钟内的合成一条",
    Mode.DIGEST: "每天傍晚发一次当天的汇总，没有就不发",
    Mode.OFF: "不发动态",
}


def live_card(entries: Sequence[Entry], today: date) -> Card:
    """张伟 拜访 · 华星, or several at once."""
    if len(entries) == 1:
        return _single(entries[0], today)
    left = len(entries) - MOST_LINES
    return Card(
        title=f"{len(entries)}条新跟进",
        facts=tuple(_row(entry, today) for entry in entries[:MOST_LINES]),
        body=f"还有{left}条" if left > 0 else "",
        buttons=_openers(entries),
        note=_note(Mode.LIVE),
    )


def digest_card(day: Day, today: date) -> Card:
    """今天的跟进: by person, those with the most first."""
    return Card(
        title=f"今天的跟进 · {day.total}条",
        subtitle=f"{words.full_day(today, today)}，{day.people}人有记录",
        facts=tuple(_person(share) for share in day.shares),
        buttons=_openers([entry for share in day.shares for entry in share.entries]),
        note=_note(Mode.DIGEST),
    )


def setting_card(mode: Mode) -> Card:
    """动态: what is chosen, and the other choices."""
    others = [one for one in Mode if one is not mode]
    return Card(
        title=f"团队动态：{MODES[mode]}",
        body="\n".join(f"{MODES[one]}：{MEANING[one]}" for one in Mode),
        buttons=tuple(
            Button(MODES[one], Action("feed.mode", one.value), say=f"回复 动态 {MODES[one]}")
            for one in others
        ),
        about=("feed", "setting"),
    )


def _single(entry: Entry, today: date) -> Card:
    row = entry.row
    facts = [Fact("时间", words.when(entry.happened, row.happened_grain, row.happened_part, today))]
    if row.amount_low is not None:
        facts.append(Fact("金额", amount_words(row)))
    if row.place:
        facts.append(Fact("地点", row.place))
    if row.attachments:
        facts.append(Fact("附件", f"{len(row.attachments)}个"))
    return Card(
        title=f"{entry.author} {words.KINDS.get(entry.kind, '跟进')} · {entry.called or '未关联客户'}",
        tone=Tone.PLAIN,
        facts=tuple(facts),
        quote=entry.raw,
        buttons=_openers([entry]),
        note=_note(Mode.LIVE),
    )


def _row(entry: Entry, today: date) -> Fact:
    """张伟: 拜访华星，聊了二期报价…"""
    head = f"{words.KINDS.get(entry.kind, '跟进')}{entry.called or '（未关联客户）'}"
    day = "" if entry.happened.date() == today else f"（{words.near_day(entry.happened.date(), today)}）"
    return Fact(entry.author, words.one_line(f"{head}{day}，{entry.raw}", ROW))


def _person(share: Share) -> Fact:
    """张伟: 3条 华星、美的."""
    names = list(dict.fromkeys(entry.called or "未关联客户" for entry in share.entries))
    more = f"等{len(names)}家" if len(names) > MOST_NAMES else ""
    return Fact(share.author, f"{share.count}条 {'、'.join(names[:MOST_NAMES])}{more}")


def _openers(entries: Sequence[Entry]) -> tuple[Button, ...]:
    named = {entry.customer_id: entry.called for entry in entries if entry.customer_id}
    return tuple(
        Button(name, Action("customer.open", str(key)), say=f"回复 {name}")
        for key, name in list(named.items())[:3]
    )


def _note(mode: Mode) -> str:
    other = Mode.DIGEST if mode is Mode.LIVE else Mode.LIVE
    return f"想换成{MODES[other]}就回复 动态 {MODES[other]}，不想收回复 动态 关闭"
