"""Quotes and their approval."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from store.types import Table, bigint, key, moment, ref


class QuoteStatus(StrEnum):
    """Where a quote stands."""

    DRAFT = "draft"
    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Quote(Table, table=True):
    """An offer. `amount` is the list price in fen, `discount` ten-thousandths (9折 is 9000), `total` fen."""

    __tablename__ = "quote"
    __table_args__ = (UniqueConstraint("number"),)

    id: int = key()
    number: str
    customer_id: int = ref("customer.id")
    owner_id: int = ref("member.id")
    amount: int = bigint()
    discount: int = 10_000
    total: int = bigint()
    note: str = ""
    status: str = QuoteStatus.DRAFT
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    version: int = 1


class ApprovalStatus(StrEnum):
    """Where an approval, or one person's part in it, stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"  # somebody else's word was enough


class ApprovalMode(StrEnum):
    """How many of a step's people must agree: any one of them (或签) or all (会签)."""

    ANY = "any"
    ALL = "all"


class Approval(Table, table=True):
    """A request for a decision about a record (`object`, `object_id`); `node` is the step it has reached."""

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_object_object_id", "object", "object_id"),)

    id: int = key()
    object: str
    object_id: int = bigint()
    requester_id: int = ref("member.id")
    status: str = ApprovalStatus.PENDING
    node: int = 1
    created_at: datetime = moment()
    decided_at: datetime | None = moment(default=None)
    version: int = 1


class ApprovalTask(Table, table=True):
    """One person's part in an approval, in the order of `node`; `mode` is the same for all of a node."""

    __tablename__ = "approval_task"
    __table_args__ = (Index("ix_approval_task_assignee_id_status", "assignee_id", "status"),)

    id: int = key()
    approval_id: int = ref("approval.id")
    node: int = 1
    mode: str = ApprovalMode.ANY
    assignee_id: int = ref("member.id", index=False)
    status: str = ApprovalStatus.PENDING
    comment: str = ""
    decided_at: datetime | None = moment(default=None)
    version: int = 1


class Sequence(Table, table=True):
    """A running number, taken inside the transaction that uses it."""

    __tablename__ = "sequence"

    name: str = Field(primary_key=True)
    value: int = bigint(default=0)
