"""Frames of the stream and the answers to them (the vendor's protocol page)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from sandbox.dingtalk.shape import JsonObject, dumped, loaded

SYSTEM, EVENT, CALLBACK = "SYSTEM", "EVENT", "CALLBACK"
ROBOT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
TOPICS = frozenset(
    {
        ROBOT_TOPIC,
        CARD_TOPIC,
        "/v1.0/im/bot/messages/delegate",
        "/v1.0/card/dynamicData/get",
        "/v1.0/graph/api/invoke",
    }
)
EVENT_STATUS = ("SUCCESS", "LATER")
OK = 200
JSON_TYPE = "application/json"


class BadFrame(ValueError):
    """What the client sent is no answer at all."""


@dataclass(frozen=True, slots=True)
class Ack:
    """One answer of the client. `problems` are breaches of the protocol that the real gateway overlooks."""

    message_id: str
    code: int
    data: JsonObject
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """One push. `headers` are extra ones, as events have."""

    kind: str
    topic: str
    data: JsonObject
    message_id: str
    headers: Mapping[str, str]

    def text(self, app_id: str, connection_id: str, now_ms: int) -> str:
        """As it goes over the wire of one connection; all times are strings."""
        headers = {
            **self.headers,
            "appId": app_id,
            "connectionId": connection_id,
            "contentType": JSON_TYPE,
            "messageId": self.message_id,
            "time": str(now_ms),
            "topic": self.topic,
        }
        frame = {"specVersion": "1.0", "type": self.kind, "headers": headers, "data": dumped(self.data)}
        return orjson.dumps(frame).decode()


def new_message_id() -> str:
    """An id as the gateway writes them."""
    return f"{secrets.token_hex(4)}_{secrets.randbelow(1000)}_{secrets.token_hex(5)}_{secrets.token_hex(2)}"


def read_ack(raw: str) -> Ack:
    """Read an answer. Raises BadFrame when it cannot be matched to a push at all."""
    whole = loaded(raw)
    if whole is None:
        raise BadFrame("the answer is no JSON object")
    headers = whole.get("headers")
    message_id = headers.get("messageId") if isinstance(headers, dict) else None
    if not isinstance(headers, dict) or not isinstance(message_id, str):
        raise BadFrame("the answer has no headers.messageId")
    code = whole.get("code")
    if isinstance(code, bool) or not isinstance(code, int):
        raise BadFrame("code is not a number")
    data = whole.get("data")
    inner = loaded(data) if isinstance(data, str) else None
    problems = []
    if headers.get("contentType") != JSON_TYPE:
        problems.append(f"headers.contentType is not {JSON_TYPE}")
    if not isinstance(whole.get("message"), str):
        problems.append("message is not a string")
    if inner is None:
        problems.append("data is not a JSON object written as a string")
    return Ack(message_id, code, inner or {}, tuple(problems))


def judge(frame: Frame, ack: Ack) -> tuple[bool, list[str]]:
    """Whether the push counts as taken, and what in the answer was against the protocol."""
    problems = list(ack.problems)
    if ack.code != OK:
        return False, [*problems, f"code {ack.code}"]
    if frame.kind == EVENT:
        status = ack.data.get("status")
        if status not in EVENT_STATUS:
            problems.append("an event is answered by data.status SUCCESS or LATER")
        return status != "LATER", problems
    if frame.topic == CARD_TOPIC and not isinstance(ack.data.get("response"), dict):
        problems.append("a card callback is answered by data.response")
    elif frame.topic == ROBOT_TOPIC and "response" not in ack.data:
        problems.append("a robot message is answered by data.response")
    elif frame.kind == SYSTEM and ack.data != frame.data:
        problems.append("a ping is answered by its own data")
    return True, problems
