"""What the time grammars are given: the folded text, the reference time and the working-day calendar."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from nlu.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Context:
    """One message being read. `now` is local and naive."""

    text: str
    now: datetime
    calendar: WorkCalendar
    lengths: dict[int, object] = field(default_factory=dict)  # read before, by place

    @property
    def today(self) -> date:
        """The reference day."""
        return self.now.date()
