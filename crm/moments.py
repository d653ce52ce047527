"""Times as people say them: to the minute, to the part of a day, or to the day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from config.business import Business


class Grain(StrEnum):
    """How exactly a time was said."""

    MINUTE = "minute"
    PART = "part_of_day"
    DAY = "day"


PART_HOURS = {
    "凌晨": time(5),
    "早上": time(9),
    "上午": time(9),
    "中午": time(12),
    "下午": time(14),
    "傍晚": time(18),
    "晚上": time(19),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A local, naive time as said; `part` names the part of day where that is the grain."""

    value: datetime
    grain: str = Grain.MINUTE
    part: str = ""


def settled(moment: Moment) -> datetime:
    """The local time that a moment stands for: a part of day its usual hour, a day its first minute."""
    if moment.grain == Grain.PART:
        return datetime.combine(moment.value.date(), PART_HOURS.get(moment.part, time(9)))
    if moment.grain == Grain.DAY:
        return datetime.combine(moment.value.date(), time())
    return moment.value.replace(second=0, microsecond=0)


def happened(moment: Moment | None, now: datetime) -> Moment:
    """When something reported took place: today when nothing was said, and never later than `now` today."""
    if moment is None:
        return Moment(now, Grain.DAY)
    if moment.grain == Grain.DAY and moment.value.date() == now.date():
        return Moment(now, Grain.DAY)
    return Moment(settled(moment), moment.grain, moment.part)


def reminder(moment: Moment, now: datetime, business: Business, *, at_the_time: bool = False) -> datetime:
    """When to tell the person, local: an appointment with an hour `business.lead` ahead, a part of day at its
    hour, a day at `business.day_hour`; with `at_the_time` (提醒我三点…) at the hour itself.

    What would lie behind `now` comes at the hour itself, or failing that `business.lead` from now.
    """
    due = settled(moment)
    if moment.grain == Grain.DAY:
        told = datetime.combine(due.date(), business.day_hour)
    elif moment.grain == Grain.PART or at_the_time:
        told = due
    else:
        told = due - business.lead
    if told >= now:
        return told
    return due if due >= now else now + business.lead


def is_over(moment: Moment, now: datetime) -> bool:
    """Whether the moment has passed: a day only when it is over, a part of day with the day."""
    if moment.grain == Grain.MINUTE:
        return moment.value < now
    return moment.value.date() < now.date()


def day_bounds(day: datetime) -> tuple[datetime, datetime]:
    """The first minute of a local day and that of the next."""
    start = datetime.combine(day.date(), time())
    return start, start + timedelta(days=1)
