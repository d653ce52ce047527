"""`column IN (many ids)` with the ids as one value: the statement stays the same, however many there are.

A list of two thousand values would be written into the statement one by one, which costs more than the
statement itself.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Self

import orjson
from sqlalchemy import BigInteger, Boolean, ColumnElement, SQLColumnExpression, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeDecorator, TypeEngine

FEW = 200  # ids that are written into the statement: planners know what to do with each of them


def among(column: SQLColumnExpression[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether the column holds one of these ids: a condition that sifts rows where the ids are many.

    SQLite is kept from starting with many ids: it takes them for few, and would sort all their rows.
    """
    if len(ids) <= FEW:
        return column.in_(ids)
    return _Sifted(column, bindparam(None, ids, type_=_Ids()))


def by_ids(column: SQLColumnExpression[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether the column holds one of these ids, to find the rows by an index of the column."""
    return _Found(column, bindparam(None, ids, type_=_Ids()))


class _Ids(TypeDecorator[Collection[int]]):
    """Ids as one value: a JSON text on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the database."""
        made: TypeEngine[Any] = Text() if dialect.name == "sqlite" else ARRAY(BigInteger)
        return dialect.type_descriptor(made)

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:  # noqa: ANN401 see above
        """The ids as the driver takes them."""
        ids = list(value or ())
        return orjson.dumps(ids).decode() if dialect.name == "sqlite" else ids


class _Found(FunctionElement[bool]):
    """The condition, written by each dialect in its way."""

    inherit_cache = True
    name = "by_ids"
    type = Boolean()

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Itself: SQLite is not to compare it with 1, which no index would stand for."""
        return self


class _Sifted(_Found):
    """The same, out of reach of SQLite's indexes."""

    inherit_cache = True
    name = "among"


@compiles(_Sifted, "sqlite")
def _sqlite_sifted(element: _Sifted, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 SQLAlchemy's
    return f"+{_sqlite(element, compiler, **given)}"


@compiles(_Found, "sqlite")
def _sqlite(element: _Found, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 SQLAlchemy's
    column, ids = list(element.clauses)
    rows = f"json_each({compiler.process(ids, **given)})"
    return f"{compiler.process(column, **given)} IN (SELECT value FROM {rows})"  # noqa: S608 made by SQLAlchemy


@compiles(_Found, "postgresql")
@compiles(_Sifted, "postgresql")
def _postgresql(element: _Found, compiler: SQLCompiler, **given: Any) -> str:  # noqa: ANN401 SQLAlchemy's
    column, ids = list(element.clauses)
    return f"{compiler.process(column, **given)} = ANY ({compiler.process(ids, **given)})"
