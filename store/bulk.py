"""Many rows at once: an executemany on SQLite, COPY on PostgreSQL. Nothing of it is journalled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.engine import Connection

BATCH = 20_000  # rows in one executemany


def load(engine: Engine, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put `rows` into `table`: values of `columns` in this order, as the table's types take them."""
    with engine.begin() as connection:
        convert = [_converter(connection, table.c[name]) for name in columns]
        made = ([v if to is None else to(v) for to, v in zip(convert, row, strict=True)] for row in rows)
        if connection.dialect.name == "sqlite":
            _insert(connection, table, columns, made)
        else:
            _copy(connection, table, columns, made)


def _converter(connection: Connection, column: sa.Column[Any]) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)


def _insert(
    connection: Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    names, places = ", ".join(f'"{name}"' for name in columns), ", ".join("?" for _ in columns)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'  # noqa: S608 names of our own tables
    cursor = connection.connection.cursor()
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        cursor.executemany(statement, batch)


def _copy(
    connection: Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    cursor: Any = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
