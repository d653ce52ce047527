"""The event log: written with every change, and asked what a message has caused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from store.ids import new_id
from store.once import table_of
from store.tables import EventLog

TABLE = table_of(EventLog)
_WRITE = insert(TABLE)
_CAUSED = (
    select(TABLE.c.id)
    .where(
        TABLE.c.inbox_id == bindparam("inbox_id"), TABLE.c.object.in_(bindparam("objects", expanding=True))
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one row: plain JSON values before and after."""

    object: str
    object_id: int
    type: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    actor_id: int | None
    inbox_id: int | None
    at: datetime


def write(session: Session, event: Event) -> None:
    """Write an event down."""
    session.connection().execute(
        _WRITE,
        {
            "id": new_id(),
            "object": event.object,
            "object_id": event.object_id,
            "type": event.type,
            "before": dict(event.before),
            "after": dict(event.after),
            "actor_id": event.actor_id,
            "inbox_id": event.inbox_id,
            "at": event.at,
        },
    )


def caused_one_of(session: Session, inbox_id: int, objects: Sequence[str]) -> bool:
    """Whether the message changed a row of one of these tables."""
    row = session.connection().execute(_CAUSED, {"inbox_id": inbox_id, "objects": list(objects)}).first()
    return row is not None
