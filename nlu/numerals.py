"""Reading numerals: 58, 1,280,000, 12.5w, 三十五万六, 一百零五万, 5万8, 三四十万, 一七二零, 3万4000.

`read` is one pass over the characters, so its time is bounded by the length of the numeral.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from nlu.patterns import lazy

_ROWS = ("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
DIGITS = {c: i for i, row in enumerate(_ROWS) for c in row}
SPOKEN = {**DIGITS, "洞": 0, "幺": 1, "拐": 7, "勾": 9}  # as digits are read out one by one
SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
BIG_UNITS = {"万": 10**4, "亿": 10**8}
LETTERS = {"w": 10**4, "k": 10**3, "m": 10**6}
TENS = {"廿": 20, "卅": 30}
CHARS = "零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万亿廿卅"
MAX_DIGITS = 26

_DISCOUNT = lazy(r"(?:[0-9](?:[0-9]|\.[0-9])?|[一二三四五六七八九]{1,2})折")
_ARABIC = lazy(r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+")
_SPELLED = lazy(r"[零〇洞一壹幺二贰两三叁四肆五伍六陆七柒拐八捌九玖勾]{2,}+(?![十拾百佰千仟万亿])")
_FRACTION = lazy(r"点([零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖]+|[0-9]+)")
_LETTER = lazy(r"[wkm](?![a-z0-9])")
_PAIR = lazy(r"([一二两三四五六七八])([二两三四五六七八九])(?=[十百千万亿个台套家位人次件只张辆])")
_PAIR_OF_THINGS = lazy(r"[一二两三四五六七八][二两三四五六七八九][个台套家位人次件只张辆]")
_TEEN_PAIR = lazy(r"([二三四五六七八九]?)十([一二三四五六七八])([二三四五六七八九])(?=[百千万亿多来个]|$)")


class Numeral(Struct, frozen=True):
    """A numeral at text[start:end]; `low` equals `high` unless neighbours were named (三四十).

    `unit` is the last 万, 亿, w, k or m that multiplies it ("" for none); `arabic` where it is written in
    figures; `spelled` where it is a row of digits read one by one.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str = ""
    arabic: bool = False
    spelled: bool = False


class _Reader:
    """The running state of one numeral: whole big units, the part below them, and a digit not yet placed."""

    __slots__ = ("arabic", "at", "big", "digit", "figures", "last", "part", "text", "unit", "zero")

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at
        self.big = self.part = Decimal(0)
        self.digit: Decimal | None = None
        self.figures = ""  # the digit's own characters when arabic
        self.last = 0  # the unit read last, for the digit left out: 三万五
        self.zero = False
        self.unit = ""
        self.arabic = False

    def place(self, *, final: bool) -> None:
        """Add the digit that waits: 三万五 is 35,000, 三万零五 is 30,005."""
        if self.digit is None:
            return
        implied = (
            self.last >= 100 and not self.zero and len(self.figures) <= 1 and self.digit == int(self.digit)
        )
        if implied and (final or self.last < 10_000):
            self.part += self.digit * self.last / 10
        else:
            self.part += self.digit
        self.digit, self.figures = None, ""

    def take_digit(self) -> bool:
        c = self.text[self.at]
        if self.last >= 10_000 and _DISCOUNT.match(self.text, self.at):
            return False  # 48万9折 is a sum and a discount
        if c.isascii():
            found = _ARABIC.match(self.text, self.at)
            if found is None or self.digit is not None or len(found[0]) > MAX_DIGITS:
                return False
            self.digit, self.figures = Decimal(found[0].replace(",", "")), found[0]
            self.arabic = self.arabic or not self.last
            self.at = found.end()
            return True
        if self.digit is not None and not (self.digit == 0 and c in TENS):
            return False
        if c in TENS:
            self.part, self.digit, self.last = self.part + TENS[c], None, 10
        elif DIGITS[c] == 0 and (self.last or self.part):
            self.zero = True
        else:
            self.digit, self.figures = Decimal(DIGITS[c]), c
        self.at += 1
        return True

    def take_small(self) -> bool:
        unit = SMALL_UNITS[self.text[self.at]]
        if 0 < self.last <= unit and self.last < 10_000:
            return False
        if self.digit is None and unit != 10 and not self.zero and not self._bare_start():
            return False
        if self.digit is not None and self.digit == 0 and unit != 10:
            return False
        self.part += (self.digit or 1) * unit
        self.digit, self.figures, self.last, self.zero = None, "", unit, False
        self.at += 1
        return True

    def _bare_start(self) -> bool:
        """百万, 千万, 千三: a unit without its 一 may open a numeral only before another unit."""
        return self.last == 0 and self.text[self.at + 1 : self.at + 2] in tuple("万亿")

    def take_big(self) -> bool:
        unit = BIG_UNITS[self.text[self.at]]
        self.place(final=False)
        if self.part == 0 and self.big == 0:
            return False
        if self.part == 0 or self.big < unit:
            self.big = (self.big + self.part) * unit
        else:
            self.big += self.part * unit
        if self.big > Decimal(10) ** 30:
            return False
        self.part, self.last, self.zero, self.unit = Decimal(0), unit, False, self.text[self.at]
        self.at += 1
        return True

    def step(self) -> bool:
        c = self.text[self.at]
        if c in DIGITS or c in TENS or (c.isdigit() and c.isascii()) or (c == "." and not self.last):
            return self.take_digit()
        if c in SMALL_UNITS:
            return self.take_small()
        return c in BIG_UNITS and self.take_big()


