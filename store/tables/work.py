"""What was done and what is to be done: activities and tasks."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text

from store.factories import no_items, no_values
from store.types import Table, bigint, document, key, moment, ref


class Activity(Table, table=True):
    """A visit, call or talk that took place. Only ever added to: a correction is a new row naming the old.

    `amount_low` and `amount_high` are fen, alike unless a range was said. `raw` is the sentence as
    written, `parser` the version of the grammar that read it, `inbox_id` the message it came in.
    `attachments` are {"kind", "name", "id"} of its files, each a row of `attachment`. `voided_at` is set
    when the record was taken back or corrected.
    """

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_customer_id_happened_at", "customer_id", "happened_at"),
        Index("ix_activity_author_id_happened_at", "author_id", "happened_at"),
    )

    id: int = key()
    kind: str
    customer_id: int | None = ref("customer.id", index=False, default=None)
    contact_id: int | None = ref("contact.id", default=None)
    author_id: int = ref("member.id", index=False)
    raw: str
    parser: str = ""
    amount_low: int | None = bigint(default=None)
    amount_high: int | None = bigint(default=None)
    happened_at: datetime = moment()
    happened_grain: str = "day"
    happened_part: str = ""
    place: str = ""
    attachments: list[dict[str, str]] = document(default_factory=no_items)
    ext: dict[str, Any] = document(default_factory=no_values)
    corrects_id: int | None = ref("activity.id", default=None)
    voided_at: datetime | None = moment(default=None)
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    version: int = 1


class Attachment(Table, table=True):
    """A photo, file or voice that came in for an activity, fetched from the platform before it forgets it.

    `state` is waiting, kept, failed or gone; `path` is under the folder of files, `digest` the SHA-256 of
    the bytes. `reference` is what the platform needs to give it out (media id, or address and key).
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index(
            "ix_attachment_due_at",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int = key()
    activity_id: int = ref("activity.id")
    platform: str
    app: str
    kind: str
    name: str = ""
    reference: dict[str, str] = document(default_factory=no_values)
    state: str = "waiting"
    path: str = ""
    digest: str = ""
    size: int = bigint(default=0)
    attempts: int = 0
    last_error: str = ""
    due_at: datetime = moment()
    lease_until: datetime | None = moment(default=None)
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    archived_at: datetime | None = moment(default=None)


class GroupTopic(Table, table=True):
    """A group chat in which one customer is worked on: what is said there without a name is about it."""

    __tablename__ = "group_topic"
    __table_args__ = (
        Index(
            "uq_group_topic_conversation",
            "platform",
            "app",
            "conversation",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int = key()
    platform: str
    app: str
    conversation: str
    customer_id: int = ref("customer.id")
    member_id: int = ref("member.id")
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class Mention(Table, table=True):
    """A colleague named in an activity, who was told of it."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("activity_id", "member_id"),)

    id: int = key()
    activity_id: int = ref("activity.id", index=False)
    member_id: int = ref("member.id")
    created_at: datetime = moment()


class FeedSetting(Table, table=True):
    """How a manager wants to hear of his people's follow-ups: `mode` is live, digest or off.

    `seen_id` is the last activity that was looked at for him, `sent_at` when he was told last: what comes
    soon after is gathered.
    """

    __tablename__ = "feed_setting"

    member_id: int = ref("member.id", index=False, primary_key=True)
    mode: str = "digest"
    seen_id: int = bigint(default=0)
    sent_at: datetime | None = moment(default=None)
    updated_at: datetime = moment()


class TaskStatus(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class Task(Table, table=True):
    """Something to be done. `due_at` with `due_grain` minute or day; `remind_at` is when the person is told.

    `reminded_at` is set by the tick that claimed the reminder; a task postponed is told again.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "ix_task_remind_at",
            "remind_at",
            sqlite_where=text("status = 'open' AND reminded_at IS NULL"),
            postgresql_where=text("status = 'open' AND reminded_at IS NULL"),
        ),
        Index("ix_task_assignee_id_status_due_at", "assignee_id", "status", "due_at"),
    )

    id: int = key()
    kind: str = "follow"
    title: str
    assignee_id: int = ref("member.id", index=False)
    creator_id: int = ref("member.id")
    customer_id: int | None = ref("customer.id", default=None)
    contact_id: int | None = ref("contact.id", default=None)
    activity_id: int | None = ref("activity.id", default=None)
    due_at: datetime = moment()
    due_grain: str = "minute"
    deadline: bool = False
    remind_at: datetime = moment()
    reminded_at: datetime | None = moment(default=None)
    repeat: str = ""
    status: str = TaskStatus.OPEN
    done_at: datetime | None = moment(default=None)
    snooze_count: int = 0
    inbox_id: int | None = bigint(default=None, index=True)
    created_at: datetime = moment()
    updated_at: datetime = moment()
    version: int = 1
