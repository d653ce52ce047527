"""Callbacks that come together or in the wrong order: held back until enough of them are there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Batch:
    size: int
    backwards: bool
    gates: list[asyncio.Event] = field(default_factory=list)
    finished: set[int] = field(default_factory=set)
    free: bool = False

    def let_go(self) -> None:
        self.free = True
        self._open()

    def done(self, place: int) -> None:
        self.finished.add(place)
        if self.free:
            self._open()

    def _open(self) -> None:
        rest = [place for place in range(len(self.gates)) if place not in self.finished]
        for place in rest[-1:] if self.backwards else rest:
            self.gates[place].set()


class Gathering:
    """Once: the next `size` callbacks wait for each other, then go all at once or the last one first."""

    def __init__(self) -> None:
        self._batch: _Batch | None = None

    @property
    def waiting(self) -> int:
        """How many callbacks are held back."""
        return 0 if self._batch is None else len(self._batch.gates)

    def burst(self, size: int) -> None:
        """Let the next `size` callbacks go all at once; 0 holds nothing back any more."""
        self._begin(size, backwards=False)

    def backwards(self, size: int) -> None:
        """Let the next `size` callbacks go one by one, the last one first; 0 as in `burst`."""
        self._begin(size, backwards=True)

    def release(self) -> None:
        """Let go what is held back, however little it is."""
        batch, self._batch = self._batch, None
        if batch is not None:
            batch.let_go()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Around a delivery: wait for the others, where that is switched on."""
        batch = self._batch
        if batch is None:
            yield
            return
        gate, place = asyncio.Event(), len(batch.gates)
        batch.gates.append(gate)
        if len(batch.gates) >= batch.size:
            self.release()
        try:
            await gate.wait()
            yield
        finally:
            batch.done(place)

    def _begin(self, size: int, *, backwards: bool) -> None:
        self.release()
        self._batch = _Batch(size, backwards) if size > 1 else None
