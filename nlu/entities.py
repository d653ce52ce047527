"""Expressions found in a text: each a value with its place. Times are local and naive, `end` is exclusive."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Rule(Struct, frozen=True):
    """A recurrence, in the words of RFC 5545: `freq` DAILY, WEEKLY, MONTHLY or YEARLY; `byday` MO … SU.

    In a month `byday` is counted: 1MO is the first Monday, -1FR the last Friday. `bymonthday` -1 is the
    last day; several days are a tuple.
    """

    freq: str
    interval: int = 1
    byday: tuple[str, ...] = ()
    bymonthday: int | tuple[int, ...] | None = None
    at: str = ""


class Span(Struct, frozen=True):
    """Where an expression stands: text[start:end]."""

    start: int
    end: int
    text: str


class Time(Struct, frozen=True):
    """A point or a range in time.

    `value` to `until` is the stretch meant (until exclusive). `grain` is minute, day or part_of_day (with
    `part`: 凌晨 早上 上午 中午 下午 晚上 白天; `value` is then the hour a reminder would take), or one of the
    longer stretches: weekend, days, week, part_of_month, month, lunar_month, quarter, half, holiday, year.
    `past` and `future` are the two readings of an expression that the words leave open (a bare weekday, a
    date without a year, an hour without a day); `value` is the one chosen when nothing says otherwise.
    `deadline` where the words say by / before: `value` is then the last day or minute allowed. `guessed`
    names what was filled in rather than said: "half_day", "year", "vague", "calendar" (the holiday
    calendar of that year is not yet published).
    """

    span: Span
    value: datetime
    until: datetime
    grain: str
    part: str = ""
    past: datetime | None = None
    future: datetime | None = None
    deadline: bool = False
    guessed: frozenset[str] = frozenset()


class Duration(Struct, frozen=True):
    """A length of time, in seconds (a month counts 30 days, a year 365)."""

    span: Span
    seconds: float


class Recurring(Struct, frozen=True):
    """Something that comes again; `first` is the first time from the reference time on."""

    span: Span
    rule: Rule
    first: datetime
    grain: str = "day"


class Money(Struct, frozen=True):
    """An amount in fen; `low` equals `high` unless a range was said. `vague` for 百来万, 五百个."""

    span: Span
    low: int
    high: int
    currency: str = "CNY"
    vague: bool = False


class Number(Struct, frozen=True):
    """A number that is not (known to be) money."""

    span: Span
    value: float


class Percent(Struct, frozen=True):
    """A share or a discount as a fraction: 30% is 0.3, 九五折 is 0.95 with `discount` set."""

    span: Span
    value: float
    discount: bool = False


class Phone(Struct, frozen=True):
    """A phone number, digits only."""

    span: Span
    value: str


Entity = Time | Duration | Recurring | Money | Number | Percent | Phone
