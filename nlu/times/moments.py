"""A moment as said, day and part of day and hour together, and what it comes to."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from nlu.patterns import either, lazy
from nlu.times import clocks, days, lengths
from nlu.times.clocks import Clock
from nlu.times.context import Context
from nlu.times.narrow import weekday
from nlu.times.stretch import Days, Lean, Stretch, fixed, monday, one, settle
from nlu.times.words import PART_HOURS

_SPLICED = lazy(
    r"(?P<d>大前|今|明|昨|前|后|当|次|翌)儿?(?P<p>早|晚|晨|夜)(?:上|间|里)?"
    r"(?![会些宴餐饭于辈报班安茶教市期]|点(?!钟)|半)"
)
_SPLICE_DAY = {"大前": -3, "今": 0, "明": 1, "昨": -1, "前": -2, "后": 2}
_WEEKDAY_AFTER = lazy(r"的? ?(?:周|星期|礼拜)(?P<d>[一二三四五六日天])")
_WEEKS_LATER = lazy(r"(?:周|星期|礼拜)(?:之|以)?[后前]$")
_NOW = lazy("现在|此刻|当前|眼下|这会儿")
_NEARLY = lazy(r"(?:大约|大概|差不多|约)")
_GAP = lazy(r"(?:[ ,;]|的|大约|大概|差不多|约){0,2}")
MAY_START = either(
    *(_NOW, _SPLICED, lengths.PASS, lengths.MAY_START, days.MAY_START),
    *(clocks.MAY_START, clocks.PART_MAY_START),
)
"""What every moment begins with."""


class Moment(Struct, frozen=True):
    """What was said of one moment: a day, a part of day, an hour, or an exact distance from now."""

    days: Days | None = None
    part: str = ""
    clock: Clock | None = None
    exact: datetime | None = None
    guessed: frozenset[str] = frozenset()


class Settled(Struct, frozen=True):
    """The stretch of time that a moment comes to."""

    start: datetime
    end: datetime
    grain: str
    part: str = ""
    guessed: frozenset[str] = frozenset()


def read(ctx: Context, at: int) -> tuple[Moment, int] | None:
    """The moment that starts exactly at `at`, and where it ends."""
    now = _NOW.match(ctx.text, at)
    if now is not None:
        return Moment(exact=ctx.now), now.end()
    spliced = _splice(ctx, at)
    if spliced is not None:
        moment, end = spliced
        return _with_clock(ctx, moment, end)
    offset = lengths.read_offset(ctx, at)
    day = days.read(ctx, at)
    if offset is not None and (day is None or offset.end > day[1]):
        if offset.moment is not None:
            return Moment(exact=offset.moment, guessed=offset.guessed), offset.end
        if offset.day is not None:
            in_week = _WEEKDAY_AFTER.match(ctx.text, offset.end)
            if in_week is not None and _WEEKS_LATER.search(ctx.text, at, offset.end):
                start = monday(offset.day)
                day_of = weekday(Stretch(start, start + timedelta(days=7)), in_week["d"])
                return _tail(ctx, Moment(days=fixed(day_of)), in_week.end())
            stretch = replace(one(offset.day), guessed=offset.guessed)
            return _tail(ctx, Moment(days=fixed(stretch)), offset.end)
    if day is not None:
        return _tail(ctx, Moment(days=day[0]), day[1])
    return _part_first(ctx, at)


def _splice(ctx: Context, at: int) -> tuple[Moment, int] | None:
    """今早, 昨晚, 明晚, 当晚."""
    found = _SPLICED.match(ctx.text, at)
    if found is None:
        return None
    shift = _SPLICE_DAY.get(found["d"])
    if shift is None:
        step = timedelta(days=0 if found["d"] == "当" else 1)
        day = Days("follow", lambda ref: one(ref + step))
    else:
        day = fixed(one(ctx.today + timedelta(days=shift)))
    return Moment(days=day, part="早上" if found["p"] in "早晨" else "晚上"), found.end()


def _part_first(ctx: Context, at: int) -> tuple[Moment, int] | None:
    part = clocks.read_part(ctx.text, at)
    if part is not None:
        return _with_clock(ctx, Moment(part=part[0]), part[1])
    clock = clocks.read(ctx.text, at)
    return (Moment(clock=clock[0]), clock[1]) if clock else None


def _with_clock(ctx: Context, moment: Moment, at: int) -> tuple[Moment, int]:
    gap = _GAP.match(ctx.text, at)
    start = gap.end() if gap else at
    clock = clocks.read(ctx.text, start, led=True)
    return (replace(moment, clock=clock[0]), clock[1]) if clock else (moment, at)


def _tail(ctx: Context, moment: Moment, at: int) -> tuple[Moment, int]:
    """The part of day and the hour after a day."""
    if moment.days is not None and moment.days.grain not in ("day", "weekend"):
        return moment, at
    if ctx.text[at - 1] == "夜":  # 除夕夜8点
        return _with_clock(ctx, replace(moment, part="晚上"), at)
    gap = _GAP.match(ctx.text, at)
    start = gap.end() if gap else at
    part = clocks.read_part(ctx.text, start, led=start == at) or clocks.read_part(ctx.text, at, led=True)
    if part is not None:
        return _with_clock(ctx, replace(moment, part=part[0]), part[1])
    return _with_clock(ctx, moment, at)


def _hour(clock: Clock, part: str) -> tuple[int, int, frozenset[str]]:
    """The hour of the day, the days to add, and whether the half of the day was a guess."""
    hour = clock.hour
    if hour == 24:
        return 0, 1, frozenset()
    if clock.mark or hour > 12 or (not part and clock.sure):
        return hour, 0, frozenset()
    if part in ("早上", "上午", "白天"):
        late = part == "白天" and 1 <= hour <= 5
        return hour + 12 * late, 0, frozenset()
    if part == "凌晨":
        return hour % 12, 0, frozenset()
    if part == "中午":
        return hour + 12 if 1 <= hour <= 3 else hour, 0, frozenset()
    if part == "下午":
        return hour + 12 if hour < 12 else hour, 0, frozenset()
    if part == "晚上":
        return (hour + 12, 0, frozenset()) if 5 <= hour < 12 else (hour % 12, 1, frozenset())
    guessed = frozenset({"half_day"}) if hour == 7 else frozenset()
    return hour + 12 if 1 <= hour <= 6 else hour, 0, guessed


def at_clock(day: datetime, clock: Clock, part: str, guessed: frozenset[str] = frozenset()) -> Settled:
    """An hour on a day."""
    hour, more, guess = _hour(clock, part)
    start = day + timedelta(days=more, hours=hour, minutes=clock.minute, seconds=clock.second)
    return Settled(start, start + timedelta(minutes=clock.span), "minute", part, guessed | guess)


def _bare_clock(clock: Clock, part: str, now: datetime, lean: Lean) -> Settled:
    """An hour without a day: today's, or the nearest one on the side that the clause leans to."""
    midnight = datetime.combine(now.date(), time())
    plain = at_clock(midnight, clock, part)
    if lean is Lean.NEAR:
        return plain
    day = timedelta(days=1)
    choices = [at_clock(midnight + day * i, clock, part) for i in (-1, 0, 1)]
    if not part and not clock.sure and clock.hour <= 12:
        other = timedelta(hours=12 if plain.start.hour < 12 else -12)
        choices.append(
            replace(plain, start=plain.start + other, end=plain.end + other, guessed=frozenset({"half_day"}))
        )
    if not part and not clock.sure:
        choices = [c for c in choices if c.start.hour >= 6]  # nobody means the small hours without saying so
    if lean is Lean.PAST:
        return max((c for c in choices if c.start <= now), key=lambda c: c.start, default=plain)
    if lean is Lean.AFTER and not part and not clock.sure:
        later = [replace(c, start=c.start + day / 2, end=c.end + day / 2) for c in choices]
        choices += later
    limit = now if lean is Lean.FUTURE else now + timedelta(seconds=1)
    return min((c for c in choices if c.start >= limit), key=lambda c: c.start, default=plain)


