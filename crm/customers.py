"""Customers: adding one once, its other names, and finding it again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from crm.colleagues import names_of
from crm.context import Context
from crm.errors import Conflict, UserMistake
from crm.journal import changed, created
from crm.numbers import next_number
from crm.rights import (
    IN_POOL,
    POOL_NAME,
    Reach,
    need_edit,
    need_field,
    need_see,
    need_write,
    reach,
    visible_customers,
)
from store import search
from store.fast import Fast, Rows, connection_of
from store.names import fold, norm
from store.once import table_of
from store.tables import Customer, CustomerAlias

LONGEST_NAME = 60
MOST_PROPOSED = 5
MOST_LIKELY = 20  # of those whom a name fits by and large
MOST_MERGED = 5  # steps from a customer that was merged to the one that stands
FEW = 1_000  # customers whose records are looked through without a wider index
MANY = 200  # members whose customers are not counted first: they are hardly few
LEGAL_FORM = re.compile(r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司)$")

_ROWS, _NAMES = table_of(Customer), table_of(CustomerAlias)
_FIRST_ALIAS = (
    select(_NAMES.c.alias)
    .where(_NAMES.c.customer_id == _ROWS.c.id)
    .order_by(_NAMES.c.id)
    .limit(1)
    .scalar_subquery()
)
_BY_ID = Rows(Customer, _ROWS.c.id == bindparam("id"), 1)
_SHORT_OF_ONE = Fast(select(_ROWS.c.id, _ROWS.c.name, _FIRST_ALIAS).where(_ROWS.c.id == bindparam("id")))
_SHORT = select(_ROWS.c.id, _ROWS.c.name, _FIRST_ALIAS).where(
    _ROWS.c.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """What is known of a customer to be added."""

    name: str
    aliases: tuple[str, ...] = ()
    level: str = ""
    source: str = ""
    industry: str = ""
    region: str = ""
    lifecycle: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A customer that may be meant; `mine` where the actor may see it, `owner` its owner's name."""

    id: int
    name: str
    owner: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a name led to, best first: the customer meant when `sure`, otherwise what may be meant."""

    proposals: tuple[Proposal, ...]
    sure: bool = False


def get(ctx: Context, customer_id: int, *, to_change: bool = False) -> Customer:
    """A customer that the actor may see or change; for one that was merged, the one it became part of.

    Raises `UserMistake` without one, `NotAllowed`.
    """
    customer = next(iter(_BY_ID.find(ctx.session, {"id": customer_id})), None)
    for _ in range(MOST_MERGED):
        if customer is None or customer.merged_into_id is None:
            break
        customer = next(iter(_BY_ID.find(ctx.session, {"id": customer.merged_into_id})), None)
    if customer is None or customer.archived_at is not None:
        raise UserMistake("这家客户已经不在了，可能刚被撤销。")
    if to_change:
        need_edit(ctx, customer)
    else:
        need_see(ctx, customer)
    return customer


def look_up(ctx: Context, name: str) -> Found:
    """Customers that a name, an alias, a part of a name or a typo may mean: those one may see come first.

    Sure is the very name, or the only one of one's own that a part of it fits.
    """
    found = search.find(ctx.session, name, most=search.MOST_FOUND, owner_id=ctx.actor.id)
    within = reach(ctx, "customer") if found else Reach()
    mine = {m.customer_id for m in found if within.covers(m.customer_id, m.owner_id)}
    best = found[:MOST_LIKELY]
    best += [m for m in found[MOST_LIKELY:] if m.customer_id in mine and m.score >= search.PART]
    proposals = _proposals(ctx, sorted(best, key=lambda m: m.customer_id not in mine)[:MOST_PROPOSED])
    if not proposals:
        return Found(())
    scores = {m.customer_id: m.score for m in best}
    same = [p for p in proposals if scores[p.id] >= 100.0]
    part = [p for p in proposals if p.mine and norm(name) in norm(p.name)]
    if len(same) == 1:
        return Found((same[0],), sure=True)
    if not same and len(part) == 1 and part[0] == proposals[0]:
        return Found((part[0],), sure=True)
    return Found(tuple(proposals))


def proposals_of(ctx: Context, ids: Sequence[int]) -> list[Proposal]:
    """These customers as proposals, in their order; archived ones are left out."""
    query = select(Customer).where(col(Customer.id).in_(ids), col(Customer.archived_at).is_(None))
    known = {c.id: c for c in ctx.session.execute(query).scalars()} if ids else {}
    living = [known[i] for i in ids if i in known]
    return _proposals(ctx, [search.Match(c.id, c.name, c.owner_id, 100.0) for c in living])


def latest(ctx: Context, most: int) -> list[Proposal]:
    """The actor's own customers, those last followed first."""
    query = (
        select(col(Customer.id))
        .where(col(Customer.owner_id) == ctx.actor.id, col(Customer.archived_at).is_(None))
        .order_by(
            func.coalesce(col(Customer.last_follow_at), col(Customer.created_at)).desc(), col(Customer.id)
        )
        .limit(most)
    )
    return proposals_of(ctx, list(ctx.session.execute(query).scalars()))


def silent(ctx: Context, since: datetime, most: int) -> tuple[list[tuple[Proposal, datetime | None]], int]:
    """The actor's own customers not followed up since then (aware), the longest silent first; how many."""
    last = func.coalesce(col(Customer.last_follow_at), col(Customer.created_at))
    own = (col(Customer.owner_id) == ctx.actor.id, col(Customer.archived_at).is_(None), last < since)
    count = int(ctx.session.execute(select(func.count(col(Customer.id))).where(*own)).scalar_one())
    query = select(Customer).where(*own).order_by(last, col(Customer.id)).limit(most)
    rows = list(ctx.session.execute(query).scalars())
    shown = proposals_of(ctx, [row.id for row in rows])
    return [(one, row.last_follow_at) for one, row in zip(shown, rows, strict=True)], count


