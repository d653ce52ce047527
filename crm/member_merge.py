"""One colleague who is known twice: everything of the second becomes the first's.

References are found in the tables themselves, so that no table is forgotten: every foreign key to a member,
and the few columns that name one without a foreign key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import select, update
from sqlmodel import Session

from crm.context import Context
from crm.errors import UserMistake
from crm.journal import changed
from store.tables import Member, metadata

LOOSE: Final = (
    ("inbox", "member_id"),
    ("event_log", "actor_id"),
    ("away", "created_by"),
    ("collaborator", "granted_by"),
)
"""Columns that name a member without a foreign key: what they tell must last longer than a constraint."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one column's references: rows moved, and rows dropped as the first has the same."""

    table: str
    column: str
    moved: int
    dropped: int = 0


def references() -> Iterator[sa.Column[Any]]:
    """Every column that names a member, in the order of the tables."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            named = any(key.target_fullname == "member.id" for key in column.foreign_keys)
            if named or (table.name, column.name) in LOOSE:
                yield column


def merge(ctx: Context, keep: Member, drop: Member) -> list[Moved]:
    """Make `drop` part of `keep`; what was moved. `drop` is left behind, inactive and without anything.

    Raises `UserMistake` where they are the same. Not undone: who looks first rolls the transaction back.
    """
    if keep.id == drop.id:
        raise UserMistake("这两个是同一位同事，不用合并")
    _untangle(ctx, keep, drop)
    done = []
    for column in references():
        dropped = _drop_doubles(ctx.session, column, keep.id, drop.id)
        moved = ctx.session.connection().execute(
            update(column.table).where(column == drop.id).values({column.name: keep.id})
        )
        if moved.rowcount or dropped:
            done.append(Moved(column.table.name, column.name, moved.rowcount, dropped))
    ctx.session.expire_all()
    return done


def _untangle(ctx: Context, keep: Member, drop: Member) -> None:
    """Nobody becomes one's own superior, and the one left behind has none and cannot log in."""
    above = drop.superior_id if keep.superior_id in (None, drop.id) else keep.superior_id
    changed(ctx, drop, superior_id=None, active=False)
    changed(ctx, keep, superior_id=None if above == keep.id else above, active=True)


def _drop_doubles(session: Session, column: sa.Column[Any], keep: int, drop: int) -> int:
    """Delete the second's rows where the first has the same and may have it only once; how many."""
    dropped = 0
    for others, where in _unique_with(column):
        rows = column.table.primary_key.columns
        mine = {row[: len(others)] for row in _rows(session, column, keep, others, where, ())}
        for row in _rows(session, column, drop, others, where, rows):
            if row[: len(others)] in mine:
                same = [one == value for one, value in zip(rows, row[len(others) :], strict=True)]
                session.connection().execute(sa.delete(column.table).where(*same))
                dropped += 1
    return dropped


def _rows(
    session: Session,
    column: sa.Column[Any],
    member: int,
    others: tuple[sa.Column[Any], ...],
    where: Any,  # noqa: ANN401 a condition as an index holds it, or nothing
    more: Any,  # noqa: ANN401 the key's columns, or none
) -> list[tuple[Any, ...]]:
    query = select(*others, *more) if (*others, *more) else select(sa.literal(1))
    query = query.select_from(column.table).where(column == member)
    if where is not None:
        query = query.where(where)
    return [tuple(row) for row in session.connection().execute(query)]


def _unique_with(column: sa.Column[Any]) -> Iterator[tuple[tuple[sa.Column[Any], ...], Any]]:
    """The other columns of each uniqueness that the column has a part in, and its condition if it has one."""
    table = column.table
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint) and column in set(
            constraint.columns
        ):
            yield tuple(one for one in constraint.columns if one is not column), None
    for index in table.indexes:
        if index.unique and column in set(index.columns):
            where = index.dialect_options["postgresql"]["where"]
            yield tuple(one for one in index.columns if one is not column), where
