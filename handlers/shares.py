"""A sentence about several customers: what its clauses say of each, and what they say of all."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from handlers.said import without
from nlu.clauses import split_clauses
from nlu.reading import Reading
from nlu.text import fold

ALL: Final = re.compile(r"都|两家|三家|几家|各自?|分别|一起")
TOGETHER: Final = {
    "contact": ("contact", "contact_title", "phone"),
    "amount": ("amount",),
    "next_time": ("next_time", "next_action", "deadline"),
}
"""What is told together, by what it is about."""
OF_EACH: Final = frozenset({"next_time"})
"""What everybody has where it is nobody's own; whose person and whose amount must be said."""


def shares(
    reading: Reading, text: str, customer_ids: tuple[int, ...], read: Callable[[str], Reading]
) -> tuple[dict[int | None, Reading], set[str]]:
    """What the sentence says of each customer, and what it says of nobody; `read` understands words."""
    own = {one: read(words) for one, words in _own_words(reading, text, customer_ids).items()}
    found: dict[int | None, Reading] = dict.fromkeys(customer_ids, reading)
    open_: set[str] = set()
    for name, fields in TOGETHER.items():
        told = {one for one, said in own.items() if any(getattr(said, field) for field in fields)}
        if not told and name in OF_EACH:
            continue
        if not told and getattr(reading, name):
            open_.add(name)
        for one in customer_ids:
            source = own[one] if one in told else Reading(reading.intent)
            found[one] = found[one].but(**{field: getattr(source, field) for field in fields})
    for one, said in own.items():
        if said.activity_time is not None:
            found[one] = found[one].but(activity_time=said.activity_time)
    return found, open_


def _own_words(reading: Reading, text: str, customer_ids: tuple[int, ...]) -> dict[int, str]:
    """The clauses that are about one of the customers alone: those that name it, and what follows them."""
    wanted, folded = set(customer_ids), fold(text)
    places = [
        (int(c.key), found.start(), found.end())
        for c in reading.customers
        if c.text and c.key and int(c.key) in wanted
        for found in re.finditer(re.escape(fold(c.text)), folded)
    ]
    about: set[int] = set()
    listed: set[int] = set()
    own: dict[int, list[str]] = {}
    for clause in split_clauses(folded):
        inside = [one for one in places if clause.start <= one[1] < clause.end]
        words = folded[clause.start : clause.end]
        left = without(words, [(start - clause.start, end - clause.start) for _, start, end in inside])
        about = {key for key, _, _ in inside} | listed if inside else about
        goes_on = folded.startswith("、", clause.end) and any(end == clause.end for _, _, end in inside)
        listed = about if inside and (goes_on or not left) else set()
        if ALL.search(left):
            about = wanted
        if len(about) == 1:
            own.setdefault(next(iter(about)), []).append(words)
    return {one: "，".join(words) for one, words in own.items()}
