"""A hand-over as it is shown: how much of what, who gets which, and what is due next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm.context import Context
from crm.customers import called
from crm.handover.inventory import Belonging, Kind, belongings
from crm.handover.plans import items_of
from crm.rights import name_of
from store.tables import Handover, HandoverItem, Member

MOST_NAMED = 30
MOST_DUE = 5


@dataclass(frozen=True, slots=True)
class Due:
    """A task with its date: local."""

    at: datetime
    grain: str
    title: str
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """What one colleague gets. `customers` are the short names of the first, the counts are of all."""

    to_id: int
    name: str
    counts: Mapping[Kind, int]
    customers: tuple[str, ...] = ()
    customer_ids: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def customer_count(self) -> int:
        """How many customers."""
        return self.counts.get(Kind.CUSTOMER, 0)


@dataclass(frozen=True, slots=True)
class HandoverView:
    """A hand-over. `left` where the member is not here any more; `stuck` counts what nobody could get."""

    id: int
    version: int
    state: str
    member_id: int
    name: str
    left: bool
    counts: Mapping[Kind, int]
    shares: tuple[Share, ...] = ()
    due: tuple[Due, ...] = ()
    approvals: tuple[tuple[str, str], ...] = ()
    stuck: int = 0
    at: datetime | None = field(default=None)


def view(ctx: Context, row: Handover, owned: Sequence[Belonging] | None = None) -> HandoverView:
    """What is proposed, or has been carried out, of what the member owns (`owned`, or looked up)."""
    member = ctx.session.get_one(Member, row.member_id)
    owned = belongings(ctx.session, row.member_id) if owned is None else owned
    items = {(one.object, one.object_id): one for one in items_of(ctx.session, row.id)}
    names = _names(ctx, [one.customer_id for one in owned if one.customer_id is not None])
    shares: dict[int, list[tuple[Belonging, HandoverItem]]] = defaultdict(list)
    stuck, approvals = 0, []
    for one in owned:
        item = items.get(one.key)
        if item is None or item.to_id is None:
            stuck += 1
        elif one.kind is Kind.APPROVAL:
            approvals.append((one.title, name_of(ctx, item.to_id)))
        else:
            shares[item.to_id].append((one, item))
    return HandoverView(
        id=row.id,
        version=row.version,
        state=row.state,
        member_id=member.id,
        name=member.name,
        left=not member.active,
        counts=Counter(one.kind for one in owned),
        shares=tuple(
            sorted(
                (_share(ctx, to_id, pairs, names) for to_id, pairs in shares.items()),
                key=lambda one: (-one.customer_count, one.to_id),
            )
        ),
        due=_due(ctx, owned, names),
        approvals=tuple(approvals),
        stuck=stuck,
        at=ctx.wall(row.done_at) if row.done_at is not None else None,
    )


def _share(
    ctx: Context, to_id: int, pairs: Sequence[tuple[Belonging, HandoverItem]], names: Mapping[int, str]
) -> Share:
    mine = [one for one, _ in pairs]
    customers = [(one, item) for one, item in pairs if one.kind is Kind.CUSTOMER]
    reasons = Counter(item.reason for _, item in customers if item.reason)
    return Share(
        to_id=to_id,
        name=name_of(ctx, to_id),
        counts=Counter(one.kind for one in mine),
        customers=tuple(names.get(one.id, one.title) for one, _ in customers[:MOST_NAMED]),
        customer_ids=tuple(one.id for one, _ in customers),
        reasons=tuple(reason for reason, _ in reasons.most_common()),
        due=_due(ctx, mine, names),
        quotes=tuple(one.title for one in mine if one.kind is Kind.QUOTE),
    )


def _due(ctx: Context, owned: Sequence[Belonging], names: Mapping[int, str]) -> tuple[Due, ...]:
    """The tasks that are due soonest."""
    tasks = [one for one in owned if one.kind is Kind.TASK and one.due is not None]
    tasks.sort(key=lambda one: (one.due or ctx.now, one.id))
    return tuple(
        Due(ctx.wall(one.due or ctx.now), "minute", one.title, names.get(one.customer_id or 0, ""))
        for one in tasks[:MOST_DUE]
    )


def _names(ctx: Context, ids: Sequence[int]) -> dict[int, str]:
    """Short names of so many customers as are ever shown by name."""
    few = list(dict.fromkeys(ids))
    found: dict[int, str] = {}
    for start in range(0, len(few), 400):
        found |= called(ctx.session, few[start : start + 400])
    return found
