"""Cards of customers: one with everything around it, its history, and which of several is meant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from cards.tasks import line as task_line
from crm.customers import Proposal
from crm.overview import ActivityLine, History, Overview
from store.tables import Contact

MOST_BUTTONS = 5


def about(customer_id: int) -> tuple[str, str]:
    """What binds a card to a customer."""
    return ("customer", str(customer_id))


def overview_card(view: Overview, local: datetime, title: str = "", note: str = "") -> Card:
    """The customer card: who, the last follow-ups, the next step, open quotes."""
    customer = view.customer
    return Card(
        title=title or customer.name,
        subtitle=_subtitle(view),
        facts=_facts(view, local),
        body=_body(view, local),
        buttons=_buttons(view),
        note=note,
        about=about(customer.id),
    )


def history_card(page: History, local: datetime, skipped: int) -> Card:
    """A page of a customer's records."""
    customer = page.customer
    lines = [activity_line(a, local.date(), 60) for a in page.lines]
    key = str(customer.id)
    older = (Button("更早的", Action("customer.history", key, extra=str(page.after))),) if page.after else ()
    return Card(
        title=f"{page.called} · 全部跟进",
        subtitle=f"共{page.count}条" + (f"，第{skipped + 1}条起" if skipped else ""),
        body="\n".join(lines) or "还没有跟进记录，直接说一句就能记，例如：今天电话联系了王总，聊了报价",
        buttons=(*older, Button("客户卡片", Action("customer.open", key))),
    )


def choice_card(question: str, proposals: Sequence[Proposal]) -> Card:
    """Which of several customers is meant."""
    buttons = tuple(
        Button(words.short(p.name), Action("customer.open", str(p.id)), Tone.PRIMARY, say=f"回复 {place}")
        for place, p in enumerate(proposals[:MOST_BUTTONS], start=1)
    )
    lines = [f"{n}. {p.name}（{p.owner}）" for n, p in enumerate(proposals[:MOST_BUTTONS], start=1)]
    return Card(question, body="\n".join(lines), buttons=buttons)


def similar_card(name: str, proposals: Sequence[Proposal], held: int) -> Card:
    """A new customer whose name is much like others: is it one of them."""
    lines = [f"· {p.name}，负责人{p.owner}" for p in proposals[:MOST_BUTTONS]]
    mine = next((p for p in proposals if p.mine), None)
    buttons = [Button("仍然新建", Action("customer.add", extra=str(held)), Tone.PRIMARY, say="回复 仍然新建")]
    if mine is not None:
        buttons.append(
            Button(f"看{words.one_line(words.short(mine.name), 9)}", Action("customer.open", str(mine.id)))
        )
    buttons.append(Button("不建了", Action("customer.drop", extra=str(held)), say="回复 不建了"))
    return Card(
        title="有名称相近的客户",
        body="\n".join([f"要新建的是“{name}”，已有：", *lines]),
        buttons=tuple(buttons),
        about=("question", str(held)),
    )


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


def contact_card(contact: Contact, customer: str, inbox_id: int) -> Card:
    """A contact after a change."""
    facts = [Fact("客户", customer)]
    if contact.title and contact.title not in contact.name:
        facts.append(Fact("职务", contact.title))
    if contact.phone:
        facts.append(Fact("电话", contact.phone))
    born = born_words(contact)
    if born:
        facts.append(Fact("生日", born))
    if contact.note:
        facts.append(Fact("备注", contact.note))
    return Card(
        title=f"已更新联系人 · {contact.name}",
        tone=Tone.SUCCESS,
        facts=tuple(facts),
        buttons=(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),),
        about=("contact", str(contact.id)),
    )


def activity_line(line: ActivityLine, today: date, most: int) -> str:
    """11月18日 周三 拜访 王总：聊了二期报价（58万元）."""
    at = words.day(line.at.date(), today)
    kind = words.KINDS.get(line.kind, "跟进")
    who = f" {line.contact}" if line.contact else ""
    return words.one_line(f"{at} {kind}{who}：{line.raw}", most)


def born_words(contact: Contact) -> str:
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
        customer.industry,
    ]
    return " · ".join(p for p in parts if p)


def _facts(view: Overview, local: datetime) -> tuple[Fact, ...]:
    today = local.date()
    facts: list[Fact] = []
    if view.contacts:
        facts.append(Fact("联系人", "、".join(_person(c) for c in view.contacts[:3])))
    birthdays = [f"{c.name} {born_words(c)}" for c in view.contacts if born_words(c)]
    if birthdays:
        facts.append(Fact("生日", "、".join(birthdays[:2])))
    if view.tasks:
        first, more = view.tasks[0], len(view.tasks) - 1
        at = words.due(first.due, first.grain, today, deadline=first.deadline)
        facts.append(Fact("下一步", f"{first.title} · {at}"))
        if more:
            facts.append(Fact("待办", "；".join(task_line(t, today) for t in view.tasks[1:3])))
    if view.quotes:
        facts.append(Fact("报价", "；".join(_quote(q.number, q.total, q.status) for q in view.quotes[:2])))
    if view.activities:
        facts.append(
            Fact("最近跟进", f"{words.days_ago(view.activities[0].at, local)}，共{view.activity_count}条")
        )
    if view.aliases and len(facts) < 6:
        facts.append(Fact("别名", "、".join(view.aliases[:3])))
    return tuple(facts)


def _body(view: Overview, local: datetime) -> str:
    if not view.activities:
        return "还没有跟进记录"
    return "\n".join(activity_line(a, local.date(), 50) for a in view.activities)


def _person(contact: Contact) -> str:
    title = f"（{contact.title}）" if contact.title and contact.title not in contact.name else ""
    return f"{contact.name}{title}{' ' if contact.phone else ''}{contact.phone}"


def _quote(number: str, total: int, status: str) -> str:
    return f"{number} {words.money(total)} {words.QUOTE_STATUS.get(status, status)}"


def _record_button(view: Overview) -> Button:
    say = f"直接说，例如：今天拜访了{view.called}，聊了报价"
    return Button("记跟进", Action("visit.start", str(view.customer.id)), Tone.PRIMARY, say=say)


def _buttons(view: Overview) -> tuple[Button, ...]:
    key = str(view.customer.id)
    history = (
        (Button("全部跟进", Action("customer.history", key), say=f"回复 {view.called} 全部跟进"),)
        if view.activity_count
        else ()
    )
    if not view.mine:
        return history
    return (
        _record_button(view),
        *history,
        Button("报价", Action("customer.quote", key), say=f"回复 报价 {view.called} 58万 9折"),
    )


def answered_card(held: int, done: str) -> Card:
    """The question about a name that is much like another, settled."""
    return Card("有名称相近的客户", done=done, about=("question", str(held)))
