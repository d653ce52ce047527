"""What somebody owns that must not be left alone, by kind, with its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from store.tables import (
    Approval,
    ApprovalStatus,
    ApprovalTask,
    Customer,
    CustomRecord,
    ExternalContact,
    ExternalFollow,
    Quote,
    QuoteStatus,
    Task,
    TaskStatus,
)


class Kind(StrEnum):
    """Kinds of what is handed over, called as their tables are."""

    CUSTOMER = "customer"
    TASK = "task"
    QUOTE = "quote"
    APPROVAL = "approval_task"
    RECORD = "custom_record"
    EXTERNAL = "external_follow"


OPEN_QUOTES = (QuoteStatus.DRAFT, QuoteStatus.PENDING, QuoteStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Something that somebody owns. `customer_id` is whom it is about, `due` (aware) when it is due."""

    kind: Kind
    id: int
    title: str
    customer_id: int | None = None
    due: datetime | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Which record it is."""
        return (self.kind.value, self.id)


def belongings(session: Session, member_id: int) -> list[Belonging]:
    """Everything open that a member owns: customers first, then what is due, the soonest first."""
    session.flush()
    found: list[Belonging] = []
    for kind, query in _queries(member_id):
        found += [
            Belonging(kind, row[0], row[1] or "", row[2], row[3] if len(row) > 3 else None)
            for row in session.execute(query)
        ]
    return found


def has_any(session: Session, member_id: int) -> bool:
    """Whether a member owns anything open."""
    return any(session.execute(query.limit(1)).first() is not None for _, query in _queries(member_id))


_Query = Select[*tuple[Any, ...]]
"""(id, title, customer id, due), the last only where it is due."""


def _queries(member_id: int) -> Sequence[tuple[Kind, _Query]]:
    return (
        (Kind.CUSTOMER, _customers(member_id)),
        (Kind.TASK, _tasks(member_id)),
        (Kind.QUOTE, _quotes(member_id)),
        (Kind.APPROVAL, _waiting(member_id)),
        (Kind.RECORD, _records(member_id)),
        (Kind.EXTERNAL, outside(member_id)),
    )


def _customers(member_id: int) -> _Query:
    return (
        select(col(Customer.id), col(Customer.name), col(Customer.id))
        .where(col(Customer.owner_id) == member_id, col(Customer.archived_at).is_(None))
        .order_by(col(Customer.id))
    )


def _tasks(member_id: int) -> _Query:
    return (
        select(col(Task.id), col(Task.title), col(Task.customer_id), col(Task.due_at))
        .where(col(Task.assignee_id) == member_id, col(Task.status) == TaskStatus.OPEN)
        .order_by(col(Task.due_at), col(Task.id))
    )


def _quotes(member_id: int) -> _Query:
    return (
        select(col(Quote.id), col(Quote.number), col(Quote.customer_id))
        .where(col(Quote.owner_id) == member_id, col(Quote.status).in_(OPEN_QUOTES))
        .order_by(col(Quote.id))
    )


def _waiting(member_id: int) -> _Query:
    """Approvals that wait for his word."""
    about_quote = (col(Approval.object) == "quote") & (col(Quote.id) == col(Approval.object_id))
    return (
        select(col(ApprovalTask.id), col(Quote.number), col(Quote.customer_id))
        .join(Approval, col(Approval.id) == col(ApprovalTask.approval_id))
        .join(Quote, about_quote, isouter=True)
        .where(
            col(ApprovalTask.assignee_id) == member_id,
            col(ApprovalTask.status) == ApprovalStatus.PENDING,
            col(Approval.status) == ApprovalStatus.PENDING,
        )
        .order_by(col(ApprovalTask.id))
    )


def _records(member_id: int) -> _Query:
    return (
        select(col(CustomRecord.id), col(CustomRecord.title), col(CustomRecord.customer_id))
        .where(col(CustomRecord.owner_id) == member_id, col(CustomRecord.archived_at).is_(None))
        .order_by(col(CustomRecord.id))
    )


def outside(member_id: int) -> _Query:
    """The external contacts that a member is in touch with: (id of the follow, name, customer id)."""
    return (
        select(col(ExternalFollow.id), col(ExternalContact.name), col(ExternalContact.customer_id))
        .join(ExternalContact, col(ExternalContact.id) == col(ExternalFollow.contact_id))
        .where(col(ExternalFollow.member_id) == member_id, col(ExternalFollow.gone_at).is_(None))
        .order_by(col(ExternalFollow.id))
    )
