"""Giving external contacts to another member: the calls' bodies and answers [94096, 94097, 94081, 94082]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST_IDS: Final = 100
"""Contacts in one call [94081]."""
NOT_RESIGNED: Final = 40097
"""The member has not left: the other pair of calls is for him [90313]."""
PATHS: Final = {
    True: ("externalcontact/resigned/transfer_customer", "externalcontact/resigned/transfer_result"),
    False: ("externalcontact/transfer_customer", "externalcontact/transfer_result"),
}
"""By whether the member has left: to ask, and to ask what came of it."""

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What became of some contacts: status by external id; `cursor` asks for the next page."""

    statuses: dict[str, int]
    cursor: str = ""


def body(from_userid: str, to_userid: str, external_ids: Sequence[str]) -> _Row:
    """What is asked for; the platform says its own words to the person outside."""
    return {
        "handover_userid": from_userid,
        "takeover_userid": to_userid,
        "external_userid": list(external_ids),
    }


def codes(answer: _Row) -> dict[str, int]:
    """The code of each contact: 0 that it has begun."""
    return {one: _number(row, "errcode") for one, row in _rows(answer)}


def page(answer: _Row) -> Page:
    """A page of results."""
    cursor = answer.get("next_cursor")
    statuses = {one: _number(row, "status") for one, row in _rows(answer)}
    return Page(statuses, cursor if isinstance(cursor, str) else "")


def _rows(answer: _Row) -> list[tuple[str, _Row]]:
    rows = answer.get("customer")
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [(row["external_userid"], row) for row in listed if isinstance(row.get("external_userid"), str)]


def _number(row: _Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
