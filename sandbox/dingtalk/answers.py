"""How an answer goes over the wire: JSON, XML to whom did not ask for JSON, files, pages of bans.

A ban is told as JSON or as a page (how-to-process-api-throttling-on-the-dingtalk-server); the gateway of
stream mode answers XML unless `Accept` names JSON (a remark in the vendor's client for Node).
"""

from __future__ import annotations

from html import escape
from urllib.parse import quote

import orjson
from aiohttp import web

from sandbox.dingtalk.media import Media
from sandbox.dingtalk.shape import JsonObject

BAN = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": "0"}
_PAGE = "<!DOCTYPE html><html><head><title>1111</title></head><body>punish: deny, wait: 5</body></html>"


def written(status: int, body: JsonObject | Media, *, xml: bool) -> web.Response:
    """An answer to a call."""
    if isinstance(body, Media):
        return blob(body)
    if xml:
        return web.Response(status=status, body=_xml(status, body), content_type="application/xml")
    return web.Response(
        status=status, body=orjson.dumps(body), content_type="application/json", charset="utf-8"
    )


def ban(*, page: bool) -> web.Response:
    """What a banned address gets."""
    if page:
        return web.Response(text=_PAGE, content_type="text/html")
    return web.json_response(BAN)


def blob(media: Media) -> web.Response:
    """A file."""
    disposition = f"attachment; filename*=UTF-8''{quote(media.name)}"
    headers = {"Content-Type": media.content_type, "Content-Disposition": disposition}
    return web.Response(body=media.data, headers=headers)


def hang_up(request: web.Request) -> web.Response:
    """No answer: the connection is reset."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _xml(status: int, body: JsonObject) -> bytes:
    root = "Error" if status >= 400 or body.get("errcode") else "Response"
    parts = []
    for name, value in body.items():
        tag = name[:1].upper() + name[1:] if root == "Error" else name
        inner = value if isinstance(value, str) else orjson.dumps(value).decode()
        parts.append(f"<{tag}>{escape(inner)}</{tag}>")
    return f'<?xml version="1.0" encoding="UTF-8"?><{root}>{"".join(parts)}</{root}>'.encode()
