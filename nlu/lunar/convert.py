"""Conversions between the lunar and the solar calendar."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate

from msgspec import Struct

from nlu.lunar.table import FIRST_DAY, FIRST_YEAR, YEARS

LAST_YEAR = FIRST_YEAR + len(YEARS) - 1


class LunarDay(Struct, frozen=True):
    """A day of the lunar calendar; `leap` where the month is the year's leap month."""

    year: int
    month: int
    day: int
    leap: bool = False


def _code(year: int) -> int | None:
    return YEARS[year - FIRST_YEAR] if FIRST_YEAR <= year <= LAST_YEAR else None


def leap_month(year: int) -> int:
    """The number of the month that this lunar year has twice, 0 for none (or a year outside the table)."""
    code = _code(year)
    return code & 0xF if code is not None else 0


def month_days(year: int, month: int, *, leap: bool = False) -> int:
    """Days of a lunar month: 29 or 30, 0 when there is no such month."""
    code = _code(year)
    if code is None or not 1 <= month <= 12:
        return 0
    if not leap:
        return 30 if code >> (16 - month) & 1 else 29
    if code & 0xF != month:
        return 0
    return 30 if code >> 16 & 1 else 29


@lru_cache(maxsize=256)
def _months(year: int) -> list[tuple[int, bool]]:
    twice = leap_month(year)
    ordered: list[tuple[int, bool]] = []
    for month in range(1, 13):
        ordered.append((month, False))
        if month == twice:
            ordered.append((month, True))
    return ordered


@cache
def _new_years() -> tuple[int, ...]:
    """Ordinals of every lunar New Year of the table, and of the one after it."""
    lengths = (
        sum(month_days(y, m, leap=leap) for m, leap in _months(y)) for y in range(FIRST_YEAR, LAST_YEAR + 1)
    )
    return tuple(accumulate(lengths, initial=FIRST_DAY.toordinal()))


def new_year(year: int) -> date | None:
    """The solar date of the first lunar day (春节) of a year, None outside the table."""
    return date.fromordinal(_new_years()[year - FIRST_YEAR]) if FIRST_YEAR <= year <= LAST_YEAR else None


@lru_cache(maxsize=2048)
def to_solar(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The solar date of a lunar day, None when that year has no such day."""
    if not 1 <= day <= month_days(year, month, leap=leap):
        return None
    ordinal = _new_years()[year - FIRST_YEAR]
    for each in _months(year):
        if each == (month, leap):
            break
        ordinal += month_days(year, each[0], leap=each[1])
    return date.fromordinal(ordinal) + timedelta(days=day - 1)


def to_lunar(day: date) -> LunarDay | None:
    """The lunar day of a solar date, None outside the table."""
    starts = _new_years()
    ordinal = day.toordinal()
    if not starts[0] <= ordinal < starts[-1]:
        return None
    index = bisect_right(starts, ordinal) - 1
    year, left = FIRST_YEAR + index, ordinal - starts[index]
    for month, leap in _months(year):
        length = month_days(year, month, leap=leap)
        if left < length:
            return LunarDay(year, month, left + 1, leap)
        left -= length
    return None
