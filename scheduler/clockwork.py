"""The clock that calls the ticks: APScheduler behind one typed class.

APScheduler 3 keeps nothing here: what is due stands in the database, and a tick asks for it. So a run
that was missed is only a later one, and any number of replicas may tick.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

PATIENCE = 10.0  # seconds that a running tick is given to end


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to look after every few seconds. `every` is in seconds; `name` is for the log."""

    name: str
    run: Callable[[], Awaitable[None]]
    every: float = 5.0


class Clockwork:
    """Calls each tick in its rhythm, one tick never beside itself; a failing tick is logged and goes on.

    Each has a moment of its own: all at once would hold up the messages that come just then.
    Raises `ValueError` for two ticks of one name.
    """

    def __init__(self, ticks: Sequence[Tick]) -> None:
        if len({tick.name for tick in ticks}) != len(ticks):
            raise ValueError("two ticks have the same name")
        self._ticks = tuple(ticks)
        self._busy = {tick.name: asyncio.Lock() for tick in ticks}
        self._scheduler = AsyncIOScheduler()
        now = datetime.now(UTC)
        for place, tick in enumerate(self._ticks, 1):
            self._scheduler.add_job(
                self._due,
                "interval",
                args=(tick,),
                seconds=tick.every,
                start_date=now + timedelta(seconds=tick.every * place / len(self._ticks)),
                id=tick.name,
                coalesce=True,
                max_instances=2,  # the second finds the first at work and leaves, without a warning each time
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Start calling, from the running event loop."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Call no more, and let what is running come to its end for up to `PATIENCE` seconds."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        try:
            async with asyncio.timeout(PATIENCE):
                for lock in self._busy.values():
                    async with lock:
                        pass
        except TimeoutError:
            log.warning("clockwork.impatient")
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # APScheduler shuts down in a callback of the loop

    async def run_once(self) -> None:
        """Run every tick now, one after the other, in their order: after the clock was set forward."""
        for tick in self._ticks:
            async with self._busy[tick.name]:
                await _guarded(tick)

    async def _due(self, tick: Tick) -> None:
        lock = self._busy[tick.name]
        if lock.locked():
            return
        async with lock:
            await _guarded(tick)


async def _guarded(tick: Tick) -> None:
    """Run a tick; its failure is logged by name and ends here."""
    try:
        await tick.run()
    except Exception as error:  # the boundary of a tick: the next run tries again
        log.exception("tick.failed", tick=tick.name, error=type(error).__name__)
