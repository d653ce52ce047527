"""One conversation in order, different conversations side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Lanes(Generic[T]):
    """Runs work by key: what has the same key runs one after the other, in the order in which it came."""

    def __init__(self) -> None:
        self._tails: dict[str, asyncio.Task[T]] = {}

    def run(self, key: str, make: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        """Queue work for `key`; the task ends with its result."""
        task = asyncio.create_task(_after(self._tails.get(key), make))
        self._tails[key] = task
        task.add_done_callback(lambda done: self._forget(key, done))
        return task

    @property
    def busy(self) -> int:
        """How many keys have work."""
        return len(self._tails)

    async def drain(self) -> None:
        """Wait until nothing is left."""
        while self._tails:
            await asyncio.wait(list(self._tails.values()))

    def _forget(self, key: str, done: asyncio.Task[T]) -> None:
        if self._tails.get(key) is done:
            del self._tails[key]


async def _after(before: asyncio.Task[T] | None, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    if before is not None:
        await asyncio.wait({before})
    return await make()
