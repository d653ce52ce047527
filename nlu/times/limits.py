"""What stands behind a time and moves or bounds it: 周五前, 本周内, 国庆后第一个工作日, 春节前一周."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from msgspec.structs import replace

from nlu.patterns import either, lazy
from nlu.times import festivals, lengths
from nlu.times.context import Context
from nlu.times.moments import Settled
from nlu.times.narrow import ORDINAL, ordinal
from nlu.times.spans import Span
from nlu.times.stretch import Stretch
from nlu.times.words import N

Change = Callable[[Settled], Settled]

_BEFORE = lazy(
    r" ?(?:下班|收工|收盘|打烊)?(?:之前|以前|前(?![台面端期往景夕后置沿辈任缀锋列几]|提(?![醒交供出货前])))"
)
_BEFORE_BY = lazy(
    rf" ?(?:之|以)?前(?:的)?(?P<n>{N}|半)个?(?P<u>天|日|周|星期|礼拜|月|小时|分钟|个?工作日)(?![前后内])"
)
_AFTER_BY = lazy(
    rf" ?(?:之|以)?后(?:的)?(?P<n>{N}|半)个?(?P<u>天|周|星期|礼拜|月|小时|分钟|个?工作日)(?![前后内])"
)
_UNTIL = lazy(r" ?(?:截止|为止|止(?![步损]))")
_WITHIN = lazy(r" ?(?:之内|以内|内(?!部|容|存|训|网|衣|饰|蒙))")
_AFTER = lazy(r" ?(?:之后|以后|过后|后(?![来面台期勤续端付天年]))")
_SINCE = lazy(r" ?(?:起(?![来步草码])|开始|以来|至今)")
_CLOSE = lazy(r" ?(?:截止|为止|止(?![步损])|之前|以前|期间|之间|之内|以内)")
_ABOUT = lazy(r" ?(?:前后|左右|上下|附近)")
_EVE = lazy(r"前夕|前(?:一|1)[天日晚]")
_RELATIVE = either(_EVE, _BEFORE_BY, _AFTER_BY, _AFTER)
_LIMIT = either(_ABOUT, _WITHIN, _BEFORE, _UNTIL, _SINCE, _AFTER)
_COARSE = {
    "week": 7,
    "month": 28,
    "lunar_month": 28,
    "quarter": 84,
    "half": 180,
    "year": 360,
    "holiday": 2,
    "days": 1,
    "part_of_month": 4,
    "weekend": 2,
}
_ENDS = lazy(r"[底末尾]$")


def last_day(settled: Settled) -> Settled:
    """The last day of a stretch: what 本周内 and 月底前 allow."""
    if settled.grain in ("minute", "part_of_day", "day"):
        return settled
    day = settled.end - timedelta(days=1)
    return replace(settled, start=max(settled.start, day), end=settled.end, grain="day")


def first_day(settled: Settled) -> Settled:
    """The first day of a longer stretch: 12月前 may mean before it begins, so it is marked."""
    if settled.grain not in _COARSE:
        return settled
    return replace(
        settled, end=settled.start + timedelta(days=1), grain="day", guessed=settled.guessed | {"vague"}
    )


def mapped(span: Span, end: int, change: Change, *, deadline: bool = False) -> Span:
    """The span with its three readings changed alike."""
    return Span(
        end,
        change(span.now),
        change(span.past) if span.past else None,
        change(span.future) if span.future else None,
        deadline or span.deadline,
    )


def _shifter(count: int) -> Change:
    """A move by so many days."""

    def change(settled: Settled) -> Settled:
        step = timedelta(days=count)
        return Settled(
            settled.start + step, settled.start + step + timedelta(days=1), "day", "", settled.guessed
        )

    return change


def _roughly(settled: Settled) -> Settled:
    return replace(settled, guessed=settled.guessed | {"vague"})


def since(ctx: Context, span: Span) -> Span:
    """从去年9月起: until now when it lies behind."""

    def until_now(settled: Settled) -> Settled:
        return replace(settled, end=max(settled.end, ctx.now), grain="days")

    return mapped(span, span.end, until_now)


def closed(ctx: Context, span: Span) -> Span:
    """A range with 止, 之前 or 期间 behind it."""
    behind = _CLOSE.match(ctx.text, span.end)
    return replace(span, end=behind.end()) if behind is not None else span


def _holiday(ctx: Context, name: str, settled: Settled) -> Settled:
    """A festival stands for the days off around it when something is counted from it."""
    if not name or settled.grain != "day":
        return settled
    day = Stretch(settled.start.date(), settled.end.date())
    off = festivals.days_off(name, ctx.calendar)(day)
    if off is None or off == day:
        return settled
    return Settled(off.first, off.last, "holiday", "", settled.guessed | off.guessed)


def _nth_after(ctx: Context, name: str, span: Span, end: int, nth: re.Match[str] | None) -> Span:
    """The n-th day, week or working day after a time; without a number, the week that follows."""

    def change(settled: Settled) -> Settled:
        whole = _holiday(ctx, name, settled)
        after = whole.end
        if nth is None:
            until = after + timedelta(days=7)
            return replace(whole, start=after, end=until, grain="days", guessed=whole.guessed | {"vague"})
        later = Stretch(after.date(), after.date() + timedelta(days=60), "days")
        found = ordinal(later, nth, ctx.calendar)
        if found is None:
            return whole
        guessed = (whole.guessed | found.guessed) - ({"year"} if span.future else set())
        return Settled(found.first, found.last, found.grain, "", guessed)

    return mapped(span, nth.end() if nth else end, change)


def _counted_from(
    ctx: Context, name: str, span: Span, before: re.Match[str] | None, after: re.Match[str] | None
) -> Span | None:
    """A length of time before or after a time."""
    found = before or after
    if found is None:
        return None
    length = lengths.read_length(ctx.text, found.start("n"))
    if length is None:
        return None
    limit = _BEFORE.match(ctx.text, length.end)

    def change(settled: Settled) -> Settled:
        whole = _holiday(ctx, name, settled) if after else settled
        origin = whole.end - timedelta(days=1) if after else whole.start
        moved = lengths.moved(ctx, length, 1 if after else -1, origin)
        if moved is None:
            return settled
        start = moved.moment or lengths.midnight(moved.day or origin.date())
        return Settled(start, start + timedelta(days=1), "day", "", whole.guessed | moved.guessed)

    return mapped(span, limit.end() if limit else length.end, change)


def relative(ctx: Context, span: Span, at: int) -> Span | None:
    """国庆后第一个工作日, 春节前一周, 中秋前夕, 周三后两天."""
    text, end = ctx.text, span.end
    if span.now.grain in ("minute", "part_of_day") or not _RELATIVE.match(text, end):
        return None
    eve = _EVE.match(text, end)
    if eve is not None:
        return mapped(span, eve.end(), _shifter(-1))
    festival = festivals.NAME.search(text, at, end)
    name = festival[0] if festival else ""
    before, after = _BEFORE_BY.match(text, end), _AFTER_BY.match(text, end)
    if before is not None or after is not None:
        return _counted_from(ctx, name, span, before, after)
    behind = _AFTER.match(text, end)
    if behind is None:
        return None
    nth = ORDINAL.match(text, behind.end())
    return _nth_after(ctx, name, span, behind.end(), nth)


def limited(ctx: Context, span: Span, at: int) -> Span:
    """X前, X内, X截止, X之后, X以来."""
    text = ctx.text
    if not _LIMIT.match(text, span.end):
        return span
    about = _ABOUT.match(text, span.end)
    if about is not None:
        return mapped(span, about.end(), _roughly)
    within = _WITHIN.match(text, span.end) if span.now.grain in _COARSE else None
    if within is not None:
        return mapped(span, within.end(), last_day, deadline=True)
    before = _BEFORE.match(text, span.end)
    if before is not None:
        ends = _ENDS.search(text, at, span.end) or span.now.grain in ("days", "holiday")
        return mapped(span, before.end(), last_day if ends else first_day, deadline=True)
    until = _UNTIL.match(text, span.end)
    if until is not None:
        return mapped(span, until.end(), last_day, deadline=True)
    starting = _SINCE.match(text, span.end)
    if starting is not None and starting[0].strip() != "开始":
        return since(ctx, replace(span, end=starting.end()))
    after = _AFTER.match(text, span.end)
    if after is not None and span.now.grain in ("minute", "part_of_day"):
        return replace(span, end=after.end(), now=replace(span.now, guessed=span.now.guessed | {"vague"}))
    return span


def open_start(ctx: Context, span: Span) -> Span:
    """自2018年以来, 从下周一起, 从…截止: what closes an expression that 从 opens."""
    behind = _UNTIL.match(ctx.text, span.end) or _SINCE.match(ctx.text, span.end)
    if behind is None:
        return span
    span = replace(span, end=behind.end())
    return since(ctx, span) if behind[0].strip() in ("起", "以来", "至今", "开始") else span
