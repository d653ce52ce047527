"""What may go wrong on the API side, to be switched on by tests and by the page."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from sandbox.wecom.errors import Refused


@dataclass(slots=True)
class ApiFaults:
    """`down` resets every connection, `untrusted` answers 60020, `latency` delays answers (real seconds).

    `parallel` is how many calls may be under way at once before 45033 comes; 0 for any number, since the
    platform's own bound is not published.
    """

    down: bool = False
    untrusted: bool = False
    latency: float = 0.0
    parallel: int = 0
    _codes: dict[str, deque[int]] = field(default_factory=dict)
    _resets: Counter[str] = field(default_factory=Counter)

    def inject(self, path: str, errcode: int, times: int = 1) -> None:
        """Answer the next `times` calls of `path` ("message/send") with `errcode`, nothing being done."""
        self._codes.setdefault(path, deque()).extend([errcode] * times)

    def reset_after_commit(self, path: str, times: int = 1) -> None:
        """Do what the next `times` calls ask for, then reset the connection instead of answering."""
        self._resets[path] += times

    def raise_injected(self, path: str) -> None:
        """Raise what was injected for this call, if anything was. Raises Refused."""
        waiting = self._codes.get(path)
        if waiting:
            raise Refused(waiting.popleft(), "injected")

    def takes_reset(self, path: str) -> bool:
        """Whether this call's answer is to be lost."""
        if self._resets[path] <= 0:
            return False
        self._resets[path] -= 1
        return True

    def clear(self) -> None:
        """Everything works again."""
        self.down = self.untrusted = False
        self.latency, self.parallel = 0.0, 0
        self._codes.clear()
        self._resets.clear()
