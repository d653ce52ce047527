"""Exchanges made readable for the page's drawer."""

from __future__ import annotations

import orjson

from sandbox.state import Exchange
from sandbox.wecom.shape import JsonObject

MOST_CHARACTERS = 20_000


def exchange_view(exchange: Exchange) -> JsonObject:
    """The whole exchange, flat: JSON indented, XML as it was, long bodies cut."""
    request, response = exchange.request, exchange.response
    return {
        **exchange.view(),
        "method": request.get("method"),
        "path": request.get("path"),
        "query": request.get("query"),
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


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}\n… 共 {len(text)} 字符"
