"""What comes again: 每周一9点, 每月25号, 每个工作日下午5点半, 每两周, 隔天, 每年母亲节."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from nlu.entities import Rule
from nlu.patterns import either, lazy
from nlu.times import clocks, days, lengths
from nlu.times.context import Context
from nlu.times.moments import at_clock
from nlu.times.stretch import Lean, month_of, settle
from nlu.times.words import BYDAY, PART_HOURS, SMALL, WEEKDAYS, WORK_ENDS, WORK_STARTS, N

_WORKDAYS = BYDAY[:5]
_DAY = "[一二三四五六日天1-7]"
_TIMES = "(?![次回趟遍个篇份台套万元块号月点])"
_WEEKS = lazy(
    rf"(?:每(?:个|一|逢)?(?P<gap>隔)?(?:(?P<n>{N})个?)?|(?P<skip>隔))(?:周|星期|礼拜)"
    r"(?![年期边报会刊])(?:的|都|里)?"
    rf"(?:(?P<work>工作日)|(?P<end>末)|(?:周|星期|礼拜)?(?P<days>{_DAY}{_TIMES}(?:[、,;和及]?(?:(?:周|星期"
    rf"|礼拜))?{_DAY}{_TIMES})*"
    rf"(?: ?(?:到|至|~|-) ?(?:周|星期|礼拜)?(?P<to>{_DAY}){_TIMES})?))?"
)
_ON_WEEKDAY = lazy(
    rf"每?逢(?:周|星期|礼拜)(?P<days>{_DAY}{_TIMES}(?:[、,;和及]?(?:周|星期|礼拜)?{_DAY}{_TIMES})*)"
)
_SPAN_DAILY = lazy(
    rf"(?:周|星期|礼拜)(?P<from>{_DAY}) ?(?:到|至|~|-) ?(?:周|星期|礼拜)?(?P<to>{_DAY})的?(?:每天|天天|每日)"
)
_WORK = lazy(
    r"每(?:个|一|逢)?(?:工作日|上班日)(?:的|每天)?|工作日(?:的)?(?:每天|每日|天天)|逢?工作日(?=早"
    r"|上午|下午|晚|中午|[0-9]{1,2}[:点])"
)
_MONTHS = lazy(
    rf"每(?:个|一|逢)?(?P<gap>隔)?(?:(?P<n>{N})个)?月份?(?:的|都)?(?:第?(?P<nth>[一二三四1-4]|最后一)个"
    rf"(?:周|星期|礼拜)(?P<nthday>{_DAY})|(?P<d>{N})[号日]?(?P<more>(?:[、,和及]{N}[号日]?)*)(?<=[号日])|月?"
    r"(?P<last>底|末|最后一天|最后1天)"
    r"|(?P<first>月?初|第一天))?|"
    rf"(?P<skip>隔)月(?:的)?(?:(?P<d2>{N})[号日])?"
)
_QUARTERS = lazy(r"每(?:个|一)?季度?(?:的)?(?P<last>末|底|最后一天)?(?P<first>初|第一天)?")
_YEARS = lazy(r"每(?:一|逢)?(?:年|周年)(?:的)?")
_DAYS = lazy(
    rf"每(?:一)?(?P<gap>隔)?(?:(?P<n>{N}))?(?:个)?(?:天|日)|天天|每日|(?P<skip>隔)(?:天|日)|每"
    r"(?:天)?(?=早|晚|上午|下午|中午)"
)
MAY_START = either(_SPAN_DAILY, _WORK, _ON_WEEKDAY, _WEEKS, _MONTHS, _QUARTERS, _YEARS, _DAYS)
"""What every rule begins with."""
_TO = lazy(r" ?(?:到|至|~|-+) ?")
_GAP = lazy(r"(?:[ ,;]|的|都|在){0,2}")
_WORK_HOUR = lazy(
    r"(?:临近?|快要?|等|一)?(?:(?P<ends>下班|收工|打烊|收盘)|(?P<starts>上班|开工|开门|开盘))"
    r"(?:(?:之|以)?(?P<side>[前后])的?|(?:的)?(?:时候?|那会儿?)|(?=提醒|叫|喊|记得|[,;]))"
)


class Repeat(Struct, frozen=True):
    """A recurring rule as read: where it ends, its first time and the grain of that."""

    end: int
    rule: Rule
    first: datetime
    grain: str


def _interval(found: re.Match[str]) -> int:
    """每两周 is 2, 隔周 and 每隔一周 are 2, 每隔3天 is 3."""
    groups = found.groupdict()
    if groups.get("skip"):
        return 2
    count = SMALL[groups["n"]] if groups.get("n") else 1
    return 2 if groups.get("gap") and count == 1 else max(1, count)


def _byday(words: str, to: str | None = None) -> tuple[str, ...]:
    chosen = {WEEKDAYS[c] for c in words if c in WEEKDAYS and c != "末"}
    if to is not None:
        last = WEEKDAYS[to]
        before = [WEEKDAYS[c] for c in words if c in WEEKDAYS]
        start = before[-2] if len(before) > 1 else min(chosen)
        chosen |= set(range(start, last + 1))
    return tuple(BYDAY[i] for i in sorted(chosen))


def _weekly(ctx: Context, at: int) -> tuple[Rule, int] | None:
    found = _SPAN_DAILY.match(ctx.text, at)
    if found is not None:
        first, last = WEEKDAYS[found["from"]], WEEKDAYS[found["to"]]
        return Rule("WEEKLY", byday=BYDAY[first : last + 1]), found.end()
    found = _WORK.match(ctx.text, at)
    if found is not None:
        return Rule("WEEKLY", byday=_WORKDAYS), found.end()
    found = _ON_WEEKDAY.match(ctx.text, at)
    if found is not None:
        return Rule("WEEKLY", byday=_byday(found["days"])), found.end()
    found = _WEEKS.match(ctx.text, at)
    if found is None:
        return None
    byday: tuple[str, ...] = ()
    if found["work"]:
        byday = _WORKDAYS
    elif found["end"]:
        byday = BYDAY[5:]
    elif found["days"]:
        byday = _byday(found["days"], found["to"])
    return Rule("WEEKLY", _interval(found), byday), found.end()


def _monthly(ctx: Context, at: int) -> tuple[Rule, int] | None:
    found = _MONTHS.match(ctx.text, at)
    if found is not None:
        if found["nth"]:
            nth = -1 if found["nth"] == "最后一" else SMALL[found["nth"]]
            return Rule("MONTHLY", _interval(found), (f"{nth}{_byday(found['nthday'])[0]}",)), found.end()
        several = _several(found)
        if several:
            return Rule("MONTHLY", _interval(found), bymonthday=several), found.end()
        word = found["d"] or found["d2"]
        day = SMALL[word] if word else -1 if found["last"] else 1 if found["first"] else None
        if day is None or day <= 31:
            return Rule("MONTHLY", _interval(found), bymonthday=day), found.end()
    found = _QUARTERS.match(ctx.text, at)
    if found is not None:
        day = -1 if found["last"] else 1 if found["first"] else None
        return Rule("MONTHLY", 3, bymonthday=day), found.end()
    return None


def _several(found: re.Match[str]) -> tuple[int, ...]:
    """每月1号和15号: the days, in order; none where one is named, or one that no month has."""
    words = re.findall(N, found["more"] or "")
    said = sorted({SMALL[word] for word in (found["d"], *words)}) if words else []
    return tuple(said) if len(said) > 1 and said[-1] <= 31 else ()


def _yearly(ctx: Context, at: int) -> tuple[Rule, int, date] | None:
    found = _YEARS.match(ctx.text, at)
    if found is None:
        return None
    day = days.read(ctx, found.end())
    if day is None or day[0].open != "year":
        return Rule("YEARLY"), found.end(), ctx.today
    stretch = settle(day[0], ctx.today, Lean.FUTURE)
    return (Rule("YEARLY"), day[1], max(stretch.start, ctx.today)) if stretch else None


def _fits(rule: Rule, day: date) -> bool:
    month = month_of(day.year, day.month)
    last = (month.end - timedelta(days=1)).day if month else 31
    if rule.byday:
        name = BYDAY[day.weekday()]
        counted = {name, f"{(day.day - 1) // 7 + 1}{name}", f"-{(last - day.day) // 7 + 1}{name}"}
        return not counted.isdisjoint(rule.byday)
    if rule.bymonthday is not None:
        wanted = rule.bymonthday if isinstance(rule.bymonthday, tuple) else (rule.bymonthday,)
        return day.day in {last if one == -1 else min(one, last) for one in wanted}
    return True


def _first(rule: Rule, now: datetime, hour: timedelta | None) -> datetime:
    """The first time from now on; midnight of the day where no hour is said."""
    for ahead in range(-1, 400):
        day = now.date() + timedelta(days=ahead)
        start = datetime.combine(day, time()) + (hour or timedelta())
        if _fits(rule, day) and (start >= now if hour is not None else day >= now.date()):
            return start
    return now


def read(ctx: Context, at: int) -> Repeat | None:
    """The recurring rule that starts exactly at `at`."""
    if not MAY_START.match(ctx.text, at):
        return None
    start: date | None = None
    found = _weekly(ctx, at) or _monthly(ctx, at)
    yearly = _yearly(ctx, at) if found is None else None
    if yearly is not None:
        found, start = yearly[:2], yearly[2]
    if found is None:
        daily = _DAYS.match(ctx.text, at)
        found = (Rule("DAILY", _interval(daily)), daily.end()) if daily else None
    return _timed(ctx, found[0], found[1], start) if found else None


def _timed(ctx: Context, rule: Rule, at: int, start: date | None) -> Repeat:
    """Add the part of day and the hour."""
    gap = _GAP.match(ctx.text, at)
    part = clocks.read_part(ctx.text, gap.end() if gap else at, led=True)
    here = part[1] if part else at
    gap = _GAP.match(ctx.text, here)
    here = gap.end() if gap else here
    clock = clocks.read(ctx.text, here, led=True)
    work = _work_hour(ctx, here) if clock is None else None
    if work is not None:
        clock = clocks.read(ctx.text, work[1], led=True)
    origin = datetime.combine(ctx.today, time())
    if clock is not None:
        said = part[0] if part else "下午" if work and work[0] > timedelta(hours=12) else ""
        moment = at_clock(origin, clock[0], said).start
        hour, grain, end = moment - origin, "minute", _closing(ctx, clock[1])
    elif work is not None:
        hour, grain, end = work[0], "minute", work[1]
    elif part is not None:
        hour, grain, end = timedelta(hours=PART_HOURS[part[0]][0]), "part_of_day", part[1]
    else:
        return Repeat(at, rule, _anchored(rule, ctx.now, None, start), "day")
    return Repeat(end, _at(rule, hour), _anchored(rule, ctx.now, hour, start), grain)


def at_hour(rule: Rule, now: datetime, hour: timedelta) -> tuple[Rule, datetime]:
    """The rule at an hour of the day that stands elsewhere in the text, and its first time from now on."""
    return _at(rule, hour), _first(rule, now, hour)


def _at(rule: Rule, hour: timedelta) -> Rule:
    minutes = int(hour.total_seconds()) // 60
    return replace(rule, at=f"{minutes // 60 % 24:02d}:{minutes % 60:02d}")


def _work_hour(ctx: Context, at: int) -> tuple[timedelta, int] | None:
    """The hour of 下班前, 上班后, 下班前半小时, and where the words end."""
    found = _WORK_HOUR.match(ctx.text, at)
    if found is None:
        return None
    hour = timedelta(hours=WORK_ENDS if found["ends"] else WORK_STARTS)
    gap = lengths.read_length(ctx.text, found.end()) if found["side"] else None
    if gap is None or not gap.fine:
        return hour, found.end()
    away = timedelta(seconds=gap.total)
    return (hour - away if found["side"] == "前" else hour + away), gap.end


def _closing(ctx: Context, at: int) -> int:
    """Where 9点到11点 and 17点下班前 end: what closes the hour is part of the words, not of the rule."""
    bridge = _TO.match(ctx.text, at)
    clock = clocks.read(ctx.text, bridge.end(), led=True) if bridge else None
    at = clock[1] if clock else at
    work = _WORK_HOUR.match(ctx.text, at)
    return work.end() if work is not None else at


def _anchored(rule: Rule, now: datetime, hour: timedelta | None, start: date | None) -> datetime:
    if start is None:
        return _first(rule, now, hour)
    return datetime.combine(start, time()) + (hour or timedelta())
