"""DingTalk's faults by name, for the page."""

from __future__ import annotations

import asyncio

from sandbox.asks import BadAsk
from sandbox.dingtalk import limits
from sandbox.dingtalk.connection import Connection
from sandbox.dingtalk.envelopes import ENVELOPES
from sandbox.dingtalk.quota import EDITIONS
from sandbox.dingtalk.simulator import DingTalk

MOST = 10_000
_AIMED = ("inject", "envelope", "reset", "slow", "undeliverable", "lying", "flow_controlled")
_API_FLAGS = ("down", "ban_page", "ban_html", "xml_errors", "old_cards", "strict_values")
_PUSH_FLAGS = ("unconnected", "nameless", "forged", "stale")


class DingSwitches:
    """Turns names and values into faults; `clear` turns all of them back, what was used up stays so.

    Kept, true or false: down, ban_page, ban_html, xml_errors, old_cards, strict_values, unconnected,
    nameless, forged, stale, greets, keepalive. Kept numbers: latency (ms), copies, lost_acks, late_cards
    (count), robot_pace (messages a minute, 0 for any), session_life (s), lifetime (s of new connections, 0
    for ever). Lists of seconds: robot_again, event_again. edition: its name.

    Once: expire_tokens, revoke_tokens, expire_sessions, use_up_calls, use_up_pushes, and of all connections
    disconnect, drop, zombie. With an object: inject {path, code, status, errcode, times}, envelope {path,
    name, times}, reset {path, times}, slow {path, ms}, undeliverable {id, reason}, lying {id},
    flow_controlled {id}.
    """

    def __init__(self, ding: DingTalk) -> None:
        self._ding = ding

    async def set(self, name: str, value: object) -> None:
        """Switch something. Raises BadAsk."""
        if name in _AIMED:
            self._aimed(name, value if isinstance(value, dict) else {})
        elif name in ("disconnect", "drop", "zombie"):
            await self._connections(name)
        elif not (self._once(name) or self._flag(name, value) or self._plan(name, value)):
            self._keep(name, value)

    def _aimed(self, name: str, fields: dict[str, object]) -> None:
        faults, who = self._ding.faults, str(fields.get("id", ""))
        if name in ("inject", "envelope", "reset", "slow"):
            self._calls(name, str(fields.get("path", "")), fields)
        elif name == "undeliverable":
            faults.undeliverable[who] = str(fields.get("reason", "机器人不在群中"))
        else:
            (faults.lying if name == "lying" else faults.flow_controlled).add(who)

    def _calls(self, name: str, path: str, fields: dict[str, object]) -> None:
        faults, times = self._ding.faults, _count(fields.get("times", 1))
        if name == "inject":
            code = str(fields.get("code", "system.busy"))
            status, errcode = _count(fields.get("status", 500)), fields.get("errcode", -1)
            if isinstance(errcode, bool) or not isinstance(errcode, int):
                raise BadAsk("errcode 应为整数")
            faults.inject(path, code, times, status=status, errcode=errcode)
        elif name == "envelope":
            wanted = str(fields.get("name", ""))
            if wanted not in ENVELOPES:
                raise BadAsk(f"没有这种回答，可选：{'、'.join(ENVELOPES)}")
            faults.refuse(path, ENVELOPES[wanted](), times)
        elif name == "slow":
            faults.slow[path] = _count(fields.get("ms", 0)) / 1000
        else:
            faults.reset_after_commit(path, times)

    async def _connections(self, name: str) -> None:
        live = [one for one in self._ding.gateway.connections if not one.draining]
        if name == "disconnect":
            await asyncio.gather(*(one.disconnect() for one in live))
        for one in live:
            _break(one, name)

    def _once(self, name: str) -> bool:
        server = self._ding.server
        acts = {
            "expire_tokens": server.tokens.expire,
            "revoke_tokens": server.tokens.revoke,
            "expire_sessions": server.webhooks.expire,
            "use_up_calls": lambda: server.quota.use_up(api=True),
            "use_up_pushes": lambda: server.quota.use_up(pushes=True),
            "clear": self._clear,
        }
        if name in acts:
            acts[name]()
        return name in acts

    def _clear(self) -> None:
        ding = self._ding
        ding.faults.clear()
        ding.push_faults.clear()
        ding.pushes.robot_again, ding.pushes.event_again = (limits.ROBOT_REDELIVERY,), limits.EVENT_RETRIES
        ding.server.webhooks.life = float(limits.SESSION_LIFE)
        ding.gateway.greets, ding.gateway.ping_topic, ding.gateway.lifetime = False, "ping", None
        for one in ding.gateway.connections:
            one.zombie = False

    def _flag(self, name: str, value: object) -> bool:
        if name in _API_FLAGS:
            setattr(self._ding.faults, name, bool(value))
        elif name in _PUSH_FLAGS:
            setattr(self._ding.push_faults, name, bool(value))
        elif name == "greets":
            self._ding.gateway.greets = bool(value)
        elif name == "keepalive":
            self._ding.gateway.ping_topic = "KEEPALIVE" if value else "ping"
        return name in (*_API_FLAGS, *_PUSH_FLAGS, "greets", "keepalive")

    def _plan(self, name: str, value: object) -> bool:
        if name == "robot_again":
            self._ding.pushes.robot_again = _seconds(value)
        elif name == "event_again":
            self._ding.pushes.event_again = _seconds(value)
        return name in ("robot_again", "event_again")

    def _keep(self, name: str, value: object) -> None:
        if name == "latency":
            self._ding.faults.latency = _count(value) / 1000
        elif name == "copies":
            self._ding.push_faults.copies = max(1, _count(value))
        elif name == "lost_acks":
            self._ding.push_faults.lost_acks = _count(value)
        elif name == "late_cards":
            self._ding.push_faults.late_cards = _count(value)
        elif name == "robot_pace":
            self._ding.faults.robot_pace = _count(value) or None
        elif name == "session_life":
            self._ding.server.webhooks.life = float(_count(value))
        elif name == "lifetime":
            self._ding.gateway.lifetime = float(_count(value)) or None
        elif name == "edition" and value in EDITIONS:
            self._ding.quota.buy(EDITIONS[str(value)])
        else:
            raise BadAsk("没有这个开关")


def _break(connection: Connection, name: str) -> None:
    if name == "drop":
        connection.drop()
    elif name == "zombie":
        connection.zombie = True


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise BadAsk("请填写不太大的整数")
    return value


def _seconds(value: object) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) > MOST:
        raise BadAsk("请填写秒数的列表，例如 [10, 30]")
    return tuple(float(_count(one)) for one in value)
