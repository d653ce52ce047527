"""Reading a day, a week, a month … at a place of a text: 下周三, 上个月15号, 2026-12-01, 腊月廿三, 国庆."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from nlu.patterns import either, lazy
from nlu.times import festivals, naming, narrow, numeric, years
from nlu.times.context import Context
from nlu.times.narrow import Narrow
from nlu.times.stretch import (
    DAY,
    Days,
    Stretch,
    fixed,
    in_month,
    in_week,
    in_year,
    monday,
    month_of,
    months_of,
    shifted,
    year_of,
)
from nlu.times.words import SMALL, WEEK

_RUNNING = lazy(
    r"(?<![0-9一二两三四五六七八九十半几每个])(?P<u>月|年|周|季度?)(?=之?内(?!部|容))|"
    r"(?<![一二三四1-4第每个])(?P<q>季度?)(?=[初末底])"
)
_REL_MONTH = lazy(r"(?P<w>上{1,4}|下{1,4}|本|这|当|次|今)(?:一)?个?月(?:份)?(?![经薪亮台饼])")
_REL_QUARTER = lazy(r"(?P<w>上{1,3}|下{1,3}|本|这|当)(?:一)?个?季度?(?=[度初末底中])?(?:度)?(?![节卡票军])")
_REL_WEEK = lazy(rf"(?P<w>上{{1,4}}|下{{1,4}}|本|这|今|当)一?个?{WEEK}(?![年期边围岁转报会刊课])")
_TOGETHER = lazy(r"一(?:起(?!码)|下(?![午班])|定|共|直|并|般|样|些|点(?!钟|半|[0-9一二三四五])|同|块)")
_WEEKDAY = lazy(
    r"(?<![0-9一两二三四五六七八九十几半每隔整])(?:周|星期|礼拜)(?P<d>六(?:、|和)?(?:周|星期|礼拜)?[日天]|[一二三四五六日天末]|[1-7]"
    r"(?![0-9]))(?!个|年|次|福|黑鸭|日常|生[生物])"
)
_SURE_FROM = lazy(r"[从自到至] ?$")
_EACH_SIGN = lazy(r"(?:农历|阴历|旧历)(?:的)? ?")
_SOLAR_SIGN = lazy(r"(?:公历|阳历|新历) ?")
_ENDS_IN_WEEKDAY = lazy(r"(?:周|星期|礼拜)[一二三四五六日天末1-7]$")
_ANNOTATION = lazy(
    r" ?(?:[(] ?[本下这]?(?:周|星期|礼拜)[一二三四五六日天] ?[)]|,? ?(?:周|星期|礼拜)[一二三四五六日天]"
    r"(?![一二三四五六日天0-9]))"
)

Found = tuple[Days, int]
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Narrow | None]]


def _relative(word: str) -> int:
    """上上 −2, 这 0, 下 1."""
    return -word.count("上") + word.count("下") + word.count("次")


_YEAR_RULES: tuple[Rule, ...] = (
    (narrow.LUNAR_SAID, narrow.lunar_date),
    (narrow.LUNAR_SURE, narrow.lunar_date),
    (narrow.MONTH_DAY, narrow.solar_date),
    (narrow.MONTH, narrow.solar_month),
    (festivals.NAME, narrow.festival),
    (narrow.QUARTER, lambda m: partial(narrow.quarter, number=SMALL[m["q"] or m["n"]])),
    (narrow.SEASON, lambda m: partial(narrow.season, which=m["s"])),
    (narrow.HALF_YEAR, lambda m: partial(narrow.half_year, which=m["h"])),
)
_YEAR_ONLY: tuple[Rule, ...] = ((narrow.YEAR_PART, lambda m: partial(narrow.year_part, which=m["p"])),)
_YEAR_BARE: tuple[Rule, ...] = ((narrow.YEAR_PART_BARE, lambda m: partial(narrow.year_part, which=m["p"])),)
_QUARTER_RULES: tuple[Rule, ...] = (
    (narrow.QUARTER_PART, lambda m: partial(narrow.quarter_part, which=m["p"])),
)
_MONTH_RULES: tuple[Rule, ...] = (
    (narrow.MONTH_DATE, lambda m: partial(narrow.date_of, day=SMALL[m["d"]])),
    (narrow.MONTH_HALF, lambda m: partial(narrow.month_half, which=m["p"])),
    (narrow.MONTH_TEN, lambda m: partial(narrow.month_ten, which=m["p"])),
)
_MONTH_ONLY: tuple[Rule, ...] = ((narrow.MONTH_PART, lambda m: partial(narrow.month_part, which=m["p"])),)
_MONTH_BARE: tuple[Rule, ...] = (
    (narrow.MONTH_PART_BARE, lambda m: partial(narrow.month_part, which=m["p"])),
)
_WEEK_RULES: tuple[Rule, ...] = ((narrow.WEEKDAY, lambda m: partial(narrow.weekday, which=m["d"])),)
_BY_GRAIN: dict[str, tuple[Rule, ...]] = {
    "year": _YEAR_RULES + _YEAR_ONLY,
    "quarter": _QUARTER_RULES,
    "month": _MONTH_RULES + _MONTH_ONLY,
    "week": _WEEK_RULES,
}
_CONTAINER = either(narrow.DECADE, _RUNNING, years.YEAR, _REL_MONTH, _REL_WEEK, _REL_QUARTER)
_UNNAMED = ((_YEAR_RULES + _YEAR_BARE, "year", in_year), (_MONTH_RULES + _MONTH_BARE, "month", in_month))
_PART = either(*(pattern for rules, _, _ in _UNNAMED for pattern, _ in rules), narrow.WEEK_HALF, _WEEKDAY)
MAY_START = either(_SOLAR_SIGN, _EACH_SIGN, naming.MAY_START, numeric.MAY_START, _CONTAINER, _PART)
"""What every day, week, month … begins with."""


def _together(ctx: Context, at: int, start: int) -> bool:
    """下周一起 is 下周 and 一起, unless 从 stands before."""
    return bool(_TOGETHER.match(ctx.text, at)) and not _SURE_FROM.search(ctx.text, max(0, start - 2), start)


def _narrowed(ctx: Context, days: Days, at: int, start: int) -> Found:
    """Add every further word that names a part of the stretch read so far."""
    grain = days.grain
    while True:
        gap = at + 1 if ctx.text[at : at + 1] in (" ", "的") else at
        step = _step(ctx, grain, gap, start) or (_step(ctx, grain, at, start) if gap != at else None)
        if step is None:
            return days, at
        further, at, grain = step
        days = Days(days.open, days.then(further).at, lunar=days.lunar, festive=days.festive, grain=grain)


def _step(ctx: Context, grain: str, at: int, start: int) -> tuple[Narrow, int, str] | None:
    text = ctx.text
    for pattern, build in _BY_GRAIN.get(grain, ()):
        found = pattern.match(text, at)
        if found is None or (grain == "week" and _together(ctx, found.start("d"), start)):
            continue
        further = build(found)
        if further is not None:
            return further, found.end(), _grain_after(pattern, found)
    if grain in ("year", "quarter", "month", "week", "half", "holiday"):
        found = narrow.ORDINAL.match(text, at)
        if found is not None:
            unit = found["u"]
            return (
                partial(narrow.ordinal, found=found, calendar=ctx.calendar),
                found.end(),
                _UNIT_GRAIN.get(unit, "day"),
            )
        found = narrow.SEVERAL.match(text, at)
        if found is not None:
            return partial(narrow.several, found=found, calendar=ctx.calendar), found.end(), "days"
    return None


_UNIT_GRAIN = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "季度": "quarter"}
_PATTERN_GRAIN = {
    narrow.MONTH: "month",
    narrow.QUARTER: "quarter",
    narrow.QUARTER_PART: "month",
    narrow.HALF_YEAR: "half",
}


def _grain_after(pattern: re.Pattern[str], found: re.Match[str]) -> str:
    if pattern in (narrow.LUNAR_SURE, narrow.LUNAR_SAID) and not any(
        found.groupdict().get(k) for k in ("d", "d2", "d3", "new")
    ):
        return "lunar_month"
    if pattern in (narrow.MONTH_HALF, narrow.MONTH_TEN):
        return "part_of_month"
    return _PATTERN_GRAIN.get(pattern, "day")


def _containers(ctx: Context, at: int) -> Found | None:
    """A year, quarter, month or week that is named by its distance from now or by its number."""
    if not _CONTAINER.match(ctx.text, at):
        return None
    decade = narrow.DECADE.match(ctx.text, at)
    if decade is not None:
        first = int(decade["full"]) if decade["full"] else 1900 + SMALL[decade["tens"]]
        return fixed(Stretch(date(first, 1, 1), date(first + 10, 1, 1), "year")), decade.end()
    running = _RUNNING.match(ctx.text, at)
    if running is not None:
        return _narrowed(ctx, fixed(_current(ctx, running["u"] or running["q"])), running.end(), at)
    found = years.YEAR.match(ctx.text, at)
    if found is not None and not years.is_length(found, ctx):
        year = year_of(years.number(found, ctx))
        return _narrowed(ctx, fixed(year), found.end(), at) if year else None
    found = _REL_MONTH.match(ctx.text, at)
    if found is not None:
        month = month_of(ctx.today.year, ctx.today.month + _relative(found["w"]))
        return _narrowed(ctx, fixed(month), found.end(), at) if month else None
    found = _REL_WEEK.match(ctx.text, at)
    if found is not None:
        start = monday(ctx.today) + timedelta(weeks=_relative(found["w"]))
        return _narrowed(ctx, fixed(Stretch(start, start + 7 * DAY, "week")), found.end(), at)
    found = _REL_QUARTER.match(ctx.text, at)
    if found is not None and "季" in found[0]:
        first = 3 * ((ctx.today.month - 1) // 3 + _relative(found["w"])) + 1
        quarter = months_of(ctx.today.year, first, 3, "quarter")
        return _narrowed(ctx, fixed(quarter), found.end(), at) if quarter else None
    return None


def _current(ctx: Context, unit: str) -> Stretch:
    """The running week, month, quarter or year."""
    today = ctx.today
    if unit == "周":
        return Stretch(monday(today), monday(today) + 7 * DAY, "week")
    size, grain = {"月": (1, "month"), "年": (12, "year")}.get(unit, (3, "quarter"))
    first = date(today.year, (today.month - 1) // size * size + 1, 1)
    return Stretch(first, shifted(first, size), grain)


def _bare(ctx: Context, at: int) -> Iterator[Found]:
    """A part of a year, a month or a week that is not named."""
    if not _PART.match(ctx.text, at):
        return
    for rules, opened, wrap in _UNNAMED:
        for pattern, build in rules:
            found = pattern.match(ctx.text, at)
            further = build(found) if found is not None else None
            if (
                found is None
                or further is None
                or (opened == "month" and ctx.text[at - 1 : at] in tuple("路街道巷弄"))
            ):
                continue
            days = Days(
                opened,
                wrap(further),
                lunar=pattern in (narrow.LUNAR_SURE, narrow.LUNAR_SAID),
                festive=pattern is festivals.NAME,
                grain=_grain_after(pattern, found),
            )
            yield _narrowed(ctx, days, found.end(), at)
            break
    found = narrow.WEEK_HALF.match(ctx.text, at)
    if found is not None:
        yield Days("week", in_week(partial(narrow.week_half, which=found["p"])), grain="week"), found.end()
    found = _WEEKDAY.match(ctx.text, at)
    if found is not None and not _together(ctx, found.start("d"), at):
        grain = "weekend" if found["d"] == "末" or len(found["d"]) > 1 else "day"
        yield Days("week", in_week(partial(narrow.weekday, which=found["d"])), grain=grain), found.end()


def _lunar(ctx: Context, at: int) -> Found | None:
    """农历2026年八月十五: the sign before the year."""
    sign = _EACH_SIGN.match(ctx.text, at)
    year = years.YEAR.match(ctx.text, sign.end()) if sign else None
    found = narrow.LUNAR.match(ctx.text, year.end()) if year else None
    further = narrow.lunar_date(found) if found is not None else None
    whole = year_of(years.number(year, ctx)) if year else None
    if found is None or further is None or whole is None:
        return None
    return fixed(whole).then(further), found.end()


def _holidays(ctx: Context, days: Days, at: int, start: int) -> Found:
    """国庆期间, 春节假期: the statutory holiday around the festival just read."""
    name = festivals.NAME.search(ctx.text, start, at)
    tail = festivals.HOLIDAY_TAIL.match(ctx.text, at)
    if name is None or tail is None:
        return days, at
    return days.then(festivals.days_off(name[0], ctx.calendar)), tail.end()


def read(ctx: Context, at: int) -> Found | None:
    """The longest day, week, month … that starts exactly at `at`, and where it ends."""
    if not MAY_START.match(ctx.text, at):
        return None
    start = at
    solar = _SOLAR_SIGN.match(ctx.text, at)
    if solar is not None:
        at = solar.end()
    options = [
        naming.read(ctx, at),
        _lunar(ctx, at),
        numeric.read(ctx, at),
        _containers(ctx, at),
        *_bare(ctx, at),
    ]
    found = max((o for o in options if o is not None), key=lambda o: o[1], default=None)
    if found is None:
        return None
    days, end = _holidays(ctx, found[0], found[1], start)
    note = _ANNOTATION.match(ctx.text, end)
    if note is not None and days.grain == "day" and not _ENDS_IN_WEEKDAY.search(ctx.text, start, end):
        end = note.end()
    return days, end
