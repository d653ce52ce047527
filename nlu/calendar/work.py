"""Which days are worked: weekends, statutory holidays and make-up workdays, one data file a year.

The packaged files hold the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知,
gov.cn). A file is JSON, named `<year>.json`:
`{"year": 2026, "source": "…", "holidays": [{"name": "春节", "from": "2026-02-15", "to": "2026-02-23",
"workdays": ["2026-02-14", "2026-02-28"]}]}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct

_PACKAGED = Path(__file__).parent / "data"


class Holiday(Struct, frozen=True):
    """One statutory holiday of one year: `start` to `end`, both off; `workdays` are worked instead."""

    name: str
    start: date
    end: date
    workdays: tuple[date, ...] = ()


class WorkCalendar:
    """The holidays of the published years. In other years weekdays count as worked: ask `knows` first."""

    def __init__(self, years: Mapping[int, tuple[Holiday, ...]]) -> None:
        self.years = years
        holidays = [h for each in years.values() for h in each]
        off = {h.start + timedelta(days=i) for h in holidays for i in range((h.end - h.start).days + 1)}
        self._off = frozenset(off)
        self._worked = frozenset(day for h in holidays for day in h.workdays)

    @classmethod
    def load(cls, directory: Path | None = None) -> WorkCalendar:
        """The calendars of a directory of `<year>.json` files, over the packaged ones of other years.

        Raises ValueError, naming the file, when one cannot be read.
        """
        years = dict(_read_all(_PACKAGED))
        if directory is not None:
            years.update(_read_all(directory))
        return cls(years)

    def knows(self, day: date) -> bool:
        """Whether the calendar of that day's year is published."""
        return day.year in self.years

    def is_workday(self, day: date) -> bool:
        """Whether that day is worked."""
        if day in self._worked:
            return True
        return day.weekday() < 5 and day not in self._off

    def workday_after(self, day: date, count: int = 1) -> date:
        """The `count`-th working day after a day (before it, when negative); a day itself for 0."""
        step = timedelta(days=1 if count > 0 else -1)
        left = min(abs(count), 3000)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def holiday(self, name: str, year: int) -> Holiday | None:
        """The holiday whose name contains `name` in that year's calendar, None when there is none."""
        return next((h for h in self.years.get(year, ()) if name in h.name), None)


def _read_all(directory: Path) -> Iterable[tuple[int, tuple[Holiday, ...]]]:
    for path in sorted(directory.glob("[0-9][0-9][0-9][0-9].json")):
        try:
            yield _parse(path.read_text(encoding="utf-8"))
        except (KeyError, TypeError, ValueError) as broken:
            raise ValueError(f"holiday calendar {path.name}: {broken}") from broken


def _parse(text: str) -> tuple[int, tuple[Holiday, ...]]:
    content = json.loads(text)
    holidays = tuple(
        Holiday(
            str(each["name"]),
            date.fromisoformat(each["from"]),
            date.fromisoformat(each["to"]),
            tuple(date.fromisoformat(day) for day in each.get("workdays", ())),
        )
        for each in content["holidays"]
    )
    return int(content["year"]), holidays


@cache
def packaged() -> WorkCalendar:
    """The calendars that come with the program, read once."""
    return WorkCalendar.load()
