"""Text made to fit: cleaned of what no client shows, cut where a reader can see that it was cut."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from cards.limits import URL_BYTES

MARK = "…"

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ZERO_WIDTH_JOINER = "\u200d"
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """Text of several lines without control characters and without marks that reorder what is read.

    Everything else stays literally as it was typed. Half a surrogate pair becomes U+FFFD.
    """
    if text.isprintable():
        return text.strip()
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    return _LONE_SURROGATE.sub("\ufffd", _UNSEEN.sub("", text)).strip()


def clean_line(text: str) -> str:
    """The same as one line: line breaks become spaces."""
    if text.isprintable():  # nearly always: nothing is in it but letters, marks and spaces
        return text.strip()
    return " ".join(part for line in clean(text).split("\n") if (part := line.strip()))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut ends with …"""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    return text[: _boundary(text, limit - 1)].rstrip() + MARK


def cut_middle(text: str, limit: int) -> str:
    """At most `limit` characters, keeping both ends: names of one company's branches differ at the end."""
    if len(text) <= limit or limit < 3:
        return cut(text, limit)
    tail = limit // 2
    return text[: _boundary(text, limit - 1 - tail)] + MARK + text[len(text) - tail :]


def cut_bytes(text: str, limit: int, mark: str = MARK) -> str:
    """At most `limit` UTF-8 bytes, cut between whole characters; what was cut ends with `mark`.

    Combining marks and joined emoji stay with the character they belong to.
    """
    if byte_length(text) <= limit:
        return text
    room = limit - byte_length(mark)
    if room < 0:
        return cut_bytes(text, limit, "") if mark else ""
    head = len(text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore"))
    return text[: _boundary(text, head)].rstrip() + mark


def byte_length(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text.encode("utf-8", "replace"))


def usable_url(url: str) -> str:
    """The link when a client can open it, otherwise nothing."""
    ok = (
        url.startswith(("https://", "http://"))
        and byte_length(url) <= URL_BYTES
        and clean_line(url) == url
        and " " not in url
    )
    return url if ok else ""


def distinct(texts: Sequence[str], limit: int) -> list[str]:
    """Each text within `limit` characters, and different texts still different after the cut."""
    ways = [[cut(text, limit) for text in texts], [cut_middle(text, limit) for text in texts]]
    for way in ways:
        if len(set(way)) == len(set(texts)):
            return way
    alike = Counter(ways[1])
    return [
        short if alike[short] == 1 else _numbered(place, text, limit)
        for place, (short, text) in enumerate(zip(ways[1], texts, strict=True), start=1)
    ]


def _numbered(place: int, text: str, limit: int) -> str:
    return cut(f"{place}. {text}", limit)


def _boundary(text: str, end: int) -> int:
    """The last place at or before `end` where a character with all that is joined to it ends."""
    place = end
    while 0 < place < len(text) and _joined(text[place - 1], text[place]):
        place -= 1
    return place or end


def _joined(before: str, after: str) -> bool:
    """Whether `after` is drawn as one with the character before it."""
    return (
        unicodedata.combining(after) != 0
        or _ZERO_WIDTH_JOINER in (before, after)
        or ord(after) in _VARIATION_SELECTORS
        or ord(after) in _SKIN_TONES
    )
