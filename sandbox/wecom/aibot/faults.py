"""What may go wrong on the long connection, to be switched on by tests."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from sandbox.wecom.errors import Refused


@dataclass(slots=True)
class BotFaults:
    """`down` refuses the handshake (503); `half_dead` takes connections and never answers a frame on them.

    `keeps_old` leaves a connection that was taken over open: its pings are answered, nothing else comes
    (field report). `copies` sends each callback so often, `latency` (real seconds) delays acknowledgements.
    `again` sends what was on a connection that broke once more over the next one: whether the platform does
    is not documented, so a bot must bear it.
    """

    down: bool = False
    half_dead: bool = False
    keeps_old: bool = False
    again: bool = False
    copies: int = 1
    latency: float = 0.0
    _codes: dict[str, deque[int]] = field(default_factory=dict)
    _lost: Counter[str] = field(default_factory=Counter)

    def inject(self, cmd: str, errcode: int, times: int = 1) -> None:
        """Answer the next `times` frames of `cmd` ("aibot_send_msg") with `errcode`, nothing being done."""
        self._codes.setdefault(cmd, deque()).extend([errcode] * times)

    def lose_ack(self, cmd: str, times: int = 1) -> None:
        """Do what the next `times` frames of `cmd` ask for, and never acknowledge."""
        self._lost[cmd] += times

    def raise_injected(self, cmd: str) -> None:
        """Raise what was injected for this frame, if anything was. Raises Refused."""
        waiting = self._codes.get(cmd)
        if waiting:
            raise Refused(waiting.popleft(), "injected")

    def loses(self, cmd: str) -> bool:
        """Whether this acknowledgement is to be lost."""
        if self._lost[cmd] <= 0:
            return False
        self._lost[cmd] -= 1
        return True

    def clear(self) -> None:
        """Everything works again."""
        self.down = self.half_dead = self.keeps_old = self.again = False
        self.copies, self.latency = 1, 0.0
        self._codes.clear()
        self._lost.clear()
