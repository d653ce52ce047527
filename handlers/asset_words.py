"""Equipment in words: 空压机 型号GA37 序列号SN123 2024年3月安装 质保3年."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_DATE = (
    r"(?P<{0}y>(?:19|20)\d\d|\d\d)[年.\-/](?P<{0}m>1[0-2]|0?[1-9])(?:月|[.\-/])?"
    r"(?:(?P<{0}d>3[01]|[12]\d|0?[1-9])(?:日|号)?)?"
)
_MODEL = re.compile(r"型号[是为:： ]*(?P<v>[A-Za-z0-9][\w\-./+]{0,39}|[^\s,，;；]{1,40})", re.ASCII)
_SERIAL = re.compile(
    r"(?:序列号|出厂编号|机身号|编号|S/N|SN码?)[是为:： ]*(?P<v>[A-Za-z0-9][\w\-./]{1,39})",
    re.ASCII | re.IGNORECASE,
)
_PUT_IN = r"(?:安装|装机|投产|交付)"
_INSTALLED = re.compile(
    rf"(?:{_PUT_IN}(?:时间|日期)?[是为于在:： ]*{_DATE.format('a')}"
    rf"|{_DATE.format('b')}\s*(?:{_PUT_IN}|装的?)的?)"
)
_LENGTH = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)\s*(?P<unit>年|个月|月|天)"
_WARRANTY = re.compile(rf"(?:质保|保修)期?[是为到至:： ]*{_LENGTH}")
_UNTIL = re.compile(rf"(?:质保|保修)期?(?:到期)?[是为到至:： ]*{_DATE.format('c')}(?:到期|为止|止)?")
_NOTE = re.compile(r"备注[是为:： ]*(?P<v>.+)$")
_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
OUTSIDE = " ,，、;；。:：的"


@dataclass(frozen=True, slots=True)
class Described:
    """What was said: `rest` is what is left, the name of the thing."""

    rest: str
    model: str = ""
    serial: str = ""
    installed_on: date | None = None
    warranty_until: date | None = None
    note: str = ""


def described(words: str, today: date, installed: date | None = None) -> Described:
    """What the words say of a piece of equipment. A warranty of years counts from the installation.

    `installed` is the day that is known already.
    """
    words, note = _take(words, _NOTE)
    words, serial = _take(words, _SERIAL)
    words, model = _take(words, _MODEL)
    until, since = _UNTIL.search(words), None
    if until is not None:
        words = words[: until.start()] + " " + words[until.end() :]
    placed = _INSTALLED.search(words)
    if placed is not None:
        since = _day(placed, "a", last=False) or _day(placed, "b", last=False)
        words = words[: placed.start()] + " " + words[placed.end() :]
    length = _WARRANTY.search(words)
    if length is not None:
        words = words[: length.start()] + " " + words[length.end() :]
    ends = _day(until, "c", last=True) if until is not None else None
    if ends is None and length is not None:
        ends = _later(since or installed or today, length)
    return Described(" ".join(words.split()).strip(OUTSIDE), model, serial, since, ends, note)


def _take(words: str, pattern: re.Pattern[str]) -> tuple[str, str]:
    found = pattern.search(words)
    if found is None:
        return words, ""
    return words[: found.start()] + " " + words[found.end() :], found["v"].strip(OUTSIDE)


def _day(found: re.Match[str], key: str, *, last: bool) -> date | None:
    """The day; a month alone is its first day, or its last where something ends."""
    if found[f"{key}y"] is None:
        return None
    year, month = int(found[f"{key}y"]), int(found[f"{key}m"])
    year += 2000 if year < 100 else 0
    days = monthrange(year, month)[1]
    said = found[f"{key}d"]
    return date(year, month, min(int(said), days) if said else days if last else 1)


def _later(since: date, found: re.Match[str]) -> date:
    """The last day of a warranty that lasts so long."""
    number, unit = found["n"], found["unit"]
    if unit == "天":
        return date.fromordinal(since.toordinal() + _number(number) - 1)
    months = 6 if number == "半" else _number(number) * (12 if unit == "年" else 1)
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    day = min(since.day, monthrange(year, month + 1)[1])
    return date.fromordinal(date(year, month + 1, day).toordinal() - 1)


def _number(said: str) -> int:
    if said.isdecimal():
        return int(said)
    if "十" in said:
        tens, _, ones = said.partition("十")
        return 10 * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)
    return _NUMERALS.get(said[0], 0)
