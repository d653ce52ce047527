"""Whom a receiver may write to after a hand-over, and how they are addressed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.courtesy import address
from crm.customers import called
from crm.handover.inventory import Kind
from crm.handover.plans import DONE
from store.tables import Contact, Customer, Handover, HandoverItem

MOST = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """A customer to be told; `greeting` is 王总, or nothing where nobody is known."""

    customer: str
    greeting: str


def last_received(ctx: Context) -> Handover | None:
    """The last hand-over in which the actor got something."""
    query = (
        select(Handover)
        .join(HandoverItem, col(HandoverItem.handover_id) == col(Handover.id))
        .where(col(HandoverItem.to_id) == ctx.actor.id, col(Handover.state) == DONE)
        .order_by(col(Handover.done_at).desc())
        .limit(1)
    )
    found: Handover | None = ctx.session.execute(query).scalar()
    return found


def for_receiver(ctx: Context, row: Handover) -> list[Draft]:
    """The actor's customers of a hand-over, as far as they are still his, with the first contact of each."""
    query = (
        select(col(Customer.id))
        .join(
            HandoverItem,
            (col(HandoverItem.object) == Kind.CUSTOMER.value)
            & (col(HandoverItem.object_id) == col(Customer.id)),
        )
        .where(
            col(HandoverItem.handover_id) == row.id,
            col(Customer.owner_id) == ctx.actor.id,
            col(Customer.archived_at).is_(None),
        )
        .order_by(col(Customer.id))
        .limit(MOST)
    )
    ids = list(ctx.session.execute(query).scalars())
    names = called(ctx.session, ids)
    people = select(Contact).where(col(Contact.customer_id).in_(ids), col(Contact.archived_at).is_(None))
    first: dict[int, Contact] = {}
    for one in ctx.session.execute(people.order_by(col(Contact.id))).scalars():
        first.setdefault(one.customer_id, one)
    return [
        Draft(names[one], address(first[one].name, first[one].title) if one in first else "") for one in ids
    ]
