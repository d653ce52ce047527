"""Messages the robot sends by itself: to colleagues, to groups, and taking them back.

Pages chatbots-send-one-on-one-chat-messages-in-batches, the-robot-sends-a-group-message,
batch-message-recall-chat, download-the-file-content-of-the-robot-receiving-message.
"""

from __future__ import annotations

import secrets
from collections import defaultdict, deque
from urllib.parse import quote

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.company import DingApp
from sandbox.dingtalk.drawing import draw_api
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.faults import ApiFaults
from sandbox.dingtalk.media import URL_LIFE, MediaStore
from sandbox.dingtalk.shape import JsonObject, needed, objects, text, texts
from sandbox.dingtalk.state import GROUP, ROBOT, Bubble, Conversation, Space

SCOPE, PLUGIN_SCOPE = "qyapi_robot_sendmsg", "Robot.SingleChat.ReadWrite"


class Robot:
    """The robot calls."""

    def __init__(self, space: Space, media: MediaStore, faults: ApiFaults) -> None:
        self._space, self._media, self._faults = space, media, faults
        self.plugins: dict[str, list[JsonObject]] = {}
        self._sent: dict[str, list[Bubble]] = {}
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)

    def batch_send(self, call: Call) -> JsonObject:
        """One-to-one messages to at most 20 colleagues. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        app = self.check(call, body)
        users = list(dict.fromkeys(texts(body, "userIds", "invalidParameter.userIds.empty")))
        if not users:
            raise Refused("invalidParameter.userIds.empty", "userIds 不能为空")
        if len(users) > limits.BATCH_USERS:
            raise Refused("invalidParameter.userIds.overMax", "userIds 超过最大数量限制")
        drawn = draw_api(text(body, "msgKey"), text(body, "msgParam"), self._media.get)
        invalid = [one for one in users if self._space.staff(one) is None or not app.sees(one)]
        if len(invalid) == len(users):
            raise Refused("staffId.notExisted", "userIds 不存在或不在机器人可见范围内")
        held = [one for one in users if one not in invalid and self._is_held(app, one)]
        key = self._key()
        for one in users:
            if one not in invalid and one not in held:
                place = self._space.single(one, app.robot_code)
                self._show(place, app, key, drawn.kind, drawn.parts())
        return {"processQueryKey": key, "invalidStaffIdList": invalid, "flowControlledStaffIdList": held}

    def group_send(self, call: Call) -> JsonObject:
        """A message to a group. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        app = self.check(call, body)
        place = self._group(app, needed(body, "openConversationId", "miss.openConversationId"))
        drawn = draw_api(text(body, "msgKey"), text(body, "msgParam"), self._media.get)
        if self._is_too_fast(f"{app.robot_code} {place.id}"):
            raise Refused("send.too.fast", "发送速度太快")
        key = self._key()
        self._show(place, app, key, drawn.kind, drawn.parts())
        return {"processQueryKey": key}

    def recall(self, call: Call) -> JsonObject:
        """Take messages back, at most 24 hours old. Raises Refused."""
        call.needs_scope(SCOPE)
        body = call.body()
        app = self.check(call, body)
        keys = texts(body, "processQueryKeys", "miss.param.processQueryKeys")
        if not keys:
            raise Refused("miss.param.processQueryKeys", "processQueryKeys 不能为空")
        if len(keys) > limits.RECALL_KEYS:
            raise Refused("invalidParameter.processQueryKeys", "processQueryKeys 超过最大数量限制")
        group = None
        if call.path.endswith("groupMessages/recall"):
            group = self._group(app, needed(body, "openConversationId", "miss.openConversationId")).id
        problems = {one: self._recall(app, one, group) for one in keys}
        return {
            "successResult": [one for one, problem in problems.items() if not problem],
            "failedResult": {one: problem for one, problem in problems.items() if problem},
        }

    def read_status(self, call: Call) -> JsonObject:
        """Who has read a one-to-one message. Raises Refused."""
        self.check(call, dict(call.query))
        readers = []
        for bubble in self._sent.get(call.query.get("processQueryKey", ""), ()):
            staff_id = self._space.conversations[bubble.place].members[0]
            seen = bubble.read_by.get(staff_id)
            entry: JsonObject = {"userId": staff_id, "readStatus": "READ" if seen else "UNREAD"}
            person = self._space.staff(staff_id)
            entry["name"] = person.name if person else ""
            readers.append({**entry, "readTimestamp": int(seen.timestamp() * 1000)} if seen else entry)
        return {"sendStatus": "SUCCESS", "messageReadInfoList": readers}

    def download(self, call: Call) -> JsonObject:
        """A temporary link for a download code. Raises Refused."""
        body = call.body()
        app = self.check(call, body)
        code = needed(body, "downloadCode", "invalidParameter.downloadCode.empty")
        key = self._media.link(code, app.robot_code)
        end = int(self._space.world.seconds() + URL_LIFE)
        return {"downloadUrl": f"{call.address}/files/{quote(key)}?Expires={end}"}

    def set_plugins(self, call: Call) -> JsonObject:
        """The quick entries above the input box of the one-to-one chat (page set-robot-quick-entrance)."""
        call.needs_scope(PLUGIN_SCOPE)
        body = call.body()
        app = self.check(call, body)
        entries = objects(body, "pluginInfoList", "miss.param.pluginInfoList")
        for one in entries:
            for name in ("name", "icon", "pcUrl", "mobileUrl"):
                needed(one, name, f"miss.param.{name}")
        self.plugins[app.robot_code] = entries
        return {"result": True}

    def check(self, call: Call, body: JsonObject) -> DingApp:
        """The robotCode in the body must be the token's own robot. Raises Refused."""
        code = text(body, "robotCode", "invalidParameter.robotCode.invalid")
        if not code:
            raise Refused("invalidParameter.robotCode.empty", "robotCode 不能为空")
        if code == call.app.robot_code:
            return call.app
        if any(one.robot_code == code for one in self._space.organisation.apps):
            raise Refused("invalidParameter.robotCode.auth", "robotCode 与 access_token 不匹配")
        raise Refused("invalidParameter.robotCode.notExsit", "robotCode 不存在")

    def register(self, bubble: Bubble) -> None:
        """Let a message that was sent otherwise (a card) be recalled by its key."""
        self._sent.setdefault(bubble.key, []).append(bubble)

    def _is_held(self, app: DingApp, staff_id: str) -> bool:
        return staff_id in self._faults.flow_controlled or self._is_too_fast(f"{app.robot_code} {staff_id}")

    def _is_too_fast(self, whom: str) -> bool:
        """Count a message to somebody; whether it is one too many of this minute."""
        now, times = self._space.world.seconds(), self._times[whom]
        while times and times[0] <= now - limits.MINUTE:
            times.popleft()
        if self._faults.robot_pace is not None and len(times) >= self._faults.robot_pace:
            return True
        times.append(now)
        return False

    def _recall(self, app: DingApp, key: str, group: str | None) -> str:
        bubbles = self._sent.get(key, [])
        mine = [one for one in bubbles if one.who == app.robot_code and group in (None, one.place)]
        if not mine:
            return "消息不存在"
        age = self._space.world.seconds() - mine[0].time.timestamp()
        if age > limits.RECALL_WINDOW:
            return "消息已超过可撤回时间"
        for one in mine:
            one.recalled = True
            self._space.changed(one)
        return ""

    def _group(self, app: DingApp, name: str) -> Conversation:
        place = self._space.conversations.get(name)
        if place is None:
            raise Refused("invalid.openConversationId", "openConversationId 无效")
        if place.kind != GROUP or app.robot_code not in place.robots:
            raise Refused("resource.not.found", "robot 不存在")
        if place.disbanded:
            raise Refused("group.disbanded", "群已解散")
        return place

    def _show(self, place: Conversation, app: DingApp, key: str, kind: str, parts: dict[str, object]) -> None:
        bubble = self._space.bubble(place, ROBOT, app.robot_code, kind, key=key, **parts)
        self.register(bubble)
        self._space.show(place, bubble)

    def _key(self) -> str:
        return secrets.token_urlsafe(24)
