"""Statements handed to the driver: in the transaction and the savepoint that their session is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, func, insert, select
from sqlmodel import Session, col

from store.database import Database
from store.fast import Fast, hold
from store.once import table_of
from store.tables import TickRun

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PUT = Fast(insert(table_of(TickRun)))


class _OffError(Exception):
    """Ends a savepoint."""


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """As the writer opens one: on a connection whose transaction has begun."""
    with (
        database.writer.connect() as connection,
        connection.begin(),
        Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as opened,
    ):
        yield opened


def put(session: Session, name: str) -> None:
    PUT.run(session, {"name": name, "claimed_at": NOW})


def put_and_fail(session: Session, name: str) -> None:
    with suppress(_OffError), session.begin_nested():
        put(session, name)
        raise _OffError


def names(session: Session) -> list[str]:
    return list(session.execute(select(col(TickRun.name)).order_by(col(TickRun.name))).scalars())


def test_a_savepoint_takes_back_what_was_written_in_it_alone(session: Session) -> None:
    put_and_fail(session, "first of all")
    put(session, "a")
    put_and_fail(session, "b")
    with session.begin_nested():
        put(session, "c")
        put_and_fail(session, "d")
        put(session, "e")
    put_and_fail(session, "f")
    put(session, "g")
    assert names(session) == ["a", "c", "e", "g"]


def test_what_the_session_has_not_flushed_is_not_needed(session: Session) -> None:
    session.add(TickRun(name="late", claimed_at=NOW))
    put(session, "early")
    session.flush()
    assert session.execute(select(func.count()).select_from(TickRun)).scalar_one() == 2


def test_what_a_select_finds_is_as_its_columns_have_it(session: Session) -> None:
    put(session, "a")
    table = table_of(TickRun)
    found = Fast(select(table.c.name, table.c.claimed_at).where(table.c.name == bindparam("name")))
    assert found.rows(session, {"name": "a"}) == [("a", NOW)]
    assert found.rows(session, {"name": "b"}) == []


def test_one_statement_for_many_values(session: Session) -> None:
    PUT.each(session, [{"name": name, "claimed_at": NOW} for name in "abc"])
    PUT.each(session, [])
    assert names(session) == ["a", "b", "c"]


def test_constants_stand_in_the_text(session: Session) -> None:
    """So that a partial index is chosen once, not at each execution."""
    put(session, "it's 50%")
    put(session, "b")
    column = table_of(TickRun).c.name
    for constant in (column == "it's 50%", column.in_(["it's 50%", "c"])):
        query = select(column).where(constant, column != bindparam("other"))
        made = Fast(query)._make(session.connection(), {"other": "x"})
        assert "it''s 50%" in made.text
        assert len(made.values) == 1
        assert Fast(query).rows(session, {"other": "x"}) == [("it's 50%",)]


def test_a_row_that_is_held_is_known_and_not_written_again(session: Session, database: Database) -> None:
    row = TickRun(name="a", claimed_at=NOW)
    put(session, "a")
    hold(session, row, "a")
    assert session.get(TickRun, "a") is row
    assert not session.dirty
    row.claimed_at = NOW + timedelta(days=1)
    session.flush()
    session.expire_all()
    assert session.get_one(TickRun, "a").claimed_at == NOW + timedelta(days=1)
