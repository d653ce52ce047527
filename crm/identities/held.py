"""Whose identities they are: found, put, and kept in step with the contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm.context import Context
from crm.identities.kinds import OF_CONTACT, Kind, Said, normal
from crm.journal import changed, created
from crm.rights import name_of, reach
from store.tables import Contact, Customer, CustomerIdentity

MOST_OF_CUSTOMER = 50


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose identity it is. `mine` where the actor may see the customer; `owner` is its owner's name."""

    said: Said
    customer_id: int
    contact_id: int | None
    customer: str
    owner: str
    mine: bool


def find(ctx: Context, said: Said) -> Holder | None:
    """Whose identity it is, whoever may see that."""
    query = (
        select(CustomerIdentity, col(Customer.name), col(Customer.owner_id))
        .join(Customer, col(Customer.id) == col(CustomerIdentity.customer_id))
        .where(
            col(CustomerIdentity.kind) == said.kind.value,
            col(CustomerIdentity.value_norm) == said.norm,
            col(CustomerIdentity.archived_at).is_(None),
            col(Customer.archived_at).is_(None),
        )
        .limit(1)
    )
    found = ctx.session.execute(query).first()
    if found is None:
        return None
    row, name, owner_id = found
    mine = reach(ctx, "customer").covers(row.customer_id, owner_id)
    return Holder(said, row.customer_id, row.contact_id, name, name_of(ctx, owner_id), mine)


def put(
    ctx: Context,
    customer_id: int,
    kind: Kind,
    value: str,
    *,
    contact_id: int | None = None,
    source: str = "",
) -> Holder | None:
    """Let a customer be known by an identity; where another one is already, that one is given back.

    What is no identity of this kind is passed over.
    """
    norm = normal(kind, value)
    if not norm:
        return None
    held = find(ctx, Said(kind, value, norm))
    if held is not None:
        return held if held.customer_id != customer_id else None
    row = CustomerIdentity(
        kind=kind.value,
        value=value.strip(),
        value_norm=norm,
        customer_id=customer_id,
        contact_id=contact_id,
        source=source,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            _free(ctx, kind, norm)
            created(ctx, row)
    except IntegrityError:  # somebody put it at the same moment
        return find(ctx, Said(kind, value, norm))
    return None


def _free(ctx: Context, kind: Kind, norm: str) -> None:
    """An identity that a customer holds who is archived stands in nobody's way."""
    query = select(CustomerIdentity).where(
        col(CustomerIdentity.kind) == kind.value,
        col(CustomerIdentity.value_norm) == norm,
        col(CustomerIdentity.archived_at).is_(None),
    )
    for row in ctx.session.execute(query).scalars():
        changed(ctx, row, archived_at=ctx.now)


def keep_in_step(ctx: Context, contact: Contact) -> list[Holder]:
    """Make the identities of a contact those of its phone, e-mail and WeChat.

    Given back are the other customers that are known by one of them already: there it stays.
    """
    query = select(CustomerIdentity).where(
        col(CustomerIdentity.contact_id) == contact.id, col(CustomerIdentity.archived_at).is_(None)
    )
    wanted = {
        (kind.value, norm): value
        for field, kind in OF_CONTACT.items()
        if (value := getattr(contact, field)) and (norm := normal(kind, value))
    }
    for row in ctx.session.execute(query).scalars().all():
        if row.kind not in OF_CONTACT.values():
            continue
        if contact.archived_at is not None or (row.kind, row.value_norm) not in wanted:
            changed(ctx, row, archived_at=ctx.now)
        else:
            wanted.pop((row.kind, row.value_norm))
    if contact.archived_at is not None:
        return []
    held = [
        put(ctx, contact.customer_id, Kind(kind), value, contact_id=contact.id)
        for (kind, _), value in wanted.items()
    ]
    return [one for one in held if one is not None]


def of_customer(ctx: Context, customer_id: int) -> Sequence[CustomerIdentity]:
    """What a customer is known by, oldest first."""
    query = (
        select(CustomerIdentity)
        .where(col(CustomerIdentity.customer_id) == customer_id, col(CustomerIdentity.archived_at).is_(None))
        .order_by(col(CustomerIdentity.id))
        .limit(MOST_OF_CUSTOMER)
    )
    return ctx.session.execute(query).scalars().all()
