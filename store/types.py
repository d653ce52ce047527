"""Column types and the common columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData
from sqlalchemy.types import JSON, TypeDecorator
from sqlmodel import Field, SQLModel

from store.factories import new_id

WIDE: Any = BigInteger().with_variant(Integer, "sqlite")  # SQLite: INTEGER is 64 bits and the row id itself

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


@lru_cache(maxsize=512)  # a turn's rows share a few times
def _to_text(value: datetime | None) -> str | None:
    """SQLAlchemy's own format on SQLite: 2026-11-20 07:00:00.000000, in UTC."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("times are aware: give a zone")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. Refuses naive ones; gives aware ones back on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ANN401 as SQLAlchemy declares it
        """How a value goes to the database: by hand on SQLite, where every row has several times."""
        return _to_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ANN401 see bind_processor
        """How a value comes back."""
        return _from_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, without the zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are aware: give a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware UTC."""
        if value is None:
            return None
        return value.astimezone(UTC)


class Table(SQLModel):
    """The base of every table: named constraints and one metadata."""

    metadata = MetaData(naming_convention=NAMING)

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 each table has its own columns
        """A new row: the values given, the columns' defaults for the others.

        They are put down as loading puts them, not one by one through pydantic and the instrumentation,
        which costs ten times as much and tells nobody anything about a row that no session knows yet.
        """
        known, factories = _defaults(type(self))
        row = {**known, **values}
        if len(row) + len(factories) != len(type(self).model_fields):
            row |= {name: make() for name, make in factories.items() if name not in row}
            _complain(type(self), row)
        else:
            row |= {name: make() for name, make in factories.items()}
        self.__dict__.update(row)
        object.__setattr__(self, "__pydantic_fields_set__", set(values))


@lru_cache
def _defaults(table: type[Table]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """What columns hold when nothing is said: values, and makers of values."""
    known, factories = {}, {}
    for name, field in table.model_fields.items():
        if field.default_factory is not None:
            factories[name] = cast("Callable[[], Any]", field.default_factory)
        elif not field.is_required():
            known[name] = field.default
    return known, factories


def _complain(table: type[Table], row: dict[str, Any]) -> None:
    """Raise `TypeError` for a column that is missing or that there is not."""
    wrong = set(row) ^ set(table.model_fields)
    if wrong:
        raise TypeError(f"{table.__name__}: {', '.join(sorted(wrong))}")


def key(**kwargs: Any) -> Any:  # noqa: ANN401 the column's descriptor, typed by its annotation
    """A primary key made by `new_id`."""
    return Field(default_factory=new_id, primary_key=True, sa_type=WIDE, **kwargs)


def ref(target: str, *, index: bool = True, **kwargs: Any) -> Any:  # noqa: ANN401 see key
    """A foreign key to `target`, indexed unless a wider index starts with it."""
    return Field(foreign_key=target, index=index, sa_type=WIDE, **kwargs)


def moment(**kwargs: Any) -> Any:  # noqa: ANN401 see key
    """An aware UTC time."""
    return Field(sa_type=UtcDateTime, **kwargs)


def bigint(**kwargs: Any) -> Any:  # noqa: ANN401 see key
    """A 64-bit integer: fen, ids without a foreign key."""
    return Field(sa_type=WIDE, **kwargs)


def document(**kwargs: Any) -> Any:  # noqa: ANN401 see key
    """A JSON value."""
    return Field(sa_type=JSON, **kwargs)
