"""One spelling for each character, length kept: half-width, small letters, simplified.

`fold(text)[i]` always stands for `text[i]`, so places found in the folded text are places in the original.
"""

from __future__ import annotations

from nlu.patterns import lazy

_TRADITIONAL = (
    "點点鐘钟週周個个號号萬万億亿兩两後后內内從从幾几來来貳贰叁三參三陸六圓元圆元塊块錢钱餘余開开節节"
    "農农曆历臘腊閏闰國国慶庆陽阳婦妇兒儿勞劳動动師师聖圣誕诞禮礼現现當当應应過过間间時时這这歲岁"
    "電电話话號号碼码機机價价額额預预報报總总單单訂订貨货歐欧鎊镑臺台銀银幣币晝昼"
)
_SPECIAL = {
    **{i: i - 0xFEE0 for i in range(0xFF01, 0xFF5F)},
    **{i: i + 32 for i in range(ord("A"), ord("Z") + 1)},
    **{0xFF21 + i: ord("a") + i for i in range(26)},
    **{ord(a): ord(b) for a, b in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)},
    **{ord(c): ord(" ") for c in "\u3000\u00a0\t\u2009\u202f\u200b"},
    **{ord(c): ord("-") for c in "—–―−‐‑－ー﹣"},
    **{ord(c): ord("~") for c in "～〜∼﹏"},
    **{ord(c): ord("¥") for c in "￥"},
    ord("，"): ord(";"),
    ord("；"): ord(";"),
    **{ord(c): ord(":") for c in "：︰"},
    **{ord(c): ord("·") for c in "•‧・"},
    **{ord(c): ord("〇") for c in "○"},
    ord("％"): ord("%"),
}
_THOUSANDS = lazy("(?<=[０-９])，(?=[０-９]{3})")
MASK = "\ufffd"


def fold(text: str) -> str:
    """The text in the one spelling that the grammars read; same length."""
    if "，" in text:
        text = _THOUSANDS.sub(",", text)
    return text.translate(_SPECIAL)


def mask(folded: str, spans: tuple[tuple[int, int], ...] | list[tuple[int, int]]) -> str:
    """The folded text with these places blotted out: nothing is found in or across them; same length."""
    for start, end in spans:
        start, end = max(0, start), min(len(folded), end)
        if start < end:
            folded = folded[:start] + MASK * (end - start) + folded[end:]
    return folded
