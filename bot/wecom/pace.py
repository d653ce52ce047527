"""How fast one member may be written to.

WeCom drops the 31st message of a minute and the 1001st of an hour and answers "ok" [90454], so we count.
The counts are over sliding windows: a bucket that refills would let twice its size pass in one minute.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.wecom import limits

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_SWEEP_EVERY: Final = 1000


class Pace:
    """Counts what was sent to each member within the last hour."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        per_minute: int = limits.OUR_MEMBER_PER_MINUTE,
        per_hour: int = limits.OUR_MEMBER_PER_HOUR,
    ) -> None:
        self._clock = clock
        self._per_minute = per_minute
        self._per_hour = per_hour
        self._sent: dict[str, deque[datetime]] = {}
        self._since_sweep = 0

    @property
    def remembered(self) -> int:
        """Members in memory."""
        return len(self._sent)

    def take(self, member: str) -> float:
        """Count one message to `member` and return 0, or count nothing and return the seconds to wait."""
        now = self._clock()
        self._sweep(now)
        sent = self._sent.setdefault(member.lower(), deque())
        _forget(sent, now)
        wait = max(_left(sent, self._per_minute, _MINUTE, now), _left(sent, self._per_hour, _HOUR, now))
        if wait <= 0:
            sent.append(now)
        return max(wait, 0.0)

    def give_back(self, member: str) -> None:
        """The message counted last did not go out."""
        sent = self._sent.get(member.lower())
        if sent:
            sent.pop()

    def _sweep(self, now: datetime) -> None:
        """Now and then, let go of members that nothing was sent to for an hour."""
        self._since_sweep += 1
        if self._since_sweep < _SWEEP_EVERY:
            return
        self._since_sweep = 0
        for member in [name for name, sent in self._sent.items() if not sent or now - sent[-1] > _HOUR]:
            del self._sent[member]


def _forget(sent: deque[datetime], now: datetime) -> None:
    """Drop what is older than an hour; after the clock was set back, what lies ahead counts as now."""
    while sent and now - sent[0] >= _HOUR:
        sent.popleft()
    if sent and sent[-1] > now:
        held = [min(moment, now) for moment in sent]
        sent.clear()
        sent.extend(held)


def _left(sent: deque[datetime], most: int, window: timedelta, now: datetime) -> float:
    """Seconds until fewer than `most` lie within the window; 0 or less when that is so already."""
    if len(sent) < most:
        return 0.0
    return (sent[-most] + window - now).total_seconds()