def add(ctx: Context, new: NewCustomer) -> Customer:
    """Add a customer that the actor looks after; names that are merely alike are the caller's to ask about.

    Raises `UserMistake` for a name that is none, `Conflict` where the customer exists.
    """
    need_write(ctx)
    name = new.name.strip()
    if not 2 <= len(norm(name)) <= LONGEST_NAME:
        raise UserMistake(f"客户名称要2到{LONGEST_NAME}个字，例如：新增客户 苏州汇川技术 联系人李娜")
    same = search.exact(ctx.session, name)
    if same:
        raise already_there(_proposals(ctx, same)[0])
    customer = Customer(
        number=next_number(ctx, "C"),
        name=name,
        name_norm=norm(name),
        owner_id=ctx.actor.id,
        level=new.level,
        source=new.source,
        industry=new.industry,
        region=new.region,
        lifecycle=new.lifecycle,
        note=new.note,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            created(ctx, customer)
    except IntegrityError as error:  # somebody added it at the same moment
        raise Conflict(f"{name}刚刚已被同事建档，没有重复新增。") from error
    for alias in new.aliases:
        _add_alias(ctx, customer, alias)
    reindex(ctx, customer)
    return customer


def already_there(proposal: Proposal) -> Conflict:
    """The refusal for a customer that exists."""
    if proposal.owner == POOL_NAME and proposal.mine:
        return Conflict(f"{proposal.name}已存在，{IN_POOL}没有重复新增。可以领取：领取 {proposal.name}")
    return Conflict(f"{proposal.name}已存在，负责人{proposal.owner}，没有重复新增。")


def add_alias(ctx: Context, customer: Customer, alias: str) -> None:
    """Let a customer be known by another name. Raises `Conflict` where that name means another customer."""
    need_edit(ctx, customer)
    others = [m for m in search.exact(ctx.session, alias) if m.customer_id != customer.id]
    if others:
        raise Conflict(f"“{alias}”已经是{others[0].name}的名称，换一个说法。")
    _add_alias(ctx, customer, alias)
    reindex(ctx, customer)


def set_level(ctx: Context, customer: Customer, level: str) -> None:
    """Grade a customer."""
    need_edit(ctx, customer)
    need_field(ctx, "customer", "level", customer.owner_id, empty=not customer.level)
    changed(ctx, customer, level=level)


def aliases_of(ctx: Context, customer_id: int) -> list[str]:
    """The other names of a customer, oldest first."""
    query = (
        select(col(CustomerAlias.alias))
        .where(col(CustomerAlias.customer_id) == customer_id)
        .order_by(col(CustomerAlias.id))
        .limit(20)
    )
    return list(ctx.session.execute(query).scalars())


def short_names(ctx: Context, ids: Sequence[int]) -> dict[int, str]:
    """What people call these customers: the first alias, otherwise the name without its legal form."""
    return called(ctx.session, ids)


def full_names(ctx: Context, ids: Sequence[int]) -> list[str]:
    """The names of these customers, in this order; unknown ids are left out."""
    names = registered(ctx, ids)
    return [names[one] for one in ids if one in names]


def registered(ctx: Context, ids: Sequence[int]) -> dict[int, str]:
    """The names of these customers by their ids, in one statement."""
    query = select(col(Customer.id), col(Customer.name)).where(col(Customer.id).in_(set(ids)))
    return {row[0]: row[1] for row in ctx.session.execute(query)} if ids else {}


def called(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """`short_names`, for those who look things up without acting for anybody."""
    if not ids:
        return {}
    session.flush()
    if len(set(ids)) == 1:
        rows = _SHORT_OF_ONE.run(session, {"id": ids[0]}).fetchall()
    else:
        rows = connection_of(session).execute(_SHORT, {"ids": list(set(ids))}).all()
    return {i: short_of(name, (alias,) if alias else ()) for i, name, alias in rows}


def short_of(name: str, aliases: Sequence[str]) -> str:
    """The first alias, otherwise the name without its legal form. Pure."""
    return aliases[0] if aliases else LEGAL_FORM.sub("", name) or name


def few_of(ctx: Context) -> list[int] | None:
    """The customers that the actor sees, where they are few: their records are found one by one then."""
    within = reach(ctx, "customer")
    if within.everything or len(within.members) > MANY:
        return None
    query = select(col(Customer.id)).where(visible_customers(ctx)).limit(FEW + 1)
    ids = list(ctx.session.scalars(query))
    return ids if len(ids) <= FEW else None


def reindex(ctx: Context, customer: Customer) -> None:
    """Make a customer findable by its name and aliases, or unfindable when it is archived."""
    if customer.archived_at is not None:
        search.forget(ctx.session, customer.id)
        return
    search.index(ctx.session, customer.id, [customer.name, *aliases_of(ctx, customer.id)])


def _add_alias(ctx: Context, customer: Customer, alias: str) -> None:
    wanted = fold(alias)
    if len(wanted) < 2 or alias in aliases_of(ctx, customer.id):
        return
    created(
        ctx,
        CustomerAlias(customer_id=customer.id, alias=alias.strip(), alias_norm=wanted, created_at=ctx.now),
    )


def _proposals(ctx: Context, matches: Sequence[search.Match]) -> list[Proposal]:
    if not matches:
        return []
    within = reach(ctx, "customer")
    owners = names_of(ctx, (m.owner_id for m in matches))
    return [
        Proposal(m.customer_id, m.name, owners[m.owner_id], within.covers(m.customer_id, m.owner_id))
        for m in matches
    ]
