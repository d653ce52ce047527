"""Words that name a part of a longer stretch: 三月 of a year, 15号 of a month, 周三 of a week, 第一周."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from nlu import lunar
from nlu.calendar import WorkCalendar
from nlu.patterns import lazy
from nlu.times import festivals
from nlu.times.stretch import DAY, Stretch, month_of, months_of, one, shifted
from nlu.times.words import SMALL, WEEKDAYS, N

Narrow = Callable[[Stretch], Stretch | None]

_NOT_DATE = (
    r"(?![0-9.:%/一二三四五六七八九十百千]|[ ]?[万亿元块wk]|[多余来几]"
    r"|[ ]?[个台套件人次家折成期点度米吨斤倍年天小分秒])"
)
_NOT_PLACE = (
    r"(?![元币圆线楼文店机仓门库院桌房位柜馆车厂室厅桩井段标站]|游|会议|地块|产线|标段|之(?![前后内间]))"
)
_LUNAR_DAY = rf"(?:初[一二三四五六七八九十]|初[0-9]{{1,2}}|廿[一二三四五六七八九]?|卅|三十|{N})"
MONTH_DAY = lazy(
    rf"(?P<m>{N}|元) *月(?:份)? ?的? *(?:(?P<d>{N}) *[日号]{_NOT_PLACE}|(?P<n>[0-9]{{1,2}}"
    rf"|[二三]?十[一二三四五六七八九]?){_NOT_DATE})"
)
MONTH = lazy(
    rf"(?P<m>{N}|元)(?: *月份?(?![子饼亮嫂供租薪费台均结活卡票报光季坛度]|经)|(?= ?(?:到|至|~|-) ?{N} ?月))"
)
LUNAR = lazy(
    rf"(?P<leap>闰)?(?P<m>正|冬|腊|{N}) *月份?(?:的? *(?P<d>{_LUNAR_DAY})(?![0-9]) *[日号]?"
    r"(?![万元块个台套]))?"
)
LUNAR_SAID = lazy(rf"(?:农历|阴历|旧历)的? ?{LUNAR.pattern}")
LUNAR_SURE = lazy(
    rf"(?:(?P<leap>闰)(?P<lm>{N})|(?P<m>正|冬|腊)) *月份?(?:的? *(?P<d>{_LUNAR_DAY})"
    r"(?![0-9]) *[日号]?(?![万元块个台套]))?"
    rf"|(?P<m2>{N}) *月(?P<d2>初[一二三四五六七八九十]|廿[一二三四五六七八九]?)"
    r"|(?P<m3>八|8) *月(?P<d3>十五)(?![日号0-9万元块个台套])"
    r"|(?:大年|年后|春节后?|正月里?)(?P<new>初[一二三四五六七八九十])"
)
QUARTER = lazy(r"第?(?P<q>[一二三四1-4])季度|q(?P<n>[1-4])(?![0-9a-z])")
SEASON = lazy(r"(?P<s>[春夏秋冬])(?:天|季(?!度)|日)(?![晒常])")
DECADE = lazy(r"(?:(?P<full>(?:18|19|20)[0-9]0)|(?P<tens>[二三四五六七八九]十|[2-9]0)) ?年代")
HALF_YEAR = lazy(r"(?P<h>[上下前后])半年")
YEAR_PART = lazy(r"年?(?P<p>初|底|末|尾|中(?![旬国午秋心间标奖介期级]))")
YEAR_PART_BARE = lazy(r"年(?P<p>初|底|末|尾|中(?![旬国午秋心间标奖介期级]))(?![一二三四五六七八九十])")
QUARTER_PART = lazy(r"(?P<p>初|末|底|中)")
MONTH_DATE = lazy(rf"(?P<d>{N})(?: *[日号]{_NOT_PLACE}|(?= ?(?:到|至|~|-) ?{N} ?[日号]{_NOT_PLACE}))")
MONTH_TEN = lazy(r"(?P<p>[上中下])旬")
MONTH_PART = lazy(r"月?(?P<p>初(?![一二三四五六七八九十])|底|末|中(?![旬国午秋心间标奖介期级]))")
MONTH_PART_BARE = lazy(r"月(?P<p>初|底|末|中(?![旬国午秋心间标奖介期级]))")
MONTH_HALF = lazy(r"(?P<p>[上下前后])半(?:个)?月")
WEEK_HALF = lazy(r"(?P<p>[上下前后])半(?:周|个?星期|个?礼拜)")
WEEKDAY = lazy(
    r"(?:的? ?(?:周|星期|礼拜))?(?P<d>六(?:、|和)?(?:周|星期|礼拜)?[日天]"
    r"|[一二三四五六日天末](?!个)|[1-7](?![0-9个]))"
)
ORDINAL = lazy(
    rf"(?:里|内)?的?(?:第(?P<n>{N})|(?P<last>最后)(?:(?:一|1))?|(?P<first>首))个?(?P<u>工作日|(?:周"
    r"|星期|礼拜)"
    r"(?P<w>[一二三四五六日天末])"
    r"|天|周|星期|礼拜|月|季度)"
)
SEVERAL = lazy(
    rf"的?(?P<side>前|头|后|最后|最初)(?P<n>{N}|几)个?(?P<u>天|日|周|星期|礼拜|月|季度|工作日)(?![前后内])"
)


def month_day(year: Stretch, month: int, day: int) -> Stretch | None:
    """A date of a year, None where there is none."""
    try:
        return one(date(year.start.year, month, day))
    except ValueError:
        return None


def date_of(month: Stretch, day: int) -> Stretch | None:
    """A day of a month."""
    found = month.start + timedelta(days=day - 1)
    return one(found) if day >= 1 and found < month.end else None


def lunar_day(year: Stretch, month: int, day: int | None, *, leap: bool) -> Stretch | None:
    """A lunar day, or a lunar month where no day is said, of the lunar year of that number."""
    start = lunar.to_solar(year.start.year, month, day or 1, leap=leap)
    if start is None:
        return None
    length = 1 if day else lunar.month_days(year.start.year, month, leap=leap)
    return Stretch(start, start + timedelta(days=length), "day" if day else "month")


def quarter(year: Stretch, number: int) -> Stretch | None:
    """A quarter of a year."""
    return months_of(year.start.year, 3 * number - 2, 3, "quarter")


def season(year: Stretch, which: str) -> Stretch | None:
    """春 from March, 夏 from June, 秋 from September, 冬 from December: three months each."""
    return months_of(year.start.year, 3 + 3 * "春夏秋冬".index(which), 3, "quarter")


def half_year(year: Stretch, which: str) -> Stretch | None:
    """The first or second half of a year."""
    return months_of(year.start.year, 1 if which in "上前" else 7, 6, "half")


def year_part(year: Stretch, which: str) -> Stretch | None:
    """年初, 年中, 年底: two months, two months, the last month; all rough."""
    first, count = {"初": (1, 2), "中": (6, 2)}.get(which, (12, 1))
    found = months_of(year.start.year, first, count, "month")
    return Stretch(found.start, found.end, "month", frozenset({"vague"})) if found else None


def quarter_part(whole: Stretch, which: str) -> Stretch | None:
    """季初, 季末: the first or the last month of a quarter."""
    return month_of(whole.start.year, whole.start.month + {"初": 0, "中": 1}.get(which, 2))


def month_part(month: Stretch, which: str) -> Stretch | None:
    """月初 (rough), 月中 (rough), 月底: the last day."""
    if which in "底末":
        return one(month.end - DAY)
    start = 0 if which == "初" else 13
    first = month.start + timedelta(days=start)
    return Stretch(first, first + timedelta(days=5), "part_of_month", frozenset({"vague"}))


def month_ten(month: Stretch, which: str) -> Stretch:
    """上旬, 中旬, 下旬."""
    index = "上中下".index(which)
    start = month.start + timedelta(days=10 * index)
    return Stretch(start, month.end if index == 2 else start + timedelta(days=10), "part_of_month")


def month_half(month: Stretch, which: str) -> Stretch:
    """上半月 to the 15th, 下半月 from the 16th."""
    middle = month.start + timedelta(days=15)
    return (
        Stretch(month.start, middle, "part_of_month")
        if which in "上前"
        else Stretch(middle, month.end, "part_of_month")
    )


def week_half(week: Stretch, which: str) -> Stretch:
    """上半周 Monday to Wednesday, 下半周 from Thursday."""
    middle = week.start + timedelta(days=3)
    return Stretch(week.start, middle, "week") if which in "上前" else Stretch(middle, week.end, "week")


def weekday(week: Stretch, which: str) -> Stretch:
    """A day of a week; 末 is Saturday and Sunday."""
    day = week.start + timedelta(days=WEEKDAYS[which[0]])
    return Stretch(day, day + 2 * DAY, "weekend") if which == "末" or len(which) > 1 else one(day)


def _units(whole: Stretch, unit: str, calendar: WorkCalendar) -> list[Stretch]:
    """The days, weeks (those whose Monday lies within), months, quarters or working days of a stretch."""
    days = min((whole.end - whole.start).days, 400)
    if unit in "天日":
        return [one(whole.start + timedelta(days=i)) for i in range(days)]
    if unit == "工作日":
        every = (whole.start + timedelta(days=i) for i in range(days))
        guess = frozenset() if calendar.knows(whole.start) else frozenset({"calendar"})
        return [Stretch(d, d + DAY, "day", guess) for d in every if calendar.is_workday(d)]
    if unit in ("周", "星期", "礼拜"):
        first = whole.start + timedelta(days=-whole.start.weekday() % 7)
        return [
            Stretch(d, d + 7 * DAY, "week")
            for i in range(days // 7 + 1)
            if (d := first + i * 7 * DAY) < whole.end
        ]
    size = 3 if unit == "季度" else 1
    grain = "quarter" if size == 3 else "month"
    starts = [shifted(whole.start, i) for i in range(0, 12, size)]
    return [Stretch(s, shifted(s, size), grain) for s in starts if s < whole.end]


def _weekdays(whole: Stretch, which: str) -> list[Stretch]:
    first = whole.start + timedelta(days=(WEEKDAYS[which] - whole.start.weekday()) % 7)
    length = 2 if which == "末" else 1
    grain = "weekend" if which == "末" else "day"
    count = max(0, (whole.end - first).days + 6) // 7
    return [
        Stretch(d, d + length * DAY, grain) for i in range(count) if (d := first + i * 7 * DAY) < whole.end
    ]


def ordinal(whole: Stretch, found: re.Match[str], calendar: WorkCalendar) -> Stretch | None:
    """第三周, 最后一个工作日, 第一个周二."""
    units = _weekdays(whole, found["w"]) if found["w"] else _units(whole, found["u"], calendar)
    index = -1 if found["last"] else 0 if found["first"] else SMALL[found["n"]] - 1
    return units[index] if units and index < len(units) else None


def several(whole: Stretch, found: re.Match[str], calendar: WorkCalendar) -> Stretch | None:
    """前五个月, 最后五天."""
    units = _units(whole, found["u"], calendar)
    count = 3 if found["n"] == "几" else SMALL[found["n"]]
    chosen = units[:count] if found["side"] in ("前", "头", "最初") else units[-count:]
    if not chosen or not count:
        return None
    grain = "day" if len(chosen) == 1 else "days"
    return Stretch(chosen[0].start, chosen[-1].end, grain, frozenset({"vague"} if found["n"] == "几" else ()))


def _month_number(word: str) -> int:
    return 1 if word == "元" else SMALL[word]


def _lunar_number(word: str | None) -> int:
    return {"正": 1, "冬": 11, "腊": 12}.get(word or "", 0) or SMALL.get(word or "", 0)


def lunar_date(found: re.Match[str]) -> Narrow | None:
    """The narrowing to a lunar date that `LUNAR` or `LUNAR_SURE` matched."""
    groups = found.groupdict()
    if groups.get("new"):
        month, day = 1, groups["new"]
    else:
        month = _lunar_number(next((groups[k] for k in ("m", "lm", "m2", "m3") if groups.get(k)), None))
        day = next((groups[k] for k in ("d", "d2", "d3") if groups.get(k)), None)
    number = SMALL.get(day.removeprefix("初"), 0) if day else None
    if not 1 <= month <= 12 or number == 0:
        return None
    return partial(lunar_day, month=month, day=number, leap=bool(groups.get("leap")))


def solar_date(found: re.Match[str]) -> Narrow | None:
    """The narrowing to the month and day that `MONTH_DAY` matched."""
    month, day = _month_number(found["m"]), SMALL[found["d"] or found["n"]]
    return partial(month_day, month=month, day=day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def solar_month(found: re.Match[str]) -> Narrow | None:
    """The narrowing to the month that `MONTH` matched."""
    month = _month_number(found["m"])
    return (lambda year: month_of(year.start.year, month)) if 1 <= month <= 12 else None


def festival(found: re.Match[str]) -> Narrow:
    """The narrowing to a festival's day."""
    return festivals.in_year(found[0])
