"""Taking back everything that one message did, from the event log, in reverse.

Created rows are voided, archived or cancelled; changed fields get their old values back as long as they
still are what the message made them, otherwise a `Conflict` says who changed them since, and nothing is
taken back. Undoing twice does nothing the second time. Undoing is journalled like any change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.follow_up import bring_up_to_date
from crm.journal import changed, log, snapshot
from crm.rights import may_act_for, name_of
from crm.takeback import REVERSALS, title_of
from store.tables import Activity, Contact, Customer, CustomerAlias, EventLog, Quote, Table, Task, metadata
from store.types import UtcDateTime

MOST_EVENTS = 500
TABLES: dict[str, type[Table]] = {
    str(mapper.class_.__tablename__): mapper.class_
    for mapper in Table._sa_registry.mappers
    if str(mapper.class_.__tablename__) in metadata.tables
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: a phrase for each record, and the rows that cards may be about.

    `already` where somebody had taken it back before; then nothing was done.
    """

    inbox_id: int
    phrases: tuple[str, ...]
    activities: tuple[int, ...] = ()
    tasks: tuple[int, ...] = ()
    contacts: tuple[tuple[int, str], ...] = ()
    customer_id: int | None = None
    already: bool = False
    quotes: tuple[int, ...] = ()


def undo(ctx: Context, inbox_id: int) -> Undone:
    """Take back what the message `inbox_id` did.

    Raises `UserMistake` where there is nothing or it is too long ago, `NotAllowed` for somebody else's
    message, `Conflict` where it has been built upon since.
    """
    events = _events(ctx, inbox_id)
    if not events:
        raise UserMistake("没有可以撤销的记录。")
    _need_mine(ctx, events)
    standing = [e for e in events if e.undone_by is None]
    if not standing:
        return _summary(ctx, inbox_id, events, already=True)
    window = ctx.business.undo_window
    if ctx.now - standing[-1].at > window:
        hours = round(window.total_seconds() / 3600)
        raise UserMistake(f"只能撤销{hours}小时内的记录，这条已经超过了。要改的话直接说，例如：金额56万")
    for event in standing:
        _check(ctx, event)
    for event in standing:
        _reverse(ctx, event)
        event.undone_by = ctx.inbox_id or inbox_id
        ctx.session.add(event)
    ctx.session.flush()
    _settle(ctx, standing)
    return _summary(ctx, inbox_id, standing, already=False)


def made_by(ctx: Context, inbox_id: int) -> tuple[str, ...]:
    """What undoing the message would take back, by name; nothing is done.

    Raises `UserMistake` where there is nothing (any more), `NotAllowed` for somebody else's message.
    """
    events = [e for e in _events(ctx, inbox_id) if e.undone_by is None]
    if not events:
        raise UserMistake("没有可以删除的记录，可能已经撤销了。")
    _need_mine(ctx, events)
    return _summary(ctx, inbox_id, events, already=False).phrases


def _events(ctx: Context, inbox_id: int) -> list[EventLog]:
    """What a message changed, the last change first; held, so that it is taken back once."""
    query = (
        select(EventLog)
        .where(col(EventLog.inbox_id) == inbox_id)
        .order_by(col(EventLog.id).desc())
        .limit(MOST_EVENTS)
        .with_for_update()
    )
    return list(ctx.session.execute(query).scalars())


def _need_mine(ctx: Context, events: Sequence[EventLog]) -> None:
    author = events[-1].actor_id
    if author is None or not may_act_for(ctx, author):
        who = name_of(ctx, author)
        raise NotAllowed(f"这条是{who}记录的，由{who}本人或上级撤销。")


def _row(ctx: Context, event: EventLog) -> Table | None:
    table = TABLES.get(event.object)
    return ctx.session.get(table, event.object_id) if table else None


def _check(ctx: Context, event: EventLog) -> None:
    """Raise `Conflict` where the row has been changed since in a way that undoing would destroy."""
    row = _row(ctx, event)
    if row is None:
        raise Conflict("这条记录已经不在了，不能撤销。")
    if event.type == "created":
        reversal = REVERSALS.get(event.object)
        if reversal is None:
            raise Conflict(f"{title_of(row)}不能撤销。")
        reason = reversal.refuses(ctx, row, event.inbox_id)
        if reason:
            raise Conflict(reason)
        _check_others(ctx, event, row)
        return
    for name, value in event.after.items():
        if getattr(row, name) != _typed(row, name, value) and not _set_later(ctx, event, name):
            raise _conflict(ctx, event, row, name)


