"""Understanding one message: from text to a Reading. Never raises for any text, needs no I/O and no clock."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec.structs import replace

from nlu.calendar import WorkCalendar, packaged
from nlu.commands import find_command
from nlu.extract import extract
from nlu.intents.decide import decide
from nlu.names.fuzzy import likeness
from nlu.names.lexicon import Lexicon
from nlu.names.mentions import find_customers
from nlu.names.people import find_people
from nlu.patterns import compile_all
from nlu.reading import Reading
from nlu.scene import Context, Scene
from nlu.slots.custom import read_custom
from nlu.slots.fill import fill
from nlu.text import MAX_LENGTH, fold

__all__ = ["Context", "understand", "warm"]


def understand(
    text: str,
    now: datetime,
    lexicon: Lexicon,
    context: Context | None = None,
    calendar: WorkCalendar | None = None,
) -> Reading:
    """What the message means. `now` is the local, naive time at which it was sent.

    Only the first 1,000 characters are read.
    `context` says who wrote it and what was spoken of before; `calendar` knows holidays and make-up workdays.
    """
    scene = _scene(text, now, lexicon, context or Context(), calendar)
    if lexicon.custom is not None and lexicon.custom.concerns(scene.text):
        own = read_custom(scene, lexicon.custom)
        if own is not None:
            return own
    intent = decide(scene)
    return fill(scene, intent, lexicon)


def warm(lexicon: Lexicon) -> None:
    """Compile every pattern and load every table, so that the first message is as quick as the next."""
    compile_all()
    likeness("安居", "安店")
    for text in (
        "昨天上午跟客户李经理碰面，谈了设备清单，预算36万左右，周五下午三点过去看样机",
        "每周四10点提醒我开例会",
        "农历八月十五",
    ):
        understand(text, datetime(2026, 1, 5, 9), lexicon)  # noqa: DTZ001  the library's times are local and naive


def _scene(
    text: str, now: datetime, lexicon: Lexicon, context: Context, calendar: WorkCalendar | None
) -> Scene:
    folded = fold(text)
    mentions = find_customers(text[:MAX_LENGTH], lexicon, context.sender_key)
    context = _with_quoted(context, lexicon)
    places = mentions.places()
    named = lexicon.products_in(folded)
    products = [match.span() for name in named for match in re.finditer(re.escape(name), folded)]
    ends = [end for _, end in places]
    people = find_people(folded, (*places, *products), lexicon.people_in(folded), ends)
    masked = tuple(sorted({*places, *((p.start, p.end) for p in people)}))
    days = calendar or packaged()
    entities = extract(text[:MAX_LENGTH], now, days, masked)
    return Scene(
        folded,
        now,
        days,
        mentions,
        people,
        entities,
        find_command(folded),
        context,
        lexicon.colleagues,
    )


def _with_quoted(context: Context, lexicon: Lexicon) -> Context:
    """The customer of a quoted message counts as the last one spoken of."""
    if not context.quoted:
        return context
    quoted = find_customers(context.quoted[:MAX_LENGTH], lexicon, context.sender_key).customers
    return replace(context, last_customer=quoted[0]) if quoted else context
