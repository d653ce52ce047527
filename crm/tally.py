"""How often colleagues have recorded something, within what the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from crm.context import Context
from crm.rights import reach, visible
from crm.visits import ActivityKind
from store.tables import Activity


@dataclass(frozen=True, slots=True)
class Tally:
    """Records that stand, and the customers that they are about."""

    records: int
    customers: int


def may_count(ctx: Context, member_id: int) -> bool:
    """Whether the actor sees what the member records, so that a number tells the truth."""
    seen = reach(ctx, "activity")
    return member_id == ctx.actor.id or seen.everything or member_id in seen.members


def tally(
    ctx: Context, members: Collection[int], kinds: Collection[ActivityKind], start: datetime, end: datetime
) -> Tally:
    """What these members have recorded that happened from `start` to before `end` (local, naive).

    Nothing for `kinds` counts records of every kind.
    """
    query = select(func.count(col(Activity.id)), func.count(func.distinct(col(Activity.customer_id)))).where(
        col(Activity.author_id).in_(members),
        col(Activity.happened_at) >= ctx.at(start),
        col(Activity.happened_at) < ctx.at(end),
        col(Activity.voided_at).is_(None),
        visible(ctx, Activity),
    )
    if kinds:
        query = query.where(col(Activity.kind).in_([one.value for one in kinds]))
    records, customers = ctx.session.execute(query).one()
    return Tally(records, customers)
