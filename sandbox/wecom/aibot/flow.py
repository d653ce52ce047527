"""How often: replies and pushes per conversation, uploads per bot (page 101463)."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

from sandbox.wecom.errors import Code, Refused

MINUTE, HOUR = 60, 3600


class Sliding:
    """Counts in a sliding minute and a sliding hour. What is refused is not counted."""

    def __init__(self, per_minute: int, per_hour: int) -> None:
        self._per_minute, self._per_hour = per_minute, per_hour
        self._times: dict[Hashable, deque[float]] = {}

    def count(self, key: Hashable, now: float) -> None:
        """Count one more. Raises Refused (45009)."""
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - HOUR:
            times.popleft()
        if len(times) >= self._per_hour:
            raise Refused(Code.TOO_OFTEN, f"{self._per_hour} an hour")
        if len(times) >= self._per_minute and times[-self._per_minute] > now - MINUTE:
            raise Refused(Code.TOO_OFTEN, f"{self._per_minute} a minute")
        times.append(now)
