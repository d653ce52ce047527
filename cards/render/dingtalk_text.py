"""Texts with a list in them as DingTalk markdown: what can be typed stands out from what it does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cards import limits_dingtalk as limits
from cards.fit import byte_length, clean, clean_line, cut
from cards.render.dingtalk_markdown import Markdown
from cards.render.markdown import LINE, literal_line

_BULLET: Final = "· "


def listed(text: str) -> Markdown | None:
    """The text where it has lines that begin with “· ”, such as the help; None where it is plain words, or
    where it would not fit. Nothing in it can be tapped: a tap would say an example as it stands.
    """
    lines = clean(text).split("\n")
    if sum(line.startswith(_BULLET) for line in lines) < 2:
        return None
    written = LINE.join(_written(lines))
    if byte_length(written) > limits.TEXT_BYTES:
        return None
    title = next((words for line in lines if (words := clean_line(line))), "")
    return Markdown(cut(title, limits.TITLE), written)


def _written(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith(_BULLET):
            yield f"**{literal_line(line.removeprefix(_BULLET))}**"
        elif line.startswith(" ") and line.strip():
            yield f"> {literal_line(line)}\n"
        else:
            yield literal_line(line)
