"""Finding every time, duration and recurring rule of a text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from nlu.calendar import WorkCalendar
from nlu.entities import Duration, Recurring, Span, Time
from nlu.patterns import either, lazy
from nlu.times import lengths, limits, moments, recurring, spans, vague
from nlu.times.context import Context
from nlu.times.words import FIGURE_CHARS

STARTS = (
    "0-9零〇一二两三四五六七八九十廿卅半几数今昨明前后大上下本这当次翌同去来现此眼周星礼农阴旧公阳新闰正腊冬元除春端重中清国圣平情母父"
    "感妇植愚劳青儿教建护记双光小年月凌晨早午傍黄晚夜深白夏秋全每隔天从自截最再过未近接还刚第跨万女程龙消往赶不剩只头工逢q待等稍马收打回改开择有抽哪过不季翌礼节h"
)
_FROM = lazy(r"(?:从|自从?|自打) ?(?:了)?")
_BY = lazy(
    r"(?:截[止至](?:日期|时间|日)?(?:到|至|是|为|:| )*|最[晚迟](?:是|在|到|于|得|要)?|不晚于|赶在"
    r"|务必在|不迟于) ?"
)
_QUOTED = lazy(r"《[^《》]{1,30}》")
_LEFT = lazy("还剩|还有|剩下|只剩")
_MAY_START = either(recurring.MAY_START, _BY, _FROM, spans.MAY_START, vague.MAY_START, _LEFT)
_START = lazy(f"(?=[{STARTS}])(?:{_MAY_START.pattern})")
_LATIN = lazy(r"[a-z_#]")


def _span(original: str, start: int, end: int) -> Span:
    return Span(start, end, original[start:end])


def _time(original: str, start: int, span: spans.Span) -> Time:
    now = span.now
    return Time(
        _span(original, start, span.end),
        now.start,
        max(now.end, now.start + timedelta(seconds=1)),
        now.grain,
        now.part,
        span.past.start if span.past else None,
        span.future.start if span.future else None,
        span.deadline,
        now.guessed | _also_guessed(span),
    )


def _also_guessed(span: spans.Span) -> frozenset[str]:
    """What the other readings guess: a calendar not yet published, the other half of the day."""
    if span.past is None and span.future is None:
        return frozenset()
    others = [each for each in (span.past, span.future) if each is not None]
    guessed = {"calendar"} & set().union(*(each.guessed for each in others))
    if (
        span.future is not None
        and span.now.grain == "minute"
        and span.future.start.time() != span.now.start.time()
    ):
        guessed.add("half_day")
    return frozenset(guessed)


class _Reader:
    """One text read from left to right."""

    __slots__ = ("ctx", "original")

    def __init__(self, ctx: Context, original: str) -> None:
        self.ctx, self.original = ctx, original

    def time(self, at: int) -> Time | None:
        """The time that starts at `at`, with 从, 截止 before it and 前, 内, 以来 behind."""
        by = _BY.match(self.ctx.text, at)
        led = by or _FROM.match(self.ctx.text, at)
        start = led.end() if led else at
        span = self.expression(start)
        if span is None:
            return None
        if by is not None:
            change = limits.first_day if span.now.grain == "year" else limits.last_day
            span = limits.mapped(span, span.end, change, deadline=True)
        elif led is not None:
            span = limits.open_start(self.ctx, span)
        return _time(self.original, at if led else start, span)

    def expression(self, at: int) -> spans.Span | None:
        """A counted stretch, a range or a moment with what follows it."""
        ctx = self.ctx
        counted = spans.years(ctx, at) or spans.counted(ctx, at)
        moment = moments.read(ctx, at)
        if moment is None or (counted is not None and counted.end >= moment[1]):
            return counted
        joined = spans.between(ctx, moment[0], at, moment[1])
        if joined is not None:
            return limits.closed(ctx, joined)
        found = spans.readings(moment[0], ctx.now)
        if found is None:
            return counted
        span = spans.Span(moment[1], *found)
        return limits.relative(ctx, span, at) or limits.limited(ctx, span, at)

    def hint(self, at: int) -> Time | None:
        """The vague time that starts at `at`."""
        found = vague.read(self.ctx, at)
        if found is None:
            return None
        return Time(
            _span(self.original, at, found.end),
            found.start,
            found.until,
            found.grain,
            deadline=found.deadline,
            guessed=frozenset(() if found.sure else {"vague"}),
        )

    def recurring(self, at: int) -> Recurring | None:
        """The recurring rule that starts at `at`."""
        found = recurring.read(self.ctx, at)
        if found is None:
            return None
        return Recurring(_span(self.original, at, found.end), found.rule, found.first, found.grain)

    def durations(self, at: int, end: int | None, kind: Time | None) -> list[Duration]:
        """The length of time at `at`: by itself, or said as 还剩三天 or, set apart, 五 日."""
        text = self.ctx.text
        start = at + 2 if text.startswith(("还剩", "还有", "剩下", "只剩"), at) else at
        while start < len(text) and text[start] == " ":
            start += 1
        length = None if text[at - 1 : at] == "第" else lengths.length_at(self.ctx, start)
        if length is None or length.workdays or length.total <= 0:
            return []
        apart = length.spaced and bool(length.bare)
        if length.bare and not apart and (kind is not None or length.bare == "月"):
            return []
        if kind is not None and start == at and not apart and end is not None:
            return []
        return [Duration(_span(self.original, start, length.end), length.total)]


def _at_boundary(text: str, at: int, done: int) -> bool:
    """Whether an expression may start here: not inside a figure or a code, unless one has just ended."""
    if at == done or at == 0 or text[at] not in FIGURE_CHARS:
        return True
    before = text[at - 1]
    if text[at].isascii():
        return not (
            before.isascii() and (before.isdigit() or before in ".:/" or bool(_LATIN.match(before)))
        ) and not (
            before in FIGURE_CHARS
            or (before == "-" and at >= 2 and text[at - 2].isascii() and text[at - 2].isalnum())
        )
    return before not in FIGURE_CHARS


def find(
    folded: str, original: str, now: datetime, calendar: WorkCalendar
) -> Iterator[Time | Duration | Recurring]:
    """Every time, duration and recurring rule of a folded text, left to right."""
    text = _QUOTED.sub(lambda m: "\ufffd" * len(m[0]), folded) if "《" in folded else folded
    reader, at, done = _Reader(Context(text, now, calendar), original), 0, -1
    while (start := _START.search(text, at)) is not None:
        at = start.start()
        found = _one(reader, text, at, done)
        if found:
            yield from found
            at = done = max(e.span.end for e in found)
        else:
            at += 1


def _one(reader: _Reader, text: str, at: int, done: int) -> list[Time | Duration | Recurring]:
    if not _at_boundary(text, at, done):
        return []
    again = reader.recurring(at)
    if again is not None:
        return [again]
    time = reader.time(at)
    hint = reader.hint(at)
    if hint is not None and (time is None or hint.span.end >= time.span.end):
        time = hint
    longer: list[Duration] = reader.durations(at, time.span.end if time else None, time)
    if time is not None and longer and longer[0].span.start == at and longer[0].span.end > time.span.end:
        return list(longer)
    return [*([time] if time else []), *longer]
