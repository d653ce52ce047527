"""The relay: takes what waits in the outbox, in order per conversation, and hands it to the platforms.

Rows are leased, so that replicas share the work; bounded in flight; each is marked by itself as soon as
its fate is known, so that a crash repeats no more than what was under way.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlmodel import Session

from config.clock import Clock
from scheduler.delivery import (
    Delivered,
    Gathering,
    Limited,
    Outcome,
    Pointless,
    Refused,
    Retry,
    Sender,
    Stopped,
)
from store import outbox, rates
from store.outbox import Claimed, Parcel
from store.rates import Counts, Wanted
from store.writer import NotDurable, Writer

IN_FLIGHT = 40
POLL = 1.0  # seconds; a wake-up only makes it faster
GATHER = 0.05  # seconds between two claims under load, so that one claim serves several turns
MOST_ATTEMPTS = 12
LONGEST_WAIT = 600.0  # seconds between two tries
FORGET_EVERY = timedelta(minutes=10)
GIVE_UP = timedelta(hours=3, minutes=30)  # WeCom drops repeats for 4 h only; later ones could come twice

App = tuple[str, str]
"""Platform, and our name of the app."""

NOTHING = Claimed([])
log = structlog.get_logger()


Alarm = Callable[[Session, Parcel, Outcome], None]
"""Told of what somebody could mend, in the transaction that writes it down."""


def _quiet(_session: Session, _parcel: Parcel, _outcome: Outcome) -> None:
    """Tell nobody."""


class Relay:
    """Sends for all apps. `senders` by platform and app; `worker` names this process in the leases."""

    def __init__(
        self,
        writer: Writer,
        senders: Mapping[App, Sender],
        clock: Clock,
        worker: str,
        *,
        jitter: Callable[[], float] = random.random,
        alarm: Alarm = _quiet,
    ) -> None:
        self._writer = writer
        self._senders = senders
        self._clock = clock
        self._worker = worker
        self._jitter = jitter
        self._alarm = alarm
        self._wake = asyncio.Event()
        self._flying: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._stopped: dict[App, datetime] = {}
        self._forgotten: datetime | None = None
        self._counts = Counts()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send."""
        self._loop = asyncio.create_task(self._run(), name="relay")

    async def stop(self) -> None:
        """Finish what is under way and stop; what was not taken waits in the outbox."""
        self._stopping = True
        self._wake.set()
        if self._loop is not None:
            await self._loop

    def wake(self) -> None:
        """Something was queued."""
        self._wake.set()

    async def flush(self) -> int:
        """Send all that is due now, without the loop; how many were tried. For the command line and tests."""
        total = 0
        while True:
            claimed = await self._claim(IN_FLIGHT)
            total += len(claimed.parcels)
            await asyncio.gather(*(self._deliver(some) for some in self._gathered(claimed.parcels)))
            if not claimed.parcels and not claimed.again:
                return total

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            room = IN_FLIGHT - len(self._flying)
            claimed = await self._claim_safely(room) if room else NOTHING
            for parcels in self._gathered(claimed.parcels):
                task = asyncio.create_task(self._deliver(parcels))
                self._flying.add(task)
                task.add_done_callback(self._landed)
            if claimed.parcels or claimed.again:
                await asyncio.sleep(GATHER)
            else:
                await self._pause()
        if self._flying:
            await asyncio.wait(self._flying)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        self._wake.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _claim_safely(self, room: int) -> Claimed:
        try:
            return await self._claim(room)
        except NotDurable as error:
            log.error("relay.claim_failed", kind=type(error).__name__)
            await self._pause()
            return NOTHING

    async def _claim(self, room: int) -> Claimed:
        now = self._clock.now()
        away = self._away(now)
        claim = partial(self._take, now, room, away)
        return await self._writer.run(claim, urgent=True)

    def _take(self, now: datetime, room: int, away: frozenset[App], session: Session) -> Claimed:
        if self._forgotten is None or now - self._forgotten >= FORGET_EVERY:
            self._forgotten = now
            rates.forget(session, now, self._counts)
        return outbox.claim_within(session, self._worker, now, room, away, self._under, self._counts)

    def _under(self, parcel: Parcel) -> Wanted[Parcel]:
        """The limits of a parcel; without any, a pause of its app still holds it up."""
        sender = self._senders.get((parcel.platform, parcel.app))
        if isinstance(sender, Limited):
            return sender.under(parcel)
        return Wanted(parcel, scope=f"{parcel.platform}:{parcel.app}")

    def _gathered(self, parcels: Sequence[Parcel]) -> list[list[Parcel]]:
        """The parcels by call: those that are alike go together, as many as one call takes."""
        calls: list[list[Parcel]] = []
        open_: dict[tuple[App, str], list[Parcel]] = {}
        for parcel in parcels:
            app = (parcel.platform, parcel.app)
            sender = self._senders.get(app)
            alike = sender.alike(parcel) if isinstance(sender, Gathering) else ""
            call = open_.get((app, alike)) if alike else None
            if call is None:
                call = []
                calls.append(call)
            call.append(parcel)
            if isinstance(sender, Gathering) and alike and len(call) < sender.together:
                open_[app, alike] = call
            else:
                open_.pop((app, alike), None)
        return calls

    def _away(self, now: datetime) -> frozenset[App]:
        """The apps for which nothing can be sent now: not connected here, or stopped until somebody acts."""
        self._stopped = {app: until for app, until in self._stopped.items() if until > now}
        return frozenset(app for app, one in self._senders.items() if not one.ready) | self._stopped.keys()

    async def _deliver(self, parcels: Sequence[Parcel]) -> None:
        outcomes = await self._outcomes(parcels)
        settled = zip(parcels, outcomes, strict=True)
        await asyncio.gather(*(self._settle(parcel, outcome) for parcel, outcome in settled))

    async def _settle(self, parcel: Parcel, outcome: Outcome) -> None:
        if isinstance(outcome, Stopped):
            until = self._clock.now() + timedelta(seconds=outcome.after)
            self._stopped[parcel.platform, parcel.app] = until
        try:
            await self._writer.run(partial(self._mark, parcel, outcome), urgent=True, patient=True)
        except NotDurable:
            log.error("relay.mark_failed", outbox=parcel.id)  # the lease runs out and it is tried again

    async def _outcomes(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        first = parcels[0]
        sender = self._senders.get((first.platform, first.app))
        if sender is None:
            return [Stopped("not connected", f"{first.platform} 的应用 {first.app} 没有接入")] * len(parcels)
        try:
            if len(parcels) > 1 and isinstance(sender, Gathering):
                return await sender.send_together(parcels)
            return [await sender.send(parcel) for parcel in parcels]
        except Exception as error:  # the boundary of an outbox row: one bad row must not stop the others
            log.error("relay.send_failed", outbox=first.id, kind=type(error).__name__, exc_info=error)
            return [Retry(self._backoff(parcel), type(error).__name__) for parcel in parcels]

    def _mark(self, parcel: Parcel, outcome: Outcome, session: Session) -> None:
        now = self._clock.now()
        match outcome:
            case Delivered():
                outbox.sent(
                    session,
                    parcel,
                    message_id=outcome.message_id,
                    response_code=outcome.response_code,
                    now=now,
                )
            case Refused():
                log.warning("relay.refused", outbox=parcel.id, app=parcel.app, reason=outcome.reason)
                outbox.park(session, parcel.id, outcome.reason)
                self._alarm(session, parcel, outcome)
            case Pointless():
                outbox.skip(session, parcel.id, outcome.reason)
            case Stopped():
                log.error("relay.stopped", app=parcel.app, reason=outcome.reason, hint=outcome.hint)
                self._again(session, parcel, outcome.after, outcome.reason, now)
                self._alarm(session, parcel, outcome)
            case Retry():
                if outcome.pauses:
                    scope = self._under(parcel).scope
                    log.warning("relay.paused", scope=scope, seconds=outcome.after)
                    rates.pause(session, scope, now + timedelta(seconds=outcome.after), self._counts)
                if outcome.counts and self._hopeless(parcel, now):
                    log.error("relay.given_up", outbox=parcel.id, app=parcel.app, reason=outcome.reason)
                    outbox.park(session, parcel.id, outcome.reason)
                else:
                    after = max(outcome.after, self._backoff(parcel)) if outcome.counts else outcome.after
                    self._again(session, parcel, after, outcome.reason, now)

    def _again(self, session: Session, parcel: Parcel, after: float, reason: str, now: datetime) -> None:
        outbox.again(session, parcel, at=now + timedelta(seconds=after), reason=reason)

    def _hopeless(self, parcel: Parcel, now: datetime) -> bool:
        return parcel.attempts >= MOST_ATTEMPTS or now - parcel.created_at > GIVE_UP

    def _backoff(self, parcel: Parcel) -> float:
        """Seconds to wait: growing with the tries, up to `LONGEST_WAIT`, never in step with others."""
        return float(min(2.0 ** min(parcel.attempts, 10), LONGEST_WAIT) * (0.75 + 0.5 * self._jitter()))
