"""Texts in the smart bot's markdown, in which everything is read as it was written.

There is no documented escape, so a character that would start a link, a mention, bold type, code or a
table is replaced by its full-width twin. `_` stays: within a word it is no markup, and in addresses it is
needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.wecom.aibot import limits
from cards.fit import clean, clean_line, cut_bytes

_TWINS: Final = str.maketrans("[]<`*|", "［］＜｀＊｜")
_AT_LINE_START: Final = re.compile(r"^([ \t]*)(#(?=#*\s)|>|~{3})", re.MULTILINE)
_START_TWINS: Final = {"#": "＃", ">": "＞", "~~~": "～～～"}
NOT_UPDATED: Final = "卡片没能刷新，直接发文字告诉我也可以。"


def literal(text: str) -> str:
    """Words of several lines as markdown of at most 20480 bytes, in which nothing is markup."""
    quiet = clean(text).translate(_TWINS)
    quiet = _AT_LINE_START.sub(lambda found: found[1] + _START_TWINS[found[2]], quiet)
    return cut_bytes(quiet, limits.STREAM_BYTES)


def ending_of(shown: Mapping[str, Any]) -> str:
    """How the matter of a card ended, in a line: its title and what stands where its buttons were.

    Empty for a card that is still open.
    """
    done = _word(shown, "replace_text")
    if not done:
        return ""
    title = shown.get("main_title")
    name = _word(title, "title") if isinstance(title, Mapping) else ""
    return literal("：".join(part for part in (name, done) if part))


def words_of(shown: Mapping[str, Any]) -> str:
    """A template card in words: for a press that was answered too late to change the card."""
    ending = ending_of(shown)
    if ending:
        return ending
    return literal("\n".join([*_lines(shown), NOT_UPDATED]))


def _lines(shown: Mapping[str, Any]) -> Iterator[str]:
    title = shown.get("main_title")
    if isinstance(title, Mapping):
        yield from filter(None, (_word(title, "title"), _word(title, "desc")))
    if body := clean(str(shown.get("sub_title_text") or "")):
        yield body
    rows = shown.get("horizontal_content_list")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping):
            yield f"{_word(row, 'keyname')}：{_word(row, 'value')}"


def _word(shown: Mapping[str, Any], name: str) -> str:
    word = shown.get(name)
    return clean_line(word) if isinstance(word, str) else ""
