"""What tells a customer from all others: phone, e-mail, WeChat, external id, member and tax number.

One table, unique in the database among those not archived; kept in step with the contacts. Whoever is
met by any of them is found by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm.context import Context
from crm.journal import changed, created
from crm.rights import name_of, visible_customers
from store.once import Once
from store.tables import Contact, Customer, CustomerIdentity, ExternalContact

MOST_OF_CUSTOMER = 50
PAGE = 500
LONGEST = 64
_ONCE = Once(CustomerIdentity)


class Kind(StrEnum):
    """What sort of identity it is."""

    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    EXTERNAL = "external"
    MEMBER_NO = "member_no"
    TAX_NO = "tax_no"


NAMES: dict[Kind, str] = {
    Kind.PHONE: "电话",
    Kind.EMAIL: "邮箱",
    Kind.WECHAT: "微信",
    Kind.EXTERNAL: "企业微信外部联系人",
    Kind.MEMBER_NO: "会员号",
    Kind.TAX_NO: "税号",
}
OF_CONTACT: dict[str, Kind] = {"phone": Kind.PHONE, "email": Kind.EMAIL, "wechat": Kind.WECHAT}
"""The fields of a contact that are identities."""

EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}")
TAX_NO = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"(?:\+?86|0086)?(0\d{9,11}|[48]00\d{7})")
_OUTSIDE_DIGITS = re.compile(r"[\s()（）.\-—–]")
_LABELLED = re.compile(
    r"(?:(?P<wechat>微信号?|wechat|wx)|(?P<member>会员(?:号|编号|ID))|(?P<tax>税号|统一社会信用代码))"
    r"[:： ]*(?P<value>[\w\-]{3,40})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Said:
    """An identity as it was written, and the form in which it is compared."""

    kind: Kind
    value: str
    norm: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose identity it is. `mine` where the actor may see the customer; `owner` is its owner's name."""

    said: Said
    customer_id: int
    contact_id: int | None
    customer: str
    owner: str
    mine: bool


def normal(kind: Kind, value: str) -> str:
    """The form in which identities of a kind are compared; empty for what is none. Pure."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if not plain or len(plain) > LONGEST:
        return ""
    if kind is Kind.PHONE:
        return phone(plain)
    if kind is Kind.EMAIL:
        return plain.lower() if EMAIL.fullmatch(plain) else ""
    if kind is Kind.TAX_NO:
        tight = plain.upper().replace(" ", "").replace("-", "")
        return tight if TAX_NO.fullmatch(tight) or re.fullmatch(r"\d{15}", tight) else ""
    if kind is Kind.EXTERNAL:
        return plain
    for _ in range(2):  # what stood apart may have come together
        plain = unicodedata.normalize("NFKC", "".join(plain.lower().split()))
    return plain


def phone(text: str) -> str:
    """The digits of a phone number without country code, blanks and dashes; empty for what is none. Pure."""
    tight = _OUTSIDE_DIGITS.sub("", text)
    whole = MOBILE.fullmatch(tight) or LANDLINE.fullmatch(tight)
    if whole is not None:
        return whole[1]
    return tight if tight.isdecimal() and tight.isascii() and 7 <= len(tight) <= 13 else ""


def read(text: str) -> Said | None:
    """The identity that a text is, and nothing but it: 139 1234 5678, wang@hx.com, 税号 9132…. Pure."""
    plain = unicodedata.normalize("NFKC", text).strip(" \t。.,，")
    labelled = _LABELLED.fullmatch(plain)
    if labelled is not None:
        kind = Kind.WECHAT if labelled["wechat"] else Kind.MEMBER_NO if labelled["member"] else Kind.TAX_NO
        norm = normal(kind, labelled["value"])
        return Said(kind, labelled["value"], norm) if norm else None
    tight = _OUTSIDE_DIGITS.sub("", plain)
    if MOBILE.fullmatch(tight) or LANDLINE.fullmatch(tight):
        return Said(Kind.PHONE, plain, phone(plain))
    if EMAIL.fullmatch(plain):
        return Said(Kind.EMAIL, plain, plain.lower())
    if TAX_NO.fullmatch(plain.upper()):
        return Said(Kind.TAX_NO, plain, plain.upper())
    return None


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
    seen = select(col(Customer.id)).where(col(Customer.id) == row.customer_id, visible_customers(ctx))
    mine = ctx.session.execute(seen).first() is not None
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
