"""How a customer stood at a moment that is past, worked out from the event log backwards.

The rows as they are now are taken back change by change; a row that was created later was not there.
What is worked out from others (last and next follow-up) is worked out again from what stood then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.errors import UserMistake
from crm.labels import Value, field_name, value_of
from crm.logged import typed
from crm.overview.within import within
from crm.past import DoneThen, Field, OfferedThen, Past, PlannedThen
from crm.rights import shown, shown_amount, shown_words
from crm.titles import names_of
from store.once import columns_of
from store.tables import (
    Activity,
    Contact,
    Customer,
    CustomerAlias,
    EventLog,
    Quote,
    QuoteStatus,
    Table,
    Tagging,
    Task,
    TaskStatus,
)

LAST = 3
CHUNK = 500
COMPARED = ("name", "owner_id", "level", "lifecycle", "source", "industry", "region", "parent_id", "note")
"""The fields of a customer that are told, then and now."""

PARTS: tuple[type[Table], ...] = (Contact, Activity, Task, Quote, Tagging)
"""What is rebuilt beside the customer itself."""

State = dict[str, Any]
"""The columns of a row as they were, as the table holds them."""


def as_of(ctx: Context, customer_id: int, moment: datetime) -> Past:
    """The customer as it stood at `moment` (local and past).

    Raises `UserMistake` for a time before the customer was known, `NotAllowed`.
    """
    customer = customers.get(ctx, customer_id)
    called = customers.short_names(ctx, [customer_id])[customer_id]
    at = ctx.at(moment)
    if customer.created_at > at:
        since = ctx.wall(customer.created_at)
        raise UserMistake(
            f"那时候还没有{called}，它是{since.month}月{since.day}日 {since:%H:%M}建档的，可以问之后的日子。"
        )
    rows = [customer, *_rows(ctx, customer)]
    events = _since(ctx, rows, at)
    states = {_key(row): _back(row, events.get(_key(row), ()), at) for row in rows}
    for key in _merged_since(ctx, customer, at):
        states[key] = None  # it was another customer's then
    return _Then(ctx, at, states, rows).past(customer, called, moment)


def _merged_since(ctx: Context, customer: Customer, at: datetime) -> set[tuple[str, int]]:
    """The rows that came over from customers which have been merged into this one since."""
    losers = select(col(Customer.id)).where(col(Customer.merged_into_id) == customer.id)
    query = select(EventLog).where(
        col(EventLog.object) == "customer",
        col(EventLog.object_id).in_(losers),
        col(EventLog.type) == "merged",
        col(EventLog.at) > at,
    )
    return {
        (str(link).partition(".")[0], int(row_id))
        for event in ctx.session.execute(query).scalars()
        for link, _, target, ids in event.after.get("moved", [])
        if target == customer.id
        for row_id in ids
    }


def _rows(ctx: Context, customer: Customer) -> list[Table]:
    """The rows around a customer as they are now."""
    found: list[Table] = []
    for model in PARTS:
        found += ctx.session.execute(select(model).where(within(ctx, model, customer))).scalars()
    return found


def _key(row: Table) -> tuple[str, int]:
    return str(row.__tablename__), row.id  # type: ignore[attr-defined]  # every row here has an id


def _since(ctx: Context, rows: Sequence[Table], at: datetime) -> dict[tuple[str, int], list[EventLog]]:
    """The changes of rows after a moment, the newest first."""
    ids: dict[str, list[int]] = {}
    for table, row_id in map(_key, rows):
        ids.setdefault(table, []).append(row_id)
    found: dict[tuple[str, int], list[EventLog]] = {}
    for table, wanted in ids.items():
        for start in range(0, len(wanted), CHUNK):
            query = (
                select(EventLog)
                .where(
                    col(EventLog.object) == table,
                    col(EventLog.object_id).in_(wanted[start : start + CHUNK]),
                    col(EventLog.at) > at,
                )
                .order_by(col(EventLog.id).desc())
            )
            for event in ctx.session.execute(query).scalars():
                found.setdefault((table, event.object_id), []).append(event)
    return found


def _back(row: Table, events: Iterable[EventLog], at: datetime) -> State | None:
    """The row as it was; None where it was not there yet."""
    state: State = {name: getattr(row, name) for name in columns_of(type(row))}
    for event in events:
        if event.type == "created":
            return None
        for name, value in event.before.items():
            if name in state:
                state[name] = typed(type(row), name, value)
    made = state.get("created_at")
    return None if isinstance(made, datetime) and made > at else state


class _Then:
    """The rows as they were, and what is told of them."""

    def __init__(
        self,
        ctx: Context,
        at: datetime,
        states: dict[tuple[str, int], State | None],
        rows: Sequence[Table],
    ) -> None:
        self._ctx = ctx
        self._at = at
        self._states = states
        self._rows = rows

    def past(self, customer: Customer, called: str, moment: datetime) -> Past:
        """Everything that is told."""
        done = self._done(customer)
        return Past(
            customer.id,
            called,
            moment,
            self._known_from(customer),
            self._fields(customer),
            tuple(
                state["name"] for _, state in self._stood(Contact, customer) if state["archived_at"] is None
            ),
            self._tags(customer),
            tuple(done[:LAST]),
            len(done),
            self._tasks(customer),
            self._quotes(customer),
            self._added(customer),
        )

    def _stood(self, model: type[Table], customer: Customer) -> list[tuple[Table, State]]:
        """The rows of a kind that belonged to the customer then, oldest first."""
        pairs = [(row, self._states[_key(row)]) for row in self._rows if isinstance(row, model)]
        mine = [(row, s) for row, s in pairs if s is not None and s["customer_id"] == customer.id]
        return sorted(mine, key=lambda pair: pair[1]["id"])

    def _known_from(self, customer: Customer) -> datetime:
        """Since when changes of the customer are written down."""
        query = (
            select(col(EventLog.at))
            .where(col(EventLog.object) == "customer", col(EventLog.object_id) == customer.id)
            .order_by(col(EventLog.id))
            .limit(1)
        )
        first = self._ctx.session.execute(query).scalar()
        return self._ctx.wall(first or self._ctx.now)

    def _fields(self, customer: Customer) -> tuple[Field, ...]:
        then = self._states[_key(customer)] or {}
        pairs = [(name, then.get(name), getattr(customer, name)) for name in COMPARED]
        ids = [(table, v) for name, *values in pairs for v in values if (table := _target(name)) and v]
        names = names_of(self._ctx.session, ids)

        def told(name: str, plain: object) -> Value:
            if isinstance(plain, str):
                plain = shown(self._ctx, "customer", name, plain, customer.owner_id)
            return value_of(self._ctx, "customer", name, plain, names)

        return tuple(
            Field(name, field_name("customer", name), told(name, before), told(name, now))
            for name, before, now in pairs
        )

    def _tags(self, customer: Customer) -> tuple[str, ...]:
        ids = [row.id for row, state in self._stood(Tagging, customer) if state["archived_at"] is None]  # type: ignore[attr-defined]
        names = names_of(self._ctx.session, [("tagging", i) for i in ids])
        return tuple(names[key] for i in ids if (key := ("tagging", i)) in names)

    def _done(self, customer: Customer) -> list[DoneThen]:
        """Follow-ups that stood, the newest first."""
        stood = [s for _, s in self._stood(Activity, customer) if s["voided_at"] is None]
        stood.sort(key=lambda s: (s["happened_at"], s["id"]), reverse=True)
        return [
            DoneThen(
                s["kind"],
                shown_words(self._ctx, s["raw"], customer.owner_id),
                self._ctx.wall(s["happened_at"]),
            )
            for s in stood
        ]

    def _tasks(self, customer: Customer) -> tuple[PlannedThen, ...]:
        """Tasks that were open, by time."""
        pairs = [(r, s) for r, s in self._stood(Task, customer) if s["status"] == TaskStatus.OPEN]
        pairs.sort(key=lambda pair: (pair[1]["due_at"], pair[1]["id"]))
        return tuple(
            PlannedThen(s["title"], self._ctx.wall(s["due_at"]), s["due_grain"], str(getattr(r, "status")))  # noqa: B009
            for r, s in pairs
        )

    def _quotes(self, customer: Customer) -> tuple[OfferedThen, ...]:
        """Quotes that counted, the newest first."""
        pairs = [(r, s) for r, s in self._stood(Quote, customer) if s["status"] != QuoteStatus.WITHDRAWN]
        return tuple(
            OfferedThen(
                s["number"],
                shown_amount(self._ctx, "quote", "total", s["total"], s["owner_id"]),
                str(s["status"]),
                str(getattr(r, "status")),  # noqa: B009
            )
            for r, s in reversed(pairs)
        )

    def _added(self, customer: Customer) -> tuple[tuple[str, int], ...]:
        """What has come since and still stands: how many of each kind."""
        counts = {model.__tablename__: 0 for model in PARTS}
        for row in self._rows:
            if isinstance(row, Customer | CustomerAlias) or self._states[_key(row)] is not None:
                continue
            if getattr(row, "customer_id", None) == customer.id and _stands(row):
                counts[row.__tablename__] += 1
        return tuple((str(table), count) for table, count in counts.items() if count)


def _target(name: str) -> str:
    return {"owner_id": "member", "parent_id": "customer", "referrer_id": "customer"}.get(name, "")


def _stands(row: Table) -> bool:
    """Whether a row counts now."""
    if isinstance(row, Activity):
        return row.voided_at is None
    if isinstance(row, Task):
        return row.status != TaskStatus.CANCELLED
    if isinstance(row, Quote):
        return row.status != QuoteStatus.WITHDRAWN
    return getattr(row, "archived_at", None) is None
