"""A masked phone number shown to one who needs it: with a reason, written down, so many times a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select, text
from sqlmodel import col

from crm.context import Context
from crm.errors import NotAllowed, UserMistake
from crm.journal import log
from crm.rights import (
    IN_POOL,
    POOL,
    FieldAccess,
    Right,
    access,
    may,
    name_of,
    need,
    need_see,
    shown,
    shown_words,
)
from store.once import columns_of
from store.tables import Contact, Customer, EventLog, Member

LONGEST_REASON = 200
REVEALED = "revealed"


@dataclass(frozen=True, slots=True)
class Revealed:
    """A number and whose it is; `left` is how many more may be looked at today, None where it is open."""

    contact: Contact
    customer: Customer
    phone: str
    left: int | None = None


def reveal(ctx: Context, contact: Contact, reason: str) -> Revealed:
    """Show a phone number and write down who saw it and why.

    Raises `NotAllowed` outside one's rights or above the day's number, `UserMistake` without a reason.
    """
    customer = ctx.session.get_one(Customer, contact.customer_id)
    need_see(ctx, customer)
    if not contact.phone:
        raise UserMistake(f"{contact.name}还没有登记电话，知道了直接说：{contact.name}电话 13912345678")
    allowed = access(ctx, "contact", "phone", customer.owner_id)
    if allowed in (FieldAccess.READ, FieldAccess.WRITE):
        return Revealed(contact, customer, contact.phone)
    if allowed is FieldAccess.HIDDEN:
        owner = name_of(ctx, customer.owner_id)
        raise NotAllowed(f"电话对你的角色是隐藏的，要联系{contact.name}请找负责人{owner}。")
    if customer.owner_id == POOL:
        raise NotAllowed(f"{customer.name}{IN_POOL}领取以后再看电话：领取 {customer.name}")
    need(ctx, Right.REVEAL)
    given = reason.strip()[:LONGEST_REASON]
    if not given:
        raise UserMistake(f"看电话要写一句原因，例如：看电话 {contact.name} 回访设备故障")
    left = ctx.business.reveals_a_day - today(ctx)
    if left <= 0:
        most = ctx.business.reveals_a_day
        raise NotAllowed(f"今天看过的电话已经到{most}个，明天再看；急用请负责人或管理员帮忙。")
    log(ctx, contact, REVEALED, {}, {"field": "phone", "reason": given, "customer_id": customer.id})
    return Revealed(contact, customer, contact.phone, left - 1)


def as_seen(ctx: Context, contact: Contact) -> Contact:
    """The contact with its fields as the actor may see them: the row itself, or a copy that is no row."""
    customer = ctx.session.get_one(Customer, contact.customer_id)
    values = {
        name: shown(ctx, "contact", name, getattr(contact, name), customer.owner_id)
        for name in ("title", "role", "phone", "email", "wechat", "birthday_kind", "likes", "note")
    }
    values["note"] = shown_words(ctx, values["note"], customer.owner_id)
    if all(getattr(contact, name) == value for name, value in values.items()):
        return contact
    whole = {name: getattr(contact, name) for name in columns_of(Contact)}
    return Contact(**{**whole, **values})


def needs_reason(ctx: Context, contact: Contact) -> bool:
    """Whether the number is masked to the actor, who may have it unmasked."""
    customer = ctx.session.get_one(Customer, contact.customer_id)
    masked = access(ctx, "contact", "phone", customer.owner_id) is FieldAccess.MASKED
    return masked and may(ctx, Right.REVEAL)


def today(ctx: Context) -> int:
    """How many numbers the actor has looked at since midnight."""
    start = ctx.at(datetime.combine(ctx.local.date(), time.min))
    query = (
        select(func.count())
        .select_from(EventLog)
        .where(
            col(EventLog.actor_id) == ctx.actor.id, col(EventLog.at) >= start, col(EventLog.type) == REVEALED
        )
    )
    return int(ctx.session.execute(query).scalar_one())


@dataclass(frozen=True, slots=True)
class Look:
    """A number that was looked at: by whom, whose it is, why; `at` is local."""

    at: datetime
    who: str
    contact: str
    customer: str
    reason: str


def looked_at(ctx: Context, most: int = 20) -> list[Look]:
    """The numbers looked at last, for those who check: newest first. Raises `NotAllowed`."""
    need(ctx, Right.AUDIT)
    query = (
        select(EventLog, col(Member.name), col(Contact.name), col(Customer.name))
        .join(Contact, col(Contact.id) == col(EventLog.object_id))
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .join(Member, col(Member.id) == col(EventLog.actor_id))
        .where(text("event_log.type = 'revealed'"))  # in these words, for the index of its own
        .order_by(col(EventLog.id).desc())
        .limit(most)
    )
    return [
        Look(ctx.wall(event.at), who, contact, customer, str(event.after.get("reason", "")))
        for event, who, contact, customer in ctx.session.execute(query)
    ]
