"""A list on a card whose buttons act on what is chosen, answered by words: 完成 2, 推迟 1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from cards import forms as cards
from cards.card import Action, Card
from handlers import held
from handlers.reply import Reply
from handlers.router import Route
from handlers.turn import Memory, Pending, Press, Turn

OFFERED: Final = "form.offer"
GIVES_WAY: Final = frozenset(
    {OFFERED, "paging.on", "customer.which", "quote.reason", "quote.discount", "handover.plan"}
)
"""Questions that nobody has to answer: a list that is shown takes their place."""
SPAN: Final = re.compile(r"\d+\s*(?:分钟|小时|天)")  # 推迟 2 means 推迟1小时 2
NUMBER: Final = re.compile(r"[\s第,，]*([1-9]\d?)[\s个条]*")


def offer(memory: Memory, card: Card, now: datetime, *, member: int) -> Card:
    """Listen for words about a card whose buttons act on what is chosen: 完成 2. Nothing has to be said.

    Only a card with one field of choices can be answered so; another one stays as it is.
    """
    return cards.spoken(card) if _offered(memory, card, now, member) else card


def listen(memory: Memory, card: Card, now: datetime, *, member: int) -> None:
    """The same for such a card that is shown with its buttons: 完成 2 is understood all the same.

    A question that waits for its answer goes on waiting.
    """
    if memory.pending is None or memory.pending.name in GIVES_WAY:
        _offered(memory, card, now, member)


def _offered(memory: Memory, card: Card, now: datetime, member: int) -> bool:
    actions = [[one.text, _listed(one.action)] for one in card.buttons if one.action]
    if card.submit or len(card.form) != 1 or not actions or not card.form[0].kind.is_choice:
        return False
    (one,) = card.form
    data = {"key": one.key, "ids": [o.id for o in one.options], "actions": actions, "member": member}
    memory.ask(OFFERED, data, now)
    return True


def _numbered(said: str, name: str) -> int:
    """The number beside a button's name: 完成 2, 第2个完成; 0 where something else was said."""
    front, _, behind = said.partition(name)
    found = NUMBER.fullmatch(behind if not front.strip() else front) if name in said else None
    is_alone = not front.strip() or not behind.strip()
    return int(found[1]) if found and is_alone else 0


def _listed(action: Action) -> list[str | int]:
    return [action.name, action.object_id, action.version, action.extra]


def chosen(actions: Mapping[str, Route], turn: Turn, pending: Pending) -> Reply | None:
    """完成 2: a button of a card that was written, and the choice; None for anything else."""
    ids: list[str] = pending.data["ids"]
    for name, action in pending.data["actions"]:
        said = held.said(turn)
        number = _numbered(said, name.lower()) or _numbered(said, SPAN.sub("", name))
        if 1 <= number <= len(ids) and pending.data["member"] == turn.actor.id:
            press = Press(Action(*action), {pending.data["key"]: (ids[number - 1],)})
            reply = actions[press.action.name].run(turn, press)
            return reply and _still_there(turn, pending, reply)
    return None


def _still_there(turn: Turn, pending: Pending, reply: Reply) -> Reply:
    """The reply, with what is left of the list where it has become shorter, numbered anew."""
    key, ids = pending.data["key"], pending.data["ids"]
    fields = [one for card in reply.refresh for one in card.form if one.key == key]
    left = fields[0].options if fields else ()
    if not left or len(left) >= len(ids) or turn.memory.pending is not pending:
        return reply
    turn.memory.ask(OFFERED, {**pending.data, "ids": [one.id for one in left]}, turn.now)
    lines = [f"{n}）{one.text}" for n, one in enumerate(left, start=1)]
    return replace(reply, text="\n".join([reply.text, "还有：", *lines]))
