"""The clock, handed to whoever needs the time, so that tests and the sandbox can jump to tomorrow morning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.now(UTC)


class JumpingClock:
    """A clock that runs on from wherever it was last set."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta(0) if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        """The present moment of the simulated world, aware UTC."""
        return datetime.now(UTC) + self._ahead

    def jump(self, to: datetime) -> None:
        """Go to `to` (aware) and run on from there."""
        self._ahead = to - datetime.now(UTC)
