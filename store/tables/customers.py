"""Customers, their other names and their people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text

from store.types import Table, key, moment, ref


class Customer(Table, table=True):
    """A company that we sell to, once. `name_norm` is unique among those not archived."""

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
    note: str = ""
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
    alias_norm: str
    created_at: datetime = moment()


class Contact(Table, table=True):
    """A person at a customer. The birthday is kept as said: a day of the solar or the lunar year."""

    __tablename__ = "contact"
    __table_args__ = (Index("ix_contact_birthday", "birthday_kind", "birth_month", "birth_day"),)

    id: int = key()
    customer_id: int = ref("customer.id")
    name: str
    title: str = ""
    phone: str = ""
    birthday_kind: str = ""
    birth_month: int = 0
    birth_day: int = 0
    birth_leap: bool = False
    birth_year: int | None = None
    note: str = ""
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1
