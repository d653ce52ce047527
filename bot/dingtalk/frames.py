"""Frames of the Stream protocol as values, and the acknowledgements as text [protocol]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import orjson

SYSTEM: Final = "SYSTEM"
EVENT: Final = "EVENT"
CALLBACK: Final = "CALLBACK"

PING: Final = frozenset({"ping", "KEEPALIVE"})
"""SYSTEM topics answered with the data that came; the second is seen by the vendor's Node client."""
DISCONNECT: Final = "disconnect"

ROBOT: Final = "/v1.0/im/bot/messages/get"
CARD: Final = "/v1.0/card/instances/callback"
SUBSCRIPTIONS: Final = (
    {"type": EVENT, "topic": "*"},
    {"type": CALLBACK, "topic": ROBOT},
    {"type": CALLBACK, "topic": CARD},
)


class Code(IntEnum):
    """What an acknowledgement says."""

    OK = 200
    BAD_REQUEST = 400
    UNKNOWN_TOPIC = 404
    FAILED = 500


class BadFrame(ValueError):
    """Not a frame of the protocol. `message_id` is set where it could be read, and it can be answered."""

    def __init__(self, message_id: str = "") -> None:
        super().__init__("bad frame")
        self.message_id = message_id


@dataclass(frozen=True, slots=True, repr=False)
class Frame:
    """One push: `data` is the JSON text that came, `headers` all texts."""

    type: str
    topic: str
    message_id: str
    headers: Mapping[str, str]
    data: str

    def read(self) -> dict[str, Any]:
        """The data as JSON. Raises BadFrame when it is no object."""
        try:
            read = orjson.loads(self.data)
        except orjson.JSONDecodeError:
            raise BadFrame(self.message_id) from None
        if not isinstance(read, dict):
            raise BadFrame(self.message_id)
        return read


def parse(text: str) -> Frame:
    """Read a frame. Raises BadFrame."""
    try:
        outer = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadFrame from None
    headers = outer.get("headers") if isinstance(outer, dict) else None
    if not isinstance(headers, dict):
        raise BadFrame
    texts = {str(key): value for key, value in headers.items() if isinstance(value, str)}
    message_id, topic = texts.get("messageId", ""), texts.get("topic", "")
    kind, data = outer.get("type"), outer.get("data", "")
    if not isinstance(kind, str) or not topic or not message_id:
        raise BadFrame(message_id)
    return Frame(
        kind, topic, message_id, texts, data if isinstance(data, str) else orjson.dumps(data).decode()
    )


def acknowledge(message_id: str, data: str, code: Code = Code.OK) -> str:
    """An acknowledgement; `data` is JSON text."""
    answer = {
        "code": int(code),
        "message": "OK" if code is Code.OK else code.name,
        "headers": {"contentType": "application/json", "messageId": message_id},
        "data": data,
    }
    return orjson.dumps(answer).decode()


def response(content: Mapping[str, Any] | None) -> str:
    """The data of a callback's acknowledgement: what a card becomes, or null for a message."""
    return orjson.dumps({"response": None if content is None else dict(content)}).decode()


def event_status(*, kept: bool) -> str:
    """The data of an event's acknowledgement: SUCCESS, or LATER for another delivery."""
    return orjson.dumps({"status": "SUCCESS" if kept else "LATER", "message": ""}).decode()
