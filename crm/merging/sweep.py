"""What was written for a customer while it was being merged goes where the rest went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.follow_up import bring_up_to_date
from crm.merging.back import written
from crm.merging.merge import moved
from crm.merging.names import missing, take_over
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
        moves = [one for one in moved(ctx, loser.id, winner.id) if one.ids]
        if moves:
            written(ctx, loser, moves, winner.id)
            bring_up_to_date(ctx, winner.id)
        if missing(ctx, loser, winner):
            count += take_over(ctx, loser, winner)
            customers.reindex(ctx, winner)
        count += sum(len(one.ids) for one in moves)
    return count
