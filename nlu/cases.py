"""Readings as test cases: a sentence, the time it was sent, and the fields a right answer has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from nlu.reading import Reading
from nlu.wire import Wire, to_wire

BESIDE = frozenset({"id", "ms", "entities", "reasons", "unread", "candidates", "submit"})
"""What an answer of `genjin understand` says beside the fields of a case."""


def expected(reading: Reading) -> Wire:
    """What a reading says, in the fields of a test case; what it leaves open stays in `ambiguous`."""
    fields = {name: value for name, value in to_wire("", reading, 0.0).items() if name not in BESIDE}
    if not fields["ambiguous"]:
        del fields["ambiguous"]
    return fields


def corrected(read: Mapping[str, object], said: Mapping[str, object]) -> Wire:
    """A case as a person corrected it: `said` over what was read; None takes a field out."""
    fields: Wire = dict(read)
    for name, value in said.items():
        fields[name] = value
        if value is None:
            del fields[name]
    if "customer" in said and "new_customer" not in said:
        fields.pop("new_customer", None)
    still = fields.pop("ambiguous", [])
    open_ = [name for name in still if name not in said] if isinstance(still, list) else []
    return fields | ({"ambiguous": open_} if open_ else {})


def changes(read: Mapping[str, object], right: Mapping[str, object]) -> list[str]:
    """The fields in which two cases differ, in alphabetical order."""
    names = (set(read) | set(right)) - {"ambiguous"}
    return sorted(name for name in names if read.get(name) != right.get(name))


def line(id_: str, text: str, sent: datetime, fields: Mapping[str, object], note: str = "") -> str:
    """One test case as a line of JSON. `sent` is local and naive, to the second."""
    case: Wire = {"id": id_, "text": text, "reference_time": sent.isoformat(timespec="seconds"), **fields}
    if note:
        case["note"] = note
    return json.dumps(case, ensure_ascii=False)
