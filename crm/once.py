"""Things that happen once, whoever asks and however often: a unique key lets one caller win."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from store.once import Once
from store.tables import TickRun

_RUNS = Once(TickRun)


def first(session: Session, name: str, now: datetime) -> bool:
    """Whether this call is the first for `name`, ever. Takes hold when the transaction commits."""
    return _RUNS.put(session, {"name": name, "claimed_at": now})
