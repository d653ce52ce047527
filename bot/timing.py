"""Time as connections see it: monotonic, and there to be replaced."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timing:
    """`now` in monotonic seconds, `sleep` takes seconds, `jitter` gives 0..1.

    The wall clock has no part in this: when it is set, no connection must be taken for dead.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random

    async def within(self, seconds: float, awaited: Awaitable[T]) -> T:
        """The result of `awaited`. Raises TimeoutError, with it cancelled, when it takes longer."""
        work = asyncio.ensure_future(awaited)
        alarm = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait((work, alarm), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise TimeoutError
        finally:
            alarm.cancel()
            if not work.done():
                work.cancel()
                await asyncio.wait((work,))
