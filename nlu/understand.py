"""Understanding one message: from text to a Reading. Never raises for any text, needs no I/O and no clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from nlu.calendar import WorkCalendar
from nlu.commands import find_command
from nlu.entities import Money, Number, Percent, Phone
from nlu.extract import extract
from nlu.intents.decide import decide
from nlu.names.lexicon import Lexicon
from nlu.names.mentions import Mentions, find_customers
from nlu.names.people import find_people
from nlu.reading import Intent, NamedCustomer, Reading
from nlu.scene import Context, Scene
from nlu.slots.fill import fill
from nlu.text import fold

__all__ = ["Context", "understand"]
_FROM_CONTEXT = frozenset({Intent.QUERY, Intent.CORRECT, Intent.RESCHEDULE})


def understand(
    text: str,
    now: datetime,
    lexicon: Lexicon,
    context: Context | None = None,
    calendar: WorkCalendar | None = None,
) -> Reading:
    """What the message means. `now` is the local, naive time at which it was sent; only 2,000 characters are read.

    `context` says who wrote it and what was spoken of before; `calendar` knows holidays and make-up workdays.
    """
    scene = _scene(text, now, lexicon, context or Context(), calendar)
    intent = decide(scene)
    return fill(scene, intent, lexicon)


def _scene(text: str, now: datetime, lexicon: Lexicon, context: Context, calendar: WorkCalendar | None) -> Scene:
    folded = fold(text)
    mentions = find_customers(folded, lexicon, context.sender_key)
    places = mentions.places()
    ends = [end for _, end in places]
    people = find_people(folded, places, (*lexicon.colleagues, *lexicon.contacts), ends)
    masked = tuple(sorted({*places, *((p.start, p.end) for p in people)}))
    entities = extract(folded, now, calendar, masked)
    return Scene(folded, now, mentions, people, entities, find_command(folded), context, frozenset(lexicon.colleagues))
