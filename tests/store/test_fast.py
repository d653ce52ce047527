"""Statements handed to the driver: in the transaction and the savepoint that their session is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from store.database import Database
from store.fast import Fast
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
