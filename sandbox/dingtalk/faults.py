"""What may go wrong, to be switched on by tests and by a page."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from sandbox.dingtalk.errors import Refused


@dataclass(slots=True)
class ApiFaults:
    """On the API's side. Paths are without a slash in front ("v1.0/robot/oToMessages/batchSend").

    `down` resets every connection, `latency` delays all answers, `slow` those of some paths (real seconds),
    `ban_page` answers the page of a banned address. `flow_controlled` are staff ids the robot may not write
    to just now, `undeliverable` maps space ids (a staff id, a group) to the reason why cards do not get
    there, `lying` ones accept cards that nobody sees.
    """

    down: bool = False
    latency: float = 0.0
    slow: dict[str, float] = field(default_factory=dict)
    ban_page: bool = False
    flow_controlled: set[str] = field(default_factory=set)
    undeliverable: dict[str, str] = field(default_factory=dict)
    lying: set[str] = field(default_factory=set)
    _refusals: dict[str, deque[Refused]] = field(default_factory=dict)
    _resets: Counter[str] = field(default_factory=Counter)

    def inject(
        self, path: str, code: str = "system.busy", times: int = 1, *, status: int = 500, errcode: int = -1
    ) -> None:
        """Refuse the next `times` calls of `path`, nothing being done; `errcode` is for old calls."""
        refused = Refused(code, "injected", status=status, errcode=errcode)
        self._refusals.setdefault(path, deque()).extend([refused] * times)

    def reset_after_commit(self, path: str, times: int = 1) -> None:
        """Do what the next `times` calls ask for, then reset the connection instead of answering."""
        self._resets[path] += times

    def raise_injected(self, path: str) -> None:
        """Raise what was injected for this call, if anything was. Raises Refused."""
        waiting = self._refusals.get(path)
        if waiting:
            raise waiting.popleft()

    def takes_reset(self, path: str) -> bool:
        """Whether this call's answer is to be lost."""
        if self._resets[path] <= 0:
            return False
        self._resets[path] -= 1
        return True

    def clear(self) -> None:
        """Everything works again."""
        self.down = self.ban_page = False
        self.latency = 0.0
        self.slow.clear()
        self.flow_controlled.clear()
        self.undeliverable.clear()
        self.lying.clear()
        self._refusals.clear()
        self._resets.clear()


@dataclass(slots=True)
class PushFaults:
    """On the way to the app: every push comes `copies` times; the next `lost_acks` good answers are lost.

    `unconnected` keeps a robot message while nobody is connected (to come with the redelivery) instead of
    losing it.
    """

    copies: int = 1
    lost_acks: int = 0
    unconnected: bool = False

    def loses_ack(self) -> bool:
        """Whether this good answer is thrown away, so that the push comes again."""
        if self.lost_acks <= 0:
            return False
        self.lost_acks -= 1
        return True

    def clear(self) -> None:
        """Everything works again."""
        self.copies, self.lost_acks, self.unconnected = 1, 0, False
