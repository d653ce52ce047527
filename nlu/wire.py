"""Readings as JSON lines, as `genjin understand` writes them. Amounts are yuan, times local and naive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from time import perf_counter
from typing import assert_never

from nlu.entities import Duration, Entity, Money, Number, Percent, Phone, Recurring, Rule, Time
from nlu.names.lexicon import Lexicon
from nlu.reading import Reading, When
from nlu.text import listed
from nlu.understand import understand, warm

Wire = dict[str, object]
_CHINA = timezone(timedelta(hours=8))
_SAME = listed(
    "contact contact_title method next_action discount phone stage verdict comment number colleague points "
    "ticket_kind"
)


def serve_lines(lines: Iterable[str], lexicon: Lexicon) -> Iterator[str]:
    """For each JSON line {"id", "text", "reference_time"} one JSON line with what was understood, in order.

    Raises ValueError for a line that is no JSON object or whose reference_time is no time; without
    one (null or left out) the present moment in China counts.
    """
    warm(lexicon)
    for line in lines:
        if not line.strip():
            continue
        asked = json.loads(line)
        said = asked.get("reference_time")
        now = datetime.fromisoformat(str(said)) if said else datetime.now(_CHINA)
        start = perf_counter()
        reading = understand(str(asked["text"]), now.replace(tzinfo=None), lexicon)
        spent = (perf_counter() - start) * 1000
        yield json.dumps(to_wire(str(asked["id"]), reading, spent), ensure_ascii=False)


def to_wire(id_: str, reading: Reading, ms: float) -> Wire:
    """A reading as a JSON object; absent fields are left out."""
    wire: Wire = {
        "id": id_,
        "intent": reading.intent.value,
        **_named(reading),
        **_timed(reading),
        **_said(reading),
    }
    wire["ambiguous"] = sorted(reading.ambiguous)
    if reading.reasons:
        wire["reasons"] = reading.reasons
    if reading.unread:
        wire["unread"] = list(reading.unread)
    wire["entities"] = [entity_to_wire(entity) for entity in reading.entities]
    wire["ms"] = round(ms, 3)
    return wire


def _named(reading: Reading) -> Wire:
    wire: Wire = {}
    names = [customer.name for customer in reading.customers]
    if names:
        wire["customer"] = names[0] if len(names) == 1 else names
    if reading.candidates:
        wire["candidates"] = [customer.name for customer in reading.candidates]
    if reading.new_customer:
        wire["new_customer"] = True
    return wire


def _timed(reading: Reading) -> Wire:
    wire: Wire = {}
    if reading.activity_time:
        wire["activity_time"] = _when(reading.activity_time)
    if reading.next_time:
        wire["next_time"] = _when(reading.next_time) | ({"deadline": True} if reading.deadline else {})
    if reading.recurring:
        wire["recurring"] = _rule(reading.recurring)
    return wire


def _said(reading: Reading) -> Wire:
    wire: Wire = {name: value for name in _SAME if (value := getattr(reading, name)) is not None}
    if reading.amount:
        wire["amount"] = _yuan(*reading.amount)
    if reading.birthday:
        day = reading.birthday
        said = {
            "calendar": day.calendar,
            "month": day.month,
            "day": day.day,
            "year": day.year,
            "leap": day.leap,
        }
        wire["birthday"] = {name: value for name, value in said.items() if value}
    if reading.tags:
        wire["tags"] = list(reading.tags)
    if reading.submit:
        wire["submit"] = True
    return wire


def _when(when: When) -> Wire:
    value = when.value.isoformat() if when.grain == "minute" else when.value.date().isoformat()
    wire: Wire = {"value": value, "grain": when.grain}
    return wire | {"part": when.part} if when.part else wire


def _rule(rule: Rule) -> Wire:
    wire: Wire = {"freq": rule.freq}
    if rule.interval != 1:
        wire["interval"] = rule.interval
    if rule.byday:
        wire["byday"] = list(rule.byday)
    if rule.bymonthday is not None:
        days = rule.bymonthday
        wire["bymonthday"] = list(days) if isinstance(days, tuple) else days
    if rule.at:
        wire["at"] = rule.at
    return wire


def _yuan(low: int, high: int) -> object:
    both = [fen // 100 if fen % 100 == 0 else fen / 100 for fen in (low, high)]
    return both[0] if low == high else both


def entity_to_wire(entity: Entity) -> Wire:
    """An expression as a JSON object of its kind."""
    text = entity.span.text
    match entity:
        case Time():
            start, end = entity.value.isoformat(), entity.until.isoformat()
            return {"kind": "time", "text": text, "start": start, "end": end, "grain": entity.grain}
        case Duration():
            return {"kind": "duration", "text": text, "seconds": entity.seconds}
        case Recurring():
            return {
                "kind": "recurring",
                "text": text,
                "rule": _rule(entity.rule) | {"interval": entity.rule.interval},
            }
        case Money():
            return {
                "kind": "money",
                "text": text,
                "amount": _yuan(entity.low, entity.high),
                "currency": entity.currency,
            }
        case Number():
            return {"kind": "number", "text": text, "value": entity.value}
        case Percent():
            return {"kind": "percent", "text": text, "value": entity.value}
        case Phone():
            return {"kind": "phone", "text": text, "value": entity.value}
    assert_never(entity)
