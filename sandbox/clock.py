"""The time of the simulated world: handed in, shared with whoever lives in it, and able to jump ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time. Everything in the sandbox except network timeouts goes by it."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        ...

    def jump(self, to: datetime) -> None:
        """Make `to` (aware) the present moment."""
        ...


class JumpingClock:
    """A clock that runs at the usual speed from `start` (aware; default: the real time) and can be set."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta(0) if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        """Aware UTC."""
        return datetime.now(UTC) + self._offset

    def jump(self, to: datetime) -> None:
        """Go on from `to` (aware)."""
        self._offset = to - datetime.now(UTC)


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
