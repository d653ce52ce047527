"""Whether one record may be seen or changed, and what is said where it may not."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.errors import NotAllowed
from crm.rights.extent import people, reach
from crm.rights.lines import reports
from crm.rights.scopes import Verb
from store.tables import Customer, Member


def is_above(ctx: Context, member_id: int) -> bool:
    """Whether the member is the actor, or stands below the actor or somebody for whom the actor stands in."""
    if member_id == ctx.actor.id:
        return True
    query = select(col(Member.id)).where(
        col(Member.id) == member_id, col(Member.id).in_(reports(ctx.actor.id, ctx.now))
    )
    return ctx.session.execute(query).first() is not None


def may_act_for(ctx: Context, member_id: int) -> bool:
    """Whether the actor may change what belongs to the member."""
    if member_id == ctx.actor.id:
        return True
    members = people(ctx, Verb.WRITE)
    return members is None or member_id in members


def can_see(ctx: Context, customer: Customer) -> bool:
    """Whether the actor may see the customer."""
    return customer.owner_id == ctx.actor.id or _covered(ctx, customer, Verb.READ)


def can_edit(ctx: Context, customer: Customer) -> bool:
    """Whether the actor may record things about the customer and change it."""
    return customer.owner_id == ctx.actor.id or _covered(ctx, customer, Verb.WRITE)


def _covered(ctx: Context, customer: Customer, verb: Verb) -> bool:
    return reach(ctx, "customer", verb).covers(customer.id, customer.owner_id)


def need_see(ctx: Context, customer: Customer) -> None:
    """Raise `NotAllowed` unless the actor may see the customer; no more than its owner is told."""
    if not can_see(ctx, customer):
        raise NotAllowed(elsewhere(customer.name, name_of(ctx, customer.owner_id)), customer.id)


def elsewhere(customer: str, owner: str) -> str:
    """All that somebody is told of a customer that is not his to see."""
    return f"{customer}已存在，负责人{owner}，详情请找对方了解。"


def need_edit(ctx: Context, customer: Customer) -> None:
    """Raise `NotAllowed` unless the actor may change the customer."""
    if can_edit(ctx, customer):
        return
    owner = name_of(ctx, customer.owner_id)
    raise NotAllowed(
        f"{customer.name}由{owner}负责，只有{owner}和上级可以记录和修改，这次没有写入。", customer.id
    )


def name_of(ctx: Context, member_id: int | None) -> str:
    """A member's name; 系统 for the clock."""
    if member_id == ctx.actor.id:
        return ctx.actor.name
    member = ctx.session.get(Member, member_id) if member_id is not None else None
    return member.name if member else "系统"
