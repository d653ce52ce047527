"""So many turns at once: more would only wait for each other, and each would cost more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class Turnstile:
    """`async with` takes a place when one is free, in the order in which they came, and gives it back."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if self._free > 0:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._give_back()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()

    @contextmanager
    def outside(self) -> Iterator[None]:
        """While somebody else is waited for, the place is another one's; the way back waits for nobody."""
        self._give_back()
        try:
            yield
        finally:
            self._free -= 1

    def _give_back(self) -> None:
        self._free += 1
        while self._waiting and self._free > 0:
            place = self._waiting.popleft()
            if not place.done():
                self._free -= 1
                place.set_result(None)
