"""Bringing the schema up to date."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from store.tables import metadata

HERE = Path(__file__).parent / "migrations"
HEAD = "head"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return config


def migrate(engine: Engine, revision: str = HEAD) -> None:
    """Bring the database to `revision`; nothing happens where it is there already."""
    if revision == HEAD and _revision(engine) == _newest():
        return
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def generate(engine: Engine, message: str) -> None:
    """Write a migration for what the tables have and the database lacks (for developers)."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def current(engine: Engine) -> tuple[str, str]:
    """The revision of the database ("" for none) and the newest there is."""
    return _revision(engine), _newest()


def _revision(engine: Engine) -> str:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


@cache
def _newest() -> str:
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def drift(engine: Engine) -> list[object]:
    """Differences between the tables and the database; empty when every change has its migration."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, kind, _r, _c: (
                    not (kind == "table" and str(name).startswith(("customer_search", "activity_search")))
                ),
            },
        )
        return list(compare_metadata(context, metadata))
