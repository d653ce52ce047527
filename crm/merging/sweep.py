"""What was written for a customer while it was being merged goes where the rest went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.follow_up import bring_up_to_date
from crm.merging.back import written
from crm.merging.relations import links_to, move
from store.tables import Customer

MOST = 200


def sweep(ctx: Context, since: datetime) -> int:
    """Move what still refers to customers that were merged since then; how many rows.

    A record that another replica was writing in the very moment of the merge is the only reason for any.
    What stands at the winner already (the same tag, the same alias) stays.
    """
    query = (
        select(Customer)
        .where(
            col(Customer.updated_at) >= since,
            col(Customer.merged_into_id).is_not(None),
            col(Customer.archived_at).is_not(None),
        )
        .order_by(col(Customer.id))
        .limit(MOST)
    )
    count = 0
    for loser in ctx.session.execute(query).scalars().all():
        winner = ctx.session.get(Customer, loser.merged_into_id)
        if winner is None or winner.archived_at is not None:
            continue
        moves = [move(ctx.session, link, loser.id, winner.id) for link in links_to("customer")]
        moved = [one for one in moves if one.ids]
        if moved:
            ctx.session.expire_all()
            written(ctx, loser, moved, winner.id)
            bring_up_to_date(ctx, winner.id)
        count += sum(len(one.ids) for one in moved)
    return count