def _of_part(day: datetime, part: str, guessed: frozenset[str]) -> Settled:
    first, last = PART_HOURS[part]
    return Settled(day + timedelta(hours=first), day + timedelta(hours=last), "part_of_day", part, guessed)


def _weekend(stretch: Stretch, moment: Moment) -> Settled:
    if moment.clock is not None:
        return at_clock(stretch.first, moment.clock, moment.part, frozenset({"vague"}))
    if moment.part:
        return _of_part(stretch.first, moment.part, frozenset({"vague"}))
    return Settled(stretch.first, stretch.last, "weekend", "", stretch.guessed)


def settle_moment(moment: Moment, now: datetime, lean: Lean) -> Settled | None:
    """The stretch of time a moment comes to, seen from `now`; None where there is no such day."""
    try:
        return _settle(moment, now, lean)
    except (OverflowError, ValueError):
        return None


def _settle(moment: Moment, now: datetime, lean: Lean) -> Settled | None:
    if moment.exact is not None:
        return Settled(moment.exact, moment.exact + timedelta(minutes=1), "minute", "", moment.guessed)
    if moment.days is None:
        if moment.clock is not None:
            return _bare_clock(moment.clock, moment.part, now, lean)
        return _of_part(datetime.combine(now.date(), time()), moment.part, frozenset())
    stretch = settle(moment.days, now.date(), lean)
    if stretch is None:
        return None
    guessed = stretch.guessed
    if moment.days.open == "year" and stretch.start.year != now.year:
        guessed |= {"year"}
    if stretch.grain == "weekend":
        return _weekend(stretch, moment)
    if moment.clock is not None:
        return at_clock(stretch.first, moment.clock, moment.part, guessed)
    if moment.part:
        return _of_part(stretch.first, moment.part, guessed)
    return Settled(stretch.first, stretch.last, stretch.grain, "", guessed)
