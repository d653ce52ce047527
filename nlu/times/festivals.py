"""Festivals: solar, lunar, by weekday and by solar term, each as the day in a year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from nlu import lunar
from nlu.calendar import WorkCalendar
from nlu.patterns import lazy
from nlu.times.stretch import DAY, Stretch, one

_SOLAR = {
    "元旦节": (1, 1),
    "元旦": (1, 1),
    "情人节": (2, 14),
    "三八妇女节": (3, 8),
    "三八节": (3, 8),
    "妇女节": (3, 8),
    "女神节": (3, 8),
    "植树节": (3, 12),
    "消费者权益日": (3, 15),
    "愚人节": (4, 1),
    "五一劳动节": (5, 1),
    "五一节": (5, 1),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "青年节": (5, 4),
    "五四": (5, 4),
    "护士节": (5, 12),
    "六一儿童节": (6, 1),
    "六一": (6, 1),
    "儿童节": (6, 1),
    "建党节": (7, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "国庆节": (10, 1),
    "国庆": (10, 1),
    "十一国庆": (10, 1),
    "程序员节": (10, 24),
    "万圣节": (10, 31),
    "记者节": (11, 8),
    "双十一": (11, 11),
    "双11": (11, 11),
    "光棍节": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "平安夜": (12, 24),
    "圣诞节": (12, 25),
    "圣诞": (12, 25),
    "跨年夜": (12, 31),
    "跨年": (12, 31),
    "十一": (10, 1),
}
_LUNAR = {
    "春节": (1, 1),
    "农历新年": (1, 1),
    "大年初一": (1, 1),
    "元宵节": (1, 15),
    "元宵": (1, 15),
    "龙抬头": (2, 2),
    "端午节": (5, 5),
    "端午": (5, 5),
    "七夕节": (7, 7),
    "七夕": (7, 7),
    "中元节": (7, 15),
    "中秋节": (8, 15),
    "中秋": (8, 15),
    "重阳节": (9, 9),
    "重阳": (9, 9),
}
_LATE_LUNAR = {"腊八节": (12, 8), "腊八": (12, 8), "小年夜": (12, 23), "小年": (12, 23)}
_NTH = {"母亲节": (5, 6, 2), "父亲节": (6, 6, 3), "感恩节": (11, 3, 4)}  # month, weekday, which
_EVE = ("除夕夜", "除夕", "大年夜", "大年三十", "年三十", "年夜饭")
_TERMS = {"清明节": "清明", "清明": "清明", "冬至": "冬至"}
_HOLIDAY = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节"}
_LENGTH = {"春节": 8, "国庆": 7, "劳动": 5, "元旦": 1, "清明": 3, "端午": 3, "中秋": 3}
_GOODS = (
    "礼[盒品物]|月饼|粽|福利|红包|活动|促销|档|订单|大促|营销|慰问|套餐|晚会|款|版|路|村|镇|广场|街"
    "|楼|大道|上河|新村|商圈|小学|中学|大学|度|树|老人|卡"
)
_SURNAMES = "王李张刘陈杨赵黄吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"

WITH_DAYS_OFF = ("元旦", "春节", "清明", "五一", "端午", "中秋", "国庆")
_NAMES = sorted([*_SOLAR, *_LUNAR, *_LATE_LUNAR, *_NTH, *_EVE, *_TERMS], key=len, reverse=True)
NAME = lazy(
    rf"(?<![{_SURNAMES}])(?:{'|'.join(n for n in _NAMES if n not in ('十一', '五一', '六一', '五四'))}"
    r"|(?<![一二三四五六七八九十0-9])(?:五一|六一|五四)(?![个台套万元块%折号月点斤克瓶支箱十零一二三四五六七八九])"
    r"|(?<![零一二三四五六七八九十百千万负第0-9双])十一(?=假|长假|期间|放假|节|之?[前后]|黄金周"
    r"|以[前后]|国庆|回来|当天|出去|去旅|去玩|$)"
    rf")(?!{_GOODS})"
)
HOLIDAY_TAIL = lazy(r"(?:小?长假|假期|期间|黄金周|放假|假日)")


def kept_on(name: str) -> tuple[str, int, int] | None:
    """The calendar ("solar" or "lunar"), month and day that a festival has every year; None for another."""
    solar, lunar_day = _SOLAR.get(name), _LUNAR.get(name) or _LATE_LUNAR.get(name)
    if solar is not None:
        return ("solar", *solar)
    return ("lunar", *lunar_day) if lunar_day is not None else None


def _term(name: str, year: int) -> date:
    """清明 and 冬至 by the usual formula for the 20th and 21st centuries."""
    base = {"清明": (5.59, 4.81), "冬至": (22.83, 21.94)}[name][0 if year < 2000 else 1]
    short = year % 100
    day = int(short * 0.2422 + base) - short // 4
    if name == "冬至" and year in (1918, 2021):
        day -= 1
    return date(year, 4 if name == "清明" else 12, day)


def day_in(name: str, year: int) -> date | None:
    """The day of a festival in a solar year."""
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name in _LUNAR:
        return lunar.to_solar(year, *_LUNAR[name])
    if name in _LATE_LUNAR:
        return lunar.to_solar(year - 1, *_LATE_LUNAR[name])
    if name in _NTH:
        month, weekday, which = _NTH[name]
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    if name in _TERMS:
        return _term(_TERMS[name], year)
    new_year = lunar.new_year(year)
    return new_year - DAY if new_year else None


def in_year(name: str) -> Callable[[Stretch], Stretch | None]:
    """The festival within a year's stretch."""

    def narrow(year: Stretch) -> Stretch | None:
        day = day_in(name, year.start.year)
        return one(day) if day else None

    return narrow


def _official(name: str) -> str:
    if name in _SOLAR:
        return _HOLIDAY.get(_SOLAR[name], name)[:2]
    return "春节" if name in _EVE or _LUNAR.get(name) == (1, 1) else name[:2]


def days_off(name: str, calendar: WorkCalendar) -> Callable[[Stretch], Stretch | None]:
    """The statutory holiday around a festival; its usual length, marked as guessed, if not yet published."""

    def narrow(day: Stretch) -> Stretch | None:
        official = _official(name)
        known = calendar.holiday(official, day.start.year)
        if known is not None:
            return Stretch(known.start, known.end + DAY, "holiday")
        if official not in _LENGTH:
            return day
        start = day.start - DAY if official == "春节" and name not in _EVE else day.start
        return Stretch(start, start + timedelta(days=_LENGTH[official]), "holiday", frozenset({"calendar"}))

    return narrow
