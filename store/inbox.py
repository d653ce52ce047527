"""The inbox: each delivery once, with the message and the answer it got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import col

from store.fast import Fast, connection_of
from store.ids import new_id
from store.once import Once, table_of
from store.tables import Inbox, InboxStatus

LEASE = timedelta(seconds=60)
KEEP_ERROR = 4000  # characters of a traceback that are kept


TABLE = table_of(Inbox)
_KEY = (
    TABLE.c.platform == bindparam("platform"),
    TABLE.c.app == bindparam("app"),
    TABLE.c.delivery_id == bindparam("delivery_id"),
)
_RECEIVE = Once(Inbox)
_FIND = Fast(select(TABLE.c.id).where(*_KEY))
_LOCK = Fast(
    select(TABLE.c.status, TABLE.c.answer, TABLE.c.attempts)
    .where(TABLE.c.id == bindparam("inbox_id"))
    .with_for_update()
)
_CLOSE = update(TABLE).where(TABLE.c.id == bindparam("inbox_id"))
_FINISH = Fast(
    _CLOSE.values(
        {n: bindparam(n) for n in ("status", "answer", "handler", "member_id", "done_at", "lease_until")}
    )
)
_FAIL = _CLOSE.values(
    {name: bindparam(name) for name in ("status", "error_id", "error", "answer", "handler", "lease_until")}
    | {"attempts": TABLE.c.attempts + 1}
)


def receive(session: OrmSession, row: dict[str, Any], now: datetime) -> tuple[int, bool]:
    """Store a delivery; (its inbox id, whether it is new). `row` holds the columns that describe it."""
    new = new_id()
    values = {"id": new, "status": InboxStatus.RECEIVED, "received_at": now, "lease_until": now + LEASE}
    values |= {"handler": "", "error": "", "error_id": "", "attempts": 0}
    if _RECEIVE.put(session, values | row):
        return new, True
    key = {name: row[name] for name in ("platform", "app", "delivery_id")}
    return int(_FIND.rows(session, key)[0][0]), False


@dataclass(frozen=True, slots=True)
class State:
    """Where a delivery stands: its answer, and how often handling it has failed."""

    status: str
    answer: dict[str, Any] | None
    attempts: int


def lock(session: OrmSession, inbox_id: int) -> State:
    """The state of a delivery, held against other replicas until the transaction ends."""
    [(status, answer, attempts)] = _LOCK.rows(session, {"inbox_id": inbox_id})
    return State(status, answer, attempts)


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
    values = {"status": InboxStatus.DONE, "answer": answer, "handler": handler, "member_id": member_id}
    _FINISH.run(session, values | {"inbox_id": inbox_id, "done_at": now, "lease_until": None})


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
    values = {"status": InboxStatus.FAILED, "error_id": error_id, "error": error[-KEEP_ERROR:]}
    connection_of(session).execute(
        _FAIL,
        values | {"inbox_id": inbox_id, "answer": answer, "handler": handler, "lease_until": None},
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


def release(session: OrmSession) -> None:
    """Take back every lease: where one process alone handles messages, whoever held them is dead."""
    session.execute(
        update(TABLE).where(TABLE.c.status == InboxStatus.RECEIVED).values(lease_until=TABLE.c.received_at)
    )


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
