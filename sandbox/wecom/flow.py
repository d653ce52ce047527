"""How often: calls per API, pushes per app and day, messages per member (page 90454)."""

from __future__ import annotations

from collections import Counter, deque

from sandbox.wecom import limits
from sandbox.wecom.errors import Code, Refused

MINUTE, HOUR, DAY = 60, 3600, 86400
_UNLIMITED = frozenset({"message/send"})  # page 90454: sending is not counted here


class Flow:
    """Counts everything. `calls` is the number of calls by (path, agent id; 0 where no app is known yet)."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, int]] = Counter()
        self._windows: dict[tuple[str, int], tuple[int, int]] = {}
        self._members: dict[tuple[int, str], deque[float]] = {}

    def called(self, path: str, agent_id: int) -> None:
        """Note a call."""
        self.calls[path, agent_id] += 1

    def check_api(self, path: str, now: float) -> None:
        """Count a call against the limits per API. Raises Refused (45009)."""
        if path in _UNLIMITED:
            return
        over_minute = self._count(path, MINUTE, 1, now) > limits.API_PER_MINUTE
        over_hour = self._count(path, HOUR, 1, now) > limits.API_PER_HOUR
        if over_minute or over_hour:
            raise Refused(Code.TOO_OFTEN)

    def check_day(self, agent_id: int, people: int, account_cap: int, now: float) -> None:
        """Count person-times against the app's daily allowance. Raises Refused (45009)."""
        allowed = account_cap * limits.SENDS_PER_ACCOUNT_AND_DAY
        if self._count(f"send as {agent_id}", DAY, people, now) > allowed:
            raise Refused(Code.TOO_OFTEN, "daily allowance of the app")

    def reaches(self, agent_id: int, userid: str, now: float) -> bool:
        """Whether a message still reaches the member; one that does not is not counted."""
        times = self._members.setdefault((agent_id, userid), deque())
        while times and times[0] <= now - HOUR:
            times.popleft()
        if len(times) >= limits.MEMBER_PER_HOUR:
            return False
        if len(times) >= limits.MEMBER_PER_MINUTE and times[-limits.MEMBER_PER_MINUTE] > now - MINUTE:
            return False
        times.append(now)
        return True

    def _count(self, name: str, window: int, by: int, now: float) -> int:
        current = int(now // window)
        started, count = self._windows.get((name, window), (current, 0))
        count = count + by if started == current else by
        self._windows[name, window] = (current, count)
        return count
