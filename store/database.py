"""Engines: one writer and readers on SQLite, one pool on PostgreSQL.

SQLite runs in WAL with `synchronous=FULL`: what was acknowledged survives a power cut. The busy timeout
stays below the 5 s after which WeCom repeats a callback. A writer begins with BEGIN IMMEDIATE, so that it
waits for the lock once, at the start, and never fails half-way.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from store.checkpoints import BACKSTOP_PAGES
from store.fast import drive

BUSY_TIMEOUT_MS = 3500
SAVEPOINTS = {
    "do_savepoint": ("SAVEPOINT",),
    "do_release_savepoint": ("RELEASE SAVEPOINT",),
    "do_rollback_to_savepoint": ("ROLLBACK TO SAVEPOINT", "RELEASE SAVEPOINT"),
}
READERS = 4


@dataclass(frozen=True, slots=True)
class Database:
    """The two ways to the data: `writer` for transactions that change, `reader` for those that only look."""

    writer: Engine
    reader: Engine

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.writer.dialect.name == "sqlite"

    def close(self) -> None:
        """Give all connections back."""
        self.writer.dispose()
        self.reader.dispose()


def connect(url: str, *, pool: int = READERS) -> Database:
    """Open the database at `url`: sqlite:///FILE or postgresql://…

    Raises `ValueError` for any other kind of database.
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return _sqlite(url, parsed.database or "")
    if kind == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=pool,
            max_overflow=pool,
            pool_pre_ping=True,
            json_serializer=_json,
            connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c lock_timeout=3500"},
        )
        _plain_savepoints(engine)
        return Database(engine, engine)
    raise ValueError(f"the database is sqlite:///FILE or postgresql://…, not {kind}")


def _sqlite(url: str, file: str) -> Database:
    if not file or file == ":memory:":
        raise ValueError("the SQLite database is a file, for example sqlite:///var/genjin.db")
    Path(file).expanduser().parent.mkdir(parents=True, exist_ok=True)
    writer = create_engine(
        url, connect_args={"check_same_thread": False}, poolclass=NullPool, json_serializer=_json
    )
    reader = create_engine(
        url, connect_args={"check_same_thread": False}, pool_size=READERS, max_overflow=READERS
    )
    for engine, immediate in ((writer, True), (reader, False)):
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin_immediate if immediate else _begin)
    _plain_savepoints(writer)
    return Database(writer, reader)


def _plain_savepoints(engine: Engine) -> None:
    """Hand savepoints to the driver as they are: SQLAlchemy compiles a statement anew for each of them.

    One that was gone back to is given up as well, or every write that follows looks after it too.
    """
    for name, verbs in SAVEPOINTS.items():
        setattr(engine.dialect, name, partial(_savepoint, verbs))


def _savepoint(verbs: tuple[str, ...], connection: Connection, name: str) -> None:
    for verb in verbs:
        drive(connection, f"{verb} {name}")


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401 the driver's own objects
    connection.isolation_level = None  # transactions are begun by the events below, not by the driver
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.execute(f"PRAGMA wal_autocheckpoint={BACKSTOP_PAGES}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    drive(connection, "BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    drive(connection, "BEGIN")


def check(database: Database) -> str:
    """Ask the database who it is; raises the driver's error where it does not answer."""
    with database.reader.connect() as connection:
        if database.is_sqlite:
            return "SQLite " + str(connection.execute(text("select sqlite_version()")).scalar_one())
        return "PostgreSQL " + str(connection.execute(text("show server_version")).scalar_one())


TRANSIENT_SQLITE = ("locked", "full", "busy", "disk i/o", "readonly", "unable to open")
TRANSIENT_STATES = (
    "08",
    "40",
    "53",
    "55",
    "57",
    "58",
)  # PostgreSQL classes: connection, rollback, resources, locks


def is_transient(error: BaseException) -> bool:
    """Whether the database failed (a lock, a full disk, a lost connection) rather than the statement."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return str(state).startswith(TRANSIENT_STATES)
    return isinstance(error, OperationalError) and any(
        word in str(error.orig).lower() for word in TRANSIENT_SQLITE
    )
