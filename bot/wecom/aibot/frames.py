"""Frames of the long connection [101463]: JSON texts, with `cmd`, or without one for an acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

SUBSCRIBE: Final = "aibot_subscribe"
PING: Final = "ping"
MESSAGE: Final = "aibot_msg_callback"
EVENT: Final = "aibot_event_callback"
WELCOME: Final = "aibot_respond_welcome_msg"
RESPOND: Final = "aibot_respond_msg"
UPDATE: Final = "aibot_respond_update_msg"
SEND: Final = "aibot_send_msg"
UPLOAD_INIT: Final = "aibot_upload_media_init"
UPLOAD_CHUNK: Final = "aibot_upload_media_chunk"
UPLOAD_FINISH: Final = "aibot_upload_media_finish"

CALLBACKS: Final = frozenset({MESSAGE, EVENT})
_NO_CODE: Final = -1


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """What the platform sent. `cmd` is empty for an acknowledgement, whose `code` is its errcode."""

    cmd: str
    req_id: str
    code: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def event(self) -> str:
        """The event's type; empty for anything else."""
        inner = self.body.get("event")
        name = inner.get("eventtype") if self.cmd == EVENT and isinstance(inner, dict) else ""
        return name if isinstance(name, str) else ""


def parse(data: str | bytes) -> Frame | None:
    """Read a frame; None for what is none. Never raises."""
    try:
        found = orjson.loads(data)
    except (ValueError, TypeError):
        return None
    if not isinstance(found, dict):
        return None
    headers, cmd, body = found.get("headers"), found.get("cmd"), found.get("body")
    req_id = headers.get("req_id") if isinstance(headers, dict) else None
    if not isinstance(cmd, str | None):
        return None
    code = found.get("errcode")
    if not cmd and code is None:
        return None
    return Frame(
        cmd=cmd or "",
        req_id=req_id if isinstance(req_id, str) else "",
        code=code if isinstance(code, int) else _NO_CODE,
        body=body if isinstance(body, dict) else {},
    )


def compose(cmd: str, req_id: str, body: Mapping[str, Any] | bytes | None = None) -> str:
    """A frame to send; `body` as a value, as JSON that was rendered before, or left out."""
    frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
    if body is not None:
        frame["body"] = orjson.Fragment(body) if isinstance(body, bytes) else dict(body)
    return orjson.dumps(frame).decode()
