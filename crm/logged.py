"""Rows and events as undoing and looking back need them: many at once, a few statements for each table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, inspect, select
from sqlmodel import col

from crm.context import Context
from store.tables import EventLog, Table, metadata
from store.types import UtcDateTime

CHUNK = 500
MESSAGE = "message"
"""The object of the line that says which message was undone, or redone: `object_id` is the message's."""

TABLES: dict[str, type[Table]] = {
    str(mapper.class_.__tablename__): mapper.class_
    for mapper in Table._sa_registry.mappers
    if str(mapper.class_.__tablename__) in metadata.tables
}
Key = tuple[str, int]


def typed(model: type[Table], name: str, value: Any) -> Any:  # noqa: ANN401 whatever the column holds
    """A value of the journal as the column holds it."""
    if value is None or not isinstance(value, str):
        return value
    kind = inspect(model).columns[name].type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value


def load(ctx: Context, keys: Sequence[Key]) -> dict[Key, Table]:
    """These rows as they are now, a few statements for each table."""
    wanted: dict[str, list[int]] = {}
    for table, row_id in dict.fromkeys(keys):
        if table in TABLES:
            wanted.setdefault(table, []).append(row_id)
    found: dict[Key, Table] = {}
    for table, ids in wanted.items():
        model: Any = TABLES[table]
        for start in range(0, len(ids), CHUNK):
            query = select(model).where(col(model.id).in_(ids[start : start + CHUNK]))
            for row in ctx.session.execute(query).scalars():
                found[table, row.id] = row
    return found


def changed_since(ctx: Context, events: Sequence[EventLog]) -> dict[Key, list[EventLog]]:
    """What other messages did to the same rows after the first of these events, the newest first."""
    first = min(e.id for e in events)
    ids: dict[str, set[int]] = {}
    for event in events:
        ids.setdefault(event.object, set()).add(event.object_id)
    found: dict[Key, list[EventLog]] = {}
    for table, wanted in ids.items():
        ordered = sorted(wanted)
        for start in range(0, len(ordered), CHUNK):
            query = (
                select(EventLog)
                .where(
                    col(EventLog.object) == table,
                    col(EventLog.object_id).in_(ordered[start : start + CHUNK]),
                    col(EventLog.inbox_id).is_distinct_from(events[0].inbox_id),
                    col(EventLog.id) > first,
                )
                .order_by(col(EventLog.id).desc())
            )
            for event in ctx.session.execute(query).scalars():
                found.setdefault((table, event.object_id), []).append(event)
    return found


def undoings(ctx: Context, events: Sequence[EventLog]) -> frozenset[int]:
    """Those of the messages of these events that took something back or brought it back."""
    messages = sorted({e.inbox_id for e in events if e.inbox_id is not None})
    found: set[int] = set()
    for start in range(0, len(messages), CHUNK):
        query = select(col(EventLog.inbox_id)).where(
            col(EventLog.inbox_id).in_(messages[start : start + CHUNK]), col(EventLog.object) == MESSAGE
        )
        found.update(one for one in ctx.session.execute(query).scalars() if one is not None)
    return frozenset(found)
