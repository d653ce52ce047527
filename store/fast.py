"""The statements of every message, compiled once and handed to the driver as they are.

SQLAlchemy makes the SQL and converts the values; what is left out is its work for each execution, which
for such small statements costs many times the statement itself. `Fast` gives back the driver's own rows,
`Rows` the rows of a table as the session knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Delete, Insert, Select, Table, Update, inspect, select
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper, Session, SessionTransaction, make_transient_to_detached

from store.types import Table as Base

Statement = Insert | Update | Delete | Select[Any]
R = TypeVar("R", bound=Base)
JOINED = "transaction that is on the connection"


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement for one dialect: its text, and of each value in order its name and how it is converted."""

    text: str
    values: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    positional: bool
    constants: Mapping[str, Any]

    def given(self, values: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """The values as the driver takes them."""
        whole = {**self.constants, **values} if self.constants else values
        if self.positional:
            return tuple([whole[n] if convert is None else convert(whole[n]) for n, convert in self.values])
        return {n: whole[n] if convert is None else convert(whole[n]) for n, convert in self.values}


class Fast:
    """One statement. The same keys must be given each time."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, session: Session, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 the driver's cursor
        """Run it; the driver's cursor. Raises what SQLAlchemy would raise."""
        connection = connection_of(session)
        made = self._made.get(connection.dialect.name) or self._make(connection, values)
        return drive(connection, made.text, made.given(values))

    def _make(self, connection: Connection, values: Mapping[str, Any]) -> _Made:
        keys = list(values) if isinstance(self._statement, Insert) else None
        compiled = self._statement.compile(dialect=connection.dialect, column_keys=keys)
        names = tuple(compiled.positiontup or compiled.params)
        convert = cast("dict[str, Callable[[Any], Any]]", compiled._bind_processors)  # no expanding values
        made = _Made(
            str(compiled),
            tuple((name, convert.get(name)) for name in names),
            bool(connection.dialect.positional),
            {k: v for k, v in compiled.params.items() if k not in values},
        )
        self._made[connection.dialect.name] = made
        return made


class Rows(Generic[R]):
    """Whole rows of one table by a condition: what the session holds already, otherwise fresh from it."""

    def __init__(self, model: type[R], condition: ColumnElement[bool], most: int) -> None:
        self._mapper = cast("Mapper[R]", inspect(model))
        table = cast("Table", self._mapper.local_table)
        self._columns = tuple(table.columns)
        self._key = next(iter(table.primary_key.columns)).name
        self._select = Fast(select(*self._columns).where(condition).order_by(table.c[self._key]).limit(most))
        self._convert: dict[str, tuple[tuple[str, Callable[[Any], Any] | None], ...]] = {}

    def find(self, session: Session, values: Mapping[str, Any]) -> list[R]:
        """The rows, oldest first."""
        session.flush()
        convert = self._converters(connection_of(session).dialect)
        return [
            self._known(session, dict(self._values(convert, row)))
            for row in self._select.run(session, values).fetchall()
        ]

    def _converters(self, dialect: Dialect) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
        made = self._convert.get(dialect.name)
        if made is None:
            made = tuple(
                (c.name, c.type.dialect_impl(dialect).result_processor(dialect, None)) for c in self._columns
            )
            self._convert[dialect.name] = made
        return made

    @staticmethod
    def _values(
        convert: tuple[tuple[str, Callable[[Any], Any] | None], ...], row: tuple[Any, ...]
    ) -> list[tuple[str, Any]]:
        return [
            (name, value if to is None else to(value)) for (name, to), value in zip(convert, row, strict=True)
        ]

    def _known(self, session: Session, values: dict[str, Any]) -> R:
        held = session.identity_map.get(self._mapper.identity_key_from_primary_key((values[self._key],)))
        if held is not None:
            return held
        row: R = self._mapper.class_manager.new_instance()
        row.__dict__.update(values)
        make_transient_to_detached(row)
        session.add(row)
        return row


def connection_of(session: Session) -> Connection:
    """The connection of a session, as `Session.connection` gives it.

    That costs more than a small statement; but it is what sets the savepoint of a `begin_nested`, so it is
    left out only where it was asked for in this very transaction.
    """
    bind = session.bind
    if not isinstance(bind, Connection):
        return session.connection()
    if JOINED not in session.info or session.info[JOINED] is not _innermost(session):
        session.connection()
        session.info[JOINED] = _innermost(session)
    return bind


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def drive(connection: Connection, text: str, values: Any = ()) -> Any:  # noqa: ANN401 the driver's cursor
    """Hand a statement to the driver; its cursor. Raises what SQLAlchemy would raise."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        base = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(text, None, error, base, hide_parameters=True) from error
    return cursor
