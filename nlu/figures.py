"""The figures of a text, in order: numerals with what makes them wider or rough (三百多万, 几十万)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from nlu.numerals import BIG_UNITS, CHARS, LETTERS, SMALL_UNITS, Numeral, read
from nlu.patterns import lazy

_START = lazy(rf"[0-9.{CHARS}几数幺洞]")
_WORD = lazy(r"[a-z0-9_./-]+")
_MORE = lazy(r"([多余])([十百千万亿]*)")
_ROUGH = lazy(r"([来几好把])([十百千万亿]+|(?=[块元个]))")
_BARE_ROUGH = lazy(r"([十百千万])(?:来|把|多)([十百千万亿]*)(?=[^十百千万亿]|$)")
_SEVERAL = lazy(r"[几数]([十百千万亿]+)")
_APART = lazy(r" +([万亿]+|[wk](?![a-z0-9]))")
_PIECES = lazy(r" ?个(亿|w)(?![a-z0-9])")
_ENDS_AMOUNT = lazy(r"[0-9][wk]$")
_MONEY_CODE = lazy(r"(?:rmb|cny|usd|hkd|eur|gbp|jpy|us)$")
_FOLLOWS = lazy(r"[a-z]")
_CODE_TAIL = lazy(r"(?:rmb|cny|usd|hkd|eur|gbp|jpy|pcs|kg|km|cm|mm|min|am|pm)(?![a-z])")


class Figure(Struct, frozen=True):
    """A numeral at text[start:end] with its range; `vague` where the words only hint at a size."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str = ""
    arabic: bool = False
    spelled: bool = False
    vague: bool = False


def _size(units: str) -> Decimal:
    size = Decimal(1)
    for c in units[:6]:
        size *= SMALL_UNITS.get(c) or BIG_UNITS[c]
    return size


def _unit(units: str, default: str = "") -> str:
    return next((c for c in reversed(units) if c in BIG_UNITS), default)


def _step(value: Decimal) -> Decimal:
    """The last place of a round number: 300 → 100, 20,000 → 10,000."""
    step, whole = Decimal(1), int(value)
    while whole and whole % 10 == 0:
        whole, step = whole // 10, step * 10
    return step


def _special(text: str, at: int) -> Figure | None:
    """几十万, 数十亿, 百来万: figures that name no number."""
    found = _SEVERAL.match(text, at)
    if found is not None:
        low = _size(found[1])
        return Figure(at, found.end(), low, low * 10, _unit(found[1]), vague=True)
    found = _BARE_ROUGH.match(text, at)
    if found is not None and (found[1] != "十" or found[0][1] != "多"):
        value = _size(found[1]) * _size(found[2])
        return Figure(at, found.end(), value, value, _unit(found[1] + found[2]), vague=True)
    return None


def _widened(text: str, found: Numeral) -> Figure:
    """The numeral with what widens it: 三百多万 is 3 to 4 million, 上百万 is rough."""
    plain = Figure(
        found.start, found.end, found.low, found.high, found.unit, arabic=found.arabic, spelled=found.spelled
    )
    if text[found.start - 1 : found.start] in ("上", "近", "超") and text[found.start] in "十百千万":
        return replace(plain, vague=text[found.start - 1] == "上")
    apart = _APART.match(text, found.end)
    if apart is not None and not found.unit:
        size = Decimal(LETTERS[apart[1]]) if apart[1] in LETTERS else _size(apart[1])
        return replace(
            plain, end=apart.end(), low=found.low * size, high=found.high * size, unit=apart[1][-1]
        )
    more = _MORE.match(text, found.end)
    if more is not None and found.low >= 1:
        size = _size(more[2])
        return replace(
            plain,
            end=more.end(),
            low=found.low * size,
            high=(found.low + _step(found.low)) * size,
            unit=_unit(more[2], found.unit),
        )
    return _roughened(text, plain)


def _roughened(text: str, plain: Figure) -> Figure:
    """The figure with a following 来, 几, 把: 二十来万, 十几万, 百把块."""
    rough = _ROUGH.match(text, plain.end)
    if rough is None or plain.low < 10:
        return plain
    size = _size(rough[2])
    top = plain.low + _step(plain.low) if rough[1] in "几好" else plain.low
    unit = _unit(rough[2], plain.unit)
    return replace(plain, end=rough.end(), low=plain.low * size, high=top * size, unit=unit, vague=True)


def _in_pieces(text: str, figure: Figure) -> Figure:
    """三个亿, 50个w: the spoken measure word before a big unit."""
    found = _PIECES.match(text, figure.end)
    if found is None or figure.unit:
        return figure
    size = Decimal(LETTERS.get(found[1]) or BIG_UNITS[found[1]])
    return replace(figure, end=found.end(), low=figure.low * size, high=figure.high * size, unit=found[1])


def _in_a_code(text: str, start: int, end: int) -> bool:
    """Whether figures stand inside a model or order number: DS-2CD3T46, 5G, V2.3."""
    before = text[start - 1 : start]
    if before and (before in "_#" or (before.isascii() and before.isalpha())):
        return not _MONEY_CODE.search(text, max(0, start - 4), start)
    if (
        before == "-"
        and start >= 2
        and not _ENDS_AMOUNT.search(text, max(0, start - 3), start - 1)
        and text[start - 2].isascii()
        and text[start - 2].isalpha()
    ):
        return True
    after = text[end : end + 1]
    return bool(_FOLLOWS.match(after)) and text[end - 1] not in LETTERS and not _CODE_TAIL.match(text, end)


def find(text: str) -> Iterator[Figure]:
    """Every figure of a folded text, left to right, none overlapping; parts of codes are passed over."""
    at = 0
    while (start := _START.search(text, at)) is not None:
        at = start.start()
        special = _special(text, at)
        if special is not None:
            yield special
            at = special.end
            continue
        found = read(text, at)
        if found is None:
            at += 1
            continue
        if found.arabic and (found.unit in LETTERS or found.unit == "") and _in_a_code(text, at, found.end):
            word = _WORD.match(text, at)
            at = max(found.end, word.end() if word else 0)
            continue
        figure = _in_pieces(text, _widened(text, found))
        yield figure
        at = figure.end
