"""Rows that are there once, however often they are put: INSERT … ON CONFLICT DO NOTHING on both databases.

Statements are made once and run on the connection, which costs a fraction of the same through the ORM:
they stand on the path of every message.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from store.fast import Fast, connection_of
from store.tables import Table


def table_of(model: type[Table]) -> sa.Table:
    """The table of a model, for statements that need no entities."""
    return cast("sa.Table", model.__table__)  # type: ignore[attr-defined]  # every model with table=True has it


@lru_cache
def columns_of(model: type[Table]) -> tuple[str, ...]:
    """The names of a model's columns."""
    return tuple(column.name for column in table_of(model).columns)


def values_of(row: Table) -> dict[str, Any]:
    """What the columns of a row hold."""
    held = row.__dict__  # past the instrumented attributes, which cost more than the value
    return {name: held[name] if name in held else getattr(row, name) for name in columns_of(type(row))}


class Once:
    """Puts rows of a table; a row that breaks a unique key is passed over."""

    def __init__(self, model: type[Table]) -> None:
        table = table_of(model)
        key = next(iter(table.primary_key.columns))
        self._sqlite = Fast(sqlite_insert(table).on_conflict_do_nothing().returning(key))
        self._postgresql = Fast(pg_insert(table).on_conflict_do_nothing().returning(key))

    def put(self, session: Session, values: Mapping[str, Any]) -> bool:
        """Put a row; False where one was there already. All columns without a database default are given."""
        statement = self._sqlite if connection_of(session).dialect.name == "sqlite" else self._postgresql
        return statement.run(session, values).fetchone() is not None
