"""Custom group robots: an address that anybody who knows it may write to (page
custom-robots-send-group-messages, dingstart/customize-robot-security-settings).
"""

from __future__ import annotations

import hmac
import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.dingtalk import limits
from sandbox.dingtalk.crypto import robot_sign
from sandbox.dingtalk.drawing import draw_webhook
from sandbox.dingtalk.errors import old
from sandbox.dingtalk.quota import Quota
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import ROBOT, Space
from sandbox.dingtalk.webhook import called


@dataclass(slots=True, eq=False)
class _Robot:
    place: str
    secret: str
    keywords: tuple[str, ...]
    times: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0
    disabled: bool = False
    seen: set[str] = field(default_factory=set)


class GroupRobots:
    """All custom robots. They write, and never hear anything."""

    def __init__(self, space: Space, quota: Quota) -> None:
        self._space, self._quota = space, quota
        self._robots: dict[str, _Robot] = {}

    def add(self, group: str, secret: str = "", keywords: tuple[str, ...] = ()) -> str:
        """A robot for a group, secured by a signature or by words that must occur; its access token."""
        token = secrets.token_hex(32)
        self._robots[token] = _Robot(self._space.conversations[group].id, secret, keywords)
        return token

    def disable(self, token: str) -> None:
        """A group's owner switches a robot off."""
        self._robots[token].disabled = True

    def send(self, query: Mapping[str, str], body: JsonObject) -> JsonObject:
        """Show a message. Raises Refused (300001, 310000, 400013, 400102, 400105, 40035, 410100)."""
        robot = self._robots.get(query.get("access_token", ""))
        if robot is None:
            raise old(300001, "token is not exist")
        if robot.disabled:
            raise old(400102, "机器人已停用")
        place = self._space.conversations[robot.place]
        if place.disbanded:
            raise old(400013, "群已被解散")
        self._check_sign(robot, query)
        drawn, at = draw_webhook(body), called(place, body)
        if robot.keywords and not any(word in f"{drawn.title}{drawn.text}" for word in robot.keywords):
            raise old(310000, "keywords not in content")
        self._check_pace(robot)
        name = str(body.get("msgUuid") or "")
        if not name or name not in robot.seen:
            robot.seen.add(name)
            self._quota.count_push()
            bubble = self._space.bubble(place, ROBOT, "webhook", drawn.kind, at=at, **drawn.parts())
            self._space.show(place, bubble)
        return {"errcode": 0, "errmsg": "ok"}

    def _check_sign(self, robot: _Robot, query: Mapping[str, str]) -> None:
        if not robot.secret:
            return
        stamp = query.get("timestamp", "")
        if not stamp.isdecimal() or abs(self._space.now_ms() - int(stamp)) > limits.HOUR * 1000:
            raise old(310000, "invalid timestamp")
        if not hmac.compare_digest(robot_sign(stamp, robot.secret).encode(), query.get("sign", "").encode()):
            raise old(310000, "sign not match")

    def _check_pace(self, robot: _Robot) -> None:
        now = self._space.world.seconds()
        while robot.times and robot.times[0] <= now - limits.MINUTE:
            robot.times.popleft()
        if len(robot.times) >= limits.GROUP_ROBOT_PER_MINUTE and robot.blocked_until <= now:
            robot.blocked_until = now + limits.GROUP_ROBOT_BLOCK
        if robot.blocked_until > now:
            raise old(410100, "发送速度太快而限流")
        robot.times.append(now)
