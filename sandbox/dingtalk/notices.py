"""Work notices: yes is always the answer, and what is one too many reaches nobody.

Page asynchronous-sending-of-enterprise-session-messages.
"""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import timedelta, timezone

import orjson

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.drawing import Drawn
from sandbox.dingtalk.errors import old
from sandbox.dingtalk.shape import JsonObject, loaded
from sandbox.dingtalk.state import ROBOT, SINGLE, Conversation, Link, Space

_CHINA = timezone(timedelta(hours=8))
BAD = 400002


class Notices:
    """The notice chats of all colleagues."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._days: dict[str, Counter[tuple[str, str]]] = {}
        self._minute: tuple[int, int] = (0, 0)

    def chat(self, staff_id: str) -> Conversation:
        """Where a colleague reads the notices. Raises KeyError for a stranger."""
        name = f"notice{self._space.person(staff_id).staff_id}"
        place = Conversation(name, SINGLE, "工作通知", [staff_id], [])
        return self._space.conversations.setdefault(name, place)

    def send(self, call: Call) -> JsonObject:
        """Send a notice. Raises Refused."""
        body = {**call.query, **call.body()}
        if str(body.get("agent_id", "")) != str(call.app.agent_id):
            raise old(BAD, "无效的参数：agent_id")
        message = body.get("msg")
        if isinstance(message, str):
            message = loaded(message)
        if not isinstance(message, dict) or len(orjson.dumps(message)) > limits.NOTICE_BYTES:
            raise old(BAD, "无效的参数：msg")
        drawn = _drawn(message)
        written = orjson.dumps(message).decode()
        everybody = str(body.get("to_all_user", "")).lower() == "true"
        receivers = self._receivers(call, body, everybody=everybody)
        too_many = len(receivers) > limits.NOTICE_REACHED
        if everybody and self._counts("*", "all") > limits.NOTICE_ALL_DAY:
            too_many = True
        for staff_id in () if too_many else receivers:
            if self._reaches(staff_id, written):
                place = self.chat(staff_id)
                robot = call.app.robot_code
                bubble = self._space.bubble(place, ROBOT, robot, drawn.kind, **drawn.parts())
                self._space.show(place, bubble)
        return {
            "errcode": 0,
            "errmsg": "ok",
            "task_id": secrets.randbelow(10**12),
            "request_id": secrets.token_hex(6),
        }

    def _receivers(self, call: Call, body: JsonObject, *, everybody: bool) -> list[str]:
        users = _listed(body, "userid_list", limits.NOTICE_USERS)
        departments = _listed(body, "dept_id_list", limits.NOTICE_DEPARTMENTS)
        if not users and not departments and not everybody:
            raise old(BAD, "无效的参数：userid_list")
        found = []
        for one in self._space.organisation.staff:
            wanted = everybody or one.staff_id in users
            wanted = wanted or any(str(dept) in departments for dept in one.department_ids)
            if wanted and call.app.sees(one.staff_id) and not one.external:
                found.append(one.staff_id)
        return found

    def _reaches(self, staff_id: str, written: str) -> bool:
        minute = int(self._space.world.seconds() // limits.MINUTE)
        self._minute = (minute, self._minute[1] + 1 if self._minute[0] == minute else 1)
        if self._minute[1] > limits.NOTICE_PER_MINUTE:
            return False
        if self._counts(staff_id, written) > 1:
            return False
        return self._counts(staff_id, "") <= limits.NOTICE_USER_DAY

    def _counts(self, who: str, what: str) -> int:
        day = self._space.world.now().astimezone(_CHINA).date().isoformat()
        counter = self._days.setdefault(day, Counter())
        counter[who, what] += 1
        return counter[who, what]


def _listed(body: JsonObject, name: str, most: int) -> list[str]:
    found = [one for one in str(body.get(name) or "").split(",") if one]
    if len(found) > most:
        raise old(BAD, f"无效的参数：{name} 超过最大数量限制")
    return found


def _drawn(message: JsonObject) -> Drawn:
    kind = message.get("msgtype")
    inner = message.get(kind) if isinstance(kind, str) else None
    if not isinstance(inner, dict) or not isinstance(kind, str) or kind not in _FIELDS:
        raise old(BAD, "无效的参数：msg.msgtype")
    words = [inner.get(name, "") for name in _FIELDS[kind]]
    if not all(isinstance(one, str) and one for one in words):
        raise old(BAD, f"无效的参数：msg.{kind}")
    title, text = (str(words[0]), str(words[1])) if len(words) > 1 else ("", str(words[0]))
    url = inner.get("messageUrl") or inner.get("single_url")
    links = (Link(str(inner.get("single_title") or title), str(url)),) if url else ()
    return Drawn(kind, text, title, links)


_FIELDS = {
    "text": ("content",),
    "markdown": ("title", "text"),
    "link": ("title", "text"),
    "action_card": ("title", "markdown"),
}
