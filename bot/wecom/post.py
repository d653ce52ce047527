"""WeCom's sender as the relay wants it: faults become outcomes, one by one."""

from __future__ import annotations

from typing import Literal, cast

from bot.errors import Misconfigured, RateLimited, ReceiverGone, Rejected, TokenExpired, Unreachable
from bot.wecom.sender import Parcel as WeComParcel
from bot.wecom.sender import WeComSender
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Stopped
from store.outbox import Parcel

SOON = 1.0  # seconds


class WeComPost:
    """Sends parcels of one app."""

    def __init__(self, sender: WeComSender) -> None:
        self._sender = sender

    @property
    def ready(self) -> bool:
        """Always: each parcel is a call of its own."""
        return True

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to WeCom."""
        if parcel.kind == "update" and not parcel.response_code:
            return Pointless("no response code left")
        kind = cast("Literal['send', 'update']", parcel.kind)
        try:
            done = await self._sender.send(
                WeComParcel(kind, parcel.receiver, parcel.body, parcel.response_code or None)
            )
        except RateLimited as fault:
            return Retry(fault.retry_after, str(fault), counts=False)
        except (Unreachable, TokenExpired) as fault:
            return Retry(SOON, str(fault))
        except Misconfigured as fault:
            return Stopped(str(fault), fault.hint)
        except (ReceiverGone, Rejected) as fault:
            return Refused(str(fault))
        return Delivered(done.msgid, done.response_code)
