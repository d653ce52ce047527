"""Alembic's entry: runs migrations on the connection that `store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from store.tables import metadata

FOREIGN = ("customer_search", "activity_search")  # differ by database and are written by hand


def _ours(_obj: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 Alembic's signature
    return not (kind == "table" and (name or "").startswith(FOREIGN))


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    include_object=_ours,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
