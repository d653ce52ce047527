"""One database of each kind for all tests that only need a session: what a test did is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from store.database import Database, connect
from tests.databases import Databases


@pytest.fixture(scope="package", params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """An empty, migrated database that nothing is ever committed to."""
    with databases.fresh(request.param) as url:
        opened = connect(url)
        yield opened
        opened.close()


@pytest.fixture
def session(shared: Database) -> Iterator[Session]:
    """A session whose commits are savepoints, rolled back at the end."""
    with shared.writer.connect() as connection, connection.begin() as whole:
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as opened:
            yield opened
        whole.rollback()
