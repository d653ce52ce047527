"""What may go wrong, to be switched on by tests and by a page."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from sandbox.dingtalk.errors import Refused


@dataclass(slots=True)
class ApiFaults:
    """On the API's side. Paths are without a slash in front ("v1.0/robot/oToMessages/batchSend").

    `down` resets every connection, `latency` delays all answers, `slow` those of some paths (real seconds),
    `ban_page` answers what a banned address gets, as a web page where `ban_html`; `xml_errors` writes every
    refusal as XML. `flow_controlled` are staff ids the robot may not write to just now; over `robot_pace`
    messages a minute (None: any) a colleague is one of them and a group refuses. `undeliverable` maps space
    ids (a staff id, a group) to the reason why cards do not get there, `lying` ones accept cards that nobody
    sees. `old_cards` lets a card be created twice, which changes nothing; `strict_values` holds to the
    documented size of one variable.
    """

    down: bool = False
    latency: float = 0.0
    slow: dict[str, float] = field(default_factory=dict)
    ban_page: bool = False
    ban_html: bool = False
    xml_errors: bool = False
    robot_pace: int | None = None
    old_cards: bool = False
    strict_values: bool = False
    flow_controlled: set[str] = field(default_factory=set)
    undeliverable: dict[str, str] = field(default_factory=dict)
    lying: set[str] = field(default_factory=set)
    _refusals: dict[str, deque[Refused]] = field(default_factory=dict)
    _resets: Counter[str] = field(default_factory=Counter)

    def inject(
        self, path: str, code: str = "system.busy", times: int = 1, *, status: int = 500, errcode: int = -1
    ) -> None:
        """Refuse the next `times` calls of `path`, nothing being done; `errcode` is for old calls."""
        self.refuse(path, Refused(code, "injected", status=status, errcode=errcode), times)

    def refuse(self, path: str, refused: Refused, times: int = 1) -> None:
        """Refuse the next `times` calls of `path` in just this way, nothing being done."""
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
        self.down = self.ban_page = self.ban_html = self.xml_errors = False
        self.old_cards = self.strict_values = False
        self.latency, self.robot_pace = 0.0, None
        self.slow.clear()
        self.flow_controlled.clear()
        self.undeliverable.clear()
        self.lying.clear()
        self._refusals.clear()
        self._resets.clear()


@dataclass(slots=True)
class PushFaults:
    """On the way to the app: every push comes `copies` times; the next `lost_acks` good answers are lost, the
    next `late_cards` answers to clicks come too late to count.

    `unconnected` keeps a robot message while nobody is connected (to come with the redelivery) instead of
    losing it. `nameless` robot messages have no staff id, as from outsiders. By HTTP a `forged` push is
    wrongly signed, a `stale` one bears a timestamp of two hours ago.
    """

    copies: int = 1
    lost_acks: int = 0
    late_cards: int = 0
    unconnected: bool = False
    nameless: bool = False
    forged: bool = False
    stale: bool = False

    def is_late(self) -> bool:
        """Whether this answer to a click is on its way for too long."""
        if self.late_cards <= 0:
            return False
        self.late_cards -= 1
        return True

    def loses_ack(self) -> bool:
        """Whether this good answer is thrown away, so that the push comes again."""
        if self.lost_acks <= 0:
            return False
        self.lost_acks -= 1
        return True

    def clear(self) -> None:
        """Everything works again."""
        self.copies, self.lost_acks, self.late_cards = 1, 0, 0
        self.unconnected = self.nameless = self.forged = self.stale = False
