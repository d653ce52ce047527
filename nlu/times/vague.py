"""Words that only hint at a time: 过两天, 改天, 年前, 最近. Each comes to a likely day, marked "vague"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from nlu import lunar
from nlu.patterns import either, lazy
from nlu.times import festivals
from nlu.times.context import Context
from nlu.times.words import WORK_ENDS

_WORDS: tuple[tuple[str, int, int], ...] = (  # words, first day from today, length in days
    (r"(?:过(?:个)?|等)(?:两|几|一两|两三|三两)天|(?:两|几|一两|两三|三两)天后", 2, 2),
    (r"过(?:一)?(?:阵子|阵|段时间|段日子)", 14, 7),
    (r"改天|改日|择日|回头(?![客率看路])|哪天|抽空|(?<!没)有空(?=再|的时候|了)", 3, 4),
    (r"这(?:两|几|一两|两三)[天日]|近几[天日]|近两[天日]", 0, 3),
    (r"前(?:两|几|一两|两三|些)[天日]|前(?:一)?(?:阵子|段时间|段日子|些日子)", -3, 3),
    (r"近期|近日|不日|最近(?![的]?[0-9一二两三四五六七八九十半几])", 0, 14),
)
_DAYS = tuple((lazy(words), first, length) for words, first, length in _WORDS)
_SOON = lazy(r"待会儿?|一会儿|等会儿?|等下(?![周月个])|稍后|晚些(?:时候)?|晚点(?!钟)|马上|过会儿?")
_BEFORE_YEAR = lazy(r"(?:过年|年)(?:之|以)?前(?![0-9一二三四五六七八九十]|年)")
_AFTER_YEAR = lazy(r"(?:过完年|过年|年)(?:之|以)?后(?![0-9一二三四五六七八九十])|过完年|开年|开春|年后")
_HOLIDAY = lazy(r"(?<![\u4e00-\u9fff])节(?:日|假日)?(?P<side>前|后)|(?<=[在到等])节(?P<side2>前|后)")
_OFF_WORK = lazy(r"(?:下班|收工|打烊)(?:之|以)?前")
_FIRST = frozenset("节过两几一二三改择回哪抽有这近前不最待等稍晚马年开下收打")
MAY_START = either(
    *(pattern for pattern, _, _ in _DAYS), _SOON, _HOLIDAY, _OFF_WORK, _BEFORE_YEAR, _AFTER_YEAR
)
"""What every vague time begins with."""
_NUMBER_BEFORE = lazy(r"[0-9一二两三四五六七八九十半几多今明去前后当整百千万]$")


class Hint(Struct, frozen=True):
    """A vague time; `deadline` where the words say before."""

    end: int
    start: datetime
    until: datetime
    grain: str = "day"
    deadline: bool = False
    sure: bool = False  # 下班前: no day is left open


def _spring(today: date) -> date:
    """The next Spring Festival."""
    for year in (today.year, today.year + 1):
        day = lunar.new_year(year)
        if day is not None and day > today:
            return day
    return date(today.year + 1, 2, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _around_new_year(ctx: Context, at: int) -> Hint | None:
    if _NUMBER_BEFORE.search(ctx.text, max(0, at - 1), at):
        return None
    found = _BEFORE_YEAR.match(ctx.text, at)
    spring = _spring(ctx.today)
    if found is not None:
        eve = _midnight(spring - timedelta(days=1))
        return Hint(found.end(), eve, _midnight(spring), "day", deadline=True)
    found = _AFTER_YEAR.match(ctx.text, at)
    if found is None:
        return None
    back = _midnight(spring + timedelta(days=7))
    return Hint(found.end(), back, back + timedelta(days=14), "part_of_month")


def _around_holiday(ctx: Context, found: re.Match[str]) -> Hint:
    """节前, 节后: before or after the next holiday with days off."""
    years = (ctx.today.year, ctx.today.year + 1)
    coming = [day for name in festivals.WITH_DAYS_OFF for y in years if (day := festivals.day_in(name, y))]
    day = min(each for each in coming if each > ctx.today)
    if (found["side"] or found["side2"]) == "前":
        return Hint(found.end(), _midnight(day - timedelta(days=1)), _midnight(day), deadline=True)
    back = _midnight(day + timedelta(days=7))
    return Hint(found.end(), back, back + timedelta(days=7), "part_of_month")


def read(ctx: Context, at: int) -> Hint | None:
    """The vague time that starts exactly at `at`."""
    if ctx.text[at] not in _FIRST or not MAY_START.match(ctx.text, at):
        return None
    for pattern, first, length in _DAYS:
        found = pattern.match(ctx.text, at)
        if found is not None:
            start = _midnight(ctx.today + timedelta(days=first))
            return Hint(found.end(), start, start + timedelta(days=length))
    found = _SOON.match(ctx.text, at)
    if found is not None:
        return Hint(found.end(), ctx.now, ctx.now + timedelta(hours=2), "part_of_day")
    found = _HOLIDAY.match(ctx.text, at)
    if found is not None:
        return _around_holiday(ctx, found)
    found = _OFF_WORK.match(ctx.text, at)
    if found is not None:
        evening = _midnight(ctx.today) + timedelta(hours=WORK_ENDS)
        return Hint(found.end(), _midnight(ctx.today), evening, deadline=True, sure=True)
    return _around_new_year(ctx, at)
