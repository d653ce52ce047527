"""Reading the vendor's JSON strictly: the right type, the right length, or a refusal that names the field."""

from __future__ import annotations

from sandbox.wecom.errors import Code, Refused

JsonObject = dict[str, object]


def bad(where: str, why: str, code: int = Code.BAD_PARAM) -> Refused:
    """A refusal of one field."""
    return Refused(code, f"{where}: {why}")


def absent(value: object) -> bool:
    """Whether the platform takes a value as not given: null, "", {} and []."""
    return value is None or value in ("", {}, [])


def obj(owner: JsonObject, name: str, where: str = "") -> JsonObject | None:
    """An object, or None when absent."""
    value = owner.get(name)
    if absent(value):
        return None
    if not isinstance(value, dict):
        raise bad(where + name, "must be an object")
    return value


def rows(owner: JsonObject, name: str, bounds: tuple[int, int], where: str = "") -> list[JsonObject]:
    """A list of objects whose length is within `bounds` (both inclusive)."""
    value = owner.get(name)
    items = [] if absent(value) else value
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise bad(where + name, "must be a list of objects")
    low, high = bounds
    if not low <= len(items) <= high:
        raise bad(where + name, f"{len(items)} entries, {low} to {high} are allowed")
    return list(items)


def text(owner: JsonObject, name: str, where: str = "", *, max_bytes: int = 0) -> str:
    """A text that may be absent ("")."""
    value = owner.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise bad(where + name, "must be a string")
    if max_bytes and len(value.encode()) > max_bytes:
        raise bad(where + name, f"{len(value.encode())} bytes, {max_bytes} are allowed")
    return value


def needed(owner: JsonObject, name: str, where: str = "", *, max_bytes: int = 0) -> str:
    """A text that must be there."""
    value = text(owner, name, where, max_bytes=max_bytes)
    if not value.strip():
        raise bad(where + name, "is missing")
    return value


def number(owner: JsonObject, name: str, default: int, allowed: tuple[int, ...], where: str = "") -> int:
    """One of a few whole numbers; absent is `default`."""
    value = owner.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise bad(where + name, f"must be one of {list(allowed)}")
    return value


def flag(owner: JsonObject, name: str, where: str = "") -> bool:
    """A boolean; absent is False."""
    value = owner.get(name, False)
    if not isinstance(value, bool):
        raise bad(where + name, "must be true or false")
    return value


def cut_bytes(words: str, limit: int) -> str:
    """The longest beginning of `words` that fits into `limit` UTF-8 bytes without splitting a character."""
    return words.encode()[:limit].decode("utf-8", "ignore")
