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
from crm.journal import changed, created, log
from crm.merging.back import written
from crm.merging.fields import Choice, settle
from crm.merging.people import join, joined
from crm.merging.preview import KINDS, UNTOLD, both
from crm.merging.relations import Move, links_to, move
from store.names import fold
from store.tables import Customer, CustomerAlias


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
    moves = [move(ctx.session, link, loser.id, winner.id) for link in links_to("customer")]
    ctx.session.expire_all()
    written(ctx, loser, moves, winner.id)
    if values:
        changed(ctx, winner, **values)
    changed(ctx, loser, archived_at=ctx.now, merged_into_id=winner.id)
    _name(ctx, loser, winner)
    for one in (loser, winner):
        customers.reindex(ctx, one)
    bring_up_to_date(ctx, winner.id)
    return Merged(loser, winner, _told(moves), names)


def _hold(ctx: Context, ids: Sequence[int]) -> None:
    """Nobody else merges or records for the two meanwhile."""
    query = select(col(Customer.id)).where(col(Customer.id).in_(ids)).order_by(col(Customer.id))
    ctx.session.execute(query.with_for_update()).all()


def _name(ctx: Context, loser: Customer, winner: Customer) -> None:
    """The loser's name is another name of the winner from now on."""
    wanted = fold(loser.name)
    query = select(col(CustomerAlias.id)).where(
        col(CustomerAlias.customer_id) == winner.id, col(CustomerAlias.alias_norm) == wanted
    )
    if wanted == fold(winner.name) or ctx.session.execute(query.limit(1)).first() is not None:
        log(ctx, winner, "absorbed", {}, {"customer_id": loser.id})
        return
    created(
        ctx,
        CustomerAlias(customer_id=winner.id, alias=loser.name, alias_norm=wanted, created_at=ctx.now),
    )


def _told(moves: Sequence[Move]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for one in moves:
        table = one.link.partition(".")[0]
        if one.ids and table not in UNTOLD and table in KINDS:
            counts[KINDS[table]] = counts.get(KINDS[table], 0) + len(one.ids)
    return tuple(counts.items())
