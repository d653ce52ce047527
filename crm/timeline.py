"""What happened to a record: who, when, what was before and after, and the words that caused it.

A page is a few messages, the newest first; what one message did stands together. It is read from the
event log by the index of (object, object_id), whatever the size of the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlmodel import col

from crm import customers, labels
from crm.context import Context
from crm.errors import NotAllowed
from crm.labels import object_name
from crm.logged import TABLES
from crm.overview.within import within
from crm.rights import sees
from crm.titles import names_of
from crm.told import Entry, Told
from store.tables import Approval, ApprovalTask, Customer, EventLog

PAGE = 4
FETCHED = 80  # events from which a page of messages is made
BELONGING = tuple(
    sorted(
        name
        for name, model in TABLES.items()
        if name in labels.OBJECTS and "customer_id" in model.model_fields and name != "customer"
    )
)
"""The kinds of records that are told of on their customer's timeline."""

SCOPED = frozenset({"activity", "asset", "contact", "custom_record", "quote", "task"})
"""The kinds of records that a role may see fewer of than of customers."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page, newest first; `before` asks for the next one, None at the end. `customer` is a short name."""

    object: str
    object_id: int
    called: str
    entries: tuple[Entry, ...]
    before: int | None
    customer_id: int | None = None
    customer: str = ""


def of_customer(ctx: Context, customer_id: int, before: int | None = None) -> Timeline:
    """What happened to a customer and to what belongs to it. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    same = select(col(Customer.id)).where(
        (col(Customer.id) == customer_id) | (col(Customer.merged_into_id) == customer_id)
    )
    arms = [
        _events("customer", same),
        _events("collaborator", _ids("collaborator", object="customer", object_id=customer_id)),
        *(_events(name, _ids(name).where(within(ctx, TABLES[name], customer))) for name in BELONGING),
    ]
    called = customers.short_names(ctx, [customer_id])[customer_id]
    page = _page(ctx, arms, before, ("customer", customer_id), customer.owner_id)
    return Timeline("customer", customer_id, called, *page, customer_id, called)


def of_record(ctx: Context, table: str, row_id: int, before: int | None = None) -> Timeline | None:
    """What happened to one row that belongs to a customer; None where there is no such row.

    Raises `NotAllowed` for a row of a customer that the actor may not see.
    """
    model = TABLES.get(table)
    row = ctx.session.get(model, row_id) if model is not None and table in labels.OBJECTS else None
    if row is None:
        return None
    customer_id: int | None = getattr(row, "customer_id", None)
    owner = None if customer_id is None else customers.get(ctx, customer_id).owner_id
    if table in SCOPED and not sees(ctx, row):
        raise NotAllowed("这条记录不在你能看的范围里，可以找负责人了解。")
    if owner is None and getattr(row, "author_id", getattr(row, "assignee_id", None)) != ctx.actor.id:
        return None
    arms = [select(col(EventLog.id)).where(col(EventLog.object) == table, col(EventLog.object_id) == row_id)]
    asked = select(col(Approval.id)).where(col(Approval.object) == table, col(Approval.object_id) == row_id)
    parts = select(col(ApprovalTask.id)).where(col(ApprovalTask.approval_id).in_(asked))
    arms += [_events("approval", asked), _events("approval_task", parts)]
    name = names_of(ctx.session, [(table, row_id)]).get((table, row_id), "")
    page = _page(ctx, arms, before, (table, row_id), owner)
    short = "" if customer_id is None else customers.short_names(ctx, [customer_id])[customer_id]
    return Timeline(table, row_id, f"{object_name(table)}{name}", *page, customer_id, short)


def _ids(table: str, **given: object) -> Select[Any]:
    model = TABLES[table]
    query = select(getattr(model, "id"))  # noqa: B009 every model has it, the type does not say so
    return query.where(*(getattr(model, name) == value for name, value in given.items()))


def _events(table: str, ids: Select[Any]) -> Select[Any]:
    return select(col(EventLog.id)).where(col(EventLog.object) == table, col(EventLog.object_id).in_(ids))


def _page(
    ctx: Context,
    arms: Sequence[Select[Any]],
    before: int | None,
    about: tuple[str, int],
    owner_id: int | None,
) -> tuple[tuple[Entry, ...], int | None]:
    """The entries of a page, and where the next one begins."""
    if before is not None:
        arms = [arm.where(col(EventLog.id) < before) for arm in arms]
    every = union_all(*arms).subquery()
    newest = select(every.c.id).order_by(every.c.id.desc()).limit(FETCHED + 1)
    ids = list(ctx.session.execute(newest).scalars())
    query = select(EventLog).where(col(EventLog.id).in_(ids[:FETCHED])).order_by(col(EventLog.id).desc())
    events = list(ctx.session.execute(query).scalars())
    groups = [list(group) for _, group in groupby(events, key=_cause)]
    last_is_whole = len(ids) <= FETCHED
    taken = groups[:PAGE]
    if len(groups) <= PAGE and not last_is_whole and len(groups) > 1:
        taken = groups[:-1]
    told = Told(ctx, [e for group in taken for e in group], about, owner_id)
    entries = tuple(told.entry(group) for group in taken)
    more = len(taken) < len(groups) or not last_is_whole
    return tuple(e for e in entries if e.steps), taken[-1][-1].id if taken and more else None


def _cause(event: EventLog) -> tuple[object, ...]:
    """What stands together: the same message, otherwise the same moment."""
    return (event.inbox_id, event.actor_id, None if event.inbox_id is not None else event.at)