def _set_later(ctx: Context, event: EventLog, name: str) -> bool:
    """Whether the same message set the field again afterwards: then that later value is the one compared."""
    query = select(EventLog).where(
        col(EventLog.object) == event.object,
        col(EventLog.object_id) == event.object_id,
        col(EventLog.inbox_id) == event.inbox_id,
        col(EventLog.id) > event.id,
    )
    return any(name in later.after for later in ctx.session.execute(query.limit(50)).scalars())


def _check_others(ctx: Context, event: EventLog, row: Table) -> None:
    """A row that somebody else has worked on since is not taken away from them."""
    later = _later(ctx, event)
    for other in later:
        if other.actor_id != event.actor_id and other.actor_id is not None and other.undone_by is None:
            raise Conflict(
                f"{title_of(row)}在{_at(ctx, other)}被{name_of(ctx, other.actor_id)}改过，不能撤销。"
            )


def _later(ctx: Context, event: EventLog) -> list[EventLog]:
    query = (
        select(EventLog)
        .where(
            col(EventLog.object) == event.object,
            col(EventLog.object_id) == event.object_id,
            col(EventLog.inbox_id).is_distinct_from(event.inbox_id),
            col(EventLog.id) > event.id,
        )
        .order_by(col(EventLog.id).desc())
        .limit(50)
    )
    return list(ctx.session.execute(query).scalars())


def _conflict(ctx: Context, event: EventLog, row: Table, name: str) -> Conflict:
    """The refusal that says who changed the field since, and when."""
    culprit = next((e for e in _later(ctx, event) if name in e.after), None)
    if culprit is None:
        return Conflict(f"{title_of(row)}之后又改过，不能撤销。")
    who = "你" if culprit.actor_id == ctx.actor.id else name_of(ctx, culprit.actor_id)
    return Conflict(f"{title_of(row)}{who}在{_at(ctx, culprit)}又改过，不能撤销。要改的话直接说。")


def _reverse(ctx: Context, event: EventLog) -> None:
    row = _row(ctx, event)
    if row is None:  # the row of an alias that a customer's own reversal took along
        return
    if event.type == "created":
        if isinstance(row, CustomerAlias):
            log(ctx, row, "deleted", snapshot(row), {})
            ctx.session.delete(row)
            ctx.session.flush()
        else:
            changed(ctx, row, **REVERSALS[event.object].values(ctx))
        return
    changed(ctx, row, **{name: _typed(row, name, value) for name, value in event.before.items()})


def _typed(row: Table, name: str, value: Any) -> Any:  # noqa: ANN401 whatever the column holds
    """A value of the journal as the column holds it."""
    if value is not None and isinstance(inspect(type(row)).columns[name].type, UtcDateTime):
        return datetime.fromisoformat(value)
    return value


def _settle(ctx: Context, events: Sequence[EventLog]) -> None:
    """Bring along what is derived from the rows: the search index, last and next follow-up."""
    touched: set[int] = set()
    for event in events:
        row = _row(ctx, event)
        if event.object == "customer_alias":
            touched.add(event.after["customer_id"])
        elif isinstance(row, Customer):
            touched.add(row.id)
        elif isinstance(row, Activity | Task):
            touched |= {c for c in (row.customer_id, event.after.get("customer_id")) if c is not None}
    for customer_id in touched:
        customer = ctx.session.get(Customer, customer_id)
        if customer is not None:
            customers.reindex(ctx, customer)
            bring_up_to_date(ctx, customer_id)


def _summary(ctx: Context, inbox_id: int, events: Sequence[EventLog], *, already: bool) -> Undone:
    rows = [(e, _row(ctx, e)) for e in reversed(events)]
    phrases = [_phrase(e, row) for e, row in rows if e.type == "created"]
    if not phrases:
        phrases = [f"{title_of(row)}的修改" for _, row in rows if row is not None]
    customer_id = next((row.id for _, row in rows if isinstance(row, Customer)), None)
    return Undone(
        inbox_id,
        tuple(dict.fromkeys(phrases)),
        tuple(dict.fromkeys(row.id for _, row in rows if isinstance(row, Activity))),
        tuple(dict.fromkeys(row.id for _, row in rows if isinstance(row, Task))),
        tuple(dict.fromkeys((row.id, row.name) for _, row in rows if isinstance(row, Contact))),
        customer_id,
        already,
        tuple(dict.fromkeys(row.id for _, row in rows if isinstance(row, Quote))),
    )


def _phrase(event: EventLog, row: Table | None) -> str:
    """How a created record is called; an alias is gone by then."""
    if row is not None:
        return title_of(row)
    return f"别名“{event.after.get('alias', '')}”" if event.object == "customer_alias" else "记录"


def _at(ctx: Context, event: EventLog) -> str:
    return ctx.wall(event.at).strftime("%-m月%-d日 %H:%M")
