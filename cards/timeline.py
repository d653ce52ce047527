"""Cards of what happened to a record, and of how a customer stood on a day that is past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cards import words
from cards.card import Action, Button, Card, Fact
from cards.customers import back_button
from crm.labels import Fen, Share, Value, object_name
from crm.past import OfferedThen, Past, PlannedThen
from crm.timeline import Timeline
from crm.told import Change, Entry, Step

LONGEST = 110  # characters of an entry; every platform shows at least the first thirty
LONGEST_VALUE = 24
MOST_STEPS = 5
FRONT = 6  # facts that every platform shows as rows
TASK_ENDS = {"done": "已完成", "cancelled": "已取消"}
MEASURES = {"contact": "位", "task": "项", "quote": "份", "tagging": "个"}


def timeline_card(page: Timeline, local: datetime, *, first: bool) -> Card:
    """A page of what happened, the newest first."""
    older: tuple[Button, ...] = ()
    if page.before is not None:
        extra = f"{page.object}:{page.before}"
        older = (Button("更早的", Action("timeline", str(page.object_id), extra=extra), say="回复 更早的"),)
    back: tuple[Button, ...] = ()
    if page.customer_id is not None:
        back = (back_button(page.customer_id, f"回复 {page.customer} 全景" if page.customer else ""),)
    return Card(
        title=f"{page.called} · 时间线",
        subtitle="新的在前" if first else "更早的",
        facts=tuple(Fact(entry.who, entry_words(entry, local)) for entry in page.entries),
        body="" if page.entries else "没有更早的变更记录了" if not first else "还没有变更记录",
        buttons=(*older, *back),
    )


def entry_words(entry: Entry, local: datetime) -> str:
    """今天 10:30 新增联系人“王总”；安排任务“演示”. What was taken back says so."""
    at = words.moment(entry.at, local.date())
    steps = [step_words(step, local.date()) for step in entry.steps[:MOST_STEPS]]
    more = f"；另有{len(entry.steps) - MOST_STEPS}处" if len(entry.steps) > MOST_STEPS else ""
    gone = "（已撤销）" if entry.undone else ""
    said = f" 原话“{words.one_line(entry.said, 40)}”" if entry.said else ""
    return words.one_line(f"{at}{gone} {'；'.join(steps)}{more}{said}", LONGEST)


def step_words(step: Step, today: date) -> str:
    """级别 A → B; 新增任务“演示”，时间 明天 10:00; 撤销了拜访记录."""
    if step.verb == "新增":
        return _added(step, today)
    name = f"“{words.one_line(step.name, LONGEST_VALUE)}”" if step.name else ""
    if not step.changes:
        return f"{step.verb}{object_name(step.object)}{name}"
    if step.verb == "合并":
        return f"合并{object_name(step.object)}{name}，并入“{value_words(step.changes[0].after, today)}”"
    whose = "" if step.itself else f"{object_name(step.object)}{name}"
    verb = f"{step.verb}：" if step.verb in ("撤销", "恢复") else ""
    return verb + " ".join(
        [part for part in (whose, "，".join(change_words(c, today) for c in step.changes)) if part]
    )


def change_words(change: Change, today: date) -> str:
    """级别 A → B; 级别 → A where there was none before."""
    before, after = value_words(change.before, today), value_words(change.after, today)
    return f"{change.label} {before or '空'}→{after or '空'}"


def value_words(value: Value, today: date) -> str:
    """58万元, 9折, 明天 10:00, 11月25日 周三, or the text."""
    if value is None:
        return ""
    if isinstance(value, Fen):
        return words.money(value.amount)
    if isinstance(value, Share):
        return words.discount(value.of)
    if isinstance(value, datetime):
        return words.moment(value, today)
    if isinstance(value, date):
        return words.day(value, today)
    return words.one_line(value, LONGEST_VALUE)


def _added(step: Step, today: date) -> str:
    if step.object == "activity":
        kind = next((str(c.after) for c in step.changes if c.label == "方式"), "跟进")
        return f"记录{kind}：{words.one_line(step.name, 50)}"
    told = [f"{c.label}{value_words(c.after, today)}" for c in step.changes]
    name = "" if step.itself or not step.name else f"“{words.one_line(step.name, LONGEST_VALUE)}”"
    return "，".join([f"新增{object_name(step.object)}{name}", *told])


def which_card(said: str, options: Sequence[tuple[int, str]], moment: datetime, today: date) -> Card:
    """A name that several customers have, in a question about a moment (local) that is past."""
    at = moment.isoformat(timespec="minutes")
    when = _moment_words(moment, today)
    return Card(
        title=f"“{words.one_line(said, 20)}”是哪一家",
        subtitle=f"要看的是{when}的样子",
        body="\n".join(f"{place}. {name}" for place, (_, name) in enumerate(options, start=1)),
        buttons=tuple(
            Button(
                words.one_line(words.short(name), 10), Action("past", str(one), extra=at), say=f"回复 {place}"
            )
            for place, (one, name) in enumerate(options, start=1)
        ),
    )


def past_card(past: Past, local: datetime) -> Card:
    """How a customer stood on a day that is past, and what has changed since."""
    today = local.date()
    then = {f.name: value_words(f.then, today) for f in past.fields}
    told = (
        ("负责人", then.get("owner_id", "")),
        ("级别", " ".join(p for p in (_level(then.get("level", "")), then.get("lifecycle", "")) if p)),
        ("下一步", _planned(past.tasks[0], today) if past.tasks else ""),
        ("待办", f"{len(past.tasks)}项未完成" if len(past.tasks) > 1 else ""),
        ("报价", "；".join(_offered(q) for q in past.quotes[:2]) + _more(len(past.quotes), 2, "份")),
        ("联系人", "、".join(past.contacts[:3]) + _more(len(past.contacts), 3, "位")),
        ("标签", "、".join(past.tags[:5])),
        ("此后变化", "；".join(_since_then(past, today)) or "没有变化"),
    )
    facts = tuple(Fact(name, value) for name, value in told if value)
    lines = [
        words.one_line(f"{words.day(d.at.date(), today)} {words.KINDS.get(d.kind, '跟进')}：{d.raw}", 50)
        for d in past.done
    ]
    key = str(past.customer_id)
    return Card(
        title=f"{past.called} · {_moment_words(past.moment, today)}",
        subtitle=f"当时的样子，已有跟进{past.done_count}条",
        facts=(*facts[-1:], *facts[:-1]) if len(facts) > FRONT else facts,
        body="\n".join(lines) or "那时还没有跟进记录",
        buttons=(
            Button("时间线", Action("customer.timeline", key), say=f"回复 {past.called} 时间线"),
            Button("现在的卡片", Action("customer.open", key), say=f"回复 {past.called}"),
        ),
        note=f"变更从{words.moment(past.known_from, today)}起有记录" if past.known_from > past.moment else "",
    )


def _moment_words(moment: datetime, today: date) -> str:
    """截至11月13日 周五: the end of a day is called by the day."""
    if (moment.hour, moment.minute) == (0, 0):
        return f"截至{words.full_day((moment - timedelta(days=1)).date(), today)}"
    return f"截至{words.full_day(moment.date(), today)} {moment:%H:%M}"


def _level(level: str) -> str:
    return f"{level}级" if level else ""


def _planned(task: PlannedThen, today: date) -> str:
    return f"{task.title} · {words.when(task.due, task.grain, '', today)}"


def _offered(quote: OfferedThen) -> str:
    amount = "" if quote.total is None else f" {words.money(quote.total)}"
    return f"{quote.number}{amount} {words.QUOTE_STATUS.get(quote.then, quote.then)}"


def _more(count: int, shown: int, measure: str) -> str:
    return f" 等{count}{measure}" if count > shown else ""


def _since_then(past: Past, today: date) -> list[str]:
    """What has changed since, field by field, then what came and what became of what there was."""
    told = [change_words(Change(f.label, f.then, f.now), today) for f in past.fields if f.then != f.now]
    told += [f"{q.number}{words.QUOTE_STATUS.get(q.now, q.now)}" for q in past.quotes if q.then != q.now]
    ended = Counter(t.now for t in past.tasks if t.now != "open")
    told += [f"{count}项待办{TASK_ENDS.get(status, status)}" for status, count in ended.items()]
    return told + [
        f"新增{object_name(table)}{count}{MEASURES.get(table, '条')}" for table, count in past.added
    ]
