"""The statements of every message, compiled once and handed to the driver as they are.

SQLAlchemy makes the SQL and converts the values; what is left out is its work for each execution, which
for such small statements costs many times the statement itself. For writes, and for reads of plain
columns: what comes back is the driver's own row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Insert, Update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Write = Insert | Update | Delete


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement for one dialect: its text, the names of its values in order, and how each is converted."""

    text: str
    names: tuple[str, ...]
    positional: bool
    constants: Mapping[str, Any]
    convert: Mapping[str, Callable[[Any], Any]]

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """The values as the driver takes them."""
        whole = {**self.constants, **given}
        found = {}
        for name in self.names:
            convert = self.convert.get(name)
            found[name] = whole[name] if convert is None else convert(whole[name])
        return tuple(found[name] for name in self.names) if self.positional else found


class Fast:
    """One statement. The same keys must be given each time."""

    def __init__(self, statement: Write) -> None:
        self._statement = statement
        self._made: dict[str, _Made] = {}

    def run(self, session: Session, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 the driver's cursor
        """Run it; the driver's cursor. Raises what SQLAlchemy would raise."""
        connection = session.connection()
        made = self._made.get(connection.dialect.name) or self._make(connection, values)
        given = made.values(values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(made.text, given)
        except connection.dialect.loaded_dbapi.Error as error:
            base = connection.dialect.loaded_dbapi.Error
            raise DBAPIError.instance(made.text, None, error, base, hide_parameters=True) from error
        return cursor

    def _make(self, connection: Connection, values: Mapping[str, Any]) -> _Made:
        keys = list(values) if isinstance(self._statement, Insert) else None
        compiled = self._statement.compile(dialect=connection.dialect, column_keys=keys)
        names = tuple(compiled.positiontup or compiled.params)
        processors = compiled._bind_processors
        constants = {k: v for k, v in compiled.params.items() if k not in values}
        positional = bool(connection.dialect.positional)
        made = _Made(str(compiled), names, positional, constants, dict(processors))  # type: ignore[arg-type]  # no expanding values here
        self._made[connection.dialect.name] = made
        return made
