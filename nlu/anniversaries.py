"""When a birthday is, this year and next: solar and lunar. Pure.

- 29 February is kept on 28 February in years without it.
- A lunar birthday is kept on that day of the lunar year; when its month has no 30th that year, on the 29th.
- Born in a leap month: kept in the leap month in years that have the same one, otherwise in the ordinary
  month of that number. Born in an ordinary month: never in the leap month that follows it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from nlu.lunar import month_days, to_lunar, to_solar

LUNAR, SOLAR = "lunar", "solar"


@dataclass(frozen=True, slots=True)
class Born:
    """A day of birth as it is kept: `kind` solar or lunar, `leap` where the lunar month was a leap month."""

    kind: str
    month: int
    day: int
    leap: bool = False


@dataclass(frozen=True, slots=True)
class Anniversary:
    """A birthday on a solar date. `year` is the year of the calendar it is kept in, which tells two apart."""

    day: date
    year: int


def in_year(born: Born, year: int) -> date | None:
    """The solar date of a birthday in a year of its own calendar; None where the calendar's table ends."""
    if born.kind == LUNAR:
        return _lunar(born, year)
    if born.kind != SOLAR or not 1 <= born.month <= 12 or not 1 <= born.day <= 31:
        return None
    longest = calendar.monthrange(year, born.month)[1]
    if born.day > longest and (born.month, born.day) != (2, 29):
        return None
    return date(year, born.month, min(born.day, longest))


def upcoming(born: Born, today: date) -> Anniversary | None:
    """The next birthday, `today` included."""
    for year in range(today.year - 1, today.year + 3):
        day = in_year(born, year)
        if day is not None and day >= today:
            return Anniversary(day, year)
    return None


def candidates(first: date, days: int) -> set[tuple[str, int, int]]:
    """(kind, month, day) of everybody who may have a birthday on one of `days` days from `first` on."""
    found: set[tuple[str, int, int]] = set()
    for day in (first + timedelta(days=n) for n in range(days)):
        found.add((SOLAR, day.month, day.day))
        if (day.month, day.day) == (2, 28):
            found.add((SOLAR, 2, 29))
        lunar = to_lunar(day)
        if lunar is not None:
            found.add((LUNAR, lunar.month, lunar.day))
            if lunar.day == 29:
                found.add((LUNAR, lunar.month, 30))
    return found


def _lunar(born: Born, year: int) -> date | None:
    leap = born.leap and month_days(year, born.month, leap=True) > 0
    longest = month_days(year, born.month, leap=leap)
    if not longest or not 1 <= born.day <= 30:
        return None
    return to_solar(year, born.month, min(born.day, longest), leap=leap)
