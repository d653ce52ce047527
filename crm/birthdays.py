"""Birthdays of the people at customers: whose, and that somebody sent a greeting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from crm import once, visits
from crm.context import Context
from crm.courtesy import address
from crm.deputies import acting_for
from crm.errors import UserMistake
from crm.quotes import short_name
from crm.rights import need_edit, shown
from crm.visits import ActivityKind, Draft
from store.tables import Contact, Customer

MOST = 2000
MOST_OWN = 200


@dataclass(frozen=True, slots=True)
class Celebrant:
    """Somebody with a birthday: `who` as one addresses them (王总), at whose customer."""

    contact_id: int
    who: str
    customer_id: int
    customer: str
    owner_id: int


def celebrant(session: Session, contact: Contact, customer: Customer) -> Celebrant:
    """A contact as somebody with a birthday."""
    who = address(contact.name, contact.title)
    return Celebrant(contact.id, who, customer.id, short_name(session, customer.id), customer.owner_id)


def born_on(session: Session, days: Collection[tuple[str, int, int]]) -> list[tuple[Contact, Customer]]:
    """Contacts whose birthday is kept as one of these (kind, month, day), by id."""
    if not days:
        return []
    key = tuple_(col(Contact.birthday_kind), col(Contact.birth_month), col(Contact.birth_day))
    query = (
        select(Contact, Customer)
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(key.in_(list(days)), col(Contact.archived_at).is_(None), col(Customer.archived_at).is_(None))
        .order_by(col(Contact.id))
        .limit(MOST)
    )
    return [(contact, customer) for contact, customer in session.execute(query)]


def own_born_on(ctx: Context, days: Collection[tuple[str, int, int]]) -> list[tuple[Contact, Customer]]:
    """The same at the actor's customers, and of those he acts for; none where they are hidden from him."""
    if not days or not shown(ctx, "contact", "birthday", "known", ctx.actor.id):
        return []
    owners = [ctx.actor.id, *acting_for(ctx.session, ctx.actor.id, ctx.now)]
    key = tuple_(col(Contact.birthday_kind), col(Contact.birth_month), col(Contact.birth_day))
    query = (
        select(Contact, Customer)
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(
            col(Customer.owner_id).in_(owners),
            col(Customer.archived_at).is_(None),
            col(Contact.archived_at).is_(None),
            key.in_(list(days)),
        )
        .order_by(col(Contact.id))
        .limit(MOST_OWN)
    )
    return [(contact, customer) for contact, customer in ctx.session.execute(query)]


def of_contact(ctx: Context, contact_id: int) -> Celebrant:
    """One celebrant whom the actor may look after. Raises `UserMistake`, `NotAllowed`."""
    contact = ctx.session.get(Contact, contact_id)
    customer = ctx.session.get(Customer, contact.customer_id) if contact is not None else None
    if contact is None or customer is None or contact.archived_at or customer.archived_at:
        raise UserMistake("这位联系人已经不在了")
    need_edit(ctx, customer)
    return celebrant(ctx.session, contact, customer)


def greeted(ctx: Context, contact_id: int, year: str) -> tuple[Celebrant, bool]:
    """Note that the greeting of this year was sent; (whose, whether that is news)."""
    whose = of_contact(ctx, contact_id)
    if not once.first(ctx.session, f"greeted:{contact_id}:{year}", ctx.now):
        return whose, False
    visits.record(
        ctx,
        Draft(
            ActivityKind.MESSAGE,
            raw=f"给{whose.who}送了生日祝福",
            customer_id=whose.customer_id,
            contact=ctx.session.get_one(Contact, contact_id).name,
        ),
    )
    return whose, True
