"""DingTalk's sender as the relay wants it: envelopes become calls, faults become outcomes, one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import orjson
import structlog

from bot.dingtalk import client as api
from bot.dingtalk import limits
from bot.dingtalk.client import DingTalkClient, Sent
from bot.dingtalk.codes import CardGone, CardKnown, CardsRefused, QuotaSpent, SessionGone
from bot.dingtalk.envelope import BadEnvelope, Envelope, Via, load
from bot.dingtalk.pace import Pace
from bot.errors import (
    Misconfigured,
    RateLimited,
    ReceiverGone,
    Rejected,
    TokenExpired,
    Unreachable,
    VendorFault,
)
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Stopped
from store.outbox import Parcel
from store.rates import Rule, Wanted

SOON = 1.0  # seconds
SECOND = 1.0
RECEIVERS = "userIds"
_log = structlog.get_logger("dingtalk.sender")
_PATHS = {
    Via.WEBHOOK: api.WEBHOOK,
    Via.SINGLE: api.SINGLE,
    Via.GROUP: api.GROUP,
    Via.CARD: api.CARD,
    Via.CARD_UPDATE: api.UPDATE,
}


def track_id_of(card_id: int) -> str:
    """The outTrackId of a card by our row's id, as letters name their cards."""
    return f"g{card_id}"


class DingTalkPost:
    """Sends parcels of one app, `app` by its client id. It never waits for the rate: it says how long."""

    together = limits.BATCH_USERS

    def __init__(self, client: DingTalkClient, clock: Callable[[], datetime], app: str = "") -> None:
        self._client = client
        self._clock = clock
        self._app = app
        self._pace = Pace(clock)

    @property
    def ready(self) -> bool:
        """Always: each parcel is a call of its own."""
        return True

    def under(self, parcel: Parcel) -> Wanted[Parcel]:
        """The app's limit of each API, and a pause of that API. A sessionWebhook is no API call."""
        via, alike = self._kind(parcel)
        api_ = f"dingtalk:{self._app}:{_PATHS[via] if via else ''}"
        rules = (Rule(api_, limits.OUR_QPS, SECOND),) if via not in (None, Via.WEBHOOK) else ()
        return Wanted(parcel, rules, api_, alike, self.together)

    def alike(self, parcel: Parcel) -> str:
        """The message without its receiver, where it is a text for a single member."""
        return self._kind(parcel)[1]

    def _kind(self, parcel: Parcel) -> tuple[Via | None, str]:
        try:
            envelope = load(parcel.body)
        except BadEnvelope:
            return None, ""
        if envelope.via is not Via.SINGLE or parcel.card_id is not None:
            return envelope.via, ""
        same = {name: value for name, value in envelope.body.items() if name != RECEIVERS}
        return envelope.via, orjson.dumps(same, option=orjson.OPT_SORT_KEYS).decode()

    async def send_together(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """One call for members who are told the same; each is settled by what the answer says of him."""
        body = load(parcels[0].body).body
        receivers = [user for one in parcels for user in load(one.body).body.get(RECEIVERS, ())]
        wait = self._pace.take(api.SINGLE)
        if wait:
            return [Retry(wait, "our pace", counts=False)] * len(parcels)
        try:
            sent = await self._client.send_single(orjson.dumps({**body, RECEIVERS: receivers}))
        except (Rejected, ReceiverGone):  # one of them may be the reason
            return [await self.send(one) for one in parcels]
        except VendorFault as fault:
            return [_outcome(fault)] * len(parcels)
        _log.info("dingtalk.sent_together", members=len(receivers))
        return [_reached(sent, one) for one in parcels]

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to DingTalk."""
        try:
            envelope = load(parcel.body)
        except BadEnvelope:
            return Refused("not an envelope")
        if self._is_over(envelope):
            return await self._instead(envelope, parcel)
        try:
            return await self._call(envelope, parcel)
        except SessionGone:
            return await self._instead(envelope, parcel)
        except VendorFault as fault:
            if isinstance(fault, CardsRefused) and envelope.via is Via.CARD and envelope.instead is not None:
                _log.error("dingtalk.cards_refused", fault=str(fault), hint=fault.hint)
                return await self._instead(envelope, parcel)
            return _outcome(fault)

    def _is_over(self, envelope: Envelope) -> bool:
        """Whether the webhook has ended, or is about to."""
        if envelope.via is not Via.WEBHOOK:
            return False
        return not envelope.url or (
            envelope.until is not None and self._clock() >= envelope.until - limits.WEBHOOK_MARGIN
        )

    async def _instead(self, envelope: Envelope, parcel: Parcel) -> Outcome:
        """The other way, now that the first is closed."""
        if envelope.instead is None:
            return Refused("the sessionWebhook has ended")
        _log.info("dingtalk.sent_instead", of=envelope.via.value, via=envelope.instead.via.value)
        try:
            return await self._call(envelope.instead, parcel)
        except VendorFault as fault:
            return _outcome(fault)

    async def _call(self, envelope: Envelope, parcel: Parcel) -> Outcome:
        wait = self._pace.take(_PATHS[envelope.via])
        if wait:
            return Retry(wait, "our pace", counts=False)
        match envelope.via:
            case Via.WEBHOOK:
                await self._client.reply(envelope.url, envelope.payload())
                return Delivered()
            case Via.SINGLE:
                return _reached(await self._client.send_single(envelope.payload()), parcel)
            case Via.GROUP:
                return Delivered((await self._client.send_group(envelope.payload())).key)
            case Via.CARD:
                return await self._card(envelope)
            case Via.CARD_UPDATE:
                return await self._update(envelope, parcel)

    async def _card(self, envelope: Envelope) -> Outcome:
        try:
            placed = await self._client.create_card(envelope.payload())
        except CardKnown:
            return Delivered()  # an earlier try has arrived, its answer has not
        if placed.failed and len(placed.failed) == placed.spaces:
            return Refused("the card was not delivered: robot not in the group, or member out of range")
        return Delivered(placed.key)

    async def _update(self, envelope: Envelope, parcel: Parcel) -> Outcome:
        if parcel.card_id is None:
            return Refused("no card to change")
        body = {"outTrackId": track_id_of(parcel.card_id), **envelope.body}
        try:
            await self._client.update_card(Envelope(envelope.via, body).payload())
        except CardGone:
            return Pointless("the card is gone")
        return Delivered()


def _reached(sent: Sent, parcel: Parcel) -> Outcome:
    """Whether a message to a single member has reached him."""
    if parcel.receiver.lower() in sent.invalid:
        return Refused("the member is unknown or out of the robot's range")
    if parcel.receiver.lower() in sent.throttled:
        return Retry(limits.MINUTE_LIMIT_PAUSE.total_seconds(), "flow controlled", counts=False)
    return Delivered(sent.key)


def _outcome(fault: VendorFault) -> Outcome:
    match fault:
        case RateLimited():
            return Retry(fault.retry_after, str(fault), counts=False, pauses=True)
        case Unreachable() | TokenExpired():
            return Retry(SOON, str(fault))
        case QuotaSpent():
            return Stopped(str(fault), fault.hint, limits.QUOTA_PAUSE.total_seconds())
        case Misconfigured():
            return Stopped(str(fault), fault.hint)
        case ReceiverGone() | Rejected():
            return Refused(str(fault))
        case _:
            return Retry(SOON, str(fault))
