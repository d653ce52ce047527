"""One holder among replicas."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest

from bot.wecom.aibot.connection import State
from bot.wecom.aibot.keeper import LIFE, RENEW_EVERY, Keeper, LeaseCalls
from tests.bot.wecom.aibot.clockwork import VirtualTime, breathe
from tests.bot.wecom.aibot.conftest import Desk
from tests.bot.wecom.aibot.openws import OpenWs

SECONDS = LIFE.total_seconds()


@dataclass
class Board:
    """The lease's row, and replicas that may lose sight of the database."""

    time: VirtualTime
    holder: str = ""
    until: float = 0.0
    blind: set[str] = field(default_factory=set)

    def calls(self, name: str) -> LeaseCalls:
        async def hold() -> bool:
            if name in self.blind:
                raise OSError("no database")
            if self.holder in ("", name) or self.until <= self.time.now():
                self.holder, self.until = name, self.time.now() + SECONDS
            return self.holder == name

        async def release() -> None:
            if name in self.blind:
                raise OSError("no database")
            self.holder = "" if self.holder == name else self.holder

        return LeaseCalls(hold, release)


@pytest.fixture
def board(time: VirtualTime) -> Board:
    return Board(time)


@pytest.fixture
async def keep(board: Board, time: VirtualTime) -> AsyncIterator[Callable[[Desk, str], Keeper]]:
    kept: list[Keeper] = []

    def one(desk: Desk, name: str) -> Keeper:
        keeper = Keeper(desk.bot.connection, board.calls(name), timing=time.timing)
        keeper.start()
        kept.append(keeper)
        return keeper

    yield one
    for keeper in kept:
        await keeper.stop()


Make = Callable[..., Desk]
Keep = Callable[[Desk, str], Keeper]


async def hours(time: VirtualTime, server: OpenWs, seconds: float) -> None:
    """Let time pass, with the platform keeping up."""
    for _ in range(int(seconds // RENEW_EVERY)):
        await time.forward(RENEW_EVERY)
        await server.tell()
        for _ in range(5):
            await breathe()


async def test_one_replica_connects_and_the_other_stands_by(
    make: Make, keep: Keep, server: OpenWs, time: VirtualTime
) -> None:
    one, two = make(), make()
    keep(one, "one")
    keep(two, "two")
    await one.in_state(State.READY)
    await hours(time, server, 300)
    assert (one.bot.connection.state, two.bot.connection.state) == (State.READY, State.STANDBY)
    assert server.subscribes == 1


async def test_a_replica_that_stops_hands_over_at_once(
    make: Make, keep: Keep, server: OpenWs, time: VirtualTime
) -> None:
    one, two = make(), make()
    first = keep(one, "one")
    await one.in_state(State.READY)
    keep(two, "two")
    await first.stop()
    await one.bot.close()
    await first.give_back()
    await time.forward(RENEW_EVERY)
    await two.in_state(State.READY)
    assert server.subscribes == 2


async def test_a_replica_that_dies_is_replaced_after_its_lease(
    make: Make, keep: Keep, server: OpenWs, time: VirtualTime
) -> None:
    one, two = make(), make()
    first = keep(one, "one")
    await one.in_state(State.READY)
    keep(two, "two")
    await first.stop()
    await hours(time, server, SECONDS + RENEW_EVERY)
    await two.in_state(State.READY)
    await one.in_state(State.TAKEN_OVER)


async def test_a_holder_that_does_not_see_the_database_lets_go_before_its_lease_is_over(
    make: Make, keep: Keep, board: Board, server: OpenWs, time: VirtualTime
) -> None:
    one, two = make(), make()
    first = keep(one, "one")
    await one.in_state(State.READY)
    keep(two, "two")
    board.blind.add("one")
    await time.forward(RENEW_EVERY)
    assert one.bot.connection.state is State.READY
    await time.forward(RENEW_EVERY)
    await one.in_state(State.STANDBY)
    assert board.until > time.now()
    assert not first.held
    await hours(time, server, SECONDS)
    await two.in_state(State.READY)
    await first.give_back()


async def test_a_take_over_from_outside_is_not_fought_and_can_be_taken_back(
    make: Make, keep: Keep, server: OpenWs, time: VirtualTime
) -> None:
    one, outside = make(), make()
    first = keep(one, "one")
    await one.in_state(State.READY)
    await outside.connected(server)
    await one.in_state(State.TAKEN_OVER)
    await hours(time, server, 600)
    assert one.bot.connection.state is State.TAKEN_OVER
    assert (server.subscribes, first.held) == (2, True)
    assert first.take_back()
    await one.in_state(State.READY)


async def test_a_replica_without_the_lease_does_not_take_back(
    make: Make, keep: Keep, server: OpenWs, time: VirtualTime
) -> None:
    one, two = make(), make()
    keep(one, "one")
    await one.in_state(State.READY)
    second = keep(two, "two")
    await breathe()
    assert not second.take_back()
    assert two.bot.connection.state is State.STANDBY


async def test_giving_back_survives_a_lost_database(make: Make, keep: Keep, board: Board) -> None:
    one = make()
    first = keep(one, "one")
    await one.in_state(State.READY)
    board.blind.add("one")
    await first.stop()
    await first.give_back()
    assert not first.held
