"""Customers that a text may speak of by a short form that nobody has written down: 顺丰 for 顺丰速运."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.customers import Proposal, short_names
from store.names import norm
from store.tables import Customer

SHORTEST = 2
MOST_OWN = 500  # customers of one member that are looked through, the latest followed up first
EVERYDAY = frozenset(
    ["今天", "明天", "后天", "昨天", "今日", "大家", "我们", "他们", "公司", "客户", "项目", "时代", "中心"]
)


def own_named_in(ctx: Context, text: str, most: int, cities: Collection[str] = ()) -> list[Proposal]:
    """The actor's own customers whose name begins as some words of the text do; never more than a guess.

    Names of `cities` in front of a name say nothing.
    """
    said = norm(text)
    query = (
        select(col(Customer.id), col(Customer.name_norm))
        .where(col(Customer.owner_id) == ctx.actor.id, col(Customer.archived_at).is_(None))
        .order_by(
            col(Customer.last_follow_at).is_(None), col(Customer.last_follow_at).desc(), col(Customer.id)
        )
        .limit(MOST_OWN)
    )
    found = [one for one, name in ctx.session.execute(query) if _heads(name, said, cities)][:most]
    names = short_names(ctx, found)
    return [Proposal(one, names[one], ctx.actor.name, mine=True) for one in found]


def _heads(name: str, said: str, cities: Collection[str]) -> bool:
    """Whether the first characters of the name stand in the text."""
    city = next((c for c in cities if name.startswith(c) and len(name) - len(c) >= SHORTEST), "")
    head = name.removeprefix(city)[:SHORTEST]
    return len(head) == SHORTEST and head not in EVERYDAY and head not in cities and head in said
