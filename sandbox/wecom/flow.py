"""How often: calls per API and address, pushes per app and day, messages per member (page 90454)."""

from __future__ import annotations

from collections import Counter, deque

from sandbox.wecom import limits
from sandbox.wecom.errors import Code, Refused

MINUTE, HOUR, DAY = 60, 3600, 86400
_UNLIMITED = frozenset({"message/send"})  # page 90454: sending is not counted here
_TO_MEMBER = ((MINUTE, limits.MEMBER_PER_MINUTE), (HOUR, limits.MEMBER_PER_HOUR))
_TO_MEMBER_IN_GROUPS = ((MINUTE, limits.APPCHAT_MEMBER_PER_MINUTE), (DAY, limits.APPCHAT_MEMBER_PER_DAY))


class Flow:
    """Counts everything. `calls` is the number of calls by (path, agent id; 0 where no app is known yet)."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, int]] = Counter()
        self._windows: dict[tuple[str, int], tuple[int, int]] = {}
        self._members: dict[tuple[int, str], deque[float]] = {}

    def called(self, path: str, agent_id: int) -> None:
        """Note a call."""
        self.calls[path, agent_id] += 1

    def check_api(self, path: str, now: float, address: str = "") -> None:
        """Count a call against the limits per API and per source address. Raises Refused (45009)."""
        if path in _UNLIMITED:
            return
        counted = [
            (self._count(path, MINUTE, 1, now), limits.API_PER_MINUTE),
            (self._count(path, HOUR, 1, now), limits.API_PER_HOUR),
        ]
        if address:
            source = f"from {address}"
            counted.append((self._count(source, MINUTE, 1, now), limits.ADDRESS_PER_MINUTE))
            counted.append((self._count(source, HOUR, 1, now), limits.ADDRESS_PER_HOUR))
        if any(count > most for count, most in counted):
            raise Refused(Code.TOO_OFTEN)

    def check_rate(self, name: str, most: int, window: int, now: float, by: int = 1) -> None:
        """Count `by` under `name` against `most` in a window of so many seconds. Raises Refused (45009)."""
        if self._count(name, window, by, now) > most:
            raise Refused(Code.TOO_OFTEN, name)

    def check_day(self, agent_id: int, people: int, account_cap: int, now: float) -> None:
        """Count person-times against the app's daily allowance. Raises Refused (45009)."""
        allowed = account_cap * limits.SENDS_PER_ACCOUNT_AND_DAY
        self.check_rate(f"daily allowance of {agent_id}", allowed, DAY, now, people)

    def reaches(self, agent_id: int, userid: str, now: float) -> bool:
        """Whether a message still reaches the member; one that does not is not counted."""
        return _fits(self._members.setdefault((agent_id, userid), deque()), _TO_MEMBER, now)

    def reaches_in_group(self, userid: str, now: float) -> bool:
        """The same for what apps say in the groups that they have made."""
        return _fits(self._members.setdefault((-1, userid), deque()), _TO_MEMBER_IN_GROUPS, now)

    def _count(self, name: str, window: int, by: int, now: float) -> int:
        current = int(now // window)
        started, count = self._windows.get((name, window), (current, 0))
        count = count + by if started == current else by
        self._windows[name, window] = (current, count)
        return count


def _fits(times: deque[float], bounds: tuple[tuple[int, int], ...], now: float) -> bool:
    while times and times[0] <= now - bounds[-1][0]:
        times.popleft()
    if any(len(times) >= most and times[-most] > now - window for window, most in bounds):
        return False
    times.append(now)
    return True
