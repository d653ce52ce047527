"""WeCom's sender as the relay wants it: faults become outcomes, one by one."""

from __future__ import annotations

from typing import Literal, cast

from bot.errors import Misconfigured, RateLimited, ReceiverGone, Rejected, TokenExpired, Unreachable
from bot.wecom import limits
from bot.wecom.sender import Parcel as WeComParcel
from bot.wecom.sender import WeComSender
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Stopped
from store.outbox import Parcel
from store.rates import Rule, Wanted

SOON = 1.0  # seconds
MINUTE, HOUR = 60.0, 3600.0


class WeComPost:
    """Sends parcels of one app. `corp` is whose limits it shares with other apps."""

    def __init__(self, sender: WeComSender, corp: str = "") -> None:
        self._sender = sender
        self._corp = corp

    @property
    def ready(self) -> bool:
        """Always: each parcel is a call of its own."""
        return True

    def under(self, parcel: Parcel) -> Wanted[Parcel]:
        """The corp's limits of the API, and those of one app and one member, which an update is none of."""
        api = f"wecom:{self._corp}:{parcel.kind}"
        rules = [
            Rule(api, limits.OUR_CORP_API_PER_MINUTE, MINUTE),
            Rule(api, limits.OUR_CORP_API_PER_HOUR, HOUR),
        ]
        if parcel.kind == "send":
            rules.append(Rule(parcel.lane, limits.OUR_MEMBER_PER_MINUTE, MINUTE))
            rules.append(Rule(parcel.lane, limits.OUR_MEMBER_PER_HOUR, HOUR))
        return Wanted(parcel, rules, api)

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
            return Retry(fault.retry_after, str(fault), counts=False, pauses=fault.code != 0)
        except (Unreachable, TokenExpired) as fault:
            return Retry(SOON, str(fault))
        except Misconfigured as fault:
            return Stopped(str(fault), fault.hint)
        except (ReceiverGone, Rejected) as fault:
            return Refused(str(fault))
        return Delivered(done.msgid, done.response_code)
