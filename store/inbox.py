"""The inbox: each delivery once, with the message and the answer it got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import col

from store.ids import new_id
from store.tables import Inbox, InboxStatus, Table

LEASE = timedelta(seconds=60)
KEEP_ERROR = 4000  # characters of a traceback that are kept


def insert_once(session: OrmSession, table: type[Table]) -> Insert:
    """INSERT … ON CONFLICT DO NOTHING for the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite_insert(table).on_conflict_do_nothing()
    return pg_insert(table).on_conflict_do_nothing()


def receive(session: OrmSession, row: dict[str, Any], now: datetime) -> tuple[int, bool]:
    """Store a delivery; (its inbox id, whether it is new). `row` holds the columns that describe it."""
    new = new_id()
    values = {"id": new, "status": InboxStatus.RECEIVED, "received_at": now, "lease_until": now + LEASE}
    values |= {"handler": "", "error": "", "error_id": "", "attempts": 0}
    done = session.execute(insert_once(session, Inbox).returning(col(Inbox.id)), values | row).first()
    if done is not None:
        return new, True
    query = select(col(Inbox.id)).where(
        col(Inbox.platform) == row["platform"],
        col(Inbox.app) == row["app"],
        col(Inbox.delivery_id) == row["delivery_id"],
    )
    return session.execute(query).scalar_one(), False


@dataclass(frozen=True, slots=True)
class State:
    """Where a delivery stands: its answer, and how often handling it has failed."""

    status: str
    answer: dict[str, Any] | None
    attempts: int


def lock(session: OrmSession, inbox_id: int) -> State:
    """The state of a delivery, held against other replicas until the transaction ends."""
    columns = (col(Inbox.status), col(Inbox.answer), col(Inbox.attempts))
    row = session.execute(select(*columns).where(col(Inbox.id) == inbox_id).with_for_update()).one()
    return State(row[0], row[1], row[2])


def finish(
    session: OrmSession,
    inbox_id: int,
    *,
    answer: dict[str, Any] | None,
    handler: str,
    member_id: int | None,
    now: datetime,
) -> None:
    """The delivery is handled; a repeat of it gets `answer` again."""
    session.execute(
        update(Inbox)
        .where(col(Inbox.id) == inbox_id)
        .values(
            status=InboxStatus.DONE,
            answer=answer,
            handler=handler,
            member_id=member_id,
            done_at=now,
            lease_until=None,
        )
    )


def fail(
    session: OrmSession,
    inbox_id: int,
    *,
    error_id: str,
    error: str,
    answer: dict[str, Any] | None,
    handler: str,
) -> None:
    """The handler failed: the message stays, with the error, until it is replayed."""
    session.execute(
        update(Inbox)
        .where(col(Inbox.id) == inbox_id)
        .values(
            status=InboxStatus.FAILED,
            error_id=error_id,
            error=error[-KEEP_ERROR:],
            answer=answer,
            handler=handler,
            attempts=col(Inbox.attempts) + 1,
            lease_until=None,
        )
    )


def stranded(session: OrmSession, now: datetime, most: int = 100) -> list[Inbox]:
    """Deliveries that are durable and were never handled (the process died): take them on, oldest first.

    Their lease is renewed, so that replicas share them.
    """
    query = (
        select(Inbox)
        .where(col(Inbox.status) == InboxStatus.RECEIVED, col(Inbox.lease_until) < now)
        .order_by(col(Inbox.received_at), col(Inbox.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.execute(query).scalars())
    for row in rows:
        row.lease_until = now + LEASE
    session.flush()
    return rows


def failed(session: OrmSession, most: int = 100) -> list[Inbox]:
    """Deliveries whose handler failed, oldest first."""
    query = (
        select(Inbox)
        .where(col(Inbox.status) == InboxStatus.FAILED)
        .order_by(col(Inbox.received_at), col(Inbox.id))
        .limit(most)
    )
    return list(session.execute(query).scalars())


def reopen(session: OrmSession, inbox_id: int) -> dict[str, Any] | None:
    """Make a failed delivery wait to be handled again; its message, or None where it is not a failed one."""
    changed = session.execute(
        update(Inbox)
        .where(col(Inbox.id) == inbox_id, col(Inbox.status) == InboxStatus.FAILED)
        .values(status=InboxStatus.RECEIVED)
        .returning(col(Inbox.raw))
    )
    row = changed.first()
    return None if row is None else dict(row[0])
