"""Identities of contacts from before there were identities: taken up by night."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, exists, select
from sqlmodel import col

from crm.context import Context
from crm.identities.kinds import OF_CONTACT, Kind, normal
from store.once import Once
from store.tables import Contact, Customer, CustomerIdentity, ExternalContact

PAGE = 500
_ONCE = Once(CustomerIdentity)


def catch_up(ctx: Context, most: int) -> int:
    """Take up contacts whose phone, e-mail or WeChat is not known yet, from before there were identities.

    How many were, at most `most` of each kind. One whose value another customer holds is passed over;
    nothing is journalled, as nobody changed anything.
    """
    count = sum(_catch_up(ctx, field, kind, most) for field, kind in OF_CONTACT.items())
    return count + _catch_up_externals(ctx, most)


def _catch_up_externals(ctx: Context, most: int) -> int:
    """Take up linked external contacts."""
    known = exists().where(
        col(CustomerIdentity.kind) == Kind.EXTERNAL.value,
        col(CustomerIdentity.value_norm) == col(ExternalContact.external_id),
        col(CustomerIdentity.archived_at).is_(None),
    )
    query = (
        select(ExternalContact)
        .join(Customer, col(Customer.id) == col(ExternalContact.customer_id))
        .where(col(Customer.archived_at).is_(None), ~known)
        .order_by(col(ExternalContact.id))
        .limit(most)
    )
    count = 0
    for one in ctx.session.execute(query).scalars().all():
        values = {"source": one.platform, "customer_id": one.customer_id, "contact_id": one.contact_id}
        row = _values(ctx, Kind.EXTERNAL, one.external_id, one.external_id, 0, 0)
        count += _ONCE.put(ctx.session, {**row, **values})
    return count


def _catch_up(ctx: Context, field: str, kind: Kind, most: int) -> int:
    count, last = 0, 0
    while count < most:
        rows = ctx.session.execute(_unknown(field, kind), {"last": last, "most": PAGE}).all()
        for contact_id, customer_id, said in rows:
            norm = normal(kind, said)
            values = _values(ctx, kind, said, norm, customer_id, contact_id)
            count += bool(norm) and _ONCE.put(ctx.session, values)
        if len(rows) < PAGE:
            break
        last = rows[-1][0]
    return count


def _unknown(field: str, kind: Kind) -> Select[tuple[int, int, str]]:
    """Contacts after `last` with a value in the field that no identity of this kind stands for."""
    value = col(getattr(Contact, field))
    known = exists().where(
        col(CustomerIdentity.contact_id) == col(Contact.id), col(CustomerIdentity.kind) == kind.value
    )
    return (
        select(col(Contact.id), col(Contact.customer_id), value)
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(
            value != "",
            col(Contact.archived_at).is_(None),
            col(Customer.archived_at).is_(None),
            col(Contact.id) > bindparam("last"),
            ~known,
        )
        .order_by(col(Contact.id))
        .limit(bindparam("most"))
    )


def _values(
    ctx: Context, kind: Kind, value: str, norm: str, customer_id: int, contact_id: int
) -> dict[str, object]:
    row = CustomerIdentity(
        kind=kind.value,
        value=value,
        value_norm=norm,
        customer_id=customer_id,
        contact_id=contact_id,
        source="",
        created_at=ctx.now,
    )
    return {name: getattr(row, name) for name in CustomerIdentity.model_fields}
