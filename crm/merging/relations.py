"""What refers to a record: read from the schema, so that a table added later cannot be forgotten.

A link is a column with a foreign key to the record's table, or an `object_id` beside an `object` that names
the table. `event_log` and `config_version` are history and stay as they are; `custom_value` follows the
values that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session

from store.tables import metadata

HISTORY = frozenset({"event_log", "config_version"})
BESIDE = frozenset({"custom_value"})
"""Tables whose `object_id` has no `object` beside it: they follow the record's own values."""
TRAILS = frozenset({("customer", "merged_into_id")})
"""Which records became part of one: a way that is followed, not a relation."""
COPIED = frozenset({"customer_alias.customer_id"})
"""Links whose rows stay with the loser: the winner gets rows of its own (`crm.merging.names`)."""
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Link:
    """A column that refers to a record; `object` where the row says so itself of which table."""

    table: sa.Table
    column: str
    object: str = ""

    @property
    def name(self) -> str:
        """activity.customer_id."""
        return f"{self.table.name}.{self.column}"

    def points_to(self, record: int) -> sa.ColumnElement[bool]:
        """The rows that refer to the record."""
        column = self.table.c[self.column]
        wanted = column == (str(record) if isinstance(column.type, sa.String) else record)
        return sa.and_(wanted, self.table.c.object == self.object) if self.object else wanted

    def value(self, record: int) -> int | str:
        """The record's id as the column holds it."""
        return str(record) if isinstance(self.table.c[self.column].type, sa.String) else record


@dataclass(frozen=True, slots=True)
class Move:
    """Rows of a link that went from one record to another."""

    link: str
    source: int
    target: int
    ids: tuple[int, ...]


@lru_cache
def links_to(target: str) -> tuple[Link, ...]:
    """Everything that may refer to a record of the table."""
    return tuple(_links(target))


def _links(target: str) -> Iterator[Link]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            if (table.name, column.name) in TRAILS:
                continue
            if any(key.column.table.name == target for key in column.foreign_keys):
                yield Link(table, column.name)
        names = {"object", "object_id"} <= set(table.columns.keys())
        if names and not table.c.object_id.foreign_keys and table.name not in HISTORY:
            yield Link(table, "object_id", target)


def moving(target: str) -> tuple[Link, ...]:
    """Everything that goes to the one that stays as it is."""
    return tuple(link for link in links_to(target) if link.name not in COPIED)


def link_named(name: str, target: str) -> Link | None:
    """A link by its name, None where the schema has it no more."""
    return next((link for link in links_to(target) if link.name == name), None)


def count(session: Session, link: Link, record: int) -> int:
    """How many rows refer to the record."""
    query = sa.select(sa.func.count()).select_from(link.table).where(link.points_to(record))
    return int(session.execute(query).scalar_one())


def move(session: Session, link: Link, source: int, target: int) -> Move:
    """Let the rows that refer to `source` refer to `target`.

    A row that would be there twice stays where it is: the same tag, the same alias, the same colleague.
    """
    key = _key(link)
    rows = session.execute(sa.select(key).where(link.points_to(source), key != target).order_by(key))
    stay = _twice(session, link, source, target)
    ids = tuple(one for one in rows.scalars() if one not in stay)
    put(session, link, ids, target)
    return Move(link.name, source, target, ids)


def put(session: Session, link: Link, ids: Sequence[int], target: int) -> None:
    """Let these rows refer to the record."""
    key = _key(link)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        values = {link.column: link.value(target)}
        session.execute(sa.update(link.table).where(key.in_(some)).values(values))


def still_there(session: Session, link: Link, ids: Sequence[int], target: int) -> int:
    """How many of these rows refer to the record."""
    key, found = _key(link), 0
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        query = sa.select(sa.func.count()).where(key.in_(some), link.points_to(target))
        found += int(session.execute(query).scalar_one())
    return found


def _key(link: Link) -> sa.ColumnElement[int]:
    key: sa.ColumnElement[int] = next(iter(link.table.primary_key.columns))
    return key


def _twice(session: Session, link: Link, source: int, target: int) -> set[int]:
    """The rows of `source` that the database would refuse beside one of `target`."""
    key, found = _key(link), set()
    for columns, where in _uniques(link):
        others = [link.table.c[name] for name in columns if name != link.column]
        conditions = [sa.text(where)] if where else []
        taken = {
            tuple(row)
            for row in session.execute(sa.select(*others).where(link.points_to(target), *conditions))
        }
        mine = session.execute(sa.select(key, *others).where(link.points_to(source), *conditions))
        found |= {row[0] for row in mine if tuple(row[1:]) in taken}
    return found


def _uniques(link: Link) -> Iterator[tuple[tuple[str, ...], str]]:
    """The unique keys that the column is a part of: their columns, and the condition of a partial one."""
    for constraint in link.table.constraints:
        if isinstance(constraint, sa.UniqueConstraint) and link.column in constraint.columns:
            yield tuple(constraint.columns.keys()), ""
    for index in link.table.indexes:
        if index.unique and link.column in index.columns:
            where = index.dialect_options["sqlite"]["where"]
            yield tuple(index.columns.keys()), "" if where is None else str(where)
