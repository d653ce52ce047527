"""Sends what the outbox holds: bytes rendered when the turn was committed, within the member's rate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson
import structlog

from bot.errors import RateLimited, ReceiverGone, Rejected, Unreachable, VendorFault
from bot.wecom import codes
from bot.wecom.client import WeComClient
from bot.wecom.pace import Pace

_log = structlog.get_logger("wecom.sender")
_SEND = "message/send"
_UPDATE = "message/update_template_card"


@dataclass(frozen=True, slots=True, repr=False)
class Parcel:
    """One outbox row's content.

    `body` is the whole JSON body of message/send, or for an update that of update_template_card without
    its response_code, which is known only after the card was sent or pressed. `receiver` is a userid.
    """

    kind: Literal["send", "update"]
    receiver: str
    body: bytes
    response_code: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """It is with the platform. `response_code` is for the next update of the card, if it was one."""

    response_code: str = ""
    msgid: str = ""


class WeComSender:
    """One app's sender. It never waits for the rate: it says how long, and the relay keeps the row."""

    def __init__(self, client: WeComClient, clock: Callable[[], datetime]) -> None:
        self._client = client
        self._pace = Pace(clock)

    async def send(self, parcel: Parcel) -> Delivered:
        """Deliver one parcel.

        Raises RateLimited, Unreachable and TokenExpired (try again later; the same bytes), or
        ReceiverGone, Rejected and Misconfigured (final for this row).
        """
        if parcel.kind == "update":
            return await self._update(parcel)
        return await self._message(parcel)

    async def _message(self, parcel: Parcel) -> Delivered:
        wait = self._pace.take(parcel.receiver)
        if wait:
            raise RateLimited(_SEND, retry_after=wait)
        try:
            sent = await self._client.send_message(parcel.body)
        except Unreachable:
            raise  # it may have arrived: it stays counted
        except VendorFault:
            self._pace.give_back(parcel.receiver)
            raise
        if parcel.receiver.lower() in sent.invalid_users:
            raise ReceiverGone(_SEND)
        _log.info("wecom.sent", kind=parcel.kind, bytes=len(parcel.body))
        return Delivered(response_code=sent.response_code, msgid=sent.msgid)

    async def _update(self, parcel: Parcel) -> Delivered:
        if not parcel.response_code:
            raise Rejected(_UPDATE, codes.BAD_RESPONSE_CODE)
        without = await self._client.update_template_card(_with_code(parcel.body, parcel.response_code))
        if parcel.receiver.lower() in without:
            raise ReceiverGone(_UPDATE)
        _log.info("wecom.updated", bytes=len(parcel.body))
        return Delivered()


def _with_code(body: bytes, response_code: str) -> bytes:
    """The update's body with the code in it. Raises Rejected when the body is no JSON object."""
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Rejected(_UPDATE) from None
    if not isinstance(update, dict):
        raise Rejected(_UPDATE)
    return orjson.dumps({**update, "response_code": response_code})
