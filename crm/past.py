"""A customer as it stood at a moment that is past, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.labels import Value


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the customer then, and now."""

    name: str
    label: str
    then: Value
    now: Value


@dataclass(frozen=True, slots=True)
class DoneThen:
    """A follow-up that stood then. `at` is local."""

    kind: str
    raw: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlannedThen:
    """A task that was open then, and what became of it: its status now. `due` is local."""

    title: str
    due: datetime
    grain: str
    now: str


@dataclass(frozen=True, slots=True)
class OfferedThen:
    """A quote that there was, its status then and now; `total` fen, None where it may not be seen."""

    number: str
    total: int | None
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Past:
    """A customer at `moment` (local). `known_from` is since when changes of it are written down.

    `added` counts what has come since: (kind of record, how many).
    """

    customer_id: int
    called: str
    moment: datetime
    known_from: datetime
    fields: tuple[Field, ...]
    contacts: tuple[str, ...]
    tags: tuple[str, ...]
    done: tuple[DoneThen, ...]
    done_count: int
    tasks: tuple[PlannedThen, ...]
    quotes: tuple[OfferedThen, ...]
    added: tuple[tuple[str, int], ...]
