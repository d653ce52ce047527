"""Every change of a business row goes through here, and is written down: the timeline, undo and the audit.

`created` adds a row, `changed` sets fields of one; both write an `event_log` row with what was before
and after, who did it and which message caused it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa

from crm.context import Context
from crm.custom import keep
from store.events import Event, write
from store.fast import Fast, hold
from store.once import table_of, values_of
from store.tables import Table

R = TypeVar("R", bound=Table)

_PLAIN = frozenset({str, int, bool, float, dict, list, type(None)})
QUIET = frozenset({"updated_at", "version"})


def created(ctx: Context, row: R) -> R:
    """Add a new row and write that down; the row, which the session knows from now on."""
    table = table_of(type(row))
    ctx.session.flush()  # what it refers to must be there
    _insert(table).run(ctx.session, values_of(row))
    hold(ctx.session, row, row.id)  # type: ignore[attr-defined]  # as in `log`
    log(ctx, row, "created", {}, snapshot(row))
    return row


@lru_cache
def _insert(table: sa.Table) -> Fast:
    return Fast(sa.insert(table))


def changed(ctx: Context, row: R, **values: object) -> R:
    """Set `values` on a row; what differs is written down and the version grows."""
    before = {k: getattr(row, k) for k, v in values.items() if getattr(row, k) != v}
    if not before:
        return row
    for name in before:
        setattr(row, name, values[name])
    if hasattr(row, "updated_at"):
        row.updated_at = ctx.now
    if hasattr(row, "version"):
        row.version += 1
    ctx.session.add(row)
    ctx.session.flush()
    log(ctx, row, "changed", plain(before), plain({k: values[k] for k in before}))
    return row


def log(ctx: Context, row: Table, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Write one line about a row, and bring along what follows from the row."""
    write(
        ctx.session,
        Event(
            object=table_name(row),
            object_id=row.id,  # type: ignore[attr-defined]  # every journalled table has a whole-number id
            type=kind,
            before=before,
            after=after,
            actor_id=ctx.actor.id,
            inbox_id=ctx.inbox_id,
            at=ctx.now,
        ),
    )
    keep.follow(ctx, row, before, after)


def table_name(row: Table) -> str:
    """The name of a row's table."""
    return str(row.__tablename__)


def snapshot(row: Table) -> dict[str, Any]:
    """All columns of a row as plain JSON values, empty ones left out."""
    return plain({name: value for name, value in values_of(row).items() if value is not None and value != ""})


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of columns as the log keeps them: JSON."""
    return {name: _json(value) for name, value in values.items()}


def _json(value: Any) -> Any:  # noqa: ANN401 whatever a column holds
    if value.__class__ in _PLAIN:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
