"""What hangs on the customers of a large company: a tag, own fields, quotes, colleagues who help."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.bench.crowd import Crowd, settle
from store.bulk import load
from store.database import Database
from store.ids import new_id
from store.names import fold
from store.once import table_of
from store.tables import Collaborator, CustomField, CustomValue, Quote, Tag, Tagging

Rows = Iterator[tuple[Any, ...]]
TAG, CHOICE, MONEY = "高意向", "设备型号偏好", "年采购额"
CHOICES = ("A", "B", "C")
TAGGED, QUOTED, SHARED = 4, 10, 100  # one customer of so many
UNFILLED = 997  # one customer of so many has no choice
SPENDING = 100_000_00  # fen, from one customer to the next
KEYS = {CHOICE: "model", MONEY: "spending"}


def mark(database: Database, crowd: Crowd) -> None:
    """Put it all on the customers that were built."""
    tag, choice, money = new_id(), new_id(), new_id()
    now = crowd.now
    _load(database, Tag, ("id", "name", "name_norm", "rule", "created_at", "version"), _tag(tag, crowd))
    columns = ("id", "customer_id", "tag_id", "auto", "reason", "created_at")
    marked = ((new_id(), one, tag, False, "", now) for one in _every(crowd, TAGGED))
    _load(database, Tagging, columns, marked)
    _load(database, CustomField, _FIELD, _fields(choice, money, crowd))
    _load(database, CustomValue, ("id", "field_id", "object_id", "value_norm"), _chosen(choice, crowd))
    _load(
        database,
        CustomValue,
        ("id", "field_id", "object_id", "value_norm", "value_number"),
        _spent(money, crowd),
    )
    _load(database, Quote, _QUOTE, _quotes(crowd))
    _load(database, Collaborator, _COLLABORATOR, _shared(crowd))
    settle(database)


_FIELD = (
    *("id", "object", "key", "label", "label_norm", "kind", "options", "formula", "target", "required"),
    *("position", "created_at", "updated_at", "version"),
)
_QUOTE = (
    *("id", "number", "customer_id", "owner_id", "amount", "discount", "total", "note", "status"),
    *("created_at", "updated_at", "version"),
)
_COLLABORATOR = ("id", "object", "object_id", "member_id", "right", "granted_by", "created_at", "version")


def _load(database: Database, model: type[Any], columns: tuple[str, ...], rows: Rows) -> None:
    load(database.writer, table_of(model), columns, rows)


def _every(crowd: Crowd, step: int) -> range:
    """The ids of every so many customers."""
    return range(crowd.first_customer, crowd.first_customer + crowd.customers, step)


def _tag(tag: int, crowd: Crowd) -> Rows:
    yield tag, TAG, fold(TAG), {}, crowd.now, 1


def _fields(choice: int, money: int, crowd: Crowd) -> Rows:
    for place, (one, label, kind, options) in enumerate(
        ((choice, CHOICE, "choice", list(CHOICES)), (money, MONEY, "money", []))
    ):
        yield (
            *(one, "customer", KEYS[label], label, fold(label), kind, options, "", "", False, place),
            *(crowd.now, crowd.now, 1),
        )


def _chosen(field: int, crowd: Crowd) -> Rows:
    for n in range(crowd.customers):
        if n % UNFILLED:
            yield new_id(), field, crowd.first_customer + n, fold(CHOICES[n % len(CHOICES)])


def _spent(field: int, crowd: Crowd) -> Rows:
    for n in range(0, crowd.customers, 2):
        yield new_id(), field, crowd.first_customer + n, "", n % 1000 * SPENDING


def _quotes(crowd: Crowd) -> Rows:
    for n in range(0, crowd.customers, QUOTED):
        at = crowd.now - timedelta(days=n % 90)
        total = (n % 100 + 1) * SPENDING
        yield (
            *(new_id(), f"Q{n:07d}", crowd.first_customer + n, crowd.member(crowd.owner(n)), total, 10_000),
            *(total, "", "approved", at, at, 1),
        )


def _shared(crowd: Crowd) -> Rows:
    """Every hundredth customer has a colleague of its owner who helps."""
    for n in range(0, crowd.customers, SHARED):
        owner = crowd.owner(n)
        helper = crowd.member((owner + 1) % crowd.members)
        one = crowd.first_customer + n
        yield new_id(), "customer", one, helper, "read", crowd.member(owner), crowd.now, 1
