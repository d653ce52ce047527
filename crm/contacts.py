"""The people at a customer: found by how they are addressed, added when they are new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, select
from sqlmodel import col

from crm import identities
from crm.context import Context
from crm.errors import UserMistake
from crm.identities import Holder, Kind, Said
from crm.journal import changed, created
from crm.rights import need_edit, need_field, visible_customers
from store.fast import Rows
from store.tables import Contact, Customer

MOST = 50
LONGEST_NOTE = 500
FIELDS = dict.fromkeys(("birthday_kind", "birth_month", "birth_day", "birth_year", "birth_leap"), "birthday")
"""Columns whose rights go by another name."""
ROLES = ("决策", "使用", "采购", "技术", "财务", "影响", "把关", "其他")
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


@dataclass(frozen=True, slots=True)
class News:
    """What is new of a contact; empty is nothing. `note` and `likes` are added to what there is."""

    name: str = ""
    phone: str = ""
    title: str = ""
    role: str = ""
    email: str = ""
    wechat: str = ""
    likes: str = ""
    note: str = ""
    birthday: Birthday | None = None


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
        found = created(
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
    elif phone and phone != found.phone:
        need_field(ctx, "contact", "phone", customer.owner_id, empty=not found.phone)
        changed(ctx, found, phone=phone)
    if phone:
        identities.keep_in_step(ctx, found)
    return found


def known_by(ctx: Context, name: str, title: str = "", most: int = 5) -> list[tuple[Contact, Customer]]:
    """Contacts of this name at the customers that the actor may see, the latest followed up first.

    王总 also means 王建国, 总经理, at the actor's own customers.
    """
    family = name.removesuffix(title) if title else ""
    found = dict(_pairs(ctx, [col(Contact.name) == name, visible_customers(ctx)], most))
    if family and family != name:
        fits = [
            col(Contact.name).startswith(family, autoescape=True),
            col(Contact.title).contains(title, autoescape=True),
            col(Customer.owner_id) == ctx.actor.id,
        ]
        found |= dict(_pairs(ctx, fits, most))
    latest = sorted(found.items(), key=lambda one: _followed(one[1]), reverse=True)
    return [(ctx.session.get_one(Contact, contact_id), customer) for contact_id, customer in latest[:most]]


def _pairs(ctx: Context, conditions: list[ColumnElement[bool]], most: int) -> list[tuple[int, Customer]]:
    query = (
        select(Contact, Customer)
        .join(Customer, col(Customer.id) == col(Contact.customer_id))
        .where(*conditions, col(Contact.archived_at).is_(None), col(Customer.archived_at).is_(None))
        .order_by(
            col(Customer.last_follow_at).is_(None), col(Customer.last_follow_at).desc(), col(Contact.id)
        )
        .limit(most)
    )
    return [(contact.id, customer) for contact, customer in ctx.session.execute(query)]


def _followed(customer: Customer) -> float:
    return customer.last_follow_at.timestamp() if customer.last_follow_at else 0.0


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
    return tell(ctx, contact, News(phone=phone or "", title=title or "", birthday=birthday, note=note or ""))


def tell(ctx: Context, contact: Contact, news: News) -> Contact:
    """Take down what is new of a contact. Raises `UserMistake` for a day or an address that is none."""
    customer = ctx.session.get(Customer, contact.customer_id)
    if customer is not None:
        need_edit(ctx, customer)
    values: dict[str, object] = {}
    for name in ("name", "phone", "title", "role", "email", "wechat"):
        if getattr(news, name):
            values[name] = getattr(news, name)
    if news.email and not identities.EMAIL.fullmatch(news.email):
        raise UserMistake("邮箱看着不对，这样说：王总邮箱 wang@huaxing.com")
    if news.note:
        values["note"] = f"{contact.note}；{news.note}".strip("；")[-LONGEST_NOTE:]
    if news.likes and news.likes not in contact.likes.split("、"):
        values["likes"] = f"{contact.likes}、{news.likes}".strip("、")[-LONGEST_NOTE:]
    if news.birthday:
        values |= _birthday_values(news.birthday)
    if not values:
        return contact
    _need_fields(ctx, contact, customer, values)
    changed(ctx, contact, **values)
    if values.keys() & identities.OF_CONTACT.keys():
        identities.keep_in_step(ctx, contact)
    return contact


def _need_fields(
    ctx: Context, contact: Contact, customer: Customer | None, values: Mapping[str, object]
) -> None:
    """Raise `NotAllowed` unless the actor may change each of these columns."""
    owner = customer.owner_id if customer else None
    for column in values:
        field = FIELDS.get(column, column)
        need_field(ctx, "contact", field, owner, empty=not getattr(contact, column))


def elsewhere(ctx: Context, contact: Contact) -> list[Holder]:
    """The other customers that are known by the contact's phone, e-mail or WeChat."""
    found = []
    for field, kind in identities.OF_CONTACT.items():
        norm = identities.normal(kind, getattr(contact, field))
        holder = identities.find(ctx, Said(Kind(kind), getattr(contact, field), norm)) if norm else None
        if holder is not None and holder.customer_id != contact.customer_id:
            found.append(holder)
    return found


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
