"""Birthdays: 3月8号, 农历八月十五, 1985年腊月初八, 阴历闰六月初三, 90年5月20."""

from __future__ import annotations

import re

from nlu.patterns import lazy
from nlu.reading import Birthday

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
