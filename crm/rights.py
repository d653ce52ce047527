"""Who may see and change which records. Every such question is answered here and nowhere else.

One's own records and those of everybody below one in the line of superiors; director and admin all of
them; commerce, finance, service and auditor read all and change none.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select, true
from sqlmodel import col

from crm.context import Context
from crm.errors import NotAllowed
from store.tables import Customer, Member, Role

CHANGE_ALL = frozenset({Role.DIRECTOR, Role.ADMIN})
READ_ALL = CHANGE_ALL | {Role.COMMERCE, Role.FINANCE, Role.SERVICE, Role.AUDITOR}


def reports(member_id: int) -> Select[tuple[int]]:
    """The ids of a member and of everybody below, for use inside a query; a ring ends by itself."""
    line = select(col(Member.id).label("id")).where(col(Member.id) == member_id).cte("line", recursive=True)
    below = select(col(Member.id)).join(line, col(Member.superior_id) == line.c.id)
    line = line.union(below)
    return select(line.c.id)


def visible_customers(ctx: Context) -> ColumnElement[bool]:
    """The condition on `Customer` that leaves what the actor may see."""
    if ctx.actor.role in READ_ALL:
        return true()
    return col(Customer.owner_id).in_(reports(ctx.actor.id))


def is_above(ctx: Context, member_id: int) -> bool:
    """Whether the member is the actor or stands below the actor."""
    if member_id == ctx.actor.id:
        return True
    query = select(col(Member.id)).where(
        col(Member.id) == member_id, col(Member.id).in_(reports(ctx.actor.id))
    )
    return ctx.session.execute(query).first() is not None


def may_act_for(ctx: Context, member_id: int) -> bool:
    """Whether the actor may change what belongs to the member."""
    return ctx.actor.role in CHANGE_ALL or is_above(ctx, member_id)


def can_see(ctx: Context, customer: Customer) -> bool:
    """Whether the actor may see the customer."""
    return ctx.actor.role in READ_ALL or is_above(ctx, customer.owner_id)


def can_edit(ctx: Context, customer: Customer) -> bool:
    """Whether the actor may record things about the customer and change it."""
    return may_act_for(ctx, customer.owner_id)


def need_see(ctx: Context, customer: Customer) -> None:
    """Raise `NotAllowed` unless the actor may see the customer; no more than its owner is told."""
    if not can_see(ctx, customer):
        raise NotAllowed(
            f"{customer.name}已存在，负责人{name_of(ctx, customer.owner_id)}，详情请找对方了解。"
        )


def need_edit(ctx: Context, customer: Customer) -> None:
    """Raise `NotAllowed` unless the actor may change the customer."""
    if can_edit(ctx, customer):
        return
    owner = name_of(ctx, customer.owner_id)
    raise NotAllowed(f"{customer.name}由{owner}负责，只有{owner}和上级可以记录和修改，这次没有写入。")


def name_of(ctx: Context, member_id: int | None) -> str:
    """A member's name; 系统 for the clock."""
    if member_id == ctx.actor.id:
        return ctx.actor.name
    member = ctx.session.get(Member, member_id) if member_id is not None else None
    return member.name if member else "系统"
