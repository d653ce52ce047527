"""The clockwork: ticks run in their rhythm, never beside themselves, and a failing one stops nobody."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from structlog.testing import capture_logs

from scheduler.clockwork import Clockwork, Tick
from tests.patience import PATIENCE

SHORT = 0.01  # seconds between ticks


class Counter:
    """A tick that counts its runs, and how many ran at once; `gate` holds it up while it is closed."""

    def __init__(self) -> None:
        self.runs = 0
        self.at_once = 0
        self.most = 0
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def run(self) -> None:
        """One run."""
        self.runs += 1
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        self.begun.set()
        await self.gate.wait()
        self.at_once -= 1


async def test_a_started_clockwork_calls_its_ticks_again_and_again() -> None:
    third = asyncio.Event()
    runs = 0

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            third.set()

    clock = Clockwork([Tick("due", run, SHORT)])
    clock.start()
    async with asyncio.timeout(PATIENCE):
        await third.wait()
    await clock.stop()


async def test_ticks_of_one_rhythm_come_one_after_the_other() -> None:
    async def run() -> None:
        raise AssertionError("not within this test")

    clock = Clockwork([Tick(str(place), run, every=500.0) for place in range(5)])
    clock.start()
    coming = [job.next_run_time for job in clock._scheduler.get_jobs()]
    await clock.stop()
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(coming)]
    assert gaps == [pytest.approx(100.0)] * 4


async def test_run_once_runs_every_tick_in_order_without_being_started() -> None:
    order: list[str] = []

    def tick(name: str) -> Tick:
        async def run() -> None:
            order.append(name)

        return Tick(name, run)

    await Clockwork([tick("mornings"), tick("birthdays"), tick("due")]).run_once()
    assert order == ["mornings", "birthdays", "due"]


async def test_a_tick_is_never_beside_itself() -> None:
    slow = Counter()
    slow.gate.clear()
    clock = Clockwork([Tick("slow", slow.run, SHORT)])
    clock.start()
    async with asyncio.timeout(PATIENCE):
        await slow.begun.wait()
        once = asyncio.create_task(clock.run_once())
        other = Counter()
        second = Clockwork([Tick("other", other.run, SHORT)])
        second.start()
        await other.begun.wait()
        slow.gate.set()
        await once
    await clock.stop()
    await second.stop()
    assert slow.most == 1
    assert slow.runs >= 2


async def test_a_failing_tick_is_logged_by_name_and_the_others_go_on() -> None:
    counter = Counter()

    async def broken() -> None:
        raise ZeroDivisionError

    clock = Clockwork([Tick("broken", broken), Tick("fine", counter.run)])
    with capture_logs() as logs:
        await clock.run_once()
        await clock.run_once()
    assert counter.runs == 2
    assert [(line["event"], line["tick"], line["error"]) for line in logs] == [
        ("tick.failed", "broken", "ZeroDivisionError")
    ] * 2


async def test_stopping_waits_for_what_is_running() -> None:
    slow = Counter()
    slow.gate.clear()
    clock = Clockwork([Tick("slow", slow.run, SHORT)])
    clock.start()
    async with asyncio.timeout(PATIENCE):
        await slow.begun.wait()
        stopping = asyncio.create_task(clock.stop())
        await asyncio.sleep(0)
        assert not stopping.done()
        slow.gate.set()
        await stopping
    assert slow.at_once == 0
    await clock.stop()


async def test_being_cancelled_is_not_swallowed() -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await Clockwork([Tick("cancelled", cancelled)]).run_once()


def test_two_ticks_of_one_name_are_refused() -> None:
    async def run() -> None: ...

    with pytest.raises(ValueError, match="same name"):
        Clockwork([Tick("due", run), Tick("due", run)])
