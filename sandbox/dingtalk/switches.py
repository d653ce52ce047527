"""DingTalk's faults by name, for the page."""

from __future__ import annotations

import asyncio

from sandbox.asks import BadAsk
from sandbox.dingtalk.connection import Connection
from sandbox.dingtalk.simulator import DingTalk

MOST = 10_000


class DingSwitches:
    """Turns names and values into faults.

    Kept: down, ban_page (bool), latency (ms), copies, lost_acks (count). Once: expire_tokens, revoke_tokens,
    expire_sessions, use_up_calls, use_up_pushes, disconnect, drop, zombie (all connections), clear. With an
    object: inject {path, code, status, errcode, times}, reset {path, times}, undeliverable {id, reason},
    flow_controlled {id}.
    """

    def __init__(self, ding: DingTalk) -> None:
        self._ding = ding

    async def set(self, name: str, value: object) -> None:
        """Switch something. Raises BadAsk."""
        if name in ("inject", "reset", "undeliverable", "flow_controlled"):
            self._aimed(name, value if isinstance(value, dict) else {})
        elif name in ("disconnect", "drop", "zombie"):
            await self._connections(name)
        elif not self._once(name):
            self._keep(name, value)

    def _aimed(self, name: str, fields: dict[str, object]) -> None:
        faults = self._ding.faults
        path, times = str(fields.get("path", "")), _count(fields.get("times", 1))
        who = str(fields.get("id", ""))
        if name == "inject":
            code = str(fields.get("code", "system.busy"))
            status, errcode = _count(fields.get("status", 500)), fields.get("errcode", -1)
            if isinstance(errcode, bool) or not isinstance(errcode, int):
                raise BadAsk("errcode 应为整数")
            faults.inject(path, code, times, status=status, errcode=errcode)
        elif name == "reset":
            faults.reset_after_commit(path, times)
        elif name == "undeliverable":
            faults.undeliverable[who] = str(fields.get("reason", "机器人不在群中"))
        else:
            faults.flow_controlled.add(who)

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
        self._ding.faults.clear()
        self._ding.push_faults.clear()
        for one in self._ding.gateway.connections:
            one.zombie = False

    def _keep(self, name: str, value: object) -> None:
        if name == "down":
            self._ding.faults.down = bool(value)
        elif name == "ban_page":
            self._ding.faults.ban_page = bool(value)
        elif name == "latency":
            self._ding.faults.latency = _count(value) / 1000
        elif name == "copies":
            self._ding.push_faults.copies = max(1, _count(value))
        elif name == "lost_acks":
            self._ding.push_faults.lost_acks = _count(value)
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
