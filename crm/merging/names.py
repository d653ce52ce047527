"""After a merge the one that stays is called as before, and the names of the other lead to it."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.customers import LEGAL_FORM
from crm.journal import created, log
from store.names import fold
from store.tables import Customer, CustomerAlias


def take_over(ctx: Context, loser: Customer, winner: Customer) -> int:
    """Give the winner all names of the loser as aliases; how many are new.

    What people call a customer is its first alias, so that the winner, where it has none, first gets the one
    it goes by. The loser keeps its own aliases for the day that the two are parted.
    """
    new = missing(ctx, loser, winner)
    if not new:
        log(ctx, winner, "absorbed", {}, {"customer_id": loser.id})
        return 0
    own = [] if _norms(ctx, winner.id) else [customers.short_names(ctx, [winner.id])[winner.id]]
    for name in [*own, *new]:
        alias = CustomerAlias(customer_id=winner.id, alias=name, alias_norm=fold(name), created_at=ctx.now)
        created(ctx, alias)
    return len(new)


def missing(ctx: Context, loser: Customer, winner: Customer) -> list[str]:
    """The names of the loser that do not lead to the winner, as they were given, its full name last."""
    held = _norms(ctx, winner.id) | {fold(winner.name), fold(LEGAL_FORM.sub("", winner.name)), ""}
    wanted = (*customers.aliases_of(ctx, loser.id), loser.name)
    return list({norm: name for name in wanted if (norm := fold(name)) not in held}.values())


def _norms(ctx: Context, customer_id: int) -> set[str]:
    query = select(col(CustomerAlias.alias_norm)).where(col(CustomerAlias.customer_id) == customer_id)
    return set(ctx.session.execute(query).scalars())
