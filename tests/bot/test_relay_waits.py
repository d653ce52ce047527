"""What cannot be sent now is left alone: nothing is claimed for an app that is away, and nothing spins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from config.clock import JumpingClock
from scheduler.delivery import Delivered, Outcome, Stopped
from scheduler.relay import Relay
from store import outbox
from store.database import Database
from store.outbox import Letter, Parcel
from store.tables import OutboxState
from store.writer import Writer
from tests.bot.office import NOW


class Hand:
    """A sender that is ready or not, and answers as told."""

    def __init__(self, outcome: Outcome, *, ready: bool = True) -> None:
        self.outcome = outcome
        self.is_ready = ready
        self.taken: list[int] = []

    @property
    def ready(self) -> bool:
        return self.is_ready

    async def send(self, parcel: Parcel) -> Outcome:
        self.taken.append(parcel.id)
        return self.outcome


def letter(app: str, number: int) -> Letter:
    return Letter(f"{app}{number}", "wecom", app, f"wecom:{app}:m{number}", f"m{number}", b"{}")


@pytest.fixture
def filled(database: Database) -> Database:
    with Session(database.writer) as session:
        for number in range(20):
            outbox.put(session, letter("main", number), NOW)
            outbox.put(session, letter("bot", number), NOW)
        session.commit()
    return database


def states(database: Database) -> dict[str, int]:
    with Session(database.reader) as session:
        return outbox.counts(session)


async def test_an_app_that_is_not_connected_keeps_its_letters_and_holds_up_nobody(filled: Database) -> None:
    clock = JumpingClock(NOW + timedelta(seconds=1))
    main, bot = Hand(Delivered()), Hand(Delivered(), ready=False)
    writer = Writer(filled.writer)
    relay = Relay(writer, {("wecom", "main"): main, ("wecom", "bot"): bot}, clock, "test")
    assert await relay.flush() == 20
    assert (len(main.taken), bot.taken) == (20, [])
    bot.is_ready = True
    assert await relay.flush() == 20
    assert states(filled) == {OutboxState.SENT: 40}
    writer.close()


async def test_after_a_wrong_setting_the_app_is_asked_again_only_after_a_while(filled: Database) -> None:
    clock = JumpingClock(NOW + timedelta(seconds=1))
    main, bot = Hand(Delivered()), Hand(Stopped("60020", "可信IP", after=60.0))
    writer = Writer(filled.writer)
    relay = Relay(writer, {("wecom", "main"): main, ("wecom", "bot"): bot}, clock, "test")
    await relay.flush()
    assert len(main.taken) == 20
    tried = len(bot.taken)
    assert await relay.flush() == 0
    bot.outcome = Delivered()
    clock.jump(clock.now() + timedelta(seconds=61))
    await relay.flush()
    assert len(bot.taken) == tried + 20
    assert states(filled) == {OutboxState.SENT: 40}
    writer.close()


async def test_letters_of_an_app_that_is_gone_from_the_settings_do_not_spin(filled: Database) -> None:
    clock = JumpingClock(NOW + timedelta(seconds=1))
    writer = Writer(filled.writer)
    relay = Relay(writer, {("wecom", "main"): Hand(Delivered())}, clock, "test")
    await relay.flush()
    assert await relay.flush() == 0
    assert states(filled)[OutboxState.SENT] == 20
    writer.close()
