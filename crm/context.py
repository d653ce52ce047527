"""What every service is given: the session, who acts, when, and the message that caused it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from config.business import Business
from store.tables import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The member who acts, as known when the message arrived."""

    id: int
    name: str
    role: Role
    department: str = ""
    superior_id: int | None = None


SYSTEM = Actor(0, "系统", Role.ADMIN)
"""Acts where nobody does: a platform's event, the clock."""


@dataclass(frozen=True, slots=True)
class Context:
    """One piece of work. `now` is aware UTC; `inbox_id` is the message that caused it, None for the clock."""

    session: Session
    actor: Actor
    now: datetime
    inbox_id: int | None = None
    business: Business = field(default_factory=Business)

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.business.zone)

    @property
    def local(self) -> datetime:
        """`now` as the clock on the wall shows it: naive."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)

    def at(self, local: datetime) -> datetime:
        """A naive local time as aware, in the organisation's zone."""
        return local.replace(tzinfo=self.zone)

    def wall(self, moment: datetime) -> datetime:
        """An aware time as the clock on the wall shows it: naive."""
        return moment.astimezone(self.zone).replace(tzinfo=None)
