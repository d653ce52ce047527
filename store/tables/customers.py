"""Customers, their other names and their people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from store.factories import no_values
from store.types import Table, bigint, document, key, moment, ref


class Customer(Table, table=True):
    """A company that we sell to, once. `name_norm` is unique among those not archived.

    `parent_id` is the company it belongs to, `referrer_id` who recommended us; one that turned out to be
    another is archived and names it in `merged_into_id`. `ext` holds custom fields by their key.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index(
            "uq_customer_name_norm",
            "name_norm",
            unique=True,
            sqlite_where=text("archived_at IS NULL"),
            postgresql_where=text("archived_at IS NULL"),
        ),
        Index("ix_customer_owner_id_next_follow_at", "owner_id", "next_follow_at"),
    )

    id: int = key()
    number: str
    name: str
    name_norm: str
    owner_id: int = ref("member.id", index=False)
    level: str = ""
    source: str = ""
    industry: str = ""
    region: str = ""
    lifecycle: str = ""
    note: str = ""
    parent_id: int | None = ref("customer.id", default=None)
    referrer_id: int | None = ref("customer.id", default=None)
    merged_into_id: int | None = ref("customer.id", default=None)
    ext: dict[str, Any] = document(default_factory=no_values)
    last_follow_at: datetime | None = moment(default=None)
    next_follow_at: datetime | None = moment(default=None)
    created_at: datetime = moment()
    updated_at: datetime = moment(index=True)
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class CustomerAlias(Table, table=True):
    """Another name of a customer."""

    __tablename__ = "customer_alias"
    __table_args__ = (UniqueConstraint("customer_id", "alias_norm"),)

    id: int = key()
    customer_id: int = ref("customer.id", index=False)
    alias: str
    alias_norm: str = Field(index=True)
    created_at: datetime = moment()


class Contact(Table, table=True):
    """A person at a customer. The birthday is kept as said: a day of the solar or the lunar year."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_birthday", "birthday_kind", "birth_month", "birth_day"),
        Index("ix_contact_name", "name"),
    )

    id: int = key()
    customer_id: int = ref("customer.id")
    name: str
    title: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    wechat: str = ""
    likes: str = ""
    birthday_kind: str = ""
    birth_month: int = 0
    birth_day: int = 0
    birth_leap: bool = False
    birth_year: int | None = None
    note: str = ""
    ext: dict[str, Any] = document(default_factory=no_values)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class CustomerIdentity(Table, table=True):
    """What tells a customer or one of its people from all others: a phone, an e-mail address, a tax number.

    `kind` is one of `crm.identities.Kind`, `value_norm` what is compared. Unique among those not archived.
    """

    __tablename__ = "customer_identity"
    __table_args__ = (
        Index(
            "uq_customer_identity_kind_value_norm",
            "kind",
            "value_norm",
            unique=True,
            sqlite_where=text("archived_at IS NULL"),
            postgresql_where=text("archived_at IS NULL"),
        ),
    )

    id: int = key()
    kind: str
    value: str
    value_norm: str
    customer_id: int = ref("customer.id")
    contact_id: int | None = ref("contact.id", default=None)
    source: str = ""
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class Tag(Table, table=True):
    """A word that customers are marked with. `rule` puts it on by itself where it is given."""

    __tablename__ = "tag"
    __table_args__ = (UniqueConstraint("name_norm"),)

    id: int = key()
    name: str
    name_norm: str
    rule: dict[str, Any] = document(default_factory=no_values)
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class Tagging(Table, table=True):
    """A tag on a customer: by hand, or by rule with the `reason` that holds."""

    __tablename__ = "tagging"
    __table_args__ = (
        Index(
            "uq_tagging_customer_id_tag_id",
            "customer_id",
            "tag_id",
            unique=True,
            sqlite_where=text("archived_at IS NULL"),
            postgresql_where=text("archived_at IS NULL"),
        ),
        Index("ix_tagging_tag_id_id", "tag_id", "id"),
    )

    id: int = key()
    customer_id: int = ref("customer.id")
    tag_id: int = ref("tag.id", index=False)
    auto: bool = False
    reason: str = ""
    member_id: int | None = ref("member.id", default=None)
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class Asset(Table, table=True):
    """A piece of equipment that stands at a customer. `installed_on` and `warranty_until` are local days."""

    __tablename__ = "asset"
    __table_args__ = (UniqueConstraint("number"),)

    id: int = key()
    number: str
    customer_id: int = ref("customer.id")
    name: str
    model: str = ""
    serial: str = Field(default="", index=True)
    installed_on: date | None = None
    warranty_until: date | None = None
    note: str = ""
    ext: dict[str, Any] = document(default_factory=no_values)
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1
