"""message/send and message/recall (pages 90236, 94867)."""

from __future__ import annotations

import hashlib

import orjson

from sandbox.state import APP, World
from sandbox.wecom import content, limits, receivers
from sandbox.wecom.call import Call
from sandbox.wecom.cardrules import INTERACTIVE
from sandbox.wecom.content import Content
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.flow import Flow
from sandbox.wecom.idtrans import translate
from sandbox.wecom.media import MediaStore
from sandbox.wecom.register import Register, Sent
from sandbox.wecom.shape import JsonObject, absent, needed, number


class Sending:
    """Takes messages from apps and puts them into chats."""

    def __init__(self, world: World, register: Register, media: MediaStore, flow: Flow) -> None:
        self._world, self._register, self._media, self._flow = world, register, media, flow

    def send(self, call: Call) -> JsonObject:
        """Check everything, then deliver to everybody who can be reached. Raises Refused.

        A repeat that the duplicate check catches is answered with the first msgid and, since no page says
        otherwise, without a response_code.
        """
        body = call.body()
        call.check_agent(body)
        number(body, "safe", 0, (0, 1))
        to = receivers.find(self._world, call.app, body)
        if number(body, "enable_id_trans", 0, (0, 1)):
            body = translate(body, self._world)
        message = content.read(body, self._media)
        interactive = message.raw is not None and message.raw["card_type"] in INTERACTIVE
        if not call.app.callback_url and (interactive or not absent((message.raw or {}).get("action_menu"))):
            raise Refused(Code.NO_CALLBACK)
        checked = number(body, "enable_duplicate_check", 0, (0, 1)) == 1
        interval, digest = _interval(body), _digest(body)
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", **to.lists()}
        before = self._register.repeated(call.app.agent_id, digest, interval) if checked else None
        if before is not None:
            return {**answer, "msgid": before}
        now = self._world.seconds()
        self._flow.check_day(call.app.agent_id, len(to.userids), self._world.corp.account_cap, now)
        sent = self._register.new(call.app.agent_id, message.raw)
        if checked:
            self._register.remember(call.app.agent_id, digest, sent.msgid)
        self._deliver(sent, message, to.userids, now)
        answer["msgid"] = sent.msgid
        return {**answer, "response_code": self._register.new_code(sent)} if interactive else answer

    def recall(self, call: Call) -> JsonObject:
        """Take a message back within 24 h. Raises Refused (40058 for an unknown one, 42052)."""
        sent = self._register.by_msgid(needed(call.body(), "msgid"), call.app.agent_id)
        if sent.sent_at + limits.RECALL_WINDOW <= self._world.seconds():
            raise Refused(Code.MSGID_EXPIRED)
        self._register.recall(sent, call.app.name)
        return {"errcode": 0, "errmsg": "ok"}

    def _deliver(self, sent: Sent, content: Content, userids: list[str], now: float) -> None:
        for userid in userids:
            dropped = not self._flow.reaches(sent.agent_id, userid, now)
            message = self._world.message(
                APP,
                sent.agent_id,
                content.kind,
                text=content.text,
                card=content.card,
                state=content.state(),
                media=content.media,
                task_id=sent.task_id,
                dropped=dropped,
            )
            if not dropped:
                sent.copies[userid] = message
            self._world.add(userid, message)


def _interval(body: JsonObject) -> int:
    value = body.get("duplicate_check_interval", limits.DUPLICATE_CHECK_DEFAULT)
    top = limits.DUPLICATE_CHECK_MAX
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= top:
        raise Refused(Code.BAD_PARAM, f"duplicate_check_interval: 1 to {top} seconds")
    return value


def _digest(body: JsonObject) -> bytes:
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()
