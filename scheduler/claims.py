"""Claims: of all replicas and all ticks, one gets to do a thing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from store.inbox import insert_once
from store.tables import TickRun


def claim(session: Session, name: str, now: datetime) -> bool:
    """Whether this call is the first for `name`, ever. Takes hold when the transaction commits."""
    query = insert_once(session, TickRun).returning(col(TickRun.name))
    return session.execute(query, {"name": name, "claimed_at": now}).first() is not None


def claimed(session: Session, names: Collection[str]) -> set[str]:
    """Which of these were claimed already: saves trying each."""
    query = select(col(TickRun.name)).where(col(TickRun.name).in_(names))
    return set(session.execute(query).scalars())
