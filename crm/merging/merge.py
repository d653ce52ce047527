"""A customer becomes part of another: in one piece of work, journalled so that it can be put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.errors import Conflict
from crm.follow_up import bring_up_to_date
from crm.journal import changed
from crm.merging import references
from crm.merging.back import written
from crm.merging.fields import Choice, settle
from crm.merging.names import take_over
from crm.merging.people import join, joined
from crm.merging.preview import ALIASES, UNTOLD, both, kind_of
from crm.merging.relations import Move, move, moving
from store.tables import Customer


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge that is done: `moves` (kind, how many), the contacts that were joined."""

    loser: Customer
    winner: Customer
    moves: tuple[tuple[str, int], ...]
    joined: tuple[str, ...]


def merge(
    ctx: Context,
    loser_id: int,
    winner_id: int,
    choices: Mapping[str, Choice] | None = None,
    versions: tuple[int, int] | None = None,
) -> Merged:
    """Let a customer become part of another: every relation moves, the loser is archived.

    `choices` says of fields in which they differ whose value is kept (otherwise the winner's), `versions`
    as of when the two were looked at. Raises `UserMistake`, `NotAllowed`, `Conflict`.
    """
    loser, winner = both(ctx, loser_id, winner_id)
    _hold(ctx, (loser.id, winner.id))
    if versions is not None and versions != (loser.version, winner.version):
        raise Conflict(
            f"{loser.name}或{winner.name}刚刚有改动，请再看一遍预览：合并 {loser.name} 到 {winner.name}"
        )
    people = joined(ctx, loser.id, winner.id)
    names = tuple(one.name for one, _ in people)
    for goes, stays in people:
        written(ctx, goes, join(ctx, goes, stays), stays.id)
    values = settle(ctx, loser, winner, choices or {})
    ctx.session.flush()
    moves = moved(ctx, loser.id, winner.id)
    written(ctx, loser, moves, winner.id)
    if values:
        changed(ctx, winner, **values)
    changed(ctx, loser, archived_at=ctx.now, merged_into_id=winner.id)
    names_taken = take_over(ctx, loser, winner)
    for one in (loser, winner):
        customers.reindex(ctx, one)
    bring_up_to_date(ctx, winner.id)
    return Merged(loser, winner, _told(moves, names_taken), names)


def moved(ctx: Context, loser_id: int, winner_id: int) -> list[Move]:
    """Let everything that refers to the one refer to the other."""
    moves = [move(ctx.session, link, loser_id, winner_id) for link in moving("customer")]
    fields = references.references(ctx.session)
    moves += [references.move(ctx.session, one, loser_id, winner_id) for one in fields]
    ctx.session.expire_all()
    return moves


def _hold(ctx: Context, ids: Sequence[int]) -> None:
    """Nobody else merges or records for the two meanwhile."""
    query = select(col(Customer.id)).where(col(Customer.id).in_(ids)).order_by(col(Customer.id))
    ctx.session.execute(query.with_for_update()).all()


def _told(moves: Sequence[Move], names: int) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for one in moves:
        if one.ids and one.link.partition(".")[0] not in UNTOLD:
            kind = kind_of(one.link)
            counts[kind] = counts.get(kind, 0) + len(one.ids)
    if names:
        counts[ALIASES] = names
    return tuple(counts.items())
