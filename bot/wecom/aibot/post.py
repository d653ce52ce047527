"""The relay's sender over the open connection: pushes, within the conversation's rate [101463]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
import structlog

from bot.errors import RateLimited, ReceiverGone, Rejected, Unreachable, VendorFault
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
    93001: "机器人不能在这个群里说话",
    93006: "没有这个会话",
    93008: "机器人不在这个群里",
}


class AiBotPost:
    """Sends parcels of one bot. A receiver is a member's id or a group's chatid, in its own case."""

    def __init__(self, connection: Connection, pace: Pace) -> None:
        self._connection = connection
        self._pace = pace

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to the platform; `Stopped` while somebody has to act before it can."""
        if not parcel.body:
            return Pointless("an open card of somebody else cannot be changed")
        if self._connection.state in _NEEDS_SOMEBODY:
            return Stopped(f"connection {self._connection.state.value}", self._connection.hint)
        if self._connection.state is not State.READY:
            return Retry(limits.NOT_CONNECTED_RETRY, "not connected", counts=False)
        wait = self._pace.take(parcel.receiver)
        if wait:
            return Retry(wait, "pace", counts=False)
        outcome = await self._outcome(parcel)
        if not isinstance(outcome, Delivered) and not (isinstance(outcome, Retry) and outcome.counts):
            self._pace.give_back(parcel.receiver)
        return outcome

    async def _outcome(self, parcel: Parcel) -> Outcome:
        try:
            await self._push(parcel)
        except RateLimited as fault:
            return Retry(fault.retry_after, str(fault), counts=False)
        except Unreachable as fault:
            return Retry(_SOON, f"{fault} {fault.cause}", counts=fault.cause != "not_connected")
        except VendorFault as fault:
            if fault.code == codes.TASK_ID_USED and parcel.attempts > 1:
                return Delivered()  # the first try had arrived
            return Refused(_REASONS.get(fault.code, str(fault)))
        return Delivered()

    async def _push(self, parcel: Parcel) -> None:
        first, otherwise = _opened(parcel.body)
        try:
            await self._connection.request(SEND, first)
        except ReceiverGone:
            raise
        except Rejected as fault:
            if otherwise is None or fault.code == codes.TASK_ID_USED:
                raise
            _log.info("wecom.aibot.card_refused", outbox=parcel.id, code=fault.code)
            await self._connection.request(SEND, otherwise)


def _opened(body: bytes) -> tuple[Mapping[str, Any], Mapping[str, Any] | None]:
    """The push, and the one to make where it is refused. Raises Rejected for what is no push."""
    try:
        push = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Rejected(SEND) from None
    if not isinstance(push, dict):
        raise Rejected(SEND)
    otherwise = push.pop(OTHERWISE, None)
    return push, otherwise
