"""Time that moves when a test says so."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import datetime, timedelta

from bot.timing import Timing
from tests.bot.wecom.platform import NOW

BREATHS = 20


class VirtualTime:
    """`sleep` ends when `forward` has moved the time past its end."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self._order = itertools.count()
        self._sleeping: list[tuple[float, int, asyncio.Future[None]]] = []

    @property
    def timing(self) -> Timing:
        return Timing(self.now, self.sleep, lambda: 0.5)

    def now(self) -> float:
        return self.seconds

    def clock(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds - 1000.0)

    async def sleep(self, seconds: float) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.seconds + seconds, next(self._order), done))
        await done

    async def forward(self, seconds: float) -> None:
        """Move on, waking whoever is due on the way, each at its own moment."""
        await breathe()
        target = self.seconds + seconds
        while self._sleeping and self._sleeping[0][0] <= target:
            due, _, done = heapq.heappop(self._sleeping)
            self.seconds = max(self.seconds, due)
            if not done.done():
                done.set_result(None)
                await breathe()
        self.seconds = target
        await breathe()


async def breathe() -> None:
    """Let whatever can run, run."""
    for _ in range(BREATHS):
        await asyncio.sleep(0)
