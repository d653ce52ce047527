"""Stretches counted from now or between two moments: 近三个月, 半小时内, 周一到周三, 三月和九月之间."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from nlu.patterns import either, lazy
from nlu.times import lengths, moments
from nlu.times.clocks import Clock
from nlu.times.context import Context
from nlu.times.moments import Moment, Settled, at_clock, settle_moment
from nlu.times.stretch import Lean, year_of
from nlu.times.words import WEEKDAYS

_AHEAD = lazy(
    r"(?:在)?(?:(?:未来|接下来|今后|往后|之后)(?:的)?(?: ?这)? ?(?=[0-9一二两三四五六七八九十半几]"
    r"|数)|下(?=[0-9二两三四五六七八九十几]))"
)
_AGO = lazy(
    r"(?:(?:过去|近|最近|过往|以往)(?:的)? ?(?=[0-9一二两三四五六七八九十半几]|数)|[前这上头] ?"
    r"(?=[0-9二两三四五六七八九十几]))"
)
_LEFT = lazy(r"(?:还剩|还有|剩下|剩余|只剩)(?:下)? ?")
_WITHIN = lazy(r" ?(?:之内|以内|内(?!部|容|存|训|网|衣|饰))")
_IN = lazy(r" ?(?:之内|以内|内(?!部|容|存|训|网)|里(?!面|程)|以来|来(?!的?人))")
_SINCE = lazy(r" ?以来")
_TO = lazy(r" ?(?:起|开始|[止])? ?(?:到|至|~|-+|直到|一直到) ?")
_AND = lazy(r" ?(?:和|与|跟) ?")
_BETWEEN = lazy(r" ?(?:之间|间|这段)")
_YEARS = lazy(r"(?P<a>(?:19|20)[0-9]{2}) ?年? ?(?:到|至|~|-+) ?(?P<b>(?:19|20)[0-9]{2})(?![0-9])(?: ?年)?")
_YEARS_LED = lazy(r"(?:从|自|时间|期间|在) ?$")
_MORE_DATES = lazy(
    r"(?: ?[、,;和及] ?(?:[0-9]{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号])+(?!线|楼)"
)
_SHORT_WEEKDAY = lazy(r"[一二三四五六日天](?![0-9一二三四五六七八九十个点万])")
_WEEK_WORD = lazy(r"(?:周|星期|礼拜)[一二三四五六日天]$")
_BRIDGE = either(_TO, _AND, _MORE_DATES)
_COUNTED_AGO = lazy(r"前[两几]")
_COUNTED = either(_AHEAD, _AGO, _LEFT)
MAY_START = either(_YEARS, _COUNTED, moments.MAY_START)
"""What every stretch counted from now and every range begins with."""


class Span(Struct, frozen=True):
    """A stretch of time as read, with its readings when its left side is open."""

    end: int
    now: Settled
    past: Settled | None = None
    future: Settled | None = None
    deadline: bool = False


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _tomorrow(ctx: Context) -> datetime:
    return _midnight(ctx.today + timedelta(days=1))


def _edge(offset: lengths.Offset) -> datetime:
    return offset.moment or _midnight(offset.day or date.min)


def counted(ctx: Context, at: int) -> Span | None:
    """未来两天, 近三个月, 三天内, 半小时内, 三年以来, 还剩5分钟."""
    left = None
    if _COUNTED.match(ctx.text, at):
        for pattern, sign in ((_AHEAD, 1), (_AGO, -1)):
            led = pattern.match(ctx.text, at)
            if led is not None:
                return _led(ctx, led, sign)
        left = _LEFT.match(ctx.text, at)
    length = lengths.length_at(ctx, left.end() if left else at)
    if length is None:
        return None
    if left is not None:
        until = lengths.moved(ctx, length, 1)
        if until is None:
            return None
        return Span(
            length.end, Settled(ctx.now, max(_edge(until), ctx.now), "minute" if length.fine else "days")
        )
    within = _WITHIN.match(ctx.text, length.end)
    if within is not None:
        return _limit(ctx, length, within.end())
    since = _SINCE.match(ctx.text, length.end)
    start = lengths.moved(ctx, length, -1) if since else None
    if since is None or start is None:
        return None
    return Span(since.end(), Settled(_edge(start), ctx.now, "days", "", start.guessed))


def _limit(ctx: Context, length: lengths.Length, end: int) -> Span | None:
    """三天内: by that day."""
    found = lengths.moved(ctx, length, 1)
    if found is None:
        return None
    start = _edge(found)
    until = start + (timedelta(minutes=1) if length.fine else timedelta(days=1))
    grain = "minute" if length.fine else "day"
    return Span(end, Settled(start, until, grain, "", found.guessed), deadline=True)


def _led(ctx: Context, led: re.Match[str], sign: int) -> Span | None:
    if _COUNTED_AGO.match(ctx.text, led.start()) and led[0].strip() == "前":
        return None
    length = lengths.length_at(ctx, led.end())
    if length is None or (led[0].strip() in ("前", "上", "下", "这", "头") and length.bare == "日"):
        return None
    inside = _IN.match(ctx.text, length.end)
    if sign > 0 and _WITHIN.match(ctx.text, length.end):
        return _limit(ctx, length, inside.end() if inside else length.end)
    edge = lengths.moved(ctx, length, sign)
    if edge is None:
        return None
    end = inside.end() if inside else length.end
    if sign > 0:
        days_only = not length.fine and not length.months
        start = _tomorrow(ctx) if days_only else ctx.now if length.fine else _midnight(ctx.today)
        until = _edge(edge) + (timedelta(days=1) if days_only else timedelta())
    else:
        start, until = _edge(edge), ctx.now
    return Span(
        end,
        Settled(min(start, until), max(start, until), "minute" if length.fine else "days", "", edge.guessed),
    )


def years(ctx: Context, at: int) -> Span | None:
    """从2016到2018, 2016-2018年."""
    found = _YEARS.match(ctx.text, at) if ctx.text[at : at + 1] in ("1", "2") else None
    if found is None:
        return None
    said = found[0].rstrip().endswith("年") or _YEARS_LED.search(ctx.text, max(0, at - 3), at)
    first, last = year_of(int(found["a"])), year_of(int(found["b"]))
    if not said or first is None or last is None or last.start < first.start:
        return None
    return Span(found.end(), Settled(first.first, last.last, "year"))


def _is_open(moment: Moment) -> bool:
    if moment.exact is not None:
        return False
    return (
        moment.days.open in ("year", "month", "week") if moment.days is not None else moment.clock is not None
    )


def readings(moment: Moment, now: datetime) -> tuple[Settled, Settled | None, Settled | None] | None:
    """What a moment comes to by default, and its past and future readings when it is open."""
    plain = settle_moment(moment, now, Lean.NEAR)
    if plain is None:
        return None
    if not _is_open(moment):
        return plain, None, None
    past, future = settle_moment(moment, now, Lean.PAST), settle_moment(moment, now, Lean.FUTURE)
    return plain, past, future


def _later_clock(left: Settled, clock: Clock, part: str) -> Settled:
    """The first such hour after the left side: 9点到5点 ends at 17:00, 22:00到6:00 the next morning."""
    day = datetime.combine(left.start.date(), time())
    found = at_clock(day, clock, part)
    if not part and not clock.sure:
        plain = at_clock(day, replace(clock, sure=True), "")
        half = timedelta(hours=12)
        choices = [plain, replace(plain, start=plain.start + half, end=plain.end + half)]
        later = [c for c in choices if c.start > left.start]
        found = min(later, key=lambda c: c.start) if later else plain
    if found.start <= left.start:
        day_more = timedelta(days=1)
        found = replace(found, start=found.start + day_more, end=found.end + day_more)
    return found


def _right(left: Settled, moment: Moment) -> Settled | None:
    clock = moment.clock
    if moment.days is not None and clock is not None and not moment.part and left.start.hour >= 18:
        moment = replace(moment, clock=replace(clock, sure=True))  # 22:00到次日6:30
    if moment.exact is not None or moment.days is not None:
        return settle_moment(moment, left.start, Lean.AFTER)
    if moment.clock is not None:
        return _later_clock(left, moment.clock, moment.part)
    day = datetime.combine(left.start.date(), time())
    return settle_moment(moment, day, Lean.NEAR)


def _join(left: Settled, moment: Moment) -> Settled | None:
    right = _right(left, moment)
    if right is None:
        return None
    until = right.start if right.grain == "minute" else right.end
    if until <= left.start:
        return None
    grain = "minute" if "minute" in (left.grain, right.grain) else "days"
    return Settled(left.start, until, grain, left.part, left.guessed | right.guessed)


def _early(moment: Moment, right: Moment) -> Moment:
    """5:45到17:30: a bare hour that would not lie before the end is meant in the morning."""
    left, end = moment.clock, right.clock
    if left is None or end is None or moment.part or left.sure or right.days is not None or not end.sure:
        return moment
    late = (left.hour + 12, left.minute) >= (end.hour, end.minute) > (left.hour, left.minute)
    return replace(moment, clock=replace(left, sure=True)) if late else moment


def _joined(ctx: Context, moment: Moment, right: Moment, end: int) -> Span | None:
    found = readings(_early(moment, right), ctx.now)
    if found is None:
        return None
    plain = _join(found[0], right)
    if plain is None:
        return None
    past = _join(found[1], right) if found[1] else None
    future = _join(found[2], right) if found[2] else None
    return Span(end, plain, past, future)


def between(ctx: Context, moment: Moment, at: int, end: int) -> Span | None:
    """The second half of a range whose first half, text[at:end], has been read."""
    if not _BRIDGE.match(ctx.text, end):
        return None
    bridge = _TO.match(ctx.text, end)
    if bridge is not None:
        right = moments.read(ctx, bridge.end())
        if right is not None and not (right[0].part and bridge[0].strip() == "-" and right[0].clock is None):
            return _joined(ctx, moment, right[0], right[1])
        short = _SHORT_WEEKDAY.match(ctx.text, bridge.end())
        if short is not None and _WEEK_WORD.search(ctx.text, at, end) and moment.days is not None:
            return _to_weekday(ctx, moment, short)
    bridge = _AND.match(ctx.text, end)
    if bridge is not None:
        right = moments.read(ctx, bridge.end())
        close = _BETWEEN.match(ctx.text, right[1]) if right else None
        if right is not None and close is not None:
            return _joined(ctx, moment, right[0], close.end())
    more = _MORE_DATES.match(ctx.text, end)
    if more is not None and ctx.text[end - 1] in "日号":
        return _listed(ctx, moment, more)
    return None


def _to_weekday(ctx: Context, moment: Moment, short: re.Match[str]) -> Span | None:
    """周一到三."""
    found = readings(moment, ctx.now)
    if found is None:
        return None
    ahead = (WEEKDAYS[short[0]] - found[0].start.weekday()) % 7 + 1

    def stretched(settled: Settled | None) -> Settled | None:
        return replace(settled, end=settled.start + timedelta(days=ahead), grain="days") if settled else None

    plain = stretched(found[0])
    return Span(short.end(), plain, stretched(found[1]), stretched(found[2])) if plain else None


def _listed(ctx: Context, moment: Moment, more: re.Match[str]) -> Span | None:
    """9月10号，11号，12号: from the first to the last."""
    start = max(more[0].rfind(c) for c in "、,;和及 ") + 1
    last = moments.read(ctx, more.start() + start)
    return _joined(ctx, moment, last[0], more.end()) if last is not None and last[1] >= more.end() else None
