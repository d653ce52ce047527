"""What the tests of the phrase level share: a reference time and ways to ask for one kind of expression."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from nlu.entities import Duration, Entity, Money, Number, Percent, Phone, Recurring, Time
from nlu.extract import extract

NOW = datetime.fromisoformat("2026-11-20T10:00")  # a Friday
Kind = TypeVar("Kind", Time, Duration, Recurring, Money, Number, Percent, Phone)


def of_kind(kind: type[Kind], text: str, now: datetime = NOW) -> list[Kind]:
    """The expressions of one kind in a text."""
    found: tuple[Entity, ...] = extract(text, now)
    return [each for each in found if isinstance(each, kind)]


def only(kind: type[Kind], text: str, now: datetime = NOW) -> Kind:
    """The one expression of that kind."""
    found = of_kind(kind, text, now)
    assert len(found) == 1, f"{text}: {found}"
    return found[0]


def day(text: str) -> datetime:
    """A date or a moment in ISO form."""
    return datetime.fromisoformat(text)
