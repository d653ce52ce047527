"""Everything that the clock does for the business, in the order in which it is done."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.birthdays import birthday_cards
from scheduler.due import due_reminders
from scheduler.mornings import morning_cards
from scheduler.outgoing import Job

JOBS: Mapping[str, Job] = MappingProxyType(
    {"mornings": morning_cards, "birthdays": birthday_cards, "reminders": due_reminders}
)
