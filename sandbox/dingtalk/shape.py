"""Reading JSON that came over the wire; every reader refuses what has the wrong shape."""

from __future__ import annotations

import orjson

from sandbox.dingtalk.errors import Refused

JsonObject = dict[str, object]


def text(owner: JsonObject, name: str, code: str = "invalidParameter") -> str:
    """A text that may be absent (""). Raises Refused with `code`."""
    value = owner.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(code, f"{name} 应为字符串")
    return value


def needed(owner: JsonObject, name: str, code: str) -> str:
    """A text that must be there. Raises Refused with `code`."""
    value = text(owner, name, code)
    if not value.strip():
        raise Refused(code, f"{name} 不能为空")
    return value


def obj(owner: JsonObject, name: str, code: str) -> JsonObject | None:
    """An object, or None when absent. Raises Refused with `code`."""
    value = owner.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Refused(code, f"{name} 应为对象")
    return value


def texts(owner: JsonObject, name: str, code: str) -> list[str]:
    """A list of texts; absent is empty. Raises Refused with `code`."""
    value = owner.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Refused(code, f"{name} 应为字符串数组")
    return value


def objects(owner: JsonObject, name: str, code: str) -> list[JsonObject]:
    """A list of objects; absent is empty. Raises Refused with `code`."""
    value = owner.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Refused(code, f"{name} 应为对象数组")
    return value


def flag(owner: JsonObject, name: str, code: str = "param.invalid") -> bool:
    """A boolean; absent is False. Raises Refused with `code`."""
    value = owner.get(name, False)
    if not isinstance(value, bool):
        raise Refused(code, f"{name} 应为布尔值")
    return value


def loaded(words: str | bytes) -> JsonObject | None:
    """A JSON object written as text, or None when it is none."""
    try:
        found = orjson.loads(words)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def dumped(value: object) -> str:
    """As compact JSON text."""
    return orjson.dumps(value).decode()
