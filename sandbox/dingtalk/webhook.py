"""The reply address of a message: no token, about 90 minutes, no interactive cards (page receive-message)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sandbox.dingtalk import limits
from sandbox.dingtalk.drawing import draw_webhook
from sandbox.dingtalk.errors import Refused, old
from sandbox.dingtalk.shape import JsonObject, obj, texts
from sandbox.dingtalk.state import ROBOT, Bubble, Conversation, Space


@dataclass(frozen=True, slots=True)
class Session:
    """Where a reply goes. `expires` is a Unix time in the simulated world."""

    key: str
    place: str
    robot_code: str
    expires: float


class Webhooks:
    """Hands out reply addresses and shows what is sent to them. `life` in seconds of the simulated clock."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self.life = float(limits.SESSION_LIFE)
        self.replies = 0
        self._sessions: dict[str, Session] = {}

    def new(self, place: Conversation, robot_code: str) -> Session:
        """A reply address for a conversation."""
        session = Session(
            secrets.token_hex(16), place.id, robot_code, self._space.world.seconds() + self.life
        )
        self._sessions[session.key] = session
        return session

    def expire(self) -> None:
        """No address handed out so far works any more."""
        self._sessions.clear()

    def send(self, key: str, body: JsonObject) -> JsonObject:
        """Show a reply. Raises Refused (300001, 400105, 40035)."""
        session = self._sessions.get(key)
        if session is None or session.expires <= self._space.world.seconds():
            raise old(300001, "session 不存在")
        self.replies += 1
        self.show(self._space.conversations[session.place], session.robot_code, body)
        return {"errcode": 0, "errmsg": "ok"}

    def show(self, place: Conversation, robot_code: str, body: JsonObject) -> Bubble:
        """Draw a webhook-style message in a conversation. Raises Refused."""
        drawn = draw_webhook(body)
        at = called(place, body)
        bubble = self._space.bubble(place, ROBOT, robot_code, drawn.kind, at=at, **drawn.parts())
        return self._space.show(place, bubble)


def called(place: Conversation, body: JsonObject) -> tuple[str, ...]:
    """The people of a conversation whom a message calls by @. Raises Refused (40035)."""
    try:
        at = obj(body, "at", "") or {}
        named, phones = texts(at, "atUserIds", ""), texts(at, "atMobiles", "")
    except Refused as refused:
        raise old(40035, refused.message) from refused
    if len(named) + len(phones) > limits.GROUP_ROBOT_AT:
        raise old(40035, f"最多 @ {limits.GROUP_ROBOT_AT} 人")
    everybody = place.members if at.get("isAtAll") is True else ()
    return tuple(dict.fromkeys([*(one for one in named if one in place.members), *everybody]))
