"""The event log: written with every change; a session knows which tables it has touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from store.fast import Fast
from store.ids import new_id
from store.once import table_of
from store.tables import EventLog

TABLE = table_of(EventLog)
_WRITE = Fast(insert(TABLE))
TOUCHED = "touched tables"
WRITTEN = "events written"


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
    session.info.setdefault(TOUCHED, set()).add(event.object)
    session.info[WRITTEN] = session.info.get(WRITTEN, 0) + 1
    _WRITE.run(
        session,
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


def touched(session: Session) -> frozenset[str]:
    """The tables whose rows were changed in this session, as far as it was written down."""
    return frozenset(session.info.get(TOUCHED, ()))


def written(session: Session) -> int:
    """How many events this session has written: what was worked out at another count may be out of date."""
    return int(session.info.get(WRITTEN, 0))
