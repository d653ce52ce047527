"""Leases: one holder at a time among the replicas, taken over when it has not renewed in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from store.once import Once, table_of
from store.tables import Lease

TABLE = table_of(Lease)
_NEW = Once(Lease)


def hold(session: Session, name: str, holder: str, now: datetime, life: timedelta) -> bool:
    """Take or renew a lease until `now + life`; whether `holder` has it then.

    A lease that is over goes to whoever asks first. The replicas' clocks are compared with each other, so
    they must agree to well within `life`.
    """
    until = now + life
    if _NEW.put(session, {"name": name, "holder": holder, "until": until}):
        return True
    free = or_(TABLE.c.holder == holder, TABLE.c.until <= now)
    taken = session.connection().execute(
        update(TABLE)
        .where(TABLE.c.name == name, free)
        .values(holder=holder, until=until)
        .returning(TABLE.c.name)
    )
    return taken.first() is not None


def release(session: Session, name: str, holder: str) -> None:
    """Give a lease back, so that another replica need not wait for its end."""
    session.connection().execute(delete(TABLE).where(TABLE.c.name == name, TABLE.c.holder == holder))


def release_all(session: Session) -> None:
    """Give every lease back: where one process alone runs, whoever held them before is dead."""
    session.connection().execute(delete(TABLE))


def holder_of(session: Session, name: str, now: datetime) -> str | None:
    """Who has a lease at `now`; None where it is free."""
    query = select(TABLE.c.holder).where(TABLE.c.name == name, TABLE.c.until > now)
    found: str | None = session.connection().execute(query).scalar_one_or_none()
    return found
