"""How often colleagues have recorded something, within what the actor may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from crm.colleagues import names_of
from crm.context import Context
from crm.customers import short_names
from crm.rights import reach, visible
from crm.visits import ActivityKind
from store.tables import Activity

MOST_NAMED = 8


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
        *_recorded(ctx, members, start, end)
    )
    if kinds:
        query = query.where(col(Activity.kind).in_([one.value for one in kinds]))
    records, customers = ctx.session.execute(query).one()
    return Tally(records, customers)


def shares(ctx: Context, members: Collection[int], start: datetime, end: datetime) -> list[tuple[str, int]]:
    """Who of these members has recorded how much in that time, the most first."""
    number = func.count(col(Activity.id))
    query = (
        select(col(Activity.author_id), number)
        .where(*_recorded(ctx, members, start, end))
        .group_by(col(Activity.author_id))
        .order_by(number.desc(), col(Activity.author_id))
        .limit(MOST_NAMED)
    )
    found = ctx.session.execute(query).all()
    names = names_of(ctx, (author for author, _ in found))
    return [(names[author], count) for author, count in found]


def customers_of(ctx: Context, members: Collection[int], start: datetime, end: datetime) -> list[str]:
    """How the customers are called about which they have recorded something then, the latest first."""
    latest = func.max(col(Activity.happened_at))
    query = (
        select(col(Activity.customer_id))
        .where(*_recorded(ctx, members, start, end), col(Activity.customer_id).is_not(None))
        .group_by(col(Activity.customer_id))
        .order_by(latest.desc(), col(Activity.customer_id))
        .limit(MOST_NAMED)
    )
    ids = list(ctx.session.execute(query).scalars())
    names = short_names(ctx, ids)
    return [names[one] for one in ids]


def _recorded(
    ctx: Context, members: Collection[int], start: datetime, end: datetime
) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Activity.author_id).in_(members),
        col(Activity.happened_at) >= ctx.at(start),
        col(Activity.happened_at) < ctx.at(end),
        col(Activity.voided_at).is_(None),
        visible(ctx, Activity),
    )
