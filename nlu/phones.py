"""Telephone numbers: mobile, landline, 400; with spaces, dashes, +86; spoken digit by digit."""

from __future__ import annotations

from nlu.entities import Phone, Span
from nlu.numerals import SPOKEN
from nlu.patterns import lazy

_SEP = r"[ \-.]?"
_COUNTRY = rf"(?:(?:\+ ?|00)?86{_SEP}|\(\+?86\) ?)?"
_DIGITS = "零〇洞一幺壹二两贰三叁四肆五伍六陆七拐柒八捌九勾玖"
_PHONE = lazy(
    rf"(?<![0-9a-z.])(?:"
    rf"{_COUNTRY}(?P<mobile>1[3-9][0-9]{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}"
    rf"|1[3-9][0-9]{{2}}{_SEP}[0-9]{{3}}{_SEP}[0-9]{{4}})"
    rf"|(?P<service>[48]00{_SEP}[0-9]{{3}}{_SEP}[0-9]{{4}}|[48]00{_SEP}[0-9]{{4}}{_SEP}[0-9]{{3}}"
    rf"|400[0-9] [0-9]{{3}} [0-9]{{3}})"
    rf"|{_COUNTRY}(?P<land>\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})[) \-]{{0,2}}[2-9][0-9]{{2,3}}{_SEP}[0-9]{{4}})"
    rf"(?P<ext>-[0-9]{{1,5}}(?![0-9\-])|(?:转|分机)[0-9]{{1,5}})?"
    rf")(?![0-9a-z]|[.][0-9])"
)
_DIGIT = lazy(f"[0-9{_DIGITS}]")
_FEWEST = 7  # digits of a number
_SPOKEN = lazy(rf"(?<![{_DIGITS}十百千万亿])[一幺壹][{_DIGITS}]{{10}}(?![{_DIGITS}十百千万亿])")
_NAMED = lazy(
    r"(?:电话|手机|座机|号码|联系方式|联系电话|tel|phone|传真)[号码]*(?:是|为|改成|改为|换成|:|：| )*"
    r"((?:\+?[0-9]{1,4}[ \-])?[0-9]{3,4}[ \-]?[0-9]{3,4}(?:[ \-]?[0-9]{3,4})?)(?![0-9])"
)


def _digits(text: str) -> str:
    return "".join(
        c if c.isascii() else str(SPOKEN[c]) for c in text if (c.isdigit() and c.isascii()) or c in SPOKEN
    )


def _span(original: str, start: int, end: int) -> Span:
    return Span(start, end, original[start:end])


def find(folded: str, original: str) -> list[Phone]:
    """The phone numbers of a text, digits only, without the country code."""
    found: list[Phone] = []
    if len(_DIGIT.findall(folded)) < _FEWEST:
        return found
    for match in _PHONE.finditer(folded):
        value = match["mobile"] or match["service"] or match["land"]
        found.append(Phone(_span(original, *match.span()), _digits(value)))
    for match in _SPOKEN.finditer(folded):
        value = _digits(match[0])
        if value[1] in "3456789":
            found.append(Phone(_span(original, *match.span()), value))
    taken = [(phone.span.start, phone.span.end) for phone in found]
    for match in _NAMED.finditer(folded):
        start, end = match.span(1)
        value = _digits(match[1])
        if _FEWEST <= len(value) <= 13 and all(end <= low or start >= high for low, high in taken):
            found.append(Phone(_span(original, start, end), value))
    return sorted(found, key=lambda phone: phone.span.start)
