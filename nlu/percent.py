"""Shares and discounts: 30%, 百分之三十, 三成半, 2.4个百分点, 九五折, 85折, 对折."""

from __future__ import annotations

from decimal import Decimal

from nlu.entities import Percent, Span
from nlu.figures import Figure
from nlu.numerals import CHARS, DIGITS, read
from nlu.patterns import lazy

_OF = lazy(rf"([{CHARS}]+) *分 *之 *([负-]?) *")
_AFTER = lazy(
    r" *(?:(?P<percent>%)|(?P<permil>‰)|(?P<points>个? *百 *分 *点)"
    r"|(?P<tenths>成) ?(?P<tail>半|[一二三四五六七八九1-9](?![0-9一二三四五六七八九十百千万]))?"
    r"(?![交本为功立员果品长就套心都语行见分形败型人衣])|(?P<discount>折)(?![叠腾旧射算磨页弯返扇合断回]))"
)
_HALF = lazy(r"对折|半折|半价")
_SIGN = lazy(r"(?:^|[^0-9a-z" + CHARS + r")%元块])([负-]) ?$")


def _denominator(words: str) -> Decimal | None:
    """百 of 百分之, 千万 of 千万分之, 三 of 三分之一."""
    size = Decimal(1)
    known = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10**4, "亿": 10**8}
    if all(c in known for c in words) and len(words) <= 4:
        for c in words:
            size *= known[c]
        return size
    found = read(words, 0)
    return found.low if found is not None and found.end == len(words) and found.low > 1 else None


def _tenths(tail: str | None) -> Decimal:
    if not tail:
        return Decimal(0)
    digit = (
        Decimal(5)
        if tail == "半"
        else Decimal(DIGITS.get(tail, 0) or int(tail) if tail.isascii() else DIGITS[tail])
    )
    return digit / 100


def discount_of(value: Decimal) -> Decimal | None:
    """九五 and 95 are 0.95, 九 and 9.5 are 0.9 and 0.95; None where it is no discount."""
    if 0 < value <= 10:
        return value / 10
    return value / 100 if value < 100 else None


def fractions(folded: str, original: str) -> list[Percent]:
    """百分之三十, 千分之一, 三分之一; and 对折."""
    found: list[Percent] = []
    for match in _OF.finditer(folded) if "分" in folded else ():
        below = _denominator(match[1])
        value = read(folded, match.end())
        end = value.end if value else match.end() + 1
        above = value.low if value else Decimal(100) if folded[match.end() : end] == "百" else None
        if below is not None and above is not None:
            sign = _SIGN.search(folded, max(0, match.start() - 3), match.start())
            start = sign.start(1) if sign else match.start()
            share = above / below * (-1 if match[2] or sign else 1)
            found.append(Percent(Span(start, end, original[start:end]), float(share)))
    halves = (Span(*match.span(), original[match.start() : match.end()]) for match in _HALF.finditer(folded))
    return [*found, *(Percent(span, 0.5, discount=True) for span in halves)]


def of_figure(figure: Figure, folded: str, original: str) -> Percent | None:
    """The share that a figure states with the word behind it, or None."""
    match = _AFTER.match(folded, figure.end)
    if match is None or figure.vague:
        return None
    sign = _SIGN.search(folded, max(0, figure.start - 3), figure.start)
    start = sign.start(1) if sign else figure.start
    value: Decimal | None = figure.low
    if match["discount"]:
        value, start = discount_of(figure.low), figure.start
    elif match["tenths"]:
        value = figure.low / 10 + _tenths(match["tail"]) if figure.low <= 10 else None
    else:
        value = figure.low / (1000 if match["permil"] else 100) * (-1 if sign else 1)
    if value is None:
        return None
    return Percent(
        Span(start, match.end(), original[start : match.end()]), float(value), bool(match["discount"])
    )
