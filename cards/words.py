"""How amounts, days, times and discounts are written in everything that people read. Pure.

Amounts are fen, times local and naive.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.moments import Grain
from crm.wording import figure
from crm.wording import money as money

FULL = 10_000
WEEKDAYS = "一二三四五六日"
NEAR = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
KINDS = {
    "visit": "拜访",
    "call": "电话",
    "wechat": "微信沟通",
    "message": "消息",
    "meeting": "会议",
    "follow": "跟进",
    "note": "备注",
}
QUOTE_STATUS = {
    "draft": "草稿",
    "pending": "待审批",
    "approved": "已通过",
    "rejected": "已驳回",
    "withdrawn": "已撤回",
}
LUNAR_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
LUNAR_TENS = ("初", "十", "廿", "三")
DIGITS = "一二三四五六七八九"
APPROXIMATE = re.compile(r"大概|大约|约(?=[\d一二三四五六七八九十百])|左右|差不多|上下|将近|接近|估计")
SUM = re.compile(r"[\d一二两三四五六七八九十百半几][千百]?\s*[万亿千百元块wk]", re.IGNORECASE)
LEGAL_FORM = re.compile(r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司)$")


def money_range(low: int, high: int) -> str:
    """58万元, or 80万–100万元 for a range."""
    return money(low) if low == high else f"{money(low).removesuffix('元')}–{money(high)}"


def said_amount(raw: str, low: int, high: int) -> str:
    """The same with 约 where the words that named it last say about: 约58万元."""
    parts = [part for part in raw.split("\n更正：") if SUM.search(part)]
    about = "约" if parts and APPROXIMATE.search(parts[-1]) else ""
    return about + money_range(low, high)


def discount(share: int) -> str:
    """9折, 9.5折, 8.75折 from ten-thousandths; 不打折 for the full price."""
    if share == FULL:
        return "不打折"
    return f"{figure(Decimal(share) / 1000)}折"


def day(value: date, today: date) -> str:
    """今天, 明天, 后天, 昨天, otherwise 11月25日 周三, with the year when it is another one."""
    near = NEAR.get((value - today).days)
    return near or full_day(value, today)


def full_day(value: date, today: date) -> str:
    """11月25日 周三, with the year when it is another one."""
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日 周{WEEKDAYS[value.weekday()]}"


def moment(value: datetime, today: date) -> str:
    """今天 10:00, 11月25日 周三 10:00."""
    return f"{day(value.date(), today)} {value:%H:%M}"


def when(value: datetime, grain: str, part: str, today: date) -> str:
    """A time as exactly as it was said: 今天 下午, 11月25日 周三, 明天 10:00."""
    if grain == Grain.MINUTE:
        return moment(value, today)
    return f"{day(value.date(), today)} {part}".rstrip()


def due(value: datetime, grain: str, today: date, *, deadline: bool = False) -> str:
    """When a task is due; a deadline says so: 11月23日 周一前."""
    return when(value, grain, "", today) + ("前" if deadline else "")


def clock(value: datetime) -> str:
    """14:05."""
    return f"{value:%H:%M}"


def short(name: str) -> str:
    """A company's name without its legal form: 华润置地（华东）有限公司 is 华润置地（华东）."""
    shorter = LEGAL_FORM.sub("", name)
    return shorter if len(shorter) >= 2 else name


def birthday(kind: str, month: int, day_of_month: int, *, leap: bool = False) -> str:
    """3月5日 or 农历腊月初八; empty where none is known."""
    if not kind or not 1 <= month <= 12 or day_of_month < 1:
        return ""
    if kind != "lunar":
        return f"{month}月{day_of_month}日"
    return f"农历{'闰' if leap else ''}{LUNAR_MONTHS[month - 1]}月{_lunar_day(day_of_month)}"


def one_line(text: str, most: int) -> str:
    """A text on one line, cut where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def near_day(value: date, today: date) -> str:
    """今天, 昨天, otherwise 11-20, or 25-11 in another year: for the head of a row."""
    near = NEAR.get((value - today).days)
    return near or (f"{value:%m-%d}" if value.year == today.year else f"{value:%y-%m}")


def days_ago(value: datetime, now: datetime) -> str:
    """今天, 昨天, 3天前."""
    days = (now.date() - value.date()) // timedelta(days=1)
    return NEAR.get(-days) or (f"{days}天前" if days > 0 else f"{-days}天后")


def _lunar_day(value: int) -> str:
    if value in (10, 20, 30):
        return {10: "初十", 20: "二十", 30: "三十"}[value]
    return LUNAR_TENS[value // 10] + DIGITS[value % 10 - 1]
