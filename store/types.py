"""Column types and the common columns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. Refuses naive ones; gives aware ones back on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, without the zone where the database keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times are aware: give a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(SQLModel):
    """The base of every table: named constraints and one metadata."""

    metadata = MetaData(naming_convention=NAMING)


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
