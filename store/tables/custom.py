"""What the organisation adds itself: fields of any kind of record, and kinds of records of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text

from store.factories import no_items, no_values
from store.types import Table, bigint, document, key, moment, ref


class CustomField(Table, table=True):
    """A field that the organisation has added to `object`. `kind` is one of `crm.custom.fields.Kind`.

    `key` names it in the record's `ext`, `label` is what people call it, `options` are the choices,
    `formula` works the value out. Archived when removed: the values stay, so that it can come back.
    """

    __tablename__ = "custom_field"
    __table_args__ = (
        UniqueConstraint("object", "key"),
        Index(
            "uq_custom_field_object_label_norm",
            "object",
            "label_norm",
            unique=True,
            sqlite_where=text("archived_at IS NULL"),
            postgresql_where=text("archived_at IS NULL"),
        ),
    )

    id: int = key()
    object: str
    key: str
    label: str
    label_norm: str
    kind: str
    options: list[str] = document(default_factory=no_items)
    formula: str = ""
    target: str = ""
    required: bool = False
    position: int = 0
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class CustomValue(Table, table=True):
    """The side index of custom fields: one row for each value that can be asked for.

    `value_norm` is the folded text, `value_number` the number (fen, days since 1970, ids) for ranges.
    """

    __tablename__ = "custom_value"
    __table_args__ = (
        Index("ix_custom_value_field_id_value_norm", "field_id", "value_norm", "object_id"),
        Index("ix_custom_value_field_id_value_number", "field_id", "value_number", "object_id"),
    )

    id: int = key()
    field_id: int = ref("custom_field.id", index=False)
    object_id: int = bigint(index=True)
    value_norm: str = ""
    value_number: int | None = bigint(default=None)


class CustomObject(Table, table=True):
    """A kind of record of the organisation's own: `name` as people say it, `prefix` of its numbers.

    `owner_scope` says whether records follow their customer's rights or their own owner's.
    """

    __tablename__ = "custom_object"
    __table_args__ = (UniqueConstraint("key"), UniqueConstraint("prefix"))

    id: int = key()
    key: str
    name: str
    name_norm: str
    prefix: str
    with_customer: bool = True
    roles: list[str] = document(default_factory=no_items)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class CustomRecord(Table, table=True):
    """A record of a kind of the organisation's own."""

    __tablename__ = "custom_record"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_custom_record_object_id_owner_id", "object_id", "owner_id", "id"),
    )

    id: int = key()
    object_id: int = ref("custom_object.id", index=False)
    number: str
    title: str
    customer_id: int | None = ref("customer.id", default=None)
    owner_id: int = ref("member.id")
    ext: dict[str, Any] = document(default_factory=no_values)
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class ConfigVersion(Table, table=True):
    """A change of what the organisation configures, as it was before: so that it can be taken back."""

    __tablename__ = "config_version"

    id: int = key()
    object: str
    object_id: int = bigint(index=True)
    before: dict[str, Any] = document(default_factory=no_values)
    after: dict[str, Any] = document(default_factory=no_values)
    words: str = ""
    member_id: int | None = ref("member.id", default=None)
    inbox_id: int | None = bigint(default=None, index=True)
    at: datetime = moment()
