"""Who may do what: grants on single records, and what departs from the rights that every role has."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text

from store.factories import no_items
from store.types import Table, bigint, document, key, moment, ref


class Collaborator(Table, table=True):
    """A member who works on somebody else's record: `right` is read or write, over at `expires_at`.

    While he has only asked for it, `right` is asked and grants nothing.
    """

    __tablename__ = "collaborator"
    __table_args__ = (
        Index(
            "uq_collaborator_object_object_id_member_id",
            "object",
            "object_id",
            "member_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_collaborator_member_id_object", "member_id", "object", "object_id"),
        Index("ix_collaborator_object_object_id", "object", "object_id"),
    )

    id: int = key()
    object: str
    object_id: int = bigint()
    member_id: int = ref("member.id", index=False)
    right: str = "read"
    expires_at: datetime | None = moment(default=None)
    granted_by: int | None = bigint(default=None)
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)
    version: int = 1


class RoleScope(Table, table=True):
    """How far a role sees one kind of record, where the organisation departs from the usual.

    `scope` is one of `crm.rights.Scope`, empty for as usual; `departments` are the ids for the scope of named
    departments.
    """

    __tablename__ = "role_scope"
    __table_args__ = (UniqueConstraint("role", "object", "verb"),)

    id: int = key()
    role: str
    object: str
    verb: str = "read"
    scope: str
    departments: list[int] = document(default_factory=no_items)
    updated_at: datetime = moment()
    version: int = 1


class FieldRight(Table, table=True):
    """What a role may do with one field: `right` is hidden, masked, read or write; empty for as usual."""

    __tablename__ = "field_right"
    __table_args__ = (UniqueConstraint("role", "object", "field"),)

    id: int = key()
    role: str
    object: str
    field: str
    right: str
    updated_at: datetime = moment()
    version: int = 1


class ActionRight(Table, table=True):
    """Whether a role may export, change many records at once, reveal and the like; None for as usual."""

    __tablename__ = "action_right"
    __table_args__ = (UniqueConstraint("role", "action"),)

    id: int = key()
    role: str
    action: str
    allowed: bool | None = None
    updated_at: datetime = moment()
    version: int = 1


class Away(Table, table=True):
    """A member is away for a time, and a deputy acts for him until `until_at`."""

    __tablename__ = "away"

    id: int = key()
    member_id: int = ref("member.id")
    deputy_id: int = ref("member.id")
    from_at: datetime = moment()
    until_at: datetime | None = moment(default=None)
    reason: str = ""
    created_by: int | None = bigint(default=None)
    inbox_id: int | None = bigint(default=None, index=True)
    ended_at: datetime | None = moment(default=None)
    created_at: datetime = moment()
    version: int = 1


class Handover(Table, table=True):
    """What a leaver leaves is given to others: `state` is proposed, done, undone or dropped.

    `kind` is leave, ahead (he is still here) or single: a transfer of customers that takes their people
    in WeCom along.
    """

    __tablename__ = "handover"

    id: int = key()
    member_id: int = ref("member.id")
    manager_id: int | None = ref("member.id", default=None)
    kind: str = "leave"
    state: str = "proposed"
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None)
    version: int = 1


class HandoverItem(Table, table=True):
    """One record of a hand-over and who is to have it; `reason` is the rule that proposed him."""

    __tablename__ = "handover_item"
    __table_args__ = (UniqueConstraint("handover_id", "object", "object_id"),)

    id: int = key()
    handover_id: int = ref("handover.id", index=False)
    object: str
    object_id: int = bigint()
    to_id: int | None = ref("member.id", default=None)
    reason: str = ""
    state: str = "proposed"


class ExternalTransfer(Table, table=True):
    """An external contact that WeCom was asked to give to another member, and what it said.

    `state` is waiting, asked, done, refused or failed; the platform takes up to 24 h
    (developer.work.weixin.qq.com/document/path/94081).
    """

    __tablename__ = "external_transfer"
    __table_args__ = (Index("ix_external_transfer_state", "state", "due_at"),)

    id: int = key()
    handover_id: int = ref("handover.id")
    follow_id: int = ref("external_follow.id")
    from_userid: str
    to_userid: str
    external_id: str
    app: str
    state: str = "waiting"
    code: int = 0
    attempts: int = 0
    due_at: datetime = moment()
    updated_at: datetime = moment()
