"""The time of the simulated world: handed in, shared with whoever lives in it, and able to jump ahead."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time. Everything in the sandbox except network timeouts goes by it."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        ...

    def jump(self, to: datetime) -> None:
        """Make `to` (aware) the present moment."""
        ...


class StandingClock:
    """A clock that stands still until it is set; for exact tests. Times are aware UTC."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Aware UTC."""
        return self._now

    def jump(self, to: datetime) -> None:
        """Stand at `to` (aware)."""
        self._now = to.astimezone(UTC)