def _spelled(text: str, at: int) -> Numeral | None:
    """一七二零, 一三八零零一三八零零零, with decimals after 点."""
    found = _SPELLED.match(text, at)
    if found is None or len(found[0]) > MAX_DIGITS:
        return None
    figures, end = "".join(str(SPOKEN[c]) for c in found[0]), found.end()
    fraction = _FRACTION.match(text, end)
    if fraction is not None:
        figures, end = f"{figures}.{_figures(fraction[1])}", fraction.end()
    return Numeral(at, end, Decimal(figures), Decimal(figures), spelled=True)


def _figures(characters: str) -> str:
    return "".join(c if c.isascii() else str(DIGITS[c]) for c in characters[:MAX_DIGITS])


def _scaled(text: str, at: int) -> tuple[Decimal, int, str]:
    """The units behind a finished mantissa (三四|十万, 3.5|万亿): their product, their end, the last one."""
    factor, unit = Decimal(1), ""
    while at < len(text) and factor <= 10**16:
        size = SMALL_UNITS.get(text[at]) or BIG_UNITS.get(text[at])
        if size is None:
            break
        factor, unit, at = factor * size, text[at] if text[at] in BIG_UNITS else unit, at + 1
    return factor, at, unit


def _neighbours(text: str, at: int) -> Numeral | None:
    """三四十万, 七八千, 十七八万: two digits in a row name a range."""
    teen = _TEEN_PAIR.match(text, at)
    pair = teen or _PAIR.match(text, at)
    if pair is None:
        return None
    first, second = (DIGITS[c] for c in pair.groups()[-2:])
    if second != first + 1 and not (teen is None and first in (3, 1) and second in (5, 2)):
        return None
    base = 10 * (DIGITS[teen[1]] if teen[1] else 1) if teen else 0
    factor, end, unit = _scaled(text, pair.end())
    return Numeral(at, end, (base + first) * factor, (base + second) * factor, unit)


def _with_fraction(text: str, at: int, reader: _Reader) -> tuple[Decimal, int] | None:
    fraction = _FRACTION.match(text, at)
    if fraction is None:
        return None
    whole = int(reader.big + reader.part)
    if fraction[1][0].isascii() and reader.arabic:
        return None  # 9点20 is a clock time
    return Decimal(f"{whole}.{_figures(fraction[1])}"), fraction.end()


def read(text: str, at: int) -> Numeral | None:
    """The longest numeral that starts exactly at `at` of a folded text, or None."""
    if not text[at : at + 1].isascii():
        found = _neighbours(text, at) if _PAIR_OF_THINGS.match(text, at) else _spelled(text, at)
        found = found or _neighbours(text, at)
        if found is not None:
            return found
    reader = _Reader(text, at)
    while reader.at < len(text) and reader.step():
        pass
    if reader.at == at:
        return None
    reader.place(final=True)
    value, end, unit = reader.big + reader.part, reader.at, reader.unit
    fractional = _with_fraction(text, end, reader)
    if fractional is not None:
        factor, end, unit = _scaled(text, fractional[1])
        value = fractional[0] * factor
    elif reader.arabic and not unit and _LETTER.match(text, end):
        unit, end = text[end], end + 1
        value *= LETTERS[unit]
    return Numeral(at, end, value, value, unit, arabic=reader.arabic)
