"""Finding every time, duration and recurring rule of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from nlu.calendar import WorkCalendar
from nlu.entities import Duration, Recurring, Span, Time
from nlu.times import festivals, lengths, moments, recurring, spans, vague
from nlu.times.context import Context
from nlu.times.moments import Moment, Settled
from nlu.times.narrow import ORDINAL, ordinal
from nlu.times.stretch import Stretch
from nlu.times.words import FIGURE_CHARS, SMALL, N

STARTS = (
    "0-9零〇一二两三四五六七八九十廿卅半几数今昨明前后大上下本这当次翌同去来现此眼周星礼农阴旧公阳新闰正腊冬元除春端重中清国圣平情母父"
    "感妇植愚劳青儿教建护记双光小年月凌晨早午傍黄晚夜深白每隔天从自截最再过未近接还刚第跨万女程龙消往赶不剩只头工逢q待等稍马收打回改开择有抽哪过不季翌礼h"
)
_START = re.compile(f"[{STARTS}]")
_FROM = re.compile(r"(?:从|自从?|自打) ?(?:了)?")
_BY = re.compile(r"(?:截[止至](?:日期|时间|日)?(?:到|至|是|为|:| )*|最[晚迟](?:是|在|到|于|得|要)?|不晚于|赶在|务必在|不迟于) ?")
_BEFORE = re.compile(r" ?(?:下班|收工|收盘|打烊)?(?:之前|以前|前(?![台面端期提往景夕后置沿辈任缀锋列几]))")
_BEFORE_BY = re.compile(rf" ?(?:之|以)?前(?:的)?(?P<n>{N}|半)个?(?P<u>天|日|周|星期|礼拜|月|小时|分钟|个?工作日)(?![前后内])")
_AFTER_BY = re.compile(rf" ?(?:之|以)?后(?:的)?(?P<n>{N}|半)个?(?P<u>天|周|星期|礼拜|月|小时|分钟|个?工作日)(?![前后内])")
_UNTIL = re.compile(r" ?(?:截止|为止|止(?![步损]))")
_WITHIN = re.compile(r" ?(?:之内|以内|内(?!部|容|存|训|网|衣|饰|蒙))")
_AFTER = re.compile(r" ?(?:之后|以后|过后|后(?![来面台期勤续端付天年]))")
_SINCE = re.compile(r" ?(?:起(?![来步草码])|开始|以来|至今)")
_CLOSE = re.compile(r" ?(?:截止|为止|止(?![步损])|之前|以前|期间|之间|之内|以内)")
_EVE = re.compile(r"前夕|前(?:一|1)[天日晚]")
_QUOTED = re.compile(r"《[^《》]{1,30}》")
_COARSE = {"week": 7, "month": 28, "lunar_month": 28, "quarter": 84, "half": 180, "year": 360, "holiday": 2, "days": 1,
           "part_of_month": 4, "weekend": 2}  # fmt: skip
_ENDS = re.compile(r"[底末尾]$")
_LATIN = re.compile(r"[a-z_#]")


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
    others = [each for each in (span.past, span.future) if each is not None]
    guessed = {"calendar"} & set().union(*(each.guessed for each in others))
    if span.future is not None and span.now.grain == "minute" and span.future.start.time() != span.now.start.time():
        guessed.add("half_day")
    return frozenset(guessed)


def _last_day(settled: Settled) -> Settled:
    """The last day of a stretch: what 本周内 and 月底前 allow."""
    if settled.grain in ("minute", "part_of_day", "day"):
        return settled
    day = settled.end - timedelta(days=1)
    return replace(settled, start=max(settled.start, day), end=settled.end, grain="day")


def _first_day(settled: Settled) -> Settled:
    """The first day of a longer stretch: 12月前 may mean before it begins, so it is marked."""
    if settled.grain not in _COARSE:
        return settled
    return replace(
        settled, end=settled.start + timedelta(days=1), grain="day", guessed=settled.guessed | {"vague"}
    )


def _mapped(span: spans.Span, end: int, change: object, *, deadline: bool = False) -> spans.Span:
    """The span with its three readings changed alike."""
    if not callable(change):
        raise TypeError("change is a function")
    return spans.Span(
        end,
        change(span.now),
        change(span.past) if span.past else None,
        change(span.future) if span.future else None,
        deadline or span.deadline,
    )


class _Reader:
    """One text read from left to right."""

    __slots__ = ("ctx", "original")

    def __init__(self, ctx: Context, original: str) -> None:
        self.ctx, self.original = ctx, original

    def time(self, at: int) -> Time | None:
        """The time that starts at `at`, with 从, 截止 before it and 前, 内, 以来 behind."""
        text = self.ctx.text
        by = _BY.match(text, at)
        led = by or _FROM.match(text, at)
        start = led.end() if led else at
        span = self.expression(start)
        if span is None:
            return None
        if by is not None:
            span = _mapped(span, span.end, _last_day if span.now.grain != "year" else _first_day, deadline=True)
        behind = _UNTIL.match(text, span.end) or _SINCE.match(text, span.end)
        if led is not None and behind is not None and by is None:
            span = replace(span, end=behind.end())
            if behind[0].strip() in ("起", "以来", "至今", "开始"):
                span = self.since(span)
        return _time(self.original, at if led else start, span)

    def since(self, span: spans.Span) -> spans.Span:
        """从去年9月起: until now when it lies behind."""

        def until_now(settled: Settled) -> Settled:
            return replace(settled, end=max(settled.end, self.ctx.now), grain="days")

        return _mapped(span, span.end, until_now)

    def expression(self, at: int) -> spans.Span | None:
        """A counted stretch, a range or a moment with what follows it."""
        ctx = self.ctx
        counted = spans.years(ctx, at) or spans.counted(ctx, at)
        moment = moments.read(ctx, at)
        if moment is None or (counted is not None and counted.end >= moment[1]):
            return counted
        joined = spans.between(ctx, moment[0], at, moment[1])
        if joined is not None:
            return self.closed(joined)
        found = spans.readings(moment[0], ctx.now)
        if found is None:
            return counted
        span = spans.Span(moment[1], *found)
        return self.relative(moment[0], span, at) or self.limited(span, at)

    def relative(self, moment: Moment, span: spans.Span, at: int) -> spans.Span | None:
        """国庆后第一个工作日, 春节前一周, 中秋前夕, 周三后两天."""
        text, end = self.ctx.text, span.end
        if span.now.grain in ("minute", "part_of_day"):
            return None
        eve = _EVE.match(text, end)
        if eve is not None:
            return _mapped(span, eve.end(), _shifter(-1))
        before, after = _BEFORE_BY.match(text, end), _AFTER_BY.match(text, end)
        if before is not None or after is not None:
            return self.counted_from(moment, span, before, after)
        behind = _AFTER.match(text, end)
        if behind is None:
            return None
        nth = ORDINAL.match(text, behind.end())
        return self.nth_after(moment, span, behind.end(), nth)

    def holiday(self, moment: Moment, settled: Settled) -> Settled:
        """A festival stands for the days off around it when something is counted from it."""
        if moment.days is None or not moment.days.festive:
            return settled
        for name in festivals.LONG:
            if festivals.day_in(name, settled.start.year) == settled.start.date():
                day = Stretch(settled.start.date(), settled.end.date())
                off = festivals.days_off(name, self.ctx.calendar)(day)
                if off is not None:
                    return Settled(off.first, off.last, "holiday", "", settled.guessed | off.guessed)
        return settled

    def nth_after(self, moment: Moment, span: spans.Span, end: int, nth: re.Match[str] | None) -> spans.Span:
        def change(settled: Settled) -> Settled:
            whole = self.holiday(moment, settled)
            after = whole.end
            if nth is None:
                until = after + timedelta(days=7)
                return replace(whole, start=after, end=until, grain="days", guessed=whole.guessed | {"vague"})
            later = Stretch(after.date(), after.date() + timedelta(days=60), "days")
            found = ordinal(later, nth, self.ctx.calendar)
            if found is None:
                return whole
            guessed = (whole.guessed | found.guessed) - ({"year"} if span.future else set())
            return Settled(found.first, found.last, found.grain, "", guessed)

        return _mapped(span, nth.end() if nth else end, change)

    def counted_from(
        self, moment: Moment, span: spans.Span, before: re.Match[str] | None, after: re.Match[str] | None
    ) -> spans.Span | None:
        found = before or after
        if found is None:
            return None
        length = lengths.read_length(self.ctx.text, found.start("n"))
        if length is None:
            return None
        limit = _BEFORE.match(self.ctx.text, length.end)

        def change(settled: Settled) -> Settled:
            whole = self.holiday(moment, settled) if after else settled
            origin = whole.end - timedelta(days=1) if after else whole.start
            moved = lengths.moved(self.ctx, length, 1 if after else -1, origin)
            if moved is None:
                return settled
            start = moved.moment or lengths.midnight(moved.day or origin.date())
            return Settled(start, start + timedelta(days=1), "day", "", whole.guessed | moved.guessed)

        return _mapped(span, limit.end() if limit else length.end, change)

    def closed(self, span: spans.Span) -> spans.Span:
        """A range with 止, 之前 or 期间 behind it."""
        behind = _CLOSE.match(self.ctx.text, span.end)
        return replace(span, end=behind.end()) if behind is not None else span

    def limited(self, span: spans.Span, at: int) -> spans.Span:
        """X前, X内, X截止, X之后, X以来."""
        text = self.ctx.text
        within = _WITHIN.match(text, span.end) if span.now.grain in _COARSE else None
        if within is not None:
            return _mapped(span, within.end(), _last_day, deadline=True)
        before = _BEFORE.match(text, span.end)
        if before is not None:
            ends = _ENDS.search(text, at, span.end) or span.now.grain in ("days", "holiday")
            return _mapped(span, before.end(), _last_day if ends else _first_day, deadline=True)
        until = _UNTIL.match(text, span.end)
        if until is not None:
            return _mapped(span, until.end(), _last_day, deadline=True)
        since = _SINCE.match(text, span.end)
        if since is not None and since[0].strip() != "开始":
            return self.since(replace(span, end=since.end()))
        after = _AFTER.match(text, span.end)
        if after is not None and span.now.grain in ("minute", "part_of_day"):
            return replace(span, end=after.end(), now=replace(span.now, guessed=span.now.guessed | {"vague"}))
        return span

    def hint(self, at: int) -> Time | None:
        found = vague.read(self.ctx, at)
        if found is None:
            return None
        return Time(
            _span(self.original, at, found.end), found.start, found.until, found.grain,
            deadline=found.deadline, guessed=frozenset(() if found.sure else {"vague"}),
        )  # fmt: skip

    def recurring(self, at: int) -> Recurring | None:
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
        length = None if text[at - 1 : at] == "第" else lengths.read_length(text, start)
        if length is None or length.workdays or length.total <= 0:
            return []
        apart = length.spaced and bool(length.bare)
        if length.bare and not apart and (kind is not None or length.bare == "月"):
            return []
        if kind is not None and start == at and not apart and end is not None:
            return []
        return [Duration(_span(self.original, start, length.end), length.total)]


def _shifter(count: int) -> object:
    def change(settled: Settled) -> Settled:
        step = timedelta(days=count)
        return Settled(settled.start + step, settled.start + step + timedelta(days=1), "day", "", settled.guessed)

    return change


def _at_boundary(text: str, at: int, done: int) -> bool:
    """Whether an expression may start here: not inside a figure or a code, unless one has just ended."""
    if at == done or at == 0 or text[at] not in FIGURE_CHARS:
        return True
    before = text[at - 1]
    if text[at].isascii():
        return not (before.isascii() and (before.isdigit() or before in ".:/" or bool(_LATIN.match(before)))) and not (
            before in FIGURE_CHARS or (before == "-" and at >= 2 and text[at - 2].isascii() and text[at - 2].isalnum())
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
