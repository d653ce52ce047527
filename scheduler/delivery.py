"""What the relay asks of a platform's sender, and what it is told: a retry is a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from store.outbox import Parcel
from store.rates import Wanted


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform has it."""

    message_id: str = ""
    response_code: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now; the same again in `after` seconds. `counts` is False where waiting is nobody's failure.

    `pauses` where the platform wants nothing else of that kind either for so long.
    """

    after: float
    reason: str
    counts: bool = True
    pauses: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Never: this receiver or this content."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pointless:
    """Nothing to send any more, and nothing lost: a card that can no longer be changed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing of this app can be sent before somebody changes a setting; `hint` says which, in Chinese."""

    reason: str
    hint: str
    after: float = 60.0


Outcome = Delivered | Retry | Refused | Pointless | Stopped


class Sender(Protocol):
    """Sends for one app. Never raises for what a platform may do."""

    @property
    def ready(self) -> bool:
        """Whether a parcel could be sent now; while it could not, none is claimed for it."""
        ...

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to the platform."""
        ...


@runtime_checkable
class Limited(Protocol):
    """A sender with limits that all replicas keep together."""

    def under(self, parcel: Parcel) -> Wanted[Parcel]:
        """The limits that a parcel falls under, and the scope of a pause that holds it up."""
        ...


@runtime_checkable
class Gathering(Protocol):
    """A sender that hands several parcels over in one call."""

    @property
    def together(self) -> int:
        """How many at most."""
        ...

    def alike(self, parcel: Parcel) -> str:
        """What is the same for parcels that may go together; empty for one that goes alone."""
        ...

    async def send_together(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """Hand parcels that are alike to the platform; what became of each."""
        ...
