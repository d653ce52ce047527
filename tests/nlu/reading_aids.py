"""What the tests share: a reference time, ways to ask for one kind of expression, and random texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from hypothesis import strategies as st

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


def strung(pieces: Sequence[str], most: int) -> st.SearchStrategy[str]:
    """Up to `most` pieces one after the other, drawn quickly: as one text, with a character for each."""
    meant = {0xE000 + place: piece for place, piece in enumerate(pieces)}
    return st.text([chr(code) for code in meant], max_size=most).map(lambda text: text.translate(meant))
