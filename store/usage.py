"""What the apps use of their platforms, month by month: counted elsewhere, added up here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from store.once import table_of
from store.tables import Usage

CALLS: Final = "calls"
PUSHES: Final = "pushes"
TABLE = table_of(Usage)


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted: `kind` is CALLS or PUSHES, `month` as 2026-03."""

    platform: str
    app: str
    month: str
    kind: str


def add(session: Session, counts: Mapping[Count, int]) -> None:
    """Add to what was used; replicas may do so at the same time."""
    connection = session.connection()
    statement = _sqlite() if connection.dialect.name == "sqlite" else _postgresql()
    for one, used in sorted(counts.items(), key=lambda item: (item[0].app, item[0].month, item[0].kind)):
        row = {"platform": one.platform, "app": one.app, "month": one.month, "kind": one.kind, "used": used}
        connection.execute(statement, row)


def of_month(session: Session, platform: str, month: str) -> dict[Count, int]:
    """What the apps of a platform have used in a month, in the order of their names."""
    query = (
        select(TABLE)
        .where(TABLE.c.platform == platform, TABLE.c.month == month)
        .order_by(TABLE.c.app, TABLE.c.kind)
    )
    rows = session.connection().execute(query)
    return {Count(row.platform, row.app, row.month, row.kind): row.used for row in rows}


def _sqlite() -> Insert:
    new = sqlite_insert(TABLE)
    return new.on_conflict_do_update(index_elements=_KEY, set_={"used": TABLE.c.used + new.excluded.used})


def _postgresql() -> Insert:
    new = pg_insert(TABLE)
    return new.on_conflict_do_update(index_elements=_KEY, set_={"used": TABLE.c.used + new.excluded.used})


_KEY: Final = ("platform", "app", "month", "kind")
