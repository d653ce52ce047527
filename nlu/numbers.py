"""Plain numbers: figures that no currency claims."""

from __future__ import annotations

from nlu.entities import Number, Percent, Phone, Span
from nlu.figures import Figure
from nlu.money import WISH
from nlu.numerals import CHARS, read
from nlu.patterns import lazy

_SIGN = lazy(r"(?:(?:^|[ ,;(:=])- ?|(?<![担承抱辜肩胜自欺正])负 ?)$")
_HUNDREDTHS = lazy(r"[百千万亿] *分 *之")
_AND = lazy(rf"[0-9{CHARS}]+ ?又 ?$")
_COUNTED = lazy(
    r" *[个台套件人吨米平户条次只支张家辆箱瓶盒片根颗本份名位斤克升亩倍层栋室"
    r"组批场趟遍页桶袋双座间门岁级款成折把头匹艘架部刃]"
)


def _is_word(figure: Figure, folded: str) -> bool:
    """Whether a short Chinese figure is likely part of a word: 一 of 一起, 五一 of 五一路, 千万 of 千万别."""
    text = folded[figure.start : figure.end]
    if text.isascii() or figure.arabic:
        return False
    if text == "千万":
        return WISH.match(folded, figure.end) is not None
    short = len(text) == 1 or (figure.spelled and len(text) == 2)
    return short and not _COUNTED.match(folded, figure.end)


def of_fraction(share: Percent, folded: str) -> list[Number]:
    """三分之一 is a number as much as a share, and 一又二分之一 more than one; 百分之三 is a share only."""
    if _HUNDREDTHS.search(share.span.text) or "分" not in share.span.text:
        return []
    whole = _AND.search(folded, max(0, share.span.start - 8), share.span.start)
    before = read(folded, whole.start()) if whole else None
    return [Number(share.span, share.value + (float(before.low) if before else 0.0))]


def of_digits(phone: Phone) -> list[Number]:
    """Eleven digits read out one by one are a phone number, and a number too."""
    spoken = not any(c.isdigit() and c.isascii() for c in phone.span.text)
    return [Number(phone.span, float(phone.value))] if spoken else []


def find(folded: str, original: str, figures: list[Figure], money: list[tuple[int, int]]) -> list[Number]:
    """The numbers among the figures, without those inside an amount with its currency.

    A single Chinese digit counts only when it is the whole message or stands before a measure word.
    """
    found: list[Number] = []
    whole = folded.strip().lstrip("-负 ")
    for figure in figures:
        if any(figure.start < high and low < figure.end for low, high in money):
            continue
        text = folded[figure.start : figure.end]
        if text != whole and _is_word(figure, folded):
            continue
        sign = _SIGN.search(folded, max(0, figure.start - 3), figure.start)
        value = float(-figure.low if sign else figure.low)
        start = figure.start
        if sign:
            start = sign.start() + next(i for i, c in enumerate(sign[0]) if c in "-负")
        found.append(Number(Span(start, figure.end, original[start : figure.end]), value))
    return found
