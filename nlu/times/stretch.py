"""Stretches of days, fixed or left open (a date without a year, a day without a month, a bare weekday)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from nlu import lunar

DAY = timedelta(days=1)
HALF_YEAR = 183  # days
FAR = 20  # how many years, months or weeks away an open expression is looked for


class Lean(Enum):
    """Which of the readings of an open expression is wanted."""

    NEAR = "near"
    PAST = "past"
    FUTURE = "future"
    AFTER = "after"  # the first that does not start before the reference: the right side of a range


class Stretch(Struct, frozen=True):
    """Days from `start` to `end` (exclusive), of a grain: day, week, month, quarter, half, year."""

    start: date
    end: date
    grain: str = "day"
    guessed: frozenset[str] = frozenset()

    @property
    def first(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.start, time())

    @property
    def last(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.end, time())


class Days(Struct, frozen=True):
    """A stretch of days as said.

    `open` names what the words leave out ("year", "month", "week"; "follow" for 次日, which counts from what
    was said before; "" for nothing). `at` gives the stretch for the period that starts on a date.
    """

    open: str
    at: Callable[[date], Stretch | None]
    lunar: bool = False
    festive: bool = False
    grain: str = "day"

    def then(self, narrow: Callable[[Stretch], Stretch | None]) -> Days:
        """The part of this stretch that further words name: 三月 → 三月第一周."""

        def at(start: date) -> Stretch | None:
            whole = self.at(start)
            return narrow(whole) if whole is not None else None

        return replace(self, at=at)


def fixed(stretch: Stretch) -> Days:
    """Days that nothing is left out of."""
    return Days("", lambda _start: stretch, grain=stretch.grain)


def one(day: date, grain: str = "day") -> Stretch:
    """A single day."""
    return Stretch(day, day + DAY, grain)


def month_of(year: int, month: int) -> Stretch | None:
    """A calendar month; months outside 1–12 run into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    if not 1 <= year <= 9998:
        return None
    return Stretch(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1), "month")


def months_of(year: int, month: int, count: int, grain: str) -> Stretch | None:
    """Several months from the first of one."""
    first, last = month_of(year, month), month_of(year, month + count - 1)
    return Stretch(first.start, last.end, grain) if first and last else None


def year_of(year: int) -> Stretch | None:
    """A calendar year."""
    return Stretch(date(year, 1, 1), date(year + 1, 1, 1), "year") if 1 <= year <= 9998 else None


def monday(day: date) -> date:
    """The Monday of that day's week."""
    return day - timedelta(days=day.weekday())


def shifted(day: date, months: int) -> date:
    """The same day of the month, months later, or the month's last day."""
    target = month_of(day.year, day.month + months)
    if target is None:
        return day
    return min(target.start + timedelta(days=day.day - 1), target.end - DAY)


def in_year(further: Callable[[Stretch], Stretch | None]) -> Callable[[date], Stretch | None]:
    """A part of whichever period starts on the date."""

    def at(start: date) -> Stretch | None:
        year = year_of(start.year)
        return further(year) if year else None

    return at


def in_month(further: Callable[[Stretch], Stretch | None]) -> Callable[[date], Stretch | None]:
    """A part of whichever period starts on the date."""

    def at(start: date) -> Stretch | None:
        month = month_of(start.year, start.month)
        return further(month) if month else None

    return at


def in_week(further: Callable[[Stretch], Stretch | None]) -> Callable[[date], Stretch | None]:
    """A part of whichever period starts on the date."""
    return lambda start: further(Stretch(monday(start), monday(start) + 7 * DAY, "week"))


def _period(days: Days, ref: date, step: int) -> date | None:
    """Where the period `step` periods away from the reference starts."""
    if days.open == "year":
        year = _lunar_year(ref) if days.lunar else ref.year
        return date(year + step, 1, 1) if 1 <= year + step <= 9998 else None
    if days.open == "month":
        month = month_of(ref.year, ref.month + step)
        return month.start if month else None
    try:
        return monday(ref) + timedelta(weeks=step)
    except OverflowError:
        return None


def _lunar_year(ref: date) -> int:
    new_year = lunar.new_year(ref.year)
    return ref.year - 1 if new_year is not None and ref < new_year else ref.year


def _outward(days: Days, ref: date, direction: int) -> Iterator[Stretch]:
    for step in range(FAR + 1):
        start = _period(days, ref, direction * step)
        found = days.at(start) if start is not None else None
        if found is not None:
            yield found


def past_of(days: Days, ref: date) -> Stretch | None:
    """The latest reading that has begun."""
    beyond = _period(days, ref, 1)
    ahead = days.at(beyond) if beyond is not None else None
    if ahead is not None and ahead.start <= ref:
        return ahead
    return next((s for s in _outward(days, ref, -1) if s.start <= ref), None)


def future_of(days: Days, ref: date) -> Stretch | None:
    """The earliest reading that is not over."""
    behind = _period(days, ref, -1)
    before = days.at(behind) if behind is not None else None
    if before is not None and before.end > ref:
        return before
    return next((s for s in _outward(days, ref, 1) if s.end > ref), None)


def after(days: Days, ref: date) -> Stretch | None:
    """The first reading that does not start before the reference."""
    return next((s for s in _outward(days, ref, 1) if s.start >= ref), None)


def near_of(days: Days, ref: date) -> Stretch | None:
    """The reading taken when nothing else decides.

    A weekday is the coming one, a lunar date that of the running lunar year, a festival mostly the next one,
    a date this year's unless that is more than half a year ago, a day of the month the nearest.
    """
    if days.lunar and not days.festive:
        start = _period(days, ref, 0)
        running = days.at(start) if start is not None else None
        if running is not None:
            return running
    past, future = past_of(days, ref), future_of(days, ref)
    if past is not None and future is not None and days.lunar and not days.festive:
        return past if ref - past.start < future.start - ref else future
    if past is None or future is None or days.open == "week":
        return future or past
    if days.open == "year" and not days.festive:
        return past if past.start.year == ref.year and (ref - past.end).days <= HALF_YEAR else future
    if days.open == "month" and days.grain != "day":
        return past if (past.start.year, past.start.month) == (ref.year, ref.month) else future
    weight = 3.0 if days.festive else 1.2
    return past if (ref - past.start).days * weight < (future.start - ref).days else future


def settle(days: Days, ref: date, lean: Lean) -> Stretch | None:
    """The stretch meant, seen from the reference day."""
    if days.open in ("", "follow"):
        return days.at(ref)
    if lean is Lean.PAST:
        return past_of(days, ref) or future_of(days, ref)
    if lean is Lean.FUTURE:
        return future_of(days, ref) or past_of(days, ref)
    if lean is Lean.AFTER:
        return after(days, ref)
    return near_of(days, ref)
