"""Cards of single customers that go to a colleague: asked first, then told."""

from __future__ import annotations

from datetime import date
from typing import Final

from cards.card import Action, Button, Card, Fact, Option, Tone
from cards.transfers import asked_words
from cards.words import due, one_line
from crm.handover.single import Given
from crm.task_lists import TaskItem

ROW: Final = 30
MOST_OPTIONS: Final = 5


def about(message: int) -> tuple[str, str]:
    """What binds the question to the message that asked for it."""
    return ("transfer", str(message))


def ask_card(given: Given, message: int) -> Card:
    """Who will have it, and who will not see it any more: confirmed first."""
    blind = "、".join(given.blind)
    return Card(
        title=one_line(f"把{names(given)}转给{given.to}", 36),
        tone=Tone.PRIMARY,
        body=f"转过去后由{given.to}负责" + (f"，{blind}不再看得到" if blind else ""),
        facts=_facts(given),
        buttons=(
            Button("确认转移", _go(given, message), Tone.PRIMARY, say="回复 确认"),
            Button("不转", Action("transfer.no", extra=str(message)), say="回复 不转"),
        ),
        about=about(message),
    )


def which_card(said: str, options: list[Option], to_id: int, to: str, message: int) -> Card:
    """Several customers fit."""
    buttons = tuple(
        Button(one.text, Action("transfer.pick", one.id, extra=f"{to_id} {message}"), say=f"回复 {n}")
        for n, one in enumerate(options[:MOST_OPTIONS], start=1)
    )
    return Card(
        f"要把哪一家转给{to}", body=f"“{said}”有几家" if said else "", buttons=buttons, about=about(message)
    )


def done_card(given: Given, message: int, inbox_id: int) -> Card:
    """It is done, and can be taken back."""
    return Card(
        title=one_line(f"{names(given)}已转给{given.to}", 36),
        tone=Tone.SUCCESS,
        body=asked_words(given.asked),
        facts=_facts(given),
        buttons=(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),),
        about=about(message),
    )


def settled_card(title: str, message: int, done: str) -> Card:
    """The question once it is answered with no."""
    return Card(title, done=done, about=about(message))


def received_card(given: Given, by: str, next_: list[TaskItem], today: date, draft: str) -> Card:
    """For who has got it: what is open, and what the customer may be told."""
    facts = [Fact("原负责", "、".join(name for _, name in given.former))]
    facts += [Fact("最近" if not n else "然后", _next(one, today)) for n, one in enumerate(next_[:2])]
    if given.quotes:
        facts.append(Fact("报价", f"{len(given.quotes)} 份"))
    customer_id, name, _ = given.customers[0]
    show = Action("customer.open", str(customer_id))
    return Card(
        title=one_line(f"{by}把{names(given)}转给了你", 36),
        tone=Tone.PRIMARY,
        facts=tuple(facts),
        quote=draft,
        buttons=(Button("看客户", show, Tone.PRIMARY, say=f"回复 {name}"),),
        about=("customer_to", str(customer_id)),
    )


def names(given: Given) -> str:
    """华星科技、安居物业等 5 家."""
    some = "、".join(name for _, name, _ in given.customers[:3])
    return some if len(given.customers) <= 3 else f"{some}等 {len(given.customers)} 家"


def packed(given: Given) -> str:
    """The customers with their versions, for a button."""
    return ",".join(f"{one}:{version}" for one, _, version in given.customers)


def unpacked(value: str) -> list[tuple[int, int]]:
    """The same, back again."""
    pairs = (one.partition(":") for one in value.split(",") if one)
    return [(int(customer), int(version or 0)) for customer, _, version in pairs]


def _go(given: Given, message: int) -> Action:
    return Action("transfer.go", packed(given), extra=f"{given.to_id} {message}")


def _next(one: TaskItem, today: date) -> str:
    return one_line(f"{due(one.due, one.grain, today, deadline=one.deadline)} {one.title}", ROW)


def _facts(given: Given) -> tuple[Fact, ...]:
    also = (
        (len(given.tasks), "件待办"),
        (len(given.quotes), "份报价"),
        (len(given.records), "条其他记录"),
        (len(given.outside), "位外部联系人"),
    )
    words = "、".join(f"{count} {unit}" for count, unit in also if count)
    facts = (Fact("现负责", "、".join(name for _, name in given.former)), Fact("接手", given.to))
    return (*facts, Fact("一起转", words)) if words else facts
