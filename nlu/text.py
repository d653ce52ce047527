"""Folding of a message, one character for one: places in the folded text are places in the original."""

from __future__ import annotations

MAX_LENGTH = 1000  # characters that are read; a WeCom text has 2,048 bytes at most
_CONTROL = [*range(0x20), *range(0x7F, 0xA0), 0xAD, *range(0x200B, 0x2010), *range(0x2028, 0x2030), 0xFEFF]
_FOLD: dict[int, int] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys([*_CONTROL, 0x3000], 0x20),
    0x0A: 0x0A,
    0xFFE5: 0xA5,  # ￥ to ¥
    ord("【"): ord("["),
    ord("】"): ord("]"),
    ord("〔"): ord("("),
    ord("〕"): ord(")"),
    ord("妳"): ord("你"),
}
_LOWER: dict[int, int] = {**_FOLD, 0x0A: 0x20, **{code: code + 32 for code in range(0x41, 0x5B)}}
_LOWER.update({0xFF21 + n: 0x61 + n for n in range(26)})


def fold(text: str) -> str:
    """The text with full-width forms made half-width and control characters made blank; the length stays."""
    return text[:MAX_LENGTH].translate(_FOLD)


def fold_name(text: str) -> str:
    """A name or text for comparing: folded, in lower case; the length stays."""
    return text.translate(_LOWER)


def listed(words: str) -> tuple[str, ...]:
    """The words of a list written as one text, a blank between each two."""
    return tuple(words.split())
