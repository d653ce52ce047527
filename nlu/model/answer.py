"""The model's answer, checked: it may only point at words of the message, and our grammar reads them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from nlu.calendar import WorkCalendar
from nlu.entities import Entity, Money, Percent, Phone, Time
from nlu.extract import extract
from nlu.model.masking import Masked
from nlu.model.prompt import FIELDS, INTENTS, METHODS
from nlu.names.lexicon import Lexicon
from nlu.names.mentions import find_customers
from nlu.names.people import find_people
from nlu.patterns import lazy
from nlu.reading import Found, Intent, Method, NamedCustomer, Reading, When
from nlu.text import fold

LONGEST_ANSWER = 8000  # characters
LONGEST_PHRASE = 60
LONGEST_NAME = 30
_RECORDED = frozenset(INTENTS) - {Intent.CHITCHAT.value}
WHY = "这是猜的，对吗"
_FENCED = lazy(r"(?s)^\s*(?:```(?:json)?)?\s*(\{.*\})\s*(?:```)?\s*$")
_KEPT = frozenset({"minute", "day", "part_of_day"})
_NAME = lazy(r"[一-鿿A-Za-z0-9][一-鿿A-Za-z0-9()（）·&. \-]{1,29}")


class _Asked(Struct, frozen=True):
    """What was asked: the text as written, when, and the names that are known."""

    masked: Masked
    now: datetime
    lexicon: Lexicon
    sender_key: str
    calendar: WorkCalendar | None

    @property
    def text(self) -> str:
        return self.masked.restore(self.masked.text)

    def read(self, phrase: str) -> tuple[Entity, ...]:
        """The expressions of a phrase."""
        return extract(phrase, self.now, self.calendar)


def reading_of(
    content: str,
    masked: Masked,
    now: datetime,
    lexicon: Lexicon,
    sender_key: str = "",
    calendar: WorkCalendar | None = None,
) -> Reading | None:
    """What the model proposes, all of it to be agreed with; None where the answer cannot be trusted.

    An answer that is no JSON object of the form asked for, or that names words which do not stand in the
    message, is refused as a whole. A phrase that our grammar cannot read is left out.
    """
    answer = _object(content)
    if answer is None:
        return None
    intent, method = answer.get("intent"), answer.get("method") or ""
    if not isinstance(intent, str) or not isinstance(method, str) or intent not in _RECORDED:
        return None
    phrases = _phrases(answer, masked)
    if phrases is None or (method and method not in METHODS):
        return None
    asked = _Asked(masked, now, lexicon, sender_key, calendar)
    return _proposal(asked, Intent(intent), method, phrases)


def _object(content: str) -> Mapping[str, object] | None:
    match = _FENCED.match(content) if len(content) <= LONGEST_ANSWER else None
    if match is None:
        return None
    try:
        answer = json.loads(match[1])
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _phrases(answer: Mapping[str, object], masked: Masked) -> dict[str, str] | None:
    """The words that each field points at, as written; None where some do not stand in the message."""
    found: dict[str, str] = {}
    for name in FIELDS:
        said = answer.get(name)
        if said is None or said == "":
            continue
        if not isinstance(said, str) or len(said) > LONGEST_PHRASE or said not in masked.text:
            return None
        found[name] = masked.restore(said).strip()
    return found


def _proposal(asked: _Asked, intent: Intent, method: str, phrases: Mapping[str, str]) -> Reading | None:
    customers, candidates = _customers(asked, phrases.get("customer", ""))
    contact, title = _contact(phrases.get("contact", ""))
    reading = Reading(
        intent,
        customers=customers,
        candidates=candidates,
        new_customer=any(c.found is Found.NEW for c in customers),
        contact=contact,
        contact_title=title,
        method=Method(method) if method else None,
        activity_time=_time(asked, phrases.get("activity_time", ""), past=True),
        next_time=_time(asked, phrases.get("next_time", ""), past=False),
        next_action=phrases.get("next_action"),
        amount=_amount(asked, phrases.get("amount", "")),
    )
    open_ = _filled(reading)
    if not open_ or (intent is Intent.REMIND and reading.next_time is None):
        return None
    whole = asked.read(asked.text)
    return replace(
        reading,
        ambiguous=open_,
        reasons=dict.fromkeys(sorted(open_), WHY),
        unread=_unread(whole, phrases),
        entities=whole,
        proposed=True,
    )


_SHOWN = {
    "customers": "customer",
    "candidates": "customer",
    **{name: name for name in ("contact", "method", "activity_time", "next_time", "next_action", "amount")},
}


def _filled(reading: Reading) -> frozenset[str]:
    return frozenset(field for name, field in _SHOWN.items() if getattr(reading, name))


def _customers(asked: _Asked, words: str) -> tuple[tuple[NamedCustomer, ...], tuple[NamedCustomer, ...]]:
    """Known customers by their name; otherwise a new one, called as the message calls it."""
    if not words:
        return (), ()
    mentions = find_customers(words, asked.lexicon, asked.sender_key)
    known = tuple(c for c in mentions.customers if c.found is not Found.NEW)
    if known or mentions.candidates:
        return known, mentions.candidates
    if not _NAME.fullmatch(words) or len(words) > LONGEST_NAME:
        return (), ()
    place = asked.text.find(words)
    return (NamedCustomer(words, "", Found.NEW, words, place, place + len(words)),), ()


def _contact(words: str) -> tuple[str | None, str | None]:
    """(as addressed, title) of a person."""
    people = find_people(fold(words)) if words else ()
    if people and people[0].end - people[0].start == len(words):
        return people[0].name, people[0].title or None
    return (words, None) if 2 <= len(words) <= 6 and _NAME.fullmatch(words) else (None, None)


def _time(asked: _Asked, words: str, *, past: bool) -> When | None:
    found = [e for e in asked.read(words) if isinstance(e, Time)] if words else []
    if len(found) != 1 or found[0].grain not in _KEPT:
        return None
    one = found[0]
    value = (one.past if past else one.future) or one.value
    return When(value, one.grain, one.part if one.grain == "part_of_day" else "", one.span.text)


def _amount(asked: _Asked, words: str) -> tuple[int, int] | None:
    found = [e for e in asked.read(words) if isinstance(e, Money)] if words else []
    if len(found) != 1 or found[0].currency != "CNY":
        return None
    return found[0].low, found[0].high


def _unread(entities: tuple[Entity, ...], phrases: Mapping[str, str]) -> tuple[str, ...]:
    """Sums, shares and phones that the answer did not point at."""
    taken = "\n".join(phrases.values())
    left = [e.span.text for e in entities if isinstance(e, Money | Percent | Phone)]
    return tuple(text for text in dict.fromkeys(left) if text not in taken)
