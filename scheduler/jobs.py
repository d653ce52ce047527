"""All jobs of the clock, by name, in the order in which they run."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.birthdays import birthday_cards
from scheduler.due import due_reminders
from scheduler.mornings import morning_cards
from scheduler.outgoing import Job

JOBS: Mapping[str, Job] = {
    "mornings": morning_cards,
    "birthdays": birthday_cards,
    "reminders": due_reminders,
}
