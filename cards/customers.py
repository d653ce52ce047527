"""Cards of customers: one with everything around it, its history, and which of several is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from cards.tasks import line as task_line
from crm.customers import Proposal
from crm.overview import ActivityLine, ContactLine, Figure, Overview, trouble
from store.tables import Contact

MOST_BUTTONS = 5
NEXT = "下一页"
FRONT = 6  # facts that every platform shows as rows


def about(customer_id: int) -> tuple[str, str]:
    """What binds a card to a customer."""
    return ("customer", str(customer_id))


def overview_card(view: Overview, local: datetime, title: str = "", note: str = "") -> Card:
    """The customer card: who, the last follow-ups, the next step, the money, what has come to a halt.

    The six facts that matter most; the others are behind 更多, and the card says how many they are.
    """
    facts = _facts(view, local)
    behind = len(facts) - FRONT + len(_profile(view))
    more = f"还有{behind}项资料，点“更多”" if behind > 0 else ""
    return Card(
        title=title or view.customer.name,
        subtitle=_subtitle(view),
        facts=facts[:FRONT],
        body=_body(view, local),
        buttons=_buttons(view),
        note=note or more,
        about=about(view.customer.id),
    )


def more_card(view: Overview, local: datetime, skip: int) -> Card:
    """A page of everything that is known of a customer and does not stand on its card."""
    facts = (*_facts(view, local)[FRONT:], *_profile(view))
    key = str(view.customer.id)
    after = skip + FRONT
    on = (
        (Button(NEXT, Action("customer.more", key, extra=str(after)), say=f"回复 {NEXT}"),)
        if after < len(facts)
        else ()
    )
    return Card(
        title=f"{view.called} · 更多资料",
        subtitle=f"共{len(facts)}项" + (f"，第{skip + 1}项起" if skip else "") if facts else "",
        facts=facts[skip:after],
        body="" if facts else "没有更多资料了",
        buttons=(*on, back_button(view.customer.id, f"回复 {view.called} 全景")),
    )


def has_next(card: Card) -> bool:
    """Whether a page has one behind it."""
    return any(button.text == NEXT for button in card.buttons)


def back_button(customer_id: int, say: str = "") -> Button:
    """To the customer's card."""
    return Button("客户卡片", Action("customer.open", str(customer_id)), say=say)


def choice_card(question: str, proposals: Sequence[Proposal], told: Sequence[str] = ()) -> Card:
    """Which of several customers is meant; of each its owner, or what is `told` of it."""
    buttons = tuple(
        Button(words.short(p.name), Action("customer.open", str(p.id)), Tone.PRIMARY, say=f"回复 {place}")
        for place, p in enumerate(proposals[:MOST_BUTTONS], start=1)
    )
    named = zip(proposals[:MOST_BUTTONS], told or [one.owner for one in proposals], strict=False)
    lines = [f"{n}. {one.name}（{about_it}）" for n, (one, about_it) in enumerate(named, start=1)]
    return Card(question, body="\n".join(lines), buttons=buttons)


def added_card(view: Overview, local: datetime, inbox_id: int) -> Card:
    """已新增客户 · 苏州汇川技术, with the way back."""
    card = overview_card(view, local, title=f"已新增客户 · {view.called}")
    undo = Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销")
    return Card(
        title=card.title,
        subtitle=card.subtitle,
        tone=Tone.SUCCESS,
        facts=card.facts,
        buttons=(_record_button(view), undo),
        about=card.about,
    )


def activity_line(line: ActivityLine, today: date, most: int) -> str:
    """11月18日 周三 拜访 王总：聊了二期报价（58万元）."""
    at = words.day(line.at.date(), today)
    kind = words.KINDS.get(line.kind, "跟进")
    who = f" {line.contact}" if line.contact else ""
    return words.one_line(f"{at} {kind}{who}：{line.raw}", most)


def born_words(contact: Contact | ContactLine) -> str:
    """3月5日 or 农历腊月初八."""
    return words.birthday(
        contact.birthday_kind, contact.birth_month, contact.birth_day, leap=contact.birth_leap
    )


def _subtitle(view: Overview) -> str:
    customer = view.customer
    parts = [
        customer.number,
        f"负责人{view.owner}",
        f"{customer.level}级" if customer.level else "",
        customer.lifecycle,
        customer.industry,
    ]
    return " · ".join(p for p in parts if p)


