"""DING: a message nobody overlooks, in the app, by SMS or by a call (page robot-sends-nail-message).

Paid editions only. The codes of refusals other than `toomuch.msg` are not published.
"""

from __future__ import annotations

import secrets
from collections import deque

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.quota import Quota
from sandbox.dingtalk.robot import Robot
from sandbox.dingtalk.shape import JsonObject, needed, texts
from sandbox.dingtalk.state import ROBOT, Space

SCOPE = "Robot.Ding.Write"
IN_APP, SMS, CALL = 1, 2, 3


class Dings:
    """The robots' DINGs."""

    def __init__(self, space: Space, robot: Robot, quota: Quota) -> None:
        self._space, self._robot, self._quota = space, robot, quota
        self._times: dict[str, deque[float]] = {}

    def send(self, call: Call) -> JsonObject:
        """Show a DING in everybody's chat with the robot. Raises Refused (403, 400 toomuch.msg)."""
        call.needs_scope(SCOPE)
        body = call.body()
        app = self._robot.check(call, body)
        if not self._quota.paid:
            raise Refused("Forbidden.AccessDenied", "仅专业版、专属版组织可以发送 DING", status=403)
        if body.get("remindType") not in (IN_APP, SMS, CALL) or isinstance(body.get("remindType"), bool):
            raise Refused("invalidParameter.remindType", "remindType 应为 1、2 或 3")
        words = needed(body, "content", "miss.param.content")
        users = texts(body, "receiverUserIdList", "miss.param.receiverUserIdList")
        known = [one for one in users if self._space.staff(one) is not None and app.sees(one)]
        if not known:
            raise Refused("staffId.notExisted", "receiverUserIdList 不存在")
        self._check_pace(app.robot_code)
        for one in known:
            place = self._space.single(one, app.robot_code)
            self._space.show(place, self._space.bubble(place, ROBOT, app.robot_code, "text", text=words))
        failed = {one: "用户不存在" for one in users if one not in known}
        return {"openDingId": secrets.token_urlsafe(16), "failedList": failed}

    def _check_pace(self, robot_code: str) -> None:
        now, times = self._space.world.seconds(), self._times.setdefault(robot_code, deque())
        while times and times[0] <= now - limits.MINUTE:
            times.popleft()
        if len(times) >= limits.DING_PER_MINUTE - 1:
            raise Refused("toomuch.msg", "发送 DING 过于频繁")
        times.append(now)
