"""The relay's sender over the open connection: pushes, within the conversation's rate [101463]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
import structlog

from bot.errors import RateLimited, Rejected, Unreachable, VendorFault
from bot.wecom.aibot import codes, limits
from bot.wecom.aibot.connection import Connection, State
from bot.wecom.aibot.frames import SEND
from bot.wecom.aibot.speech import OTHERWISE
from bot.wecom.pace import Pace
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Stopped
from store.outbox import Parcel

_log = structlog.get_logger("wecom.aibot")
_SOON: Final = 1.0
_NEEDS_SOMEBODY: Final = frozenset({State.REFUSED, State.TAKEN_OVER})
_REASONS: Final[Mapping[int, str]] = {
    codes.NOT_ACTIVATED: "会话没有激活：对方还没有在这个会话里和机器人说过话",
    86201: "没有这个会话",
    93001: "机器人不能在这个群里说话",
    93006: "没有这个会话",
    93008: "机器人不在这个群里",
}


@dataclass(frozen=True, slots=True, repr=False)
class _Push:
    """The push, and the one to make where it is refused."""

    conversation: str
    first: Mapping[str, Any]
    otherwise: Mapping[str, Any] | None


class AiBotPost:
    """Sends parcels of one bot, each into the conversation that its body names."""

    def __init__(self, connection: Connection, pace: Pace) -> None:
        self._connection = connection
        self._pace = pace

    @property
    def ready(self) -> bool:
        """While the connection is open here: another replica may hold it."""
        return self._connection.state is State.READY

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to the platform; `Stopped` while somebody has to act before it can."""
        if not parcel.body:
            return Pointless("an open card of somebody else cannot be changed")
        push = _opened(parcel.body)
        if push is None:
            return Refused("not a push")
        if self._connection.state in _NEEDS_SOMEBODY:
            return Stopped(f"connection {self._connection.state.value}", self._connection.hint)
        if self._connection.state is not State.READY:
            return Retry(limits.NOT_CONNECTED_RETRY, "not connected", counts=False)
        wait = self._pace.take(push.conversation)
        if wait:
            return Retry(wait, "pace", counts=False)
        outcome = await self._outcome(parcel, push)
        if not isinstance(outcome, Delivered) and not (isinstance(outcome, Retry) and outcome.counts):
            self._pace.give_back(push.conversation)
        return outcome

    async def _outcome(self, parcel: Parcel, push: _Push) -> Outcome:
        try:
            await self._push(parcel, push)
        except RateLimited as fault:
            return Retry(fault.retry_after, str(fault), counts=False)
        except Unreachable as fault:
            return Retry(_SOON, f"{fault} {fault.cause}", counts=fault.cause != "not_connected")
        except VendorFault as fault:
            if fault.code == codes.TASK_ID_USED and parcel.attempts > 1:
                return Delivered()  # the first try had arrived
            return Refused(_REASONS.get(fault.code, str(fault)))
        return Delivered()

    async def _push(self, parcel: Parcel, push: _Push) -> None:
        try:
            await self._connection.request(SEND, push.first)
        except Rejected as fault:
            if push.otherwise is None or fault.code == codes.TASK_ID_USED:
                raise
            _log.info("wecom.aibot.card_refused", outbox=parcel.id, code=fault.code)
            await self._connection.request(SEND, push.otherwise)


def _opened(body: bytes) -> _Push | None:
    """What is to be pushed; None for a body that is no push."""
    try:
        first = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(first, dict) or not isinstance(first.get("chatid"), str):
        return None
    return _Push(first["chatid"], first, first.pop(OTHERWISE, None))
