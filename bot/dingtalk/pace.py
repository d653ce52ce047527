"""How fast one app may call: 20 times a second for each API
[how-to-process-api-throttling-on-the-dingtalk-server]. We count over sliding seconds and stay below."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from bot.dingtalk import limits

_SECOND: Final = timedelta(seconds=1)


class Pace:
    """Counts what was called within the last second, by API."""

    def __init__(self, clock: Callable[[], datetime], per_second: int = limits.OUR_QPS) -> None:
        self._clock = clock
        self._most = per_second
        self._called: dict[str, deque[datetime]] = {}

    def take(self, path: str) -> float:
        """Count one call and return 0, or count nothing and return the seconds to wait."""
        now = self._clock()
        called = self._called.setdefault(path, deque())
        while called and (now - called[0] >= _SECOND or called[0] > now):
            called.popleft()
        if len(called) >= self._most:
            return max((called[0] + _SECOND - now).total_seconds(), 0.001)
        called.append(now)
        return 0.0
