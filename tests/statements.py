"""Statements are compiled once for all databases of a kind in one test process, not anew for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.event import listens_for

_shared: dict[tuple[str, bool], tuple[Dialect, dict[Any, Any]]] = {}


@listens_for(Engine, "engine_connect")
def share(connection: Connection) -> None:
    """Let an engine use the dialect and the compiled statements of the first one like it."""
    engine, own = connection.engine, connection.dialect
    dialect, compiled = _shared.setdefault((own.name, "do_savepoint" in vars(own)), (own, {}))
    if "compiled_cache" not in engine.get_execution_options():
        engine.dialect = connection.dialect = dialect
        engine.update_execution_options(compiled_cache=compiled)
        connection.execution_options(compiled_cache=compiled)