def _facts(view: Overview, local: datetime) -> tuple[Fact, ...]:
    """What matters, the most important first."""
    today = local.date()
    birthdays = [f"{c.name} {born}" for c in view.contacts if (born := born_words(c))]
    first = view.tasks[0] if view.tasks else None
    at = words.due(first.due, first.grain, today, deadline=first.deadline) if first else ""
    last = words.days_ago(view.activities[0].at, local) if view.activities else ""
    told = (
        ("联系人", "、".join(person(c) for c in view.contacts[:3]) + _and_more(len(view.contacts), 3)),
        ("生日", "、".join(birthdays[:2])),
        ("下一步", f"{first.title} · {at}" if first else ""),
        *_money(view),
        ("金额", _said_last(view, today)),
        ("进度", "；".join(one.words for one in trouble(view.chain))),
        ("待审批", "；".join(f"{w.number} 等{w.asked}" for w in view.waiting[:2])),
        ("待办", "；".join(task_line(t, today) for t in view.tasks[1:3]) + _and_more(len(view.tasks), 3)),
        ("标签", "、".join(t.name for t in view.tags[:6]) + _and_more(len(view.tags), 6)),
        ("最近跟进", f"{last}，共{view.activity_count}条" if last else ""),
        ("协作", "、".join(h.name + ("（可写）" if h.right == "write" else "") for h in view.helpers[:4])),
        ("设备", f"{view.assets}台" if view.assets else ""),
        ("别名", "、".join(view.aliases[:3])),
    )
    return tuple(Fact(name, value) for name, value in told if value)


def _profile(view: Overview) -> tuple[Fact, ...]:
    """What is behind 更多: where it comes from, to whom it belongs, why tags stand, fields of one's own."""
    customer = view.customer
    told = (
        ("来源", customer.source),
        ("地区", customer.region),
        *view.related,
        *((f"标签 {t.name}", t.reason) for t in view.tags),
        *((f"协作到 {h.name}", words.full_day(h.until, h.until)) for h in view.helpers if h.until),
        *view.own,
        ("备注", customer.note),
    )
    return tuple(Fact(name, value) for name, value in told if value)


def _money(view: Overview) -> list[tuple[str, str]]:
    """One fact for each part that has figures; a single quote is named by its number."""
    parts = list(dict.fromkeys(f.part for f in view.figures))
    if parts == ["报价"] and len(view.quotes) == 1 and sum(f.count for f in view.figures) == 1:
        one = view.quotes[0]
        return [
            ("报价", f"{one.number}{_amount(one.total)} {words.QUOTE_STATUS.get(one.status, one.status)}")
        ]
    return [(part, "；".join(_figure(f) for f in view.figures if f.part == part)) for part in parts]


def _said_last(view: Overview, today: date) -> str:
    """58万元（昨天电话）: the amount of the latest follow-up that names one."""
    for one in view.activities:
        if one.amount_low is not None and one.amount_high is not None:
            at = f"{words.day(one.at.date(), today)}{words.KINDS.get(one.kind, '跟进')}"
            return f"{words.said_amount(one.raw, one.amount_low, one.amount_high)}（{at}）"
    return ""


def _figure(one: Figure) -> str:
    return f"{one.state}{one.count}份{_amount(one.fen)}"


def _amount(fen: int | None) -> str:
    return "" if fen is None else f" {words.money(fen)}"


def _and_more(count: int, shown: int) -> str:
    return f" 等{count}项" if count > shown else ""


def _body(view: Overview, local: datetime) -> str:
    if not view.activities:
        return "还没有跟进记录"
    return "\n".join(activity_line(a, local.date(), 50) for a in view.activities)


def person(contact: ContactLine) -> str:
    """王建国（总经理） 13800138000."""
    title = f"（{contact.title}）" if contact.title and contact.title not in contact.name else ""
    return f"{contact.name}{title}{' ' if contact.phone else ''}{contact.phone}"


def _record_button(view: Overview) -> Button:
    say = f"直接说，例如：今天拜访了{view.called}，聊了报价"
    return Button("记跟进", Action("visit.start", str(view.customer.id)), Tone.PRIMARY, say=say)


def _buttons(view: Overview) -> tuple[Button, ...]:
    """What one can go on with; six fit on every platform."""
    offer = "customer.quotes" if view.quotes else "customer.quote"
    said = f"回复 {view.called} 报价单" if view.quotes else f"回复 报价 {view.called}"
    wanted = (
        (view.mine, "记跟进", ""),
        (view.claims, "领取", "pool.claim"),
        (bool(view.activity_count), "全部跟进", "customer.history"),
        (bool(view.contacts), "联系人", "customer.people"),
        (view.mine or bool(view.quotes), "报价", offer),
        (True, "时间线", "customer.timeline"),
        (True, "更多", "customer.more"),
    )
    key = str(view.customer.id)
    says = {"报价": said, "领取": f"回复 领取 {view.called}"}
    return tuple(
        Button(text, Action(name, key), say=says.get(text, f"回复 {view.called} {text}"))
        if name
        else _record_button(view)
        for there, text, name in wanted
        if there
    )
