"""What the page of a customer is made of. Times are local and naive, amounts fen, lists short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crm.task_lists import TaskItem
from store.tables import Customer


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """A record in a list. `at` is local; amounts are fen."""

    id: int
    kind: str
    raw: str
    at: datetime
    grain: str
    part: str
    author: str
    contact: str
    amount_low: int | None = None
    amount_high: int | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A person at a customer as the actor may see him: the phone whole, masked or empty.

    `own` are fields of the organisation's own with their values, told on the page of the people alone.
    """

    id: int
    name: str
    title: str = ""
    role: str = ""
    phone: str = ""
    birthday_kind: str = ""
    birth_month: int = 0
    birth_day: int = 0
    birth_leap: bool = False
    likes: str = ""
    own: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A quote in a list. `total` is fen, `discount` ten-thousandths, None where the actor may not see it."""

    number: str
    total: int | None
    discount: int | None
    status: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the money line: so many of a `part` (报价) in a `state` (待审批), and their sum."""

    part: str
    state: str
    count: int
    fen: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision that somebody is asked for: what about, who, since when."""

    number: str
    asked: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag, with the reason where a rule has put it on."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody else who works on the customer, to read or to write, `until` where it ends."""

    name: str
    right: str
    until: date | None = None


class LinkState(StrEnum):
    """How one part of the chain from first contact to payment stands."""

    DONE = "done"
    GOING = "going"
    STALLED = "stalled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Link:
    """One part of the chain: `words` say what is stalled or missing, or how far it is."""

    name: str
    state: LinkState
    words: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """A customer as it is shown. Lists are short and newest first; tasks by time.

    `figures` are the money line, `chain` how far it is on its way to payment, `own` the fields that the
    organisation added (label, value), `related` the companies it belongs to (relation, name), `claims`
    whether it is in the pool and the actor may claim it.
    """

    customer: Customer
    called: str
    owner: str
    mine: bool
    aliases: tuple[str, ...]
    contacts: tuple[ContactLine, ...]
    activities: tuple[ActivityLine, ...]
    activity_count: int
    tasks: tuple[TaskItem, ...]
    quotes: tuple[QuoteLine, ...]
    figures: tuple[Figure, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    tags: tuple[TagLine, ...] = ()
    helpers: tuple[Helper, ...] = ()
    assets: int = 0
    related: tuple[tuple[str, str], ...] = ()
    own: tuple[tuple[str, str], ...] = ()
    chain: tuple[Link, ...] = ()
    claims: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """A page of a customer's records, newest first; `after` asks for the next page, None at the end."""

    customer: Customer
    called: str
    lines: tuple[ActivityLine, ...]
    count: int
    after: int | None


@dataclass(frozen=True, slots=True)
class People:
    """A page of a customer's contacts, oldest first; `after` asks for the next page."""

    customer: Customer
    called: str
    lines: tuple[ContactLine, ...]
    count: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Offers:
    """A page of a customer's quotes, newest first; `mine` where the actor may make another."""

    customer: Customer
    called: str
    lines: tuple[QuoteLine, ...]
    count: int
    after: int | None
    mine: bool
