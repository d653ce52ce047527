"""Exchanges made readable for the page's drawer. Of what gives access only the beginning is shown."""

from __future__ import annotations

import re

import orjson

from sandbox.state import Exchange
from sandbox.wecom.shape import JsonObject

MOST_CHARACTERS = 20_000
_SECRETS = r"access_?token|(?:corp|app|client)_?secret|session|(?:user_?)?ticket"
_IN_BODY = re.compile(rf'("(?:{_SECRETS})"\s*:\s*")([^"]{{1,6}})[^"]*(?=")', re.IGNORECASE)
_OF_URL = rf"{_SECRETS}|key"  # that of a group's robot; a button's key in a body gives access to nothing
_IN_URL = re.compile(rf"([?&](?:{_OF_URL})=)([^&\s\"]{{1,6}})[^&\s\"]*", re.IGNORECASE)
_NAME = re.compile(_OF_URL, re.IGNORECASE)


def exchange_view(exchange: Exchange) -> JsonObject:
    """The whole exchange, flat: JSON indented, XML as it was, long bodies cut."""
    request, response = exchange.request, exchange.response
    return {
        **exchange.view(),
        "method": request.get("method"),
        "path": request.get("path"),
        "query": _masked(request.get("query")),
        "request_plain": _pretty(request.get("plain", b"")),
        "request": _pretty(request.get("body", b"")),
        "status": response.get("status"),
        "response_plain": _pretty(response.get("plain", b"")),
        "response": _pretty(response.get("body", b"")),
        "error": response.get("problem"),
    }


def _pretty(value: object) -> str:
    if isinstance(value, bytes):
        return _cut(_pretty_bytes(value))
    if isinstance(value, dict):
        return _cut(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
    return str(value)


def _pretty_bytes(body: bytes) -> str:
    if body[:1] in (b"{", b"["):
        try:
            return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
        except orjson.JSONDecodeError:
            pass
    return body.decode("utf-8", "replace")


def _masked(query: object) -> object:
    if not isinstance(query, dict):
        return query
    return {name: f"{str(value)[:6]}…" if _NAME.fullmatch(name) else value for name, value in query.items()}


def _cut(text: str) -> str:
    text = _IN_URL.sub(r"\1\2…", _IN_BODY.sub(r"\1\2…", text))
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}\n… 共 {len(text)} 字符"
