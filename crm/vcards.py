"""Contact cards of phones and mail programs: vCard 2.1 (versit), 3.0 (RFC 2426), 4.0 (RFC 6350). Pure.

What is read of a card: name, company, title, telephone, e-mail, WeChat, birthday, note.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

LONGEST = 100_000  # characters: a card with a photo in it
LONGEST_VALUE = 200
MOST_CARDS = 20  # of one file
LONGEST_LINE = 1000
_BEGIN, _END = re.compile(r"BEGIN\s*:\s*VCARD", re.IGNORECASE), re.compile(r"END\s*:\s*VCARD", re.IGNORECASE)
_LINE = re.compile(r"(?:[\w\-]+\.)?(?P<name>[A-Za-z][\w\-]*)(?P<params>(?:;[^:]*)?):(?P<value>.*)", re.DOTALL)
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_SEPARATOR = re.compile(r"(?<!\\);")
_BIRTHDAY = re.compile(r"(?:(?P<y>\d{4}|--)-?)?(?P<m>\d{2})-?(?P<d>\d{2})(?:T.*)?")
_MOBILE_FIRST = ("cell", "mobile", "iphone")
_CHINESE = re.compile(r"[一-鿿]")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_TOLD = frozenset(
    {"FN", "N", "ORG", "TITLE", "ROLE", "TEL", "EMAIL", "IMPP", "BDAY", "NOTE"}
    | {"X-WECHAT", "X-WEIXIN", "X-SOCIALPROFILE"}
)
"""The lines that are read; pictures and the like are left out."""


_Field = tuple[str, str, str]
"""(name, parameters in small letters, value)."""


@dataclass(frozen=True, slots=True)
class VCard:
    """A person as a card tells of one; empty is not told. `birthday` is (year or None, month, day)."""

    name: str
    company: str = ""
    title: str = ""
    phone: str = ""
    email: str = ""
    wechat: str = ""
    birthday: tuple[int | None, int, int] | None = None
    note: str = ""


def read(text: str) -> VCard | None:
    """The first card in a text; None where there is none, or none with a name."""
    return next(_cards(text[:LONGEST]), None)


def read_all(text: str) -> tuple[VCard, ...]:
    """The cards of a text that have a name, twenty at most."""
    return tuple(islice(_cards(text), MOST_CARDS))


def begins(data: bytes) -> bool:
    """Whether the first bytes of a file are those of a card, in whatever encoding."""
    head = data[:80].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"").lstrip(b"\xff\xfe \t\r\n")
    return _BEGIN.match(head.decode("ascii", "ignore")) is not None


def text_of(data: bytes) -> str:
    """The cards of a file as a short text without their pictures; "" for a file without any card."""
    text = _decoded_file(data)
    parts = []
    for body in islice(_bodies(text), MOST_CARDS + 1):
        lines = [line.strip()[:LONGEST_LINE] for line in _lines(body) if _named(line) in _TOLD]
        parts.append("\n".join(("BEGIN:VCARD", *lines, "END:VCARD")))
    return "\n".join(parts)


def _decoded_file(data: bytes) -> str:
    """By the mark in front; otherwise UTF-8, or what Chinese programs wrote before it."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _named(line: str) -> str:
    """The name of a line's field."""
    match = _LINE.fullmatch(line.strip())
    return match["name"].upper() if match is not None else ""


def _bodies(text: str) -> Iterator[str]:
    """What stands between BEGIN and END, card by card; the last END may be missing."""
    begin = _BEGIN.search(text)
    while begin is not None:
        end = _END.search(text, begin.end())
        yield text[begin.end() : end.start() if end else len(text)]
        begin = _BEGIN.search(text, end.end()) if end else None


def _cards(text: str) -> Iterator[VCard]:
    for body in _bodies(text):
        card = _card(list(_fields(body)))
        if card is not None:
            yield card


def _card(fields: list[_Field]) -> VCard | None:
    name = _name(fields)
    if not name:
        return None
    return VCard(
        name,
        company=_first(fields, "ORG").partition(";")[0],
        title=_first(fields, "TITLE") or _first(fields, "ROLE"),
        phone=_phone(fields),
        email=_first(fields, "EMAIL"),
        wechat=_wechat(fields),
        birthday=_birthday(_first(fields, "BDAY")),
        note=_first(fields, "NOTE"),
    )


def _fields(body: str) -> Iterator[_Field]:
    for line in _lines(body):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            continue
        params = match["params"].lower()
        value = match["value"]
        if "quoted-printable" in params:
            charset = re.search(r"charset=([\w\-]+)", params)
            value = _decoded(value, charset[1] if charset else "utf-8")
        yield match["name"].upper(), params, value.strip()[: LONGEST_VALUE * 4]


def _lines(body: str) -> Iterator[str]:
    """Logical lines: folded ones joined, soft breaks of quoted-printable as well."""
    pending = ""
    for line in _FOLD.sub("", body).splitlines():
        whole = pending + line
        if "quoted-printable" in whole.partition(":")[0].lower() and whole.endswith("="):
            pending = whole[:-1]
            continue
        pending = ""
        yield whole
    if pending:
        yield pending


def _decoded(value: str, charset: str) -> str:
    raw = quopri.decodestring(value.encode("ascii", "ignore"))
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _plain(value: str) -> str:
    said = _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)
    return " ".join(said.split())[:LONGEST_VALUE]


def _first(fields: list[_Field], name: str) -> str:
    return next((_plain(value) for one, _, value in fields if one == name and value), "")


def _name(fields: list[_Field]) -> str:
    """The whole name; a Chinese one without the blank that some programs put in."""
    whole = _first(fields, "FN")
    if not whole:
        parts = _SEPARATOR.split(next((v for n, _, v in fields if n == "N"), ""))
        family, given = (_plain(p) for p in (*parts, "", "")[:2])
        whole = f"{family}{given}" if _CHINESE.search(family + given) else f"{given} {family}".strip()
    return whole.replace(" ", "") if _CHINESE.search(whole) else whole


def _phone(fields: list[_Field]) -> str:
    """The mobile number if there is one."""
    numbers = [
        (params, _plain(value).removeprefix("tel:"))
        for name, params, value in fields
        if name == "TEL" and value
    ]
    numbers.sort(key=lambda one: not any(word in one[0] for word in _MOBILE_FIRST))
    return numbers[0][1] if numbers else ""


def _wechat(fields: list[_Field]) -> str:
    for name, params, value in fields:
        if name in ("X-WECHAT", "X-WEIXIN") or (name == "IMPP" and "wechat" in f"{params}{value}".lower()):
            return _plain(value).rpartition(":")[2]
        if name == "X-SOCIALPROFILE" and "wechat" in params:
            return _plain(value).rpartition(":")[2]
    return ""


def _birthday(value: str) -> tuple[int | None, int, int] | None:
    found = _BIRTHDAY.fullmatch(value.replace("--", "", 1) if value.startswith("--") else value)
    if found is None:
        return None
    year = int(found["y"]) if found["y"] and found["y"].isdecimal() else None
    month, day = int(found["m"]), int(found["d"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return (year if year and year > 1900 else None), month, day
