"""Lengths of time and distances from now: 两个小时, 一个半月, 三年零两个月; 三天后, 半小时前."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from msgspec import Struct, field

from nlu.numerals import CHARS
from nlu.numerals import read as read_numeral
from nlu.patterns import either, lazy
from nlu.times.context import Context
from nlu.times.stretch import shifted
from nlu.times.words import N

SECONDS = {
    "秒": 1,
    "分": 60,
    "刻": 900,
    "时": 3600,
    "天": 86400,
    "周": 604800,
    "月": 30 * 86400,
    "季": 91.25 * 86400,
    "年": 365 * 86400,
}
_UNITS = lazy(
    r" ?(?:(?P<half>个?半)|(?P<some>多))?(?:的)?(?P<ge>个)?(?P<some2>多)? ?(?:"
    r"(?P<秒>秒钟?)|(?P<分>分钟?)|(?P<刻>刻钟?)|(?P<时>小时|钟头|钟(?!头)|hours?|h(?![a-z]))|"
    r"(?P<work>工作日)|(?P<天>天"
    r"(?![气猫津河然线下])|日(?![元币圆本]))|(?P<周>周(?![年期边围岁转报会刊课一二三四五六日末])"
    r"|星期(?![一二三四五六日天])"
    r"|礼拜(?![一二三四五六日天]))|(?P<季>季度)|(?P<月>月)|(?P<年>周年|年"
    r"(?![级代初底末中货会报检审]|度(?!后|前|内)))|(?P<hour>时)"
    r"(?![候期代间常刻段装限效长]))"
    r"(?P<tail>多)?(?P<after>半(?![小天年月周]))?"
)
_HALF = lazy(
    r"(?P<big>大)?半(?:个)?(?P<ge>多)? ?(?:(?P<时>小时|钟头)|(?P<分>分钟)|(?P<刻>刻钟?)|(?P<天>天"
    r"|日)|(?P<周>周"
    r"(?![期边围])|星期|礼拜)|(?P<月>月)|(?P<季>季度)|(?P<年>年))"
)
_AND = lazy(r" ?(?:又|零|余|加|外加|,|;)? ?")
_FROM_TO = lazy(rf"{N} ?(?:到|至|~|-) ?(?={N} ?个?(?:天|日|周|年|月|小时|分钟|星期|礼拜|工作日|季度))")
_FEW = lazy(
    r"(?P<n>几|两三|三四|三五|四五|五六|七八|数|一两|十几|十来|好几|若干)(?=个|天|日|周|年|月|小时"
    r"|分钟|星期|礼拜|工作日)"
)
_COUNTED = lazy(rf"[0-9.,点wkm洞幺拐勾{CHARS}]++(?:{_UNITS.pattern})")
MAY_START = either(_HALF, _FROM_TO, _FEW, _COUNTED)
"""What every length of time begins with."""
_FEW_COUNT = {"几": 3, "数": 3, "好几": 5, "若干": 3, "十几": 15, "十来": 10}
_FIRST = frozenset(f"0123456789.{CHARS}半大几数好若")
_BACK = lazy(r" ?(?:之前|以前|前(?![台面端期提往景后几]))")
_ON = lazy(r" ?(?:之后|以后|过后|后(?![来面台期勤续端付]|年(?!前|后)))")
PASS = lazy(r"(?:再过|过(?!了)|再等) ?")
_NOT_LENGTH_BEFORE = lazy(r"第 ?$|[0-9.]$")


class Length(Struct, frozen=True):
    """A length of time by its units, so that months can count as months; `end` is where its words end."""

    end: int
    months: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)
    workdays: int = 0
    fine: bool = False  # said in hours, minutes or seconds
    rough: bool = False
    spaced: bool = False
    bare: str = ""  # the unit where it is 日 or 月 without 个: a date more often than a length

    @property
    def total(self) -> float:
        """Seconds, with a month of 30 days and a year of 365."""
        years, months = divmod(self.months, 12)
        whole = years * 365 * 86400 + months * 30 * 86400
        if self.months == 6 * int(self.months / 6) and int(self.months / 6) % 2:
            whole = self.months / 12 * 365 * 86400
        return float(whole + self.seconds)


class Offset(Struct, frozen=True):
    """A distance from now, come to its day or moment."""

    end: int
    day: date | None = None
    moment: datetime | None = None
    guessed: frozenset[str] = field(default_factory=frozenset)


class _Sum(Struct):
    months: Decimal = Decimal(0)
    seconds: Decimal = Decimal(0)
    workdays: int = 0
    fine: bool = False
    rough: bool = False
    spaced: bool = False
    bare: str = ""
    parts: int = 0

    def add(self, unit: str, count: Decimal) -> None:
        self.parts += 1
        if unit == "work":
            self.workdays += int(count)
        elif unit in ("年", "季", "月"):
            self.months += count * {"年": 12, "季": 3, "月": 1}[unit]
        else:
            self.seconds += count * int(SECONDS[unit])
            self.fine = self.fine or unit in "秒分刻时"


def _unit_of(found: re.Match[str]) -> str:
    groups = found.groupdict()
    if groups.get("hour"):
        return "时"
    return next(k for k in ("秒", "分", "刻", "时", "work", "天", "周", "季", "月", "年") if groups.get(k))


def _component(text: str, at: int, total: _Sum) -> int | None:
    """Read one number and its unit; where it ends."""
    half = _HALF.match(text, at)
    if half is not None:
        total.add(_unit_of(half), Decimal("0.5"))
        total.rough = total.rough or bool(half["big"])
        return half.end()
    wide = _FROM_TO.match(text, at)
    if wide is not None:
        total.rough = True
        at = wide.end()
    few = _FEW.match(text, at)
    if few is not None:
        words = few["n"]
        count, end = Decimal(_FEW_COUNT.get(words) or "零一两三四五六七八".index(words[0])), few.end()
        total.rough = True
    else:
        numeral = read_numeral(text, at)
        if numeral is None or numeral.low > 10**9:
            return None
        count, end = numeral.low, numeral.end
    found = _UNITS.match(text, end)
    if found is None or not _fits(text, found, total, end - at):
        return None
    if found["half"] or found["after"]:
        count += Decimal("0.5")
    unit = _unit_of(found)
    total.spaced = total.spaced or found[0].startswith(" ")
    if unit in "月天" and found[unit] in ("月", "日") and not found["ge"] and not found["half"]:
        total.bare = "月" if total.bare == "月" else found[unit]  # 12月3日 is a date, no length
    total.add(unit, count)
    return found.end()


def _fits(text: str, found: re.Match[str], total: _Sum, figures: int) -> bool:
    unit = _unit_of(found)
    if found["hour"]:
        return total.parts > 0
    if found["分"] == "分" and not found["after"]:
        return total.fine or (
            text[found.end() : found.end() + 1] in tuple("零一二三四五六七八九十0123456789")
            and "秒" in text[found.end() : found.end() + 4]
        )
    if unit == "年" and figures >= 4 and not found["ge"]:
        return False
    return not (unit in "周天" and found["ge"] and found[unit] == "日")


def read_length(text: str, at: int) -> Length | None:
    """The length of time that starts exactly at `at`."""
    if text[at : at + 1] not in _FIRST or not MAY_START.match(text, at):
        return None
    total, end = _Sum(), at
    while total.parts < 8:
        gap = _AND.match(text, end) if total.parts else None
        start = gap.end() if gap else end
        try:
            stop = _component(text, start, total)
        except KeyError:
            stop = None
        if stop is None:
            break
        end = stop
    if not total.parts:
        return None
    bare = total.bare if total.parts == 1 or (total.parts == 2 and total.bare == "月") else ""
    return Length(
        end, total.months, total.seconds, total.workdays, total.fine, total.rough, total.spaced, bare
    )


def length_at(ctx: Context, at: int) -> Length | None:
    """`read_length` in the context's text, remembered: three grammars ask for the same place."""
    if at not in ctx.lengths:
        ctx.lengths[at] = read_length(ctx.text, at)
    found = ctx.lengths[at]
    return found if isinstance(found, Length) else None


