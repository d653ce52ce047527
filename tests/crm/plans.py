"""The statements that a piece of work runs, and which of them walk through a whole large table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from store import fast

LARGE = frozenset(
    {
        "activity",
        "approval",
        "approval_task",
        "asset",
        "attachment",
        "card",
        "collaborator",
        "contact",
        "custom_record",
        "custom_value",
        "customer",
        "customer_alias",
        "customer_identity",
        "event_log",
        "inbox",
        "mention",
        "outbox",
        "quote",
        "tagging",
        "task",
    }
)
"""The tables that grow with the business; members, departments and settings do not."""

SHARED_BY_MANY = re.compile(r"SEARCH (\w+) USING .*\((?:field|tag)_id=\?\)")
"""A search that finds nearly as much as there is; for each of many records that is far worse than a scan."""

WAYS_OF_FEW = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
"""What PostgreSQL prefers for small tables: without it, it shows whether there is a way by index."""

WORTH = 100  # rows from which PostgreSQL's planner looks for a way around reading them all


@dataclass(slots=True)
class Watched:
    """The SELECT statements of a piece of work, as the driver got them, with their values."""

    statements: list[tuple[str, Any]] = field(default_factory=list)

    def note(self, text: str, values: object) -> None:
        """Keep a statement that reads."""
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            self.statements.append((text, values))


@contextmanager
def watch(session: Session, patch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """Everything that the session reads while this is open, by SQLAlchemy or past it."""
    watched = Watched()
    connection = session.connection()

    def before(_c: object, _cursor: object, text: str, values: object, _x: object, _many: object) -> None:
        watched.note(text, values)

    driven = fast.drive

    def drive(on: Any, text: str, values: Any) -> Any:
        watched.note(text, values)
        return driven(on, text, values)

    event.listen(connection, "before_cursor_execute", before)
    patch.setattr(fast, "drive", drive)
    try:
        yield watched
    finally:
        event.remove(connection, "before_cursor_execute", before)
        patch.setattr(fast, "drive", driven)


def scans(session: Session, watched: Watched) -> list[str]:
    """The large tables that are read from end to end, with the statement that does it."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    found = []
    for text, values in dict(watched.statements).items():
        whole = _sqlite(session, text, values) if sqlite else _postgresql(session, text, values)
        found += [f"{table}: {' '.join(text.split())}" for table in whole]
    return found


def _sqlite(session: Session, text: str, values: Any) -> list[str]:
    raw = session.connection().connection.driver_connection
    assert raw is not None
    rows = raw.execute(f"EXPLAIN QUERY PLAN {text}", values).fetchall()
    aliases = dict(_aliases(text))
    asked_of_each = {row[0] for row in rows if row[3].startswith("CORRELATED")}
    names = [
        m[1]
        for row in rows
        if (m := re.match(r"SCAN (\w+)(?! VIRTUAL)", row[3]))
        or (row[1] in asked_of_each and (m := SHARED_BY_MANY.fullmatch(row[3])))
    ]
    return [aliases.get(name, name) for name in names if aliases.get(name, name) in LARGE]


def _aliases(text: str) -> Iterator[tuple[str, str]]:
    """The other names that a statement gives to tables."""
    for table, alias in re.findall(r"(?:FROM|JOIN|,)\s+(\w+) AS (\w+)", text):
        yield alias, table


def _postgresql(session: Session, text: str, values: Any) -> list[str]:
    raw = session.connection().connection.driver_connection
    assert raw is not None
    with raw.cursor() as cursor:
        for way in WAYS_OF_FEW:
            cursor.execute(f"SET LOCAL {way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {text}", values)
        plan = cursor.fetchone()[0]
        for way in WAYS_OF_FEW:
            cursor.execute(f"SET LOCAL {way} = on")
        cursor.execute("SELECT relname FROM pg_class WHERE reltuples >= %s", (WORTH,))
        filled = {name for (name,) in cursor.fetchall()}
    return [table for table in _whole(plan[0]["Plan"]) if table in filled]


def _whole(node: dict[str, Any]) -> Iterator[str]:
    """Sequential scans that cannot be avoided, and indexes read without a condition."""
    table = node.get("Relation Name", "")
    kind = node["Node Type"]
    by_index = kind in ("Index Scan", "Index Only Scan") and "Index Cond" in node
    if table in LARGE and kind.endswith("Scan") and not by_index and kind != "Bitmap Heap Scan":
        yield table
    for child in node.get("Plans", []):
        yield from _whole(child)
