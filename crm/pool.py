"""The pool 公海 at work: customers put there, looked through, and claimed by whoever may, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm import customers, ownership
from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.rights import (
    POOL,
    POOL_NAME,
    Right,
    Verb,
    elsewhere,
    may_act_for,
    may_claim,
    name_of,
    named,
    need,
    need_claim,
    need_many,
    need_see,
    need_write,
    reach,
    roles_at_pool,
    shown,
    visible_customers,
)
from crm.rights.words import ROLE_NAMES
from store.tables import Customer, Member

PAGE = 8


@dataclass(frozen=True, slots=True)
class Pooled:
    """A customer in the pool."""

    id: int
    called: str
    name: str
    level: str
    region: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the pool; `claims` where the actor may claim, `after` how many to leave out for the next."""

    rows: tuple[Pooled, ...]
    claims: bool
    after: int | None = None


def ensure(ctx: Context) -> None:
    """Let there be the member who holds the pool."""
    if ctx.session.get(Member, POOL) is not None:
        return
    try:
        with ctx.session.begin_nested():
            nobody = Member(id=POOL, name=POOL_NAME, active=False, created_at=ctx.now, updated_at=ctx.now)
            ctx.session.add(nobody)
    except IntegrityError:  # another one did at the same moment
        return


def release(ctx: Context, ids: Sequence[int]) -> list[Customer]:
    """Put customers into the pool: one's own or of one's people, or any one sees with the right to assign.

    What is open about them stays with whoever has it. Raises `NotAllowed`, `UserMistake` for one that is
    there.
    """
    need_write(ctx)
    rows = [_held(ctx, one) for one in dict.fromkeys(ids)]
    for row in rows:
        if row.owner_id == POOL:
            raise UserMistake(f"{row.name}已经在公海了。")
        if not may_act_for(ctx, row.owner_id):
            need_see(ctx, row)
            need(ctx, Right.ASSIGN)
    need_many(ctx, len(rows))
    ensure(ctx)
    ownership.give(ctx, {row.id: POOL for row in rows})
    return rows


def claim(ctx: Context, customer_id: int) -> Customer:
    """Let the actor look after a customer of the pool from now on.

    Raises `NotAllowed`, which names the roles that may, and `Conflict` where somebody was faster.
    """
    row = _held(ctx, customer_id)
    if row.owner_id == ctx.actor.id:
        raise UserMistake(f"{row.name}本来就由你负责。")
    if row.owner_id != POOL:
        raise Conflict(elsewhere(row.name, name_of(ctx, row.owner_id)))
    need_claim(ctx)
    need_see(ctx, row)
    ownership.give(ctx, {row.id: ctx.actor.id})
    return row


def page(ctx: Context, skip: int = 0) -> Page:
    """A page of the pool, what was put on record last first. Raises `NotAllowed` where it is not open."""
    roles = roles_at_pool(ctx, Verb.READ)
    query = (
        select(Customer)
        .where(col(Customer.owner_id) == POOL, col(Customer.archived_at).is_(None), visible_customers(ctx))
        .order_by(col(Customer.id).desc())
        .offset(skip)
        .limit(PAGE + 1)
    )
    found = list(ctx.session.execute(query).scalars())
    if not found and not skip and not _sees(ctx):
        role = ROLE_NAMES[ctx.actor.role]
        raise NotAllowed(f"公海由{named(roles)}查看，现在没有对你开放（你是{role}），需要的话请管理员开通。")
    called = customers.short_names(ctx, [row.id for row in found[:PAGE]])
    rows = tuple(_pooled(ctx, row, called[row.id]) for row in found[:PAGE])
    return Page(rows, may_claim(ctx), skip + PAGE if len(found) > PAGE else None)


def _pooled(ctx: Context, row: Customer, called: str) -> Pooled:
    plain = {name: shown(ctx, "customer", name, getattr(row, name), POOL) for name in ("level", "region")}
    return Pooled(row.id, called, row.name, plain["level"], plain["region"])


def _sees(ctx: Context) -> bool:
    return reach(ctx, "customer").covers(0, POOL)


def _held(ctx: Context, customer_id: int) -> Customer:
    """A customer as it is now, held until the transaction ends."""
    query = select(Customer).where(col(Customer.id) == customer_id).with_for_update()
    row: Customer | None = ctx.session.execute(
        query.execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None or row.archived_at is not None:
        raise UserMistake("这家客户已经不在了，可能刚被撤销。")
    return row
