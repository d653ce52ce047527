"""Tasks that come again: a rule kept as text in the words of RFC 5545, and the next time it gives. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = "一二三四五六日"
LOOK_AHEAD = 366 * 8  # days: the 29th of February comes within eight years
MOST_INTERVAL = 99


@dataclass(frozen=True, slots=True)
class Repeat:
    """`freq` is DAILY, WEEKLY, MONTHLY or YEARLY; of `month_days` -1 is the last day of the month.

    The weekdays of a month are counted: 1MO is its first Monday, -1FR its last Friday.
    """

    freq: str
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()

    def text(self) -> str:
        """As it is stored: FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR."""
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append(f"BYDAY={','.join(self.weekdays)}")
        if self.month_days:
            parts.append(f"BYMONTHDAY={','.join(map(str, self.month_days))}")
        return ";".join(parts)

    @classmethod
    def parse(cls, text: str) -> Repeat:
        """From the stored text. Raises `ValueError` for anything else."""
        said = dict(part.split("=", 1) for part in text.split(";"))
        days = tuple(said["BYDAY"].split(",")) if "BYDAY" in said else ()
        month_days = tuple(int(one) for one in said["BYMONTHDAY"].split(",")) if "BYMONTHDAY" in said else ()
        return cls(said["FREQ"], int(said.get("INTERVAL", "1")), days, month_days)

    def words(self) -> str:
        """In Chinese: 每天, 每两周…, 每月15日."""
        unit = {"DAILY": "天", "WEEKLY": "周", "MONTHLY": "月", "YEARLY": "年"}[self.freq]
        every = f"每{unit}" if self.interval == 1 else f"每{self.interval}{'个' * (unit == '月')}{unit}"
        if self.freq == "WEEKLY" and self.weekdays == WEEKDAYS[:5]:
            return "每个工作日"
        if self.weekdays:
            return every + "、".join(_weekday_words(d) for d in self.weekdays)
        return every + "、".join("最后一天" if d < 0 else f"{d}日" for d in self.month_days)


def month_days(said: int | tuple[int, ...] | None) -> tuple[int, ...]:
    """The days of a month as the grammar gives them: none, one, or several."""
    return said if isinstance(said, tuple) else () if said is None else (said,)


def _weekday_words(day: str) -> str:
    """一 for MO, 第一个周一 for 1MO, 最后一个周五 for -1FR."""
    nth, name = day[:-2], NAMES[WEEKDAYS.index(day[-2:])]
    if not nth:
        return name
    return f"最后一个周{name}" if nth == "-1" else f"第{NAMES[int(nth) - 1]}个周{name}"


def following(repeat: Repeat, last: datetime) -> datetime:
    """The first time of the series after `last` (local), at its hour. Raises `ValueError` without one."""
    day = last.date()
    for ahead in range(1, LOOK_AHEAD):
        candidate = day + timedelta(days=ahead)
        if _fits(repeat, day, candidate):
            return datetime.combine(candidate, time(last.hour, last.minute))
    raise ValueError(f"no next time for {repeat.text()}")


def _fits(repeat: Repeat, start: date, day: date) -> bool:
    step = max(1, min(repeat.interval, MOST_INTERVAL))
    if repeat.freq == "DAILY":
        return (day - start).days % step == 0
    if repeat.freq == "WEEKLY":
        weeks = (_monday(day) - _monday(start)).days // 7
        wanted = repeat.weekdays or (WEEKDAYS[start.weekday()],)
        return weeks % step == 0 and WEEKDAYS[day.weekday()] in wanted
    months = (day.year - start.year) * 12 + day.month - start.month
    if repeat.freq == "YEARLY":
        return months % (12 * step) == 0 and day.day == start.day
    if months % step:
        return False
    if repeat.weekdays:
        return not _counted(day).isdisjoint(repeat.weekdays)
    return day.day in {_month_day(one, day) for one in repeat.month_days or (start.day,)}


def _counted(day: date) -> set[str]:
    """How a weekday of a month may be called: MO, 1MO, -4MO."""
    name, last = WEEKDAYS[day.weekday()], calendar.monthrange(day.year, day.month)[1]
    return {name, f"{(day.day - 1) // 7 + 1}{name}", f"-{(last - day.day) // 7 + 1}{name}"}


def _month_day(wanted: int, day: date) -> int:
    """The day of this month that is meant: the 31st of a short month is its last day."""
    last = calendar.monthrange(day.year, day.month)[1]
    return last if wanted < 0 else min(wanted, last)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
