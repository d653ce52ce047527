"""What a handler wants said, to whom."""

from __future__ import annotations

from dataclasses import dataclass

from cards.card import Card
from crm.attached import KeptFile


@dataclass(frozen=True, slots=True)
class Notice:
    """Something for another member: a card or a text."""

    member_id: int
    card: Card | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The outcome of a turn.

    `text`, `cards` and `files` go to the sender, `notices` to others. Each card of `refresh` has `about`:
    every card that was sent about that record, to anybody, is replaced by it; with `done` set it is settled
    and takes no more presses.
    """

    text: str = ""
    cards: tuple[Card, ...] = ()
    notices: tuple[Notice, ...] = ()
    refresh: tuple[Card, ...] = ()
    files: tuple[KeptFile, ...] = ()
