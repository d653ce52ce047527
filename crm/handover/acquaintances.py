"""External contacts of customers that get another owner: in WeCom they go over as at a hand-over.

A row of `handover` of the kind `SINGLE` stands for such a transfer: it is done from the start, and is taken
back and brought back with the message that asked for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlmodel import col

from crm import transfers
from crm.context import Context
from crm.handover.inventory import outside
from crm.handover.plans import DONE
from crm.transfers import WECOM
from store.tables import Customer, ExternalContact, ExternalFollow, Handover, Member

SINGLE = "single"
UNDONE = "undone"


def of_customers(ctx: Context, rows: Sequence[Customer]) -> tuple[int, ...]:
    """The follows (ids) by which the owners of these customers are in touch with their people in WeCom."""
    found: list[int] = []
    for owner in dict.fromkeys(one.owner_id for one in rows):
        ids = [one.id for one in rows if one.owner_id == owner]
        query = outside(owner).where(
            col(ExternalContact.customer_id).in_(ids), col(ExternalContact.platform) == WECOM
        )
        found += [row[0] for row in ctx.session.execute(query)]
    return tuple(found)


def give(ctx: Context, follows: Sequence[int], to: Member) -> int:
    """Ask WeCom, in a while, to let these follows be the other member's; how many can be asked for."""
    query = select(col(ExternalFollow.id), col(ExternalFollow.member_id)).where(
        col(ExternalFollow.id).in_(follows), col(ExternalFollow.member_id).is_not(None)
    )
    by_former: dict[int, list[int]] = defaultdict(list)
    for follow, former in ctx.session.execute(query.order_by(col(ExternalFollow.id))):
        by_former[former].append(follow)
    count = 0
    for former, some in by_former.items():
        row = Handover(
            member_id=former,
            manager_id=ctx.actor.id,
            kind=SINGLE,
            state=DONE,
            inbox_id=ctx.inbox_id,
            created_at=ctx.now,
            done_at=ctx.now,
        )
        ctx.session.add(row)
        ctx.session.flush()
        count += transfers.plan(ctx, row.id, dict.fromkeys(some, to.id))
    return count


def follow_undo(ctx: Context, message: int, *, standing: bool) -> int:
    """What a message did was taken back, or stands again (`standing`): so do the transfers that it asked for.

    How many external contacts are asked for again, or were asked for already and stay where WeCom has them.
    """
    query = select(Handover).where(col(Handover.inbox_id) == message).order_by(col(Handover.id))
    count = 0
    for row in ctx.session.execute(query).scalars().all():
        if row.kind == SINGLE:
            new = DONE if standing else UNDONE
            change = update(Handover).where(col(Handover.id) == row.id).values(state=new)
            ctx.session.execute(change.execution_options(synchronize_session="fetch"))
        if standing:
            count += transfers.resume(ctx.session, row.id, ctx.now)
        elif row.kind == SINGLE:
            count += transfers.drop_waiting(ctx.session, row.id, ctx.now)[1]
    return count