def moved(ctx: Context, length: Length, sign: int, start: datetime | None = None) -> Offset | None:
    """The reference time moved by a length; to the day where no hours were said."""
    start = start or ctx.now
    guessed = frozenset({"vague"}) if length.rough else frozenset()
    try:
        if length.workdays:
            day = ctx.calendar.workday_after(start.date(), sign * length.workdays)
            known = ctx.calendar.knows(day) and ctx.calendar.knows(start.date())
            return Offset(length.end, day=day, guessed=guessed if known else guessed | {"calendar"})
        whole = int(length.months)
        rest = (length.months - whole) * 30 * 86400
        base = datetime.combine(shifted(start.date(), sign * whole), start.time())
        moment = base + timedelta(seconds=float(length.seconds + rest)) * sign
        if not 1900 <= moment.year <= 2200:
            return None
    except (OverflowError, ValueError):
        return None
    if length.fine:
        return Offset(length.end, moment=moment, guessed=guessed)
    return Offset(length.end, day=moment.date(), guessed=guessed)


def read_offset(ctx: Context, at: int) -> Offset | None:
    """三天后, 半小时前, 再过两周: the distance that starts exactly at `at`."""
    led = PASS.match(ctx.text, at)
    start = led.end() if led else at
    length = length_at(ctx, start)
    if length is None:
        return None
    on, back = _ON.match(ctx.text, length.end), _BACK.match(ctx.text, length.end)
    if length.bare and led is None and (back is not None or length.bare == "月"):
        return None  # 5日前 is before the 5th, 12月后 after December
    if on is None and back is None and led is None:
        return None
    end = (on or back).end() if on or back else length.end  # type: ignore[union-attr]
    found = moved(ctx, length, -1 if back and not led else 1)
    if found is None:
        return None
    return Offset(end, found.day, found.moment, found.guessed)


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time())
