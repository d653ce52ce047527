"""External contacts (客户联系): people outside whom members have added on WeCom, kept in step with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from store.factories import no_items
from store.types import Table, document, key, moment, ref


class ExternalContact(Table, table=True):
    """Somebody outside. `external_id` is WeCom's external_userid, the same for all apps of an organisation.

    `kind` is 1 for a WeChat user, 2 for a WeCom user of another organisation. The platform never
    tells a birthday. Linked to a customer by the exact name of the company, or not at all.
    """

    __tablename__ = "external_contact"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int = key()
    platform: str
    external_id: str
    name: str = ""
    corp_name: str = Field(default="", index=True)
    position: str = ""
    kind: int = 0
    customer_id: int | None = ref("customer.id", default=None)
    contact_id: int | None = ref("contact.id", default=None)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    version: int = 1


class ExternalFollow(Table, table=True):
    """A member who has added an external contact, with the remark and tags that he gave.

    `external_id` is the member's userid in lower case; `member_id` None where nobody of that name is known.
    `tags` are names, or ids where the platform told no name; `add_way` is how they met
    (externalcontact/get: 1 QR code, 2 phone number, …), `added_at` when. From `gone_at` on they are not in
    touch any more.
    """

    __tablename__ = "external_follow"
    __table_args__ = (UniqueConstraint("contact_id", "external_id"),)

    id: int = key()
    contact_id: int = ref("external_contact.id", index=False)
    external_id: str = Field(index=True)
    member_id: int | None = ref("member.id", default=None)
    remark: str = ""
    description: str = ""
    corp_remark: str = ""
    tags: list[str] = document(default_factory=no_items)
    add_way: int = 0
    state: str = ""
    added_at: datetime | None = moment(default=None)
    gone_at: datetime | None = moment(default=None)
    updated_at: datetime = moment()
    version: int = 1
