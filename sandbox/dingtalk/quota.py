"""How often: calls a second per app and API, calls and pushes a month for the whole organisation.

Pages how-to-process-api-throttling-on-the-dingtalk-server, notice-on-the-equity-adjustment-of-enterprise-
application-development-and, basic-interfaces-such-as-log-off-and-address-book (what is not counted),
dingtalk-application-development-platform-billing-model (what can be bought).
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta, timezone

from sandbox.dingtalk import limits
from sandbox.dingtalk.errors import no_calls_left, too_fast
from sandbox.state import World

_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Edition:
    """What an organisation may do: calls and pushes a month, calls a second per app and API."""

    api_month: int
    push_month: int
    calls_per_second: int
    paid: bool = True


STANDARD = Edition(limits.API_PER_MONTH, limits.PUSHES_PER_MONTH, limits.CALLS_PER_SECOND, paid=False)
PROFESSIONAL = Edition(limits.PRO_API_PER_MONTH, limits.PRO_PUSHES_PER_MONTH, limits.CALLS_PER_SECOND)
PACK = Edition(limits.PACK_API_PER_MONTH, limits.PACK_PUSHES_PER_MONTH, limits.PACK_CALLS_PER_SECOND)
EDITIONS = {"standard": STANDARD, "professional": PROFESSIONAL, "pack": PACK}


class Quota:
    """Counts everything. `calls` is the number of calls by (path, client id; "" where no app is known).

    Months go by the simulated clock; the calls of one second by `beat` (real seconds), since a clock that
    stands still has no seconds.
    """

    def __init__(self, world: World, beat: Callable[[], float] = time.monotonic) -> None:
        self._world, self._beat = world, beat
        self.buy(STANDARD)
        self.calls: Counter[tuple[str, str]] = Counter()
        self._used: Counter[tuple[str, str]] = Counter()
        self._recent: dict[tuple[str, str], deque[float]] = {}
        self._bursts: dict[str, deque[float]] = {}
        self._banned: dict[str, float] = {}

    def buy(self, edition: Edition) -> None:
        """The organisation has this edition from now on; what was used stays used."""
        self.api_month, self.push_month = edition.api_month, edition.push_month
        self.calls_per_second, self.paid = edition.calls_per_second, edition.paid

    @property
    def api_used(self) -> int:
        """Counted calls of this month."""
        return self._used["api", self._month()]

    @property
    def pushes_used(self) -> int:
        """Counted pushes of this month."""
        return self._used["push", self._month()]

    def use_up(self, *, api: bool = False, pushes: bool = False) -> None:
        """Nothing is left of this month."""
        if api:
            self._used["api", self._month()] = self.api_month
        if pushes:
            self._used["push", self._month()] = self.push_month

    def bans(self, address: str) -> bool:
        """Count any call of an address; whether the address is banned for calling too much."""
        now = self._beat()
        if self._banned.get(address, 0.0) > now:
            return True
        times = self._bursts.setdefault(address, deque())
        times.append(now)
        while times[0] <= now - limits.BURST_WINDOW:
            times.popleft()
        if len(times) > limits.BURST_CALLS:
            self._banned[address] = now + limits.BURST_BAN
            return True
        return False

    def count_call(self, path: str, client_id: str, *, exempt: bool) -> None:
        """Count a call that passed the gate. Raises Refused when it is one too many."""
        now, times = self._beat(), self._recent.setdefault((path, client_id), deque())
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= self.calls_per_second:
            raise too_fast()
        if not exempt and self.api_used >= self.api_month:
            raise no_calls_left()
        times.append(now)
        if not exempt:
            self._used["api", self._month()] += 1

    def count_push(self) -> bool:
        """Count a push; False when there is none left this month."""
        if self.pushes_used >= self.push_month:
            return False
        self._used["push", self._month()] += 1
        return True

    def _month(self) -> str:
        return self._world.now().astimezone(_CHINA).strftime("%Y-%m")
