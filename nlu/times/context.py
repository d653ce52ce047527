"""What the time grammars are given: the folded text, the reference time and the working-day calendar."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct, field

from nlu.calendar import WorkCalendar


class Context(Struct, frozen=True):
    """One message being read. `now` is local and naive."""

    text: str
    now: datetime
    calendar: WorkCalendar
    lengths: dict[int, object] = field(default_factory=dict)  # read before, by place

    @property
    def today(self) -> date:
        """The reference day."""
        return self.now.date()
