"""Birthdays: 3月8号, 农历八月十五, 1985年腊月初八, 阴历闰六月初三, 90年5月20, 下周二, 中秋节."""

from __future__ import annotations

import re

from msgspec import Struct

from nlu.entities import Time
from nlu.patterns import lazy
from nlu.reading import Birthday
from nlu.scene import Scene
from nlu.times import festivals

_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "正": 1, "元": 1}
_ABOUT = lazy(r"生日|生于|出生|生的|[日号初一二三四五六七八九十]生(?=$|[,。;\s])|寿辰|诞辰|过寿|大寿")
_DATE = lazy(
    r"(?:(?P<year>(?:19|20)\d\d|\d\d|"
    r"[一二零〇九八七六五]{2}(?:[零〇一二三四五六七八九]{2})?)年?[\s\-./]*)?(?P<lunar>农历|阴历|旧历|"
    r"老历)?(?P<solar>公历|阳历|新历|国历)?(?:的|是|:|\s)*"
    r"(?P<leap>闰)?(?:(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正冬腊])月(?:份)?(?:的)?|"
    r"(?P<mn>1[0-2]|0?[1-9])[./\-](?=\d))"
    r"(?P<day>初[一二三四五六七八九十]|[一二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅|"
    r"[一二三四五六七八九]|3[01]|[12]\d|0?[1-9])(?:号|日)?"
)
_WORD = r"(?:的?(?:\d{2,3}岁|[一-鿿]{1,3}十)?(?:生日(?!蛋糕|礼|会|宴|聚|派对|祝福|贺|卡|的)|寿辰|过寿|大寿))"
_BEHIND = lazy(
    rf"\s*(?:是|就是|,)?\s*[\x01\x02的]*\s*(?:要|会|就)?(?:过|满|做)?{_WORD}|\s*(?:要|会)?过{_WORD}"
)
_AHEAD = lazy(rf"{_WORD}\s*(?:是在?|就是|就在|在|[:,])?\s*(?:每年)?$")
_ASKED = "{}的生日是几月几日？例如：{}生日3月8号，农历的说农历"
_OTHER_CALENDAR = lazy(r"农历|阴历|旧历|老历|初[一二三四五六七八九十]|[廿卅]|腊月|正月|冬月")


class Born(Struct, frozen=True):
    """A birthday and where it stands; a question where the words do not come to one day of the year."""

    birthday: Birthday | None = None
    place: tuple[int, int] | None = None
    question: str = ""


def choose_birthday(scene: Scene, contact: str | None) -> Born:
    """The birthday that a message tells: by its date, or by the day it falls on this time (下周二)."""
    dated = find_birthday(scene.text)
    if dated is not None:
        return Born(*dated)
    one = next((time for time in scene.of(Time) if _beside(scene, time)), None)
    if one is None:
        return Born()
    birthday = _of_day(one)
    if birthday is None:
        return Born(question=_ASKED.format(contact or "他", contact or "王总"))
    return Born(birthday, (one.span.start, one.span.end))


def _beside(scene: Scene, one: Time) -> bool:
    """Whether a time stands with the word: 下周二生日, 明天是王总的生日, 生日是下个月5号."""
    text = scene.masked
    return bool(_BEHIND.match(text, one.span.end) or _AHEAD.search(text, 0, one.span.start))


def _of_day(one: Time) -> Birthday | None:
    """The month and day of a time that is one day, the next one to come where that is open."""
    kept = festivals.kept_on(one.span.text)
    if kept is not None:
        return Birthday(*kept)
    exact = one.grain in ("minute", "day", "part_of_day") and "vague" not in one.guessed
    if not exact or one.deadline or _OTHER_CALENDAR.search(one.span.text):
        return None
    if festivals.NAME.search(one.span.text) or one.span.text.endswith(("底", "初", "末")):
        return None
    day = one.future or one.value
    return Birthday("solar", day.month, day.day)


def find_birthday(text: str) -> tuple[Birthday, tuple[int, int]] | None:
    """The birthday that a folded text tells and where it stands; None where it speaks of none."""
    about = _ABOUT.search(text)
    if not about:
        return None
    dates = [m for m in _DATE.finditer(text) if m["month"] or m["mn"]]
    if not dates:
        return None
    match = min(dates, key=lambda m: abs(m.start() - about.start()))
    month, day = _month(match["month"] or match["mn"]), _number(match["day"])
    if not 1 <= day <= 31:
        return None
    lunar = _is_lunar(text, match)
    birthday = Birthday("lunar" if lunar else "solar", month, day, _year(match["year"]), bool(match["leap"]))
    return birthday, (match.start(), match.end())


def _is_lunar(text: str, match: re.Match[str]) -> bool:
    if match["solar"]:
        return False
    said = match["lunar"] or match["leap"] or (match["month"] or "") in ("正", "冬", "腊")
    return bool(said) or match["day"][0] in "初廿" or re.search(r"农历|阴历|旧历", text) is not None


def _month(said: str) -> int:
    return {"冬": 11, "腊": 12}.get(said) or _number(said)


def _number(said: str) -> int:
    if said.isdigit():
        return int(said)
    if said[0] == "初":
        return _number(said[1:])
    if said[0] in "廿卅":
        return {"廿": 20, "卅": 30}[said[0]] + (_DIGITS[said[1]] if len(said) > 1 else 0)
    if "十" in said:
        tens, _, ones = said.partition("十")
        return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
    return _DIGITS[said]


def _year(said: str | None) -> int | None:
    if not said:
        return None
    year = int(said) if said.isdigit() else int("".join(str(_DIGITS[c]) for c in said))
    if year < 100:
        year += 1900 if year > 30 else 2000
    return year if 1900 <= year <= 2100 else None
