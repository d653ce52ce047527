"""The faults the page can switch on, by name."""

from __future__ import annotations

from sandbox.asks import BadAsk
from sandbox.wecom.aibot.switches import BotSwitches
from sandbox.wecom.attacks import Attack, launch
from sandbox.wecom.callbacks import Callbacks
from sandbox.wecom.server import WeComServer

MOST_TIMES = 1000
BOTS = "bot_"


class Switches:
    """Turns names and values into faults.

    Without a target: down, untrusted (bool), latency (ms), parallel, copies, lost_acks, burst, backwards
    (count), expire_tokens, revoke_tokens, clear. With an object: inject {path, errcode, times},
    reset {path, times}. attack: its kind. What begins with bot_ is for the smart bots (`BotSwitches`).
    """

    def __init__(self, wecom: WeComServer, callbacks: Callbacks) -> None:
        self._wecom, self._callbacks = wecom, callbacks
        self.bots: BotSwitches | None = None

    async def set(self, name: str, value: object) -> None:
        """Switch something. Raises BadAsk."""
        if name.startswith(BOTS) and self.bots is not None:
            await self.bots.set(name.removeprefix(BOTS), value)
        elif name == "attack":
            try:
                kind = Attack(str(value))
            except ValueError as error:
                raise BadAsk("没有这种攻击") from error
            await launch(self._callbacks, kind)
        elif name in ("inject", "reset"):
            self._inject(name, value)
        elif name in ("expire_tokens", "revoke_tokens", "clear"):
            self._once(name)
        else:
            self._keep(name, value)

    def _inject(self, name: str, value: object) -> None:
        fields = value if isinstance(value, dict) else {}
        path, times = str(fields.get("path") or "message/send"), _count(fields.get("times", 1))
        if name == "reset":
            self._wecom.faults.reset_after_commit(path, times)
            return
        code = fields.get("errcode", -1)
        if isinstance(code, bool) or not isinstance(code, int):
            raise BadAsk("errcode 应为整数")
        self._wecom.faults.inject(path, code, times)

    def _once(self, name: str) -> None:
        if name == "expire_tokens":
            self._wecom.tokens.expire()
        elif name == "revoke_tokens":
            self._wecom.tokens.revoke()
        else:
            self._wecom.faults.clear()
            self._callbacks.faults.clear()

    def _keep(self, name: str, value: object) -> None:
        if name == "down":
            self._wecom.faults.down = bool(value)
        elif name == "untrusted":
            self._wecom.faults.untrusted = bool(value)
        elif name == "latency":
            self._wecom.faults.latency = _count(value) / 1000
        elif name == "copies":
            self._callbacks.faults.copies = max(1, _count(value))
        elif name == "lost_acks":
            self._callbacks.faults.lost_acks = _count(value)
        else:
            self._count_of(name, value)

    def _count_of(self, name: str, value: object) -> None:
        gathering = self._callbacks.faults.gathering
        if name == "parallel":
            self._wecom.faults.parallel = _count(value)
        elif name == "burst":
            gathering.burst(_count(value))
        elif name == "backwards":
            gathering.backwards(_count(value))
        else:
            raise BadAsk("没有这个开关")


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TIMES * 10:
        raise BadAsk("请填写不太大的整数")
    return value
