"""The faults of the long connection by name, for the page."""

from __future__ import annotations

from sandbox.asks import BadAsk
from sandbox.wecom.aibot.server import BotServer

MOST = 10_000
_FLAGS = frozenset({"down", "half_dead", "keeps_old", "again"})


class BotSwitches:
    """Turns names and values into faults.

    Kept: down, half_dead, keeps_old, again (bool), copies, in_flight (count), latency (ms). With an object:
    inject {cmd, errcode, times}, lose_ack {cmd, times}. On the connection of a bot, named by id or "" for the
    first: hang_up, drop, freeze, zombie. And clear.
    """

    def __init__(self, server: BotServer) -> None:
        self._server = server

    async def set(self, name: str, value: object) -> None:
        """Switch something. Raises BadAsk."""
        if name in ("inject", "lose_ack"):
            self._aimed(name, value if isinstance(value, dict) else {})
        elif name in ("hang_up", "drop", "freeze", "zombie"):
            await self._connection(name, str(value or ""))
        elif name == "clear":
            self._server.faults.clear()
            self._server.in_flight = 0
        else:
            self._keep(name, value)

    def _aimed(self, name: str, fields: dict[str, object]) -> None:
        cmd, times = str(fields.get("cmd") or "aibot_send_msg"), _count(fields.get("times", 1))
        if name == "lose_ack":
            self._server.faults.lose_ack(cmd, times)
            return
        code = fields.get("errcode", -1)
        if isinstance(code, bool) or not isinstance(code, int):
            raise BadAsk("errcode 应为整数")
        self._server.faults.inject(cmd, code, times)

    async def _connection(self, name: str, bot_id: str) -> None:
        bot_id = bot_id or next(iter(self._server.live), "")
        if bot_id not in self._server.live:
            raise BadAsk("这个机器人没有连接")
        if name == "hang_up":
            await self._server.hang_up(bot_id)
        elif name == "drop":
            self._server.drop(bot_id)
        else:
            self._server.freeze(bot_id, pongs=name == "zombie")

    def _keep(self, name: str, value: object) -> None:
        if name in _FLAGS:
            setattr(self._server.faults, name, bool(value))
        elif name == "copies":
            self._server.faults.copies = max(1, _count(value))
        elif name == "latency":
            self._server.faults.latency = _count(value) / 1000
        elif name == "in_flight":
            self._server.in_flight = _count(value)
        else:
            raise BadAsk("没有这个开关")


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST:
        raise BadAsk("请填写不太大的整数")
    return value
