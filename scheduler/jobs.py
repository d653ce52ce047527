"""Everything that the clock does for the business, in the order in which it is done."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.absences import ended_absences
from scheduler.birthdays import birthday_cards
from scheduler.due import due_reminders
from scheduler.feed import feed_digests, live_feeds
from scheduler.handovers import ended_transfers, waiting_handovers
from scheduler.mornings import morning_cards
from scheduler.nightly import nightly
from scheduler.outgoing import Job

JOBS: Mapping[str, Job] = MappingProxyType(
    {
        "absences": ended_absences,
        "mornings": morning_cards,
        "birthdays": birthday_cards,
        "reminders": due_reminders,
        "nightly": nightly,
        "feeds": live_feeds,
        "digests": feed_digests,
        "handovers": waiting_handovers,
        "transfers.ended": ended_transfers,
    }
)
