"""A rule that comes again, with the hour that belongs to it, also where that stands apart from it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from msgspec import Struct

from nlu.entities import Recurring, Rule, Time
from nlu.patterns import lazy
from nlu.scene import Scene
from nlu.times.recurring import at_hour
from nlu.times.words import WORK_ENDS

CLOCK_ONLY = lazy(r"(?:早上|上午|中午|下午|晚上|傍晚)?[\d一二三四五六七八九十两]+(?:点|:)[^天号日周月]*$")
_OFF_WORK = lazy(r"(?:.*[^点0-9])?(?:下班|收工|打烊|收盘)(?:之|以)?前")


class Series(Struct, frozen=True):
    """A rule, its first time and the grain of that; `taken` are the expressions that it was read from."""

    rule: Rule
    first: datetime
    grain: str
    deadline: bool
    taken: tuple[Recurring | Time, ...]


def series(scene: Scene, one: Recurring) -> Series:
    """What comes again: 每天下班前 at the end of work, 每天提醒我9点写日报 at nine."""
    found = None if one.rule.at or one.rule.freq == "YEARLY" else _hour_apart(scene)
    if found is None:
        deadline = bool(one.rule.at) and _OFF_WORK.fullmatch(one.span.text) is not None
        return Series(one.rule, one.first, "minute" if one.rule.at else one.grain, deadline, (one,))
    hour, said = found
    rule, first = at_hour(one.rule, scene.now, hour)
    return Series(rule, first, "minute", said.deadline, (one, said))


def _hour_apart(scene: Scene) -> tuple[timedelta, Time] | None:
    """The hour of the day that is the only other time of the text: 下班前, 9点."""
    times = scene.of(Time)
    if len(times) != 1:
        return None
    said = times[0]
    if _OFF_WORK.fullmatch(said.span.text):
        return timedelta(hours=WORK_ENDS), said
    if said.grain != "minute" or not CLOCK_ONLY.match(said.span.text):
        return None
    return said.value - datetime.combine(said.value.date(), time()), said
