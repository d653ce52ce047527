"""The statements of every message, compiled once and handed to the driver as they are.

SQLAlchemy makes the SQL and converts the values; what is left out is its work for each execution, which
for such small statements costs many times the statement itself. `Fast` gives back the driver's own rows,
`Rows` the rows of a table as the session knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    inspect,
    select,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper, Session, SessionTransaction
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

from store.types import Table as Base

Statement = Insert | Update | Delete | Select[Any]
R = TypeVar("R", bound=Base)
JOINED = "transaction that is on the connection"


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement for one dialect: its text, and of each value in order its name and how it is converted.

    `found` are the conversions of what a select finds, by column.
    """

    text: str
    values: tuple[tuple[str, Callable[[Any], Any] | None], ...]
    positional: bool
    constants: Mapping[str, Any]
    found: tuple[Callable[[Any], Any] | None, ...]

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """A row of the driver's, its values as the columns have them."""
        return tuple([v if to is None else to(v) for to, v in zip(self.found, row, strict=True)])

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
        made = self._for(connection, values)
        return drive(connection, made.text, made.given(values))

    def rows(self, session: Session, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run a select; what it finds, as the columns have it."""
        connection = connection_of(session)
        made = self._for(connection, values)
        return [made.read(row) for row in drive(connection, made.text, made.given(values)).fetchall()]

    def each(self, session: Session, many: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of the given values."""
        if many:
            connection = connection_of(session)
            made = self._for(connection, many[0])
            drive(connection, made.text, [made.given(values) for values in many], many=True)

    def _for(self, connection: Connection, values: Mapping[str, Any]) -> _Made:
        return self._made.get(connection.dialect.name) or self._make(connection, values)

    def _make(self, connection: Connection, values: Mapping[str, Any]) -> _Made:
        keys = list(values) if isinstance(self._statement, Insert) else None
        written = _written_out(self._statement, values)
        compiled = written.compile(dialect=connection.dialect, column_keys=keys)
        expanded = compiled.construct_expanded_state(dict(values))
        convert = cast("dict[str, Callable[[Any], Any]]", compiled._bind_processors)  # no expanding values
        made = _Made(
            expanded.statement,
            tuple((n, convert.get(n)) for n in expanded.positiontup or expanded.parameters),
            bool(connection.dialect.positional),
            {k: v for k, v in expanded.parameters.items() if k not in values},
            self._conversions(connection.dialect),
        )
        self._made[connection.dialect.name] = made
        return made

    def _conversions(self, dialect: Dialect) -> tuple[Callable[[Any], Any] | None, ...]:
        if not isinstance(self._statement, Select):
            return ()
        types = [column.type.dialect_impl(dialect) for column in self._statement.selected_columns]
        return tuple(one.result_processor(dialect, None) for one in types)


class Rows(Generic[R]):
    """Whole rows of one table by a condition: what the session holds already, otherwise fresh from it."""

    def __init__(self, model: type[R], condition: ColumnElement[bool], most: int) -> None:
        self._mapper = cast("Mapper[R]", inspect(model))
        table = cast("Table", self._mapper.local_table)
        self._names = tuple(column.name for column in table.columns)
        self._key = next(iter(table.primary_key.columns)).name
        self._select = Fast(select(*table.columns).where(condition).order_by(table.c[self._key]).limit(most))

    def find(self, session: Session, values: Mapping[str, Any]) -> list[R]:
        """The rows, oldest first."""
        session.flush()
        found = self._select.rows(session, values)
        return [self._known(session, dict(zip(self._names, row, strict=True))) for row in found]

    def _known(self, session: Session, values: dict[str, Any]) -> R:
        held = session.identity_map.get(self._mapper.identity_key_from_primary_key((values[self._key],)))
        if held is not None:
            return held
        row: R = self._mapper.class_manager.new_instance()
        row.__dict__.update(values)
        hold(session, row, values[self._key])
        return row


def _written_out(statement: Statement, given: Mapping[str, Any]) -> Statement:
    """The statement with its constants in the text.

    SQLite plans a statement anew for each execution where a bound value decides whether a partial index
    serves (status = ?): that takes ten times as long as the statement itself.
    """

    def write(element: ExternallyTraversible, **_: object) -> ExternallyTraversible | None:
        if not isinstance(element, BindParameter) or element.key in given or element.value is None:
            return None
        return element.render_literal_execute()

    return cast("Statement", replacement_traverse(statement, {}, write))


def hold(session: Session, row: Base, key: Any) -> None:  # noqa: ANN401 whatever the primary key is
    """Let the session know a row that stands in the database just like this, as if it had loaded it.

    Done as loading does it: `make_transient_to_detached` and `Session.add` together cost five times as much.
    """
    state = instance_state(row)
    state.key = state.mapper.identity_key_from_primary_key((key,))
    state._commit_all(state.dict)
    state.session_id = session.hash_key
    session.identity_map.add(state)


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


def drive(connection: Connection, text: str, values: Any = (), *, many: bool = False) -> Any:  # noqa: ANN401 the driver's cursor
    """Hand a statement to the driver, once or for `many` values; its cursor.

    Raises what SQLAlchemy would raise.
    """
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        base = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(text, None, error, base, hide_parameters=True) from error
    return cursor
