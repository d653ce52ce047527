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
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Sender, Stopped
from store import outbox
from store.outbox import Parcel
from store.writer import NotDurable, Writer

IN_FLIGHT = 32
POLL = 1.0  # seconds; a wake-up only makes it faster
GATHER = 0.05  # seconds between two claims under load, so that one claim serves several turns
MOST_ATTEMPTS = 12
LONGEST_WAIT = 600.0  # seconds between two tries
GIVE_UP = timedelta(hours=3, minutes=30)  # WeCom drops repeats for 4 h only; later ones could come twice

App = tuple[str, str]
"""Platform, and our name of the app."""

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
        while parcels := await self._claim(IN_FLIGHT):
            total += len(parcels)
            await asyncio.gather(*(self._deliver(p) for p in parcels))
        return total

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            room = IN_FLIGHT - len(self._flying)
            parcels = await self._claim_safely(room) if room else []
            for parcel in parcels:
                task = asyncio.create_task(self._deliver(parcel))
                self._flying.add(task)
                task.add_done_callback(self._landed)
            if parcels:
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

    async def _claim_safely(self, room: int) -> Sequence[Parcel]:
        try:
            return await self._claim(room)
        except NotDurable as error:
            log.error("relay.claim_failed", kind=type(error).__name__)
            await self._pause()
            return []

    async def _claim(self, room: int) -> Sequence[Parcel]:
        now = self._clock.now()
        away = self._away(now)
        claim = partial(self._take, now, room, away)
        return await self._writer.run(claim, urgent=True)

    def _take(self, now: datetime, room: int, away: frozenset[App], session: Session) -> Sequence[Parcel]:
        return outbox.claim(session, self._worker, now, room, away)

    def _away(self, now: datetime) -> frozenset[App]:
        """The apps for which nothing can be sent now: not connected here, or stopped until somebody acts."""
        self._stopped = {app: until for app, until in self._stopped.items() if until > now}
        return frozenset(app for app, one in self._senders.items() if not one.ready) | self._stopped.keys()

    async def _deliver(self, parcel: Parcel) -> None:
        outcome = await self._outcome(parcel)
        if isinstance(outcome, Stopped):
            until = self._clock.now() + timedelta(seconds=outcome.after)
            self._stopped[parcel.platform, parcel.app] = until
        try:
            await self._writer.run(partial(self._mark, parcel, outcome), urgent=True)
        except NotDurable:
            log.error("relay.mark_failed", outbox=parcel.id)  # the lease runs out and it is tried again

    async def _outcome(self, parcel: Parcel) -> Outcome:
        sender = self._senders.get((parcel.platform, parcel.app))
        if sender is None:
            return Stopped("not connected", f"{parcel.platform} 的应用 {parcel.app} 没有接入")
        try:
            return await sender.send(parcel)
        except Exception as error:  # the boundary of an outbox row: one bad row must not stop the others
            log.error("relay.send_failed", outbox=parcel.id, kind=type(error).__name__, exc_info=error)
            return Retry(self._backoff(parcel), type(error).__name__)

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
