"""Two replicas, one limit: what they send together stays below it, and a pause holds for both."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from config.clock import JumpingClock
from scheduler.delivery import Delivered, Outcome, Retry
from scheduler.relay import Relay
from store import outbox
from store.database import Database
from store.outbox import Letter, Parcel
from store.rates import Rule, Wanted
from store.tables import OutboxState, SendWindow
from store.writer import Writer
from tests.bot.office import NOW

APP = ("wecom", "main")
MOST = 7


class Hand:
    """A sender with a limit by the minute; it writes down when it sent."""

    ready = True

    def __init__(self, clock: JumpingClock, sent: list[datetime], *, busy_at: int = 0) -> None:
        self._clock = clock
        self.sent = sent
        self.busy_at = busy_at

    def under(self, parcel: Parcel) -> Wanted[Parcel]:
        return Wanted(parcel, (Rule("corp", MOST, 60.0),), "corp")

    async def send(self, parcel: Parcel) -> Outcome:
        await asyncio.sleep(0)
        if self.busy_at and len(self.sent) + 1 == self.busy_at:
            self.busy_at = 0
            return Retry(90.0, "45009", counts=False, pauses=True)
        self.sent.append(self._clock.now())
        return Delivered()


def fill(database: Database, count: int) -> None:
    with Session(database.writer) as session:
        for number in range(count):
            outbox.put(session, Letter(f"k{number}", *APP, f"lane{number}", f"m{number}", b"{}"), NOW)
        session.commit()


@contextmanager
def replicas(database: Database, clock: JumpingClock, *hands: Hand) -> Iterator[list[Relay]]:
    """A relay for each hand, each with a writer of its own, as processes have."""
    writers = [Writer(database.writer) for _ in hands]
    try:
        yield [
            Relay(writer, {APP: hand}, clock, f"w{place}")
            for place, (writer, hand) in enumerate(zip(writers, hands, strict=True))
        ]
    finally:
        for writer in writers:
            writer.close()


async def flush(relays: list[Relay]) -> None:
    """All send what they may now."""
    await asyncio.gather(*(relay.flush() for relay in relays))


def most_within(sent: list[datetime], span: timedelta) -> int:
    return max(sum(start <= one < start + span for one in sent) for start in sent)


@pytest.fixture
def shared(database: Database) -> Database:
    """A database that replicas share: an embedded one has one process."""
    if database.is_sqlite:
        pytest.skip("an embedded database has one process")
    return database


async def test_one_process_never_exceeds_a_limit(database: Database) -> None:
    fill(database, 20)
    clock = JumpingClock(NOW + timedelta(seconds=1))
    sent: list[datetime] = []
    with replicas(database, clock, Hand(clock, sent)) as relays:
        for _ in range(40):
            await flush(relays)
            clock.jump(clock.now() + timedelta(seconds=7))
    assert len(sent) == 20
    assert most_within(sent, timedelta(minutes=1)) == MOST


async def test_two_replicas_together_never_exceed_a_limit(shared: Database) -> None:
    fill(shared, 30)
    clock = JumpingClock(NOW + timedelta(seconds=1))
    sent: list[datetime] = []
    with replicas(shared, clock, Hand(clock, sent), Hand(clock, sent)) as relays:
        for _ in range(40):
            await flush(relays)
            clock.jump(clock.now() + timedelta(seconds=9))
    assert len(sent) == 30
    assert most_within(sent, timedelta(minutes=1)) == MOST
    assert sent[-1] - sent[0] < timedelta(minutes=5)


async def test_what_the_platform_refuses_for_a_while_is_refused_to_both(shared: Database) -> None:
    fill(shared, 6)
    clock = JumpingClock(NOW + timedelta(seconds=1))
    sent: list[datetime] = []
    busy, other = Hand(clock, sent, busy_at=1), Hand(clock, sent)
    with replicas(shared, clock, busy, other) as (first, second):
        await first._deliver(list((await first._claim(1)).parcels))
        await flush([second])
        assert sent == []
        clock.jump(clock.now() + timedelta(seconds=89))
        await flush([first, second])
        assert sent == []
        clock.jump(clock.now() + timedelta(seconds=2))
        await flush([first, second])
        assert len(sent) == 6


async def test_what_waits_for_room_is_no_failed_try(database: Database) -> None:
    fill(database, MOST + 1)
    clock = JumpingClock(NOW + timedelta(seconds=1))
    with replicas(database, clock, Hand(clock, [])) as (relay,):
        await relay.flush()
        with Session(database.reader) as session:
            waiting = outbox.listed(session, OutboxState.PENDING)
            assert [row.attempts for row in waiting] == [0]
            assert outbox.counts(session)[OutboxState.SENT] == MOST


async def test_an_embedded_database_has_nothing_to_count(database: Database) -> None:
    fill(database, 3)
    clock = JumpingClock(NOW + timedelta(seconds=1))
    with replicas(database, clock, Hand(clock, [])) as (relay,):
        await relay.flush()
    with Session(database.reader) as session:
        rows = session.execute(select(SendWindow)).scalars().all()
    assert sum(row.used for row in rows) == (0 if database.is_sqlite else 3)
