"""What stands in the way of taking something back, field by field, and the button for all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cards import words
from cards.card import Action, Button, Card, Tone
from cards.timeline import value_words
from crm.reversing import Clash

MOST_LINES = 4


def about(inbox_id: int) -> tuple[str, str]:
    """What binds the question to the message that was to be undone."""
    return ("undo", str(inbox_id))


def clash_card(clashes: Sequence[Clash], rest: int, inbox_id: int, today: date) -> Card:
    """有2处后来又改过: what each was made, by whom it was changed since; the rest can still go."""
    key = str(inbox_id)
    lines = [clash_line(clash, today) for clash in clashes[:MOST_LINES]]
    if len(clashes) > MOST_LINES:
        lines.append(f"另有{len(clashes) - MOST_LINES}处")
    go_on = (
        Button(f"撤销其余{rest}处", Action("undo.rest", key), Tone.PRIMARY, say="回复 仍然撤销其余"),
        Button("不撤了", Action("undo.stop", key), say="回复 不撤了"),
    )
    return Card(
        title=f"有{len(clashes)}处后来动过，还没有撤销",
        body="\n".join(lines),
        buttons=go_on if rest else (),
        about=about(inbox_id) if rest else None,
    )


def clash_line(clash: Clash, today: date) -> str:
    """级别：这条改成A，李娜今天 10:30又改成B."""
    if clash.reason:
        return clash.reason
    mine, now = value_words(clash.mine, today) or "空", value_words(clash.now, today) or "空"
    when = words.moment(clash.at, today) if clash.at else "后来"
    return f"{clash.title} {clash.label}：这条改成{mine}，{clash.who}{when}又改成{now}"


def answered_card(inbox_id: int, done: str) -> Card:
    """The question, settled."""
    return Card("撤销时有冲突", done=done, about=about(inbox_id))
