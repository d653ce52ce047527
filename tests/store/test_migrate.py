"""The schema and its migrations."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from store.database import Database, check, connect
from store.migrate import current, drift, migrate
from store.tables import Activity, Contact, Customer
from tests.databases import Databases

NOW = "'2026-11-20 07:00:00.000000'"
OLD_ROWS = (
    (
        "INSERT INTO member (id, name, role, department, position, active, created_at, updated_at, version)"
        f" VALUES (1, '张伟', 'sales', '', '', true, {NOW}, {NOW}, 1)"
    ),
    (
        "INSERT INTO customer (id, number, name, name_norm, owner_id, level, source, industry, region, note,"
        " created_at, updated_at, version)"
        f" VALUES (2, 'C1', '华星科技', '华星科技', 1, '', '', '', '', '', {NOW}, {NOW}, 1)"
    ),
    (
        "INSERT INTO contact (id, customer_id, name, title, phone, birthday_kind, birth_month, birth_day,"
        " birth_leap, note, created_at, updated_at, version)"
        f" VALUES (3, 2, '王总', '', '', '', 0, 0, false, '', {NOW}, {NOW}, 1)"
    ),
    (
        "INSERT INTO activity (id, kind, customer_id, contact_id, author_id, raw, parser, happened_at,"
        " happened_grain, happened_part, place, attachments, created_at, version)"
        f" VALUES (4, 'visit', 2, 3, 1, '', '', {NOW}, 'day', '', '', '[]', {NOW}, 1)"
    ),
)


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


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_in_use_is_brought_up_to_date(databases: Databases, kind: str) -> None:
    """Rows that refer to each other, made under the first tables, are still there under the newest."""
    with databases.bare(kind) as url:
        database = connect(url)
        migrate(database.writer, "0001")
        with database.writer.begin() as connection:
            for statement in OLD_ROWS:
                connection.exec_driver_sql(statement)
        migrate(database.writer)
        with Session(database.reader) as session:
            customer = session.get_one(Customer, 2)
            assert session.get_one(Activity, 4).customer_id == customer.id
            assert session.get_one(Contact, 3).ext == customer.ext == {}
        assert drift(database.writer) == []
        database.close()
