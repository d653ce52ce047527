"""Members of the organisation, how platforms know them, and the conversations held with them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from store.factories import no_items, no_values
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
    """How one app of one platform names a member. `external_id` is lower case: WeCom folds it in answers.

    `address` is the same as the platform writes it, for sending: ids of smart bots and DingTalk have a case.
    `leaders` are the external ids of the direct leaders as the platform's directory tells them, `synced_at`
    is when the directory last told of the account; None where it never did. From `left_at` on the account
    is dead: whoever speaks through it is a stranger. Of a member's accounts the one with the latest
    `preferred_at` is where he wants to be told things.
    """

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("platform", "app", "external_id"),)

    id: int = key()
    platform: str
    app: str
    external_id: str
    address: str = ""
    member_id: int = ref("member.id")
    leaders: list[str] = document(default_factory=no_items)
    synced_at: datetime | None = moment(default=None)
    left_at: datetime | None = moment(default=None)
    preferred_at: datetime | None = moment(default=None)
    created_at: datetime = moment()


class Department(Table, table=True):
    """A part of the organisation. The same one on two platforms is one row."""

    __tablename__ = "department"

    id: int = key()
    name: str
    parent_id: int | None = ref("department.id", default=None)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)
    version: int = 1


class DepartmentIdentity(Table, table=True):
    """How one app's directory names a department; `leaders` are external ids of members."""

    __tablename__ = "department_identity"
    __table_args__ = (UniqueConstraint("platform", "app", "external_id"),)

    id: int = key()
    platform: str
    app: str
    external_id: str
    department_id: int = ref("department.id")
    leaders: list[str] = document(default_factory=no_items)


class MemberDepartment(Table, table=True):
    """A member belongs to a department, as one app's directory tells; `main` is the first of them."""

    __tablename__ = "member_department"
    __table_args__ = (UniqueConstraint("member_id", "department_id", "platform", "app"),)

    id: int = key()
    member_id: int = ref("member.id", index=False)
    department_id: int = ref("department.id")
    platform: str
    app: str
    leads: bool = False
    main: bool = False


class DirectoryNews(Table, table=True):
    """Something in a directory has changed and must be looked up: the event told only which.

    `kind` is one of `crm.directory.Subject`, `external_id` as the platform writes it. Told again, `noted_at`
    is renewed. A replica that looks it up holds it until `lease_until`; over when looked up.
    """

    __tablename__ = "directory_news"
    __table_args__ = (UniqueConstraint("platform", "app", "kind", "external_id"),)

    id: int = key()
    platform: str
    app: str
    kind: str
    external_id: str
    tries: int = 0
    noted_at: datetime = moment()
    lease_until: datetime | None = moment(default=None)


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
    memory: dict[str, Any] = document(default_factory=no_values)
    updated_at: datetime = moment()
    version: int = 1
