"""Members of the organisation, how platforms know them, and the conversations held with them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from store.types import Table, document, key, moment, ref


class Role(StrEnum):
    """What a member is here for."""

    SALES = "sales"
    MANAGER = "manager"
    DIRECTOR = "director"
    COMMERCE = "commerce"
    FINANCE = "finance"
    SERVICE = "service"
    MARKETING = "marketing"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Member(Table, table=True):
    """A colleague."""

    __tablename__ = "member"

    id: int = key()
    name: str
    role: str = Role.SALES
    department: str = ""
    position: str = ""
    superior_id: int | None = ref("member.id", default=None)
    active: bool = True
    created_at: datetime = moment()
    updated_at: datetime = moment()
    version: int = 1


class Identity(Table, table=True):
    """How one app of one platform names a member. `external_id` is lower case: WeCom folds it in answers."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("platform", "app", "external_id"),)

    id: int = key()
    platform: str
    app: str
    external_id: str
    member_id: int = ref("member.id")
    created_at: datetime = moment()


class BindingCode(Table, table=True):
    """A code that somebody the bot does not know was told, to be typed where he is known.

    `external_id` is lower case as in `Identity`, `address` the same as the platform writes it. One row for
    each of them: a new code takes the old one's place. `used_at` and `member_id` say who has used it.
    """

    __tablename__ = "binding_code"
    __table_args__ = (UniqueConstraint("platform", "app", "external_id"),)

    id: int = key()
    platform: str
    app: str
    external_id: str
    address: str = ""
    code: str = Field(index=True)
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(default=None)
    member_id: int | None = ref("member.id", default=None)


class Conversation(Table, table=True):
    """A chat. `memory` is what the bot keeps in mind between messages: a question asked, the last record."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("platform", "app", "key"),)

    id: int = key()
    platform: str
    app: str
    key: str
    member_id: int | None = ref("member.id", default=None)
    is_group: bool = False
    memory: dict[str, Any] = document(default_factory=dict)
    updated_at: datetime = moment()
    version: int = 1
