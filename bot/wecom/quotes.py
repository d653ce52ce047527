"""Text that answers a quoted message: the clients send both as one text, in a shape no page documents.

    「赵晨：已记录拜访 #1024」          这是一条引用/回复消息：
    - - - - - - - - - - - - - - -      “赵晨：
    撤销                               已记录拜访 #1024”
                                       ------
                                       撤销

The first is the shape of WeChat and of the mobile clients, the second that of the desktop.
"""

from __future__ import annotations

from typing import Final

_HEADERS: Final = ("这是一条引用/回复消息", "This is a quote/reply")
_MARKS: Final = {"「": "」", "“": "”", '"': '"'}
_RULE: Final = frozenset("-—－– \t")
_RULE_LEAST: Final = 2
_NAME_MOST: Final = 64


def split_quote(text: str) -> tuple[str, str]:
    """Split into (quoted text without its sender's name, own words). Plain text gives ("", text).

    A quote may hold a quote of its own, so the last separator counts.
    """
    lines = text.split("\n")
    first = 1 if lines[0].strip().rstrip("：:") in _HEADERS else 0
    closing = _closing_mark(lines, first)
    if not closing:
        return "", text
    for at in range(len(lines) - 1, first, -1):
        if _is_rule(lines[at]) and lines[at - 1].rstrip().endswith(closing):
            quoted = "\n".join(lines[first:at]).strip()[1:-1]
            return _without_name(quoted), "\n".join(lines[at + 1 :]).strip()
    return "", text


def _closing_mark(lines: list[str], first: int) -> str:
    """What ends the quote that begins in line `first`; empty when none does."""
    if first >= len(lines):
        return ""
    mark = lines[first].lstrip()[:1]
    if first == 0 and mark != "「":
        return ""
    return _MARKS.get(mark, "")


def _is_rule(line: str) -> bool:
    return set(line) <= _RULE and len(line.replace(" ", "")) >= _RULE_LEAST


def _without_name(quoted: str) -> str:
    """Drop 「name：」 from the front. Names have no line break and no colon of their own."""
    first_line = quoted.split("\n", 1)[0]
    for colon in ("：", ":"):
        name, found, _ = first_line.partition(colon)
        if found and 0 < len(name) <= _NAME_MOST:
            return quoted[len(name) + 1 :].strip()
    return quoted.strip()
