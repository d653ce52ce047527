"""Records that meet conditions, from the newest back, a bounded number of them looked at for one answer.

A condition that many records meet is asked of each record in turn: of the newest `WINDOW` that one sees where
those are the records of few members, otherwise of the newest of all. The next page goes on before them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from crm.context import Context
from crm.rights import reach, visible
from crm.rights.rows import KINDS
from store.among import by_ids
from store.tables import Table

NEWEST = 2**63 - 1
"""An id above all others."""
WINDOW = 3_000  # records looked at for one page
NARROW = 100  # members whose records are looked through whole


@dataclass(frozen=True, slots=True)
class Whose:
    """Records of a model; `own` leaves those that the actor looks after."""

    model: type[Table]
    own: ColumnElement[bool] | None = None

    def seen(self, ctx: Context) -> ColumnElement[bool]:
        """Those that the actor may see."""
        mine = visible(ctx, self.model)
        return mine if self.own is None else mine & self.own

    def are_few(self, ctx: Context) -> bool:
        """Whether they are the records of few members."""
        within = reach(ctx, KINDS[self.model].object)
        return self.own is not None or (not within.everything and len(within.members) <= NARROW)


@dataclass(frozen=True, slots=True)
class Walked:
    """The ids that were found, the newest first; `rest` is where looking goes on, None at the end."""

    ids: Sequence[int]
    rest: int | None = None


def walk(ctx: Context, query: Select[Any], whose: Whose, before: int, most: int) -> Walked:
    """At most so many of the records that the query leaves and the actor may see, below the id `before`."""
    window = _newest_seen if whose.are_few(ctx) else _newest_of_all
    some, rest = window(ctx, query, whose, before)
    key = key_of(whose.model)
    ids = list(ctx.session.execute(some.with_only_columns(key).order_by(key.desc()).limit(most)).scalars())
    return Walked(ids, rest if len(ids) < most else ids[-1])


def key_of(model: type[Table]) -> ColumnElement[int]:
    """The id of a model."""
    key: ColumnElement[int] = getattr(model, "id")  # noqa: B009 every one of these tables has it
    return key


def _newest_of_all(
    ctx: Context, query: Select[Any], whose: Whose, before: int
) -> tuple[Select[Any], int | None]:
    """The query within the window of all records, and where the next window begins."""
    key = key_of(whose.model)
    last = select(key).where(key < before).order_by(key.desc()).offset(WINDOW - 1).limit(1)
    floor: int | None = ctx.session.execute(last).scalar()
    some = query.where(whose.seen(ctx), key < before)
    return (some, None) if floor is None else (some.where(key >= floor), floor)


def _newest_seen(
    ctx: Context, query: Select[Any], whose: Whose, before: int
) -> tuple[Select[Any], int | None]:
    """The query within the window of the records that the actor sees, and where the next one begins.

    SQLite is asked for an order that no index has, so that whose they are leads to them.
    """
    key = key_of(whose.model)
    order = key + 0 if ctx.session.get_bind().dialect.name == "sqlite" else key
    seen = select(key).where(whose.seen(ctx), key < before).order_by(order.desc()).limit(WINDOW)
    ids = list(ctx.session.execute(seen).scalars())
    return query.where(by_ids(key, ids)), ids[-1] if len(ids) == WINDOW else None
