"""Claims: of all replicas and all ticks, one gets to do a thing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from store.inbox import insert_once
from store.tables import TickRun


def claim(session: Session, name: str, now: datetime) -> bool:
    """Whether this call is the first for `name`, ever. Takes hold when the transaction commits."""
    query = insert_once(session, TickRun).returning(col(TickRun.name))
    return session.execute(query, {"name": name, "claimed_at": now}).first() is not None


def claimed(session: Session, prefix: str) -> set[str]:
    """The names that begin with `prefix` and were claimed: saves asking for each."""
    query = select(col(TickRun.name)).where(col(TickRun.name).startswith(prefix, autoescape=True))
    return set(session.execute(query).scalars())
