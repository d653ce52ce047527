"""Frames of the long connection (page 101463): JSON texts with `cmd`, or without one to acknowledge."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

import orjson

from sandbox.wecom.aibot.codes import Malformed
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject

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


@dataclass(frozen=True, slots=True)
class Frame:
    """What the bot sent."""

    cmd: str
    req_id: str
    body: JsonObject

    @classmethod
    def read(cls, data: str | bytes) -> Frame:
        """Parse. Raises Refused (47001, 40058)."""
        try:
            found = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise Refused(Code.BAD_JSON, str(error)) from error
        if not isinstance(found, dict):
            raise Refused(Code.BAD_JSON, "an object is needed")
        headers, body = found.get("headers"), found.get("body")
        req_id = headers.get("req_id") if isinstance(headers, dict) else None
        if not isinstance(req_id, str) or not req_id:
            raise Malformed("headers.req_id")
        cmd = found.get("cmd")
        if not isinstance(cmd, str) or not cmd:
            raise Malformed("cmd")
        return cls(cmd, req_id, body if isinstance(body, dict) else {})


def inside(body: JsonObject, name: str) -> JsonObject:
    """An object of the body that must be there. Raises Malformed."""
    found = body.get(name)
    if not isinstance(found, dict):
        raise Malformed(f"body.{name}")
    return found


def present(part: JsonObject, path: str) -> str:
    """A text that must be there, maybe empty; `path` is how the refusal names it. Raises Malformed."""
    found = part.get(path.rpartition(".")[2])
    if not isinstance(found, str):
        raise Malformed(path)
    return found


def new_id() -> str:
    """A req_id or msgid as the service makes them: base64, never twice the same."""
    return secrets.token_urlsafe(18)


def callback(cmd: str, req_id: str, body: JsonObject) -> JsonObject:
    """A frame to the bot."""
    return {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}


def accepted(req_id: str, body: JsonObject | None = None) -> JsonObject:
    """The acknowledgement of what was done."""
    answer: JsonObject = {"headers": {"req_id": req_id}}
    return {**answer, **({} if body is None else {"body": body}), "errcode": 0, "errmsg": "ok"}
