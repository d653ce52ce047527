"""Whether one record may be seen or changed, and what is said where it may not."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.errors import NotAllowed
from crm.rights.extent import people, reach
from crm.rights.lines import reports
from crm.rights.policy import policy_of
from crm.rights.pool import IN_POOL, POOL, POOL_NAME, need_claim
from crm.rights.scopes import Scope, Verb
from crm.rights.words import ROLE_NAMES, named
from store.tables import Customer, Member, Role


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
    return _is_own(ctx, customer, Verb.READ) or _covered(ctx, customer, Verb.READ)


def can_edit(ctx: Context, customer: Customer) -> bool:
    """Whether the actor may record things about the customer and change it."""
    return _is_own(ctx, customer, Verb.WRITE) or _covered(ctx, customer, Verb.WRITE)


def _is_own(ctx: Context, customer: Customer, verb: Verb) -> bool:
    """Whether it is the actor's own, and customers are not closed to his role: quicker than all his reach."""
    if customer.owner_id != ctx.actor.id:
        return False
    scope_of = policy_of(ctx).scope
    scopes = {scope_of(ctx.actor.role, "customer", one)[0] for one in (Verb.READ, verb)}
    return Scope.NONE not in scopes


def _covered(ctx: Context, customer: Customer, verb: Verb) -> bool:
    return reach(ctx, "customer", verb).covers(customer.id, customer.owner_id)


def need_see(ctx: Context, customer: Customer) -> None:
    """Raise `NotAllowed` unless the actor may see the customer; no more than its owner is told."""
    if not can_see(ctx, customer):
        raise NotAllowed(elsewhere(customer.name, name_of(ctx, customer.owner_id)), customer.id)


def elsewhere(customer: str, owner: str) -> str:
    """All that somebody is told of a customer that is not his to see."""
    if owner == POOL_NAME:
        return f"{customer}已存在，{IN_POOL}没有对你的角色开放，可以请主管、总监或管理员分配。"
    return f"{customer}已存在，负责人{owner}，详情请找对方了解。"


def need_edit(ctx: Context, customer: Customer) -> None:
    """Raise `NotAllowed` unless the actor may change the customer."""
    if can_edit(ctx, customer):
        return
    owner = name_of(ctx, customer.owner_id)
    if customer.owner_id == POOL:
        need_claim(ctx)
        raise NotAllowed(f"{customer.name}{IN_POOL}领取以后再记录和修改：领取 {customer.name}")
    need_write(ctx, f"{owner}、{owner}的上级")
    raise NotAllowed(
        f"{customer.name}由{owner}负责，只有{owner}和上级、{writers(ctx)}可以记录和修改，这次没有写入。",
        customer.id,
    )


def need_write(ctx: Context, who: str = "负责人和上级") -> None:
    """Raise `NotAllowed` for a role that only looks, naming `who` may and the roles that may."""
    if ctx.actor.role is not Role.AUDITOR:
        return
    policy = policy_of(ctx)
    acting = policy.acting(ctx.actor.id, ctx.actor.role, ctx.now)
    if all(policy.scope(role, "customer", Verb.WRITE)[0] is Scope.NONE for _, role in acting):
        name = ROLE_NAMES[ctx.actor.role]
        raise NotAllowed(f"{name}只看不改：客户、跟进和报价都能查，记录和修改由{who}、{writers(ctx)}来做。")


def writers(ctx: Context) -> str:
    """The roles that may change every customer: 总监、管理员."""
    policy = policy_of(ctx)
    roles = [role for role in Role if policy.scope(role, "customer", Verb.WRITE)[0] is Scope.ALL]
    return named(roles)


def name_of(ctx: Context, member_id: int | None) -> str:
    """A member's name; 系统 for the clock."""
    if member_id == ctx.actor.id:
        return ctx.actor.name
    member = ctx.session.get(Member, member_id) if member_id is not None else None
    return member.name if member else "系统"
