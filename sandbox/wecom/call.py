"""One call of an app to the platform's API, past the gate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import orjson
from aiohttp import web

from sandbox.company import App
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject

# Escapes of printable characters; control characters can only be written escaped.
_ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[01])[0-9a-fA-F]{4}")
_RANGE = re.compile(r"bytes=(?!-$)(\d{0,12})-(\d{0,12})")


@dataclass(frozen=True, slots=True)
class Call:
    """The app that calls, what it asks for, and the raw bytes of the body."""

    app: App
    query: Mapping[str, str]
    raw: bytes
    request: web.Request

    def body(self) -> JsonObject:
        """The body as a JSON object. Raises Refused (47001, 40033)."""
        return read_body(self.raw)

    def check_agent(self, body: JsonObject) -> None:
        """The agentid in the body must be the token's. Raises Refused (41011, 40056, 301002)."""
        agent_id = body.get("agentid")
        if agent_id is None or agent_id == "":
            raise Refused(Code.NO_AGENTID)
        if isinstance(agent_id, str) and agent_id.isdecimal():
            agent_id = int(agent_id)
        if isinstance(agent_id, bool) or not isinstance(agent_id, int):
            raise Refused(Code.BAD_AGENTID)
        if agent_id != self.app.agent_id:
            raise Refused(Code.AGENT_OF_OTHER_TOKEN)


def read_body(raw: bytes) -> JsonObject:
    """A body as a JSON object. Raises Refused (47001, 40033)."""
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Refused(Code.BAD_JSON, str(error)) from error
    if not isinstance(found, dict):
        raise Refused(Code.BAD_JSON, "an object is needed")
    if _ESCAPED.search(raw):
        raise Refused(Code.BAD_CHARACTERS, "send UTF-8, not \\u escapes")
    return found


@dataclass(frozen=True, slots=True)
class Blob:
    """A binary answer."""

    data: bytes
    content_type: str
    name: str


def blob_response(blob: Blob, asked: str) -> web.Response:
    """The whole of it, or the one part that the Range header asks for (page 90254)."""
    headers = {
        "Content-Type": blob.content_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(blob.name)}",
        "Accept-Ranges": "bytes",
    }
    size, found = len(blob.data), _RANGE.fullmatch(asked.strip())
    if found is None:
        return web.Response(body=blob.data, headers=headers)
    first, last = found.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    if begin >= end:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    return web.Response(status=206, body=blob.data[begin:end], headers=headers)
