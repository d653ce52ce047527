"""Cards for colleagues who were named in a record, and for its author where one of them may not see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from cards.visits import amount_words, next_step_words
from crm.visits import Recorded
from store.tables import Member, TaskStatus


def mentioned_card(recorded: Recorded, author: str, said: str, today: date) -> Card:
    """张伟提到了你 · 华星: the sentence, and what was recorded."""
    row, task = recorded.activity, recorded.task
    facts = [Fact("时间", words.when(recorded.happened, row.happened_grain, row.happened_part, today))]
    if row.amount_low is not None:
        facts.append(Fact("金额", amount_words(row)))
    if task is not None and task.status == TaskStatus.OPEN:
        facts.append(Fact("下一步", next_step_words(task, today)))
    return Card(
        title=f"{author}提到了你 · {recorded.called or '未关联客户'}",
        tone=Tone.PRIMARY,
        facts=tuple(facts),
        quote=said,
        body="" if said == row.raw else f"说的是：{words.one_line(row.raw, 60)}",
        buttons=_opens(recorded),
    )


def _opens(recorded: Recorded) -> tuple[Button, ...]:
    if recorded.customer is None:
        return ()
    key = str(recorded.customer.id)
    return (Button("看客户", Action("customer.open", key), say=f"回复 {recorded.called}"),)


def closed_card(recorded: Recorded, people: Sequence[Member]) -> Card:
    """王芳看不到华星: may be let in."""
    names = "、".join(one.name for one in people)
    key = str(recorded.customer.id) if recorded.customer else ""
    return Card(
        title=f"{names}看不到{recorded.called}，没有通知",
        body="加为协作后对方就能看到这家客户，再@一次就会通知到",
        buttons=tuple(
            Button(
                f"加协作 {one.name}",
                Action("collaborator.grant", key, extra=str(one.id)),
                say=f"回复 协作 {recorded.called} {one.name}",
            )
            for one in people[:3]
        ),
    )
