"""Reading a day, a week, a month … at a place of a text: 下周三, 上个月15号, 2026-12-01, 腊月廿三, 国庆."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from nlu.times import festivals, narrow
from nlu.times.context import Context
from nlu.times.narrow import Narrow
from nlu.times.stretch import DAY, Days, Stretch, fixed, monday, month_of, months_of, one, shifted, year_of
from nlu.times.words import SMALL, WEEK, WEEKDAYS, N

_DAY_WORDS = {
    "大大前天": -4, "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨儿": -1, "今天": 0, "今日": 0,
    "今儿": 0, "本日": 0, "明天": 1, "明日": 1, "明儿": 1, "后天": 2, "后日": 2, "大后天": 3, "大后日": 3, "大大后天": 4, "刚才": 0,
    "刚刚": 0,
}  # fmt: skip
_DAY_WORD = re.compile("|".join(sorted(_DAY_WORDS, key=len, reverse=True)) + r"|(?<![^ ,。;、!?\n我])刚(?=[和跟与给去在从见拜打聊谈到收签约把开通])")
_NOT_NAMES = re.compile(r"今日(?:头条|资本|说法|水印)|明日(?:之后|方舟)|前天津|后天津|后天山|今天气|明天气")
_FOLLOW = {"次日": 1, "翌日": 1, "第二天": 1, "当天": 0, "当日": 0, "同日": 0, "同一天": 0}
_FOLLOW_WORD = re.compile("|".join(_FOLLOW))
_NEXT_WORKDAY = re.compile(r"(?:下|最近)一?个?工作日")
_RUNNING = re.compile(r"(?<![0-9一二两三四五六七八九十半几每个])(?P<u>月|年|周|季度?)(?=之?内(?!部|容))|(?<![一二三四1-4第每个])(?P<q>季度?)(?=[初末底])")
_FULL = re.compile(
    r"(?P<y>(?:19|20|21)[0-9]{2}) ?(?:[-/.·] ?(?P<m>1[0-2]|0?[1-9]) ?[-/.·]|年 ?(?P<m0>1[0-2]|0?[1-9]) ?月) ?(?P<d>3[01]|[12][0-9]|0?[1-9])(?![0-9]|[.][0-9])(?: ?[日号])?"
    r"|(?P<y2>(?:19|20)[0-9]{2}) (?P<m2>1[0-2]|0[1-9]) (?P<d2>3[01]|[12][0-9]|0[1-9])(?![0-9])"
    r"|(?P<y3>(?:19|20)[0-9]{2})(?P<m3>1[0-2]|0[1-9])(?P<d3>3[01]|[12][0-9]|0[1-9])(?![0-9a-z.]|[ ]?[万亿元块wk个台套%])"
    r"|(?P<y4>[0-9]{2})(?P<s4>[-/.])(?P<m4>1[0-2]|0?[1-9])(?P=s4)(?P<d4>3[01]|[12][0-9]|0?[1-9])(?![0-9]|[-/.][0-9])[日号]?"
)
_YEAR_MONTH = re.compile(r"(?P<y>20[0-9]{2})[-/.](?P<m>1[0-2]|0[1-9])(?![0-9.\-/:%]|[ ]?[万亿元块wk个台套件])")
_UNIT_AHEAD = r"(?![0-9.:%/·]|[-~][0-9]|[ ]?[万亿元块wk个台套件人次家折成倍米吨度分级寸版])"
_SHORT = re.compile(
    rf"(?P<m>1[0-2]|0?[1-9])(?:[/·])(?P<d>3[01]|[12][0-9]|0?[1-9])(?: ?[日号])?{_UNIT_AHEAD}"
    rf"|(?P<m2>1[0-2]|0[1-9])-(?P<d2>3[01]|[12][0-9]|0[1-9])(?: ?[日号])?{_UNIT_AHEAD}"
    r"|(?P<m3>1[0-2]|0?[1-9])[.-](?P<d3>3[01]|[12][0-9]|0?[1-9])(?=(?<=[.][0-9]) ?[日号]|(?<=[.][0-9]{2}) ?[日号]|(?:早|上午|中午|下午|晚|周|星期|之?前|截止|去了?|拜访|到访|见|约"
    r"|签|交[货付]|开会|和|跟|与|给|回款|到货|到账| +[01]?[0-9][:点])|[(](?:周|星期))(?: ?[日号])?"
)
_YEAR = re.compile(
    r"(?P<full>(?:19|20|21)[0-9]{2}) *年度?|(?P<words>[一二][零〇一二三四五六七八九]{3}) *年度?"
    r"|(?P<short>[0-9]{2}|[零〇一二三四五六七八九][零〇一二三四五六七八九]) *年(?!级|代|限|检|轮|化|份(?:额))"
    r"|(?<![目之以日同三五])(?P<rel>大前年|前年|去年|上一?年|今年|本年|明年|下一?年|来年|后年|大后年)度?"
)
_REL_YEAR = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0, "明年": 1, "下年": 1, "下一年": 1,
             "来年": 1, "后年": 2, "大后年": 3}  # fmt: skip
_LENGTH_BEFORE = re.compile(r"(?:质保|维保|保修|合作|做了|用了|干了|已经|服务|将近|近|满|超过|不到|了|签|租|有|共|前|头|后|过去|未来|最近|每|达|长达|整整)[ ]?$")
_LENGTH_AFTER = re.compile(r" ?(?:的?老|经验|质保|维保|保修|以上|以内|左右|来|多|期|免|分期|租|合同|历史|寿命|工龄|会员|后|前|之|以|内|没|间|了|框架)")
_REL_MONTH = re.compile(r"(?P<w>上{1,4}|下{1,4}|本|这|当|次|今)(?:一)?个?月(?:份)?(?![经薪亮台饼])")
_REL_QUARTER = re.compile(r"(?P<w>上{1,3}|下{1,3}|本|这|当)(?:一)?个?季度?(?=[度初末底中])?(?:度)?(?![节卡票军])")
_REL_WEEK = re.compile(rf"(?P<w>上{{1,4}}|下{{1,4}}|本|这|今|当)一?个?{WEEK}(?![年期边围岁转报会刊课])")
_TOGETHER = re.compile(r"一(?:起(?!码)|下|定|共|直|并|般|样|些|点(?!钟|半|[0-9一二三四五])|同|块)")
_WEEKDAY = re.compile(
    r"(?<![0-9一两二三四五六七八九十几半每隔整])(?:周|星期|礼拜)(?P<d>[一二三四五六日天末]|[1-7](?![0-9]))(?!个|年|次|福|黑鸭|日常|生[生物])"
)
_SURE_FROM = re.compile(r"[从自到至] ?$")
_EACH_SIGN = re.compile(r"(?:农历|阴历|旧历)(?:的)? ?")
_SOLAR_SIGN = re.compile(r"(?:公历|阳历|新历) ?")
_ANNOTATION = re.compile(r" ?(?:[(] ?(?:周|星期|礼拜)[一二三四五六日天] ?[)]|,? ?(?:周|星期|礼拜)[一二三四五六日天](?![一二三四五六日天0-9]))")

Found = tuple[Days, int]
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], Narrow | None]]


def _relative(word: str) -> int:
    """上上 −2, 这 0, 下 1."""
    return -word.count("上") + word.count("下") + word.count("次")


def _valid(year: int, month: int, day: int) -> Days | None:
    try:
        return fixed(one(date(year, month, day)))
    except ValueError:
        return None


def century(short: int) -> int:
    """The year meant by two digits: 60–99 are 19xx."""
    return short + (1900 if short >= 60 else 2000)


def _numeric(ctx: Context, at: int) -> Found | None:
    found = _FULL.match(ctx.text, at)
    if found is not None:
        for tail in ("", "2", "3", "4"):
            if found[f"y{tail}"]:
                year = int(found[f"y{tail}"])
                day = _valid(century(year) if tail == "4" else year, int(found[f"m{tail}"] or found["m0"]), int(found[f"d{tail}"]))
                return (day, found.end()) if day else None
    found = _YEAR_MONTH.match(ctx.text, at)
    if found is not None:
        month = month_of(int(found["y"]), int(found["m"]))
        return (fixed(month), found.end()) if month else None
    found = _SHORT.match(ctx.text, at)
    if found is not None:
        tail = "" if found["m"] else "2" if found["m2"] else "3"
        here = partial(narrow.month_day, month=int(found[f"m{tail}"]), day=int(found[f"d{tail}"]))
        return Days("year", _from_year(here)), found.end()
    return None


def _from_year(further: Narrow) -> Callable[[date], Stretch | None]:
    def at(start: date) -> Stretch | None:
        year = year_of(start.year)
        return further(year) if year else None

    return at


def _from_month(further: Narrow) -> Callable[[date], Stretch | None]:
    def at(start: date) -> Stretch | None:
        month = month_of(start.year, start.month)
        return further(month) if month else None

    return at


def _from_week(further: Narrow) -> Callable[[date], Stretch | None]:
    return lambda start: further(Stretch(monday(start), monday(start) + 7 * DAY, "week"))


def _year_number(found: re.Match[str], ctx: Context) -> int | None:
    if found["full"]:
        return int(found["full"])
    if found["words"]:
        return int("".join(str(SMALL.get(c, 0)) for c in found["words"]))
    if found["rel"]:
        return ctx.today.year + _REL_YEAR[found["rel"]]
    digits = "".join(c if c.isascii() else str(SMALL.get(c, 0)) for c in found["short"])
    return century(int(digits))


def _is_length(found: re.Match[str], ctx: Context) -> bool:
    """Whether 10年 is a length of time rather than the year 2010."""
    if not found["short"] or ctx.text.startswith("第", found.end()):
        return False
    if _LENGTH_AFTER.match(ctx.text, found.end()) or _LENGTH_BEFORE.search(ctx.text, max(0, found.start() - 3), found.start()):
        return True
    digits = found["short"]
    if digits.isascii():
        return 36 <= int(digits) < 60 or int(digits) in (10, 20, 30)
    return digits[0] not in "零〇九八七" and digits[1] not in "零〇" and not re.match(r" ?[0-9一二三四五六七八九十上下第]", ctx.text[found.end() :][:2])


_YEAR_RULES: tuple[Rule, ...] = (
    (narrow.LUNAR_SAID, narrow.lunar_date),
    (narrow.LUNAR_SURE, narrow.lunar_date),
    (narrow.MONTH_DAY, narrow.solar_date),
    (narrow.MONTH, narrow.solar_month),
    (festivals.NAME, narrow.festival),
    (narrow.QUARTER, lambda m: partial(narrow.quarter, number=SMALL[m["q"] or m["n"]])),
    (narrow.HALF_YEAR, lambda m: partial(narrow.half_year, which=m["h"])),
)
_YEAR_ONLY: tuple[Rule, ...] = ((narrow.YEAR_PART, lambda m: partial(narrow.year_part, which=m["p"])),)
_YEAR_BARE: tuple[Rule, ...] = ((narrow.YEAR_PART_BARE, lambda m: partial(narrow.year_part, which=m["p"])),)
_QUARTER_RULES: tuple[Rule, ...] = ((narrow.QUARTER_PART, lambda m: partial(narrow.quarter_part, which=m["p"])),)
_MONTH_RULES: tuple[Rule, ...] = (
    (narrow.MONTH_DATE, lambda m: partial(narrow.date_of, day=SMALL[m["d"]])),
    (narrow.MONTH_HALF, lambda m: partial(narrow.month_half, which=m["p"])),
    (narrow.MONTH_TEN, lambda m: partial(narrow.month_ten, which=m["p"])),
)
_MONTH_ONLY: tuple[Rule, ...] = ((narrow.MONTH_PART, lambda m: partial(narrow.month_part, which=m["p"])),)
_MONTH_BARE: tuple[Rule, ...] = ((narrow.MONTH_PART_BARE, lambda m: partial(narrow.month_part, which=m["p"])),)
_WEEK_RULES: tuple[Rule, ...] = ((narrow.WEEKDAY, lambda m: partial(narrow.weekday, which=m["d"])),)
_BY_GRAIN: dict[str, tuple[Rule, ...]] = {
    "year": _YEAR_RULES + _YEAR_ONLY,
    "quarter": _QUARTER_RULES,
    "month": _MONTH_RULES + _MONTH_ONLY,
    "week": _WEEK_RULES,
}


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
            return partial(narrow.ordinal, found=found, calendar=ctx.calendar), found.end(), _UNIT_GRAIN.get(unit, "day")
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
    if pattern in (narrow.LUNAR_SURE, narrow.LUNAR_SAID) and not any(found.groupdict().get(k) for k in ("d", "d2", "d3", "new")):
        return "lunar_month"
    if pattern in (narrow.MONTH_HALF, narrow.MONTH_TEN):
        return "part_of_month"
    return _PATTERN_GRAIN.get(pattern, "day")


def _containers(ctx: Context, at: int) -> Found | None:
    """A year, quarter, month or week that is named by its distance from now or by its number."""
    running = _RUNNING.match(ctx.text, at)
    if running is not None:
        return _narrowed(ctx, fixed(_current(ctx, running["u"] or running["q"])), running.end(), at)
    found = _YEAR.match(ctx.text, at)
    if found is not None and not _is_length(found, ctx):
        year = year_of(_year_number(found, ctx) or 0)
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
    for rules, opened, wrap in (
        (_YEAR_RULES + _YEAR_BARE, "year", _from_year),
        (_MONTH_RULES + _MONTH_BARE, "month", _from_month),
    ):
        for pattern, build in rules:
            found = pattern.match(ctx.text, at)
            further = build(found) if found is not None else None
            if found is None or further is None or (opened == "month" and ctx.text[at - 1 : at] in tuple("路街道巷弄")):
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
        yield Days("week", _from_week(partial(narrow.week_half, which=found["p"])), grain="week"), found.end()
    found = _WEEKDAY.match(ctx.text, at)
    if found is not None and not _together(ctx, found.start("d"), at):
        grain = "weekend" if found["d"] == "末" else "day"
        yield Days("week", _from_week(partial(narrow.weekday, which=found["d"])), grain=grain), found.end()


def _lunar(ctx: Context, at: int) -> Found | None:
    """农历2026年八月十五: the sign before the year."""
    sign = _EACH_SIGN.match(ctx.text, at)
    year = _YEAR.match(ctx.text, sign.end()) if sign else None
    found = narrow.LUNAR.match(ctx.text, year.end()) if year else None
    further = narrow.lunar_date(found) if found is not None else None
    whole = year_of(_year_number(year, ctx) or 0) if year else None
    if found is None or further is None or whole is None:
        return None
    return fixed(whole).then(further), found.end()


def _words(ctx: Context, at: int) -> Found | None:
    found = _DAY_WORD.match(ctx.text, at)
    if found is not None and not _NOT_NAMES.match(ctx.text, at):
        return fixed(one(ctx.today + timedelta(days=_DAY_WORDS.get(found[0], 0)))), found.end()
    if _NEXT_WORKDAY.match(ctx.text, at):
        day = ctx.calendar.workday_after(ctx.today)
        guessed = frozenset() if ctx.calendar.knows(day) else frozenset({"calendar"})
        return fixed(Stretch(day, day + DAY, "day", guessed)), ctx.text.index("日", at) + 1
    found = _FOLLOW_WORD.match(ctx.text, at)
    if found is not None:
        shift = timedelta(days=_FOLLOW[found[0]])
        return Days("follow", lambda ref: one(ref + shift)), found.end()
    return None


def _holidays(ctx: Context, days: Days, at: int, start: int) -> Found:
    """国庆期间, 春节假期: the statutory holiday around the festival just read."""
    name = festivals.NAME.search(ctx.text, start, at)
    tail = festivals.HOLIDAY_TAIL.match(ctx.text, at)
    if name is None or tail is None:
        return days, at
    return days.then(festivals.days_off(name[0], ctx.calendar)), tail.end()


def read(ctx: Context, at: int) -> Found | None:
    """The longest day, week, month … that starts exactly at `at`, and where it ends."""
    start = at
    solar = _SOLAR_SIGN.match(ctx.text, at)
    if solar is not None:
        at = solar.end()
    options = [_words(ctx, at), _lunar(ctx, at), _numeric(ctx, at), _containers(ctx, at), *_bare(ctx, at)]
    found = max((o for o in options if o is not None), key=lambda o: o[1], default=None)
    if found is None:
        return None
    days, end = _holidays(ctx, found[0], found[1], start)
    note = _ANNOTATION.match(ctx.text, end)
    if note is not None and days.grain == "day" and not WEEKDAYS.keys() & set(ctx.text[start:end][-1:]) - set("日天"):
        end = note.end()
    return days, end


__all__ = ["N", "read", "shifted"]
