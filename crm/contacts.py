"""The people at a customer: found by how they are addressed, added when they are new."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import col

from crm.context import Context
from crm.errors import UserMistake
from crm.journal import changed, created
from crm.rights import need_edit, visible_customers
from store.fast import Rows
from store.tables import Contact, Customer

MOST = 50
LONGEST_NOTE = 500
_OF_CUSTOMER = Rows(
    Contact, (col(Contact.customer_id) == bindparam("customer")) & col(Contact.archived_at).is_(None), MOST
)


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the solar or the lunar year; `kind` is solar or lunar."""

    kind: str
    month: int
    day: int
    year: int | None = None
    leap: bool = False


def of_customer(ctx: Context, customer_id: int, most: int = MOST) -> list[Contact]:
    """The contacts of a customer, oldest first."""
    return _OF_CUSTOMER.find(ctx.session, {"customer": customer_id})[:most]


def matching(contacts: list[Contact], name: str, title: str = "") -> Contact | None:
    """The one among `contacts` who is addressed like this: by name, or 王总 for 王建国, 总经理. Pure.

    None where nobody or more than one fits.
    """
    same = [c for c in contacts if c.name == name]
    if same:
        return same[0]
    family = name.removesuffix(title) if title else ""
    if not family or family == name:
        return None
    fitting = [c for c in contacts if c.name.startswith(family) and title in c.title]
    return fitting[0] if len(fitting) == 1 else None


def find_or_add(ctx: Context, customer: Customer, name: str, title: str = "", phone: str = "") -> Contact:
    """The contact of a customer who is addressed like this, added when new; a phone said is taken down."""
    need_edit(ctx, customer)
    found = matching(of_customer(ctx, customer.id), name, title)
    if found is None:
        return created(
            ctx,
            Contact(
                customer_id=customer.id,
                name=name,
                title=title,
                phone=phone,
                created_at=ctx.now,
                updated_at=ctx.now,
            ),
        )
    return changed(ctx, found, phone=phone) if phone else found


def known_by(ctx: Context, name: str, title: str = "", most: int = 5) -> list[tuple[Contact, Customer]]:
    """Contacts of this name at the customers that the actor may see, the latest followed up first."""
    family = name.removesuffix(title) if title else ""
    fits = col(Contact.name) == name
    if family and family != name:
        fits = fits | (
            col(Contact.name).startswith(family, autoescape=True)
            & col(Contact.title).contains(title, autoescape=True)
        )
    query = (
        select(Contact, Customer)
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(
            fits,
            col(Contact.archived_at).is_(None),
            col(Customer.archived_at).is_(None),
            visible_customers(ctx),
        )
        .order_by(
            col(Customer.last_follow_at).is_(None), col(Customer.last_follow_at).desc(), col(Contact.id)
        )
        .limit(most)
    )
    return [(contact, customer) for contact, customer in ctx.session.execute(query)]


def update(
    ctx: Context,
    contact: Contact,
    *,
    phone: str | None = None,
    title: str | None = None,
    birthday: Birthday | None = None,
    note: str | None = None,
) -> Contact:
    """Change what is said of a contact; a `note` is added. Raises `UserMistake` for a day that is none."""
    customer = ctx.session.get(Customer, contact.customer_id)
    if customer is not None:
        need_edit(ctx, customer)
    values: dict[str, object] = {}
    if phone:
        values["phone"] = phone
    if title:
        values["title"] = title
    if note:
        values["note"] = f"{contact.note}；{note}".strip("；")[-LONGEST_NOTE:]
    if birthday:
        values |= _birthday_values(birthday)
    return changed(ctx, contact, **values) if values else contact


def _birthday_values(birthday: Birthday) -> dict[str, object]:
    longest = (
        30
        if birthday.kind == "lunar"
        else (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[(birthday.month - 1) % 12]
    )
    if not 1 <= birthday.month <= 12 or not 1 <= birthday.day <= longest:
        raise UserMistake("没有这一天，生日这样说：王总生日3月5日，或：王总生日农历腊月初八")
    return {
        "birthday_kind": birthday.kind,
        "birth_month": birthday.month,
        "birth_day": birthday.day,
        "birth_year": birthday.year,
        "birth_leap": birthday.leap,
    }
