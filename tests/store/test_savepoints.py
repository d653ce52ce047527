"""Savepoints of nested transactions are given up with them, whichever way they end."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from store.database import Database


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_none_is_left_to_go_back_to(database: Database, end: str) -> None:
    with database.writer.connect() as connection, connection.begin():
        nested = connection.begin_nested()
        name = nested._savepoint
        getattr(nested, end)()
        with pytest.raises(DBAPIError), connection.begin_nested():
            connection.exec_driver_sql(f"ROLLBACK TO SAVEPOINT {name}")
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
