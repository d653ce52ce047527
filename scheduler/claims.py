"""What the ticks have done already; `crm.once` lets one of them win."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from store.tables import TickRun


def claimed(session: Session, names: Collection[str]) -> set[str]:
    """Which of these were claimed already: saves trying each."""
    query = select(col(TickRun.name)).where(col(TickRun.name).in_(names))
    return set(session.execute(query).scalars())
