"""The schema and its migrations."""

from __future__ import annotations

from store.database import Database, check
from store.migrate import current, drift, migrate


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    assert drift(database.writer) == []


def test_database_is_at_the_newest_revision(database: Database) -> None:
    have, newest = current(database.writer)
    assert have == newest != ""


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database.writer)
    assert drift(database.writer) == []


def test_check_names_the_database(database: Database) -> None:
    assert check(database).startswith("SQLite" if database.is_sqlite else "PostgreSQL")
