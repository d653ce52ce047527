"""What came in, what goes out, what was shown and what changed: the record of every turn."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from store.factories import no_values
from store.types import Table, bigint, document, key, moment, ref


class InboxStatus(StrEnum):
    """What became of a delivery. RECEIVED is durable but not handled yet; FAILED waits for a replay."""

    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"


class Inbox(Table, table=True):
    """One delivery from a platform, with the whole message and the answer that was given."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("platform", "app", "delivery_id"),
        Index(
            "ix_inbox_waiting",
            "received_at",
            sqlite_where=text("status <> 'done'"),
            postgresql_where=text("status <> 'done'"),
        ),
        Index("ix_inbox_conversation_received_at", "platform", "app", "conversation", "received_at"),
    )

    id: int = key()
    platform: str
    app: str
    delivery_id: str
    conversation: str
    sender: str
    member_id: int | None = bigint(default=None)
    kind: str
    raw: dict[str, Any] = document()
    status: str = InboxStatus.RECEIVED
    answer: dict[str, Any] | None = document(default=None)
    handler: str = ""
    error_id: str = ""
    error: str = ""
    attempts: int = 0
    lease_until: datetime | None = moment(default=None)
    received_at: datetime = moment()
    done_at: datetime | None = moment(default=None)


class OutboxState(StrEnum):
    """Where something to be sent stands. PARKED was given up on; SKIPPED became pointless."""

    PENDING = "pending"
    LEASED = "leased"
    SENT = "sent"
    PARKED = "parked"
    SKIPPED = "skipped"


class Outbox(Table, table=True):
    """One thing to be sent: the rendered bytes, so that a repeat is byte for byte the same.

    `lane` keeps the order: a row is not sent before an earlier one of its lane is settled. `kind` is
    "send" or "update"; an update takes its response code from `card_id` when it is sent.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("idem_key"),
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state IN ('pending', 'leased')"),
            postgresql_where=text("state IN ('pending', 'leased')"),
        ),
        Index(
            "ix_outbox_lane",
            "lane",
            "id",
            sqlite_where=text("state IN ('pending', 'leased')"),
            postgresql_where=text("state IN ('pending', 'leased')"),
        ),
        Index("ix_outbox_lane_body_hash", "lane", "body_hash"),
    )

    id: int = key()
    idem_key: str
    inbox_id: int | None = bigint(default=None, index=True)
    platform: str
    app: str
    lane: str
    receiver: str
    kind: str = "send"
    body: bytes = Field(sa_type=LargeBinary)
    body_hash: str = ""
    card_id: int | None = bigint(default=None)
    state: str = OutboxState.PENDING
    due_at: datetime = moment()
    attempts: int = 0
    lease_until: datetime | None = moment(default=None)
    leased_by: str = ""
    last_error: str = ""
    message_id: str = ""
    created_at: datetime = moment()
    sent_at: datetime | None = moment(default=None)


class CardRow(Table, table=True):
    """A card that was sent to somebody, and what is needed to change it later.

    WeCom: `task_id` is never used twice by an app; `response_code` updates the card once, within 72 h
    (developer.work.weixin.qq.com/document/path/94888). `shown` is what it shows now, in the platform's form.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("platform", "app", "task_id"),
        Index("ix_card_object_object_id", "object", "object_id"),
    )

    id: int = key()
    platform: str
    app: str
    task_id: str
    receiver: str
    member_id: int = ref("member.id")
    object: str = ""
    object_id: str = ""
    title: str = ""
    inbox_id: int | None = bigint(default=None)
    shown: dict[str, Any] = document(default_factory=no_values)
    response_code: str = ""
    code_expires_at: datetime | None = moment(default=None)
    settled: bool = False
    created_at: datetime = moment()
    updated_at: datetime = moment()


class EventLog(Table, table=True):
    """One change of one row: who, what before, what after, and the message that caused it."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index("ix_event_log_object_object_id", "object", "object_id"),
        Index("ix_event_log_actor_id_at", "actor_id", "at"),
        Index(
            "ix_event_log_revealed",
            "id",
            sqlite_where=text("type = 'revealed'"),
            postgresql_where=text("type = 'revealed'"),
        ),
        Index(
            "ix_event_log_undone_by",
            "undone_by",
            sqlite_where=text("undone_by IS NOT NULL"),
            postgresql_where=text("undone_by IS NOT NULL"),
        ),
    )

    id: int = key()
    object: str
    object_id: int = bigint()
    type: str
    before: dict[str, Any] = document(default_factory=no_values)
    after: dict[str, Any] = document(default_factory=no_values)
    actor_id: int | None = bigint(default=None)
    inbox_id: int | None = bigint(default=None, index=True)
    at: datetime = moment()
    undone_by: int | None = bigint(default=None)


class Usage(Table, table=True):
    """What an app has used of a platform in a month: `month` as 2026-03 in the platform's calendar.

    `kind` is "calls" (of the API) or "pushes" (of the platform to us).
    """

    __tablename__ = "platform_usage"

    platform: str = Field(primary_key=True)
    app: str = Field(primary_key=True)
    month: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    used: int = bigint()


class SendWindow(Table, table=True):
    """How much was sent under a limit in a short stretch of time, counted by all replicas together.

    `key` names the limit and whom it is for, `starts` the stretch: milliseconds since 1970, UTC. A pause
    that a platform has asked for is a row too: `starts` is its end.
    """

    __tablename__ = "send_window"

    key: str = Field(primary_key=True)
    starts: int = bigint(primary_key=True)
    used: int = bigint()


class TickRun(Table, table=True):
    """A scheduled run that was claimed: the unique key lets one replica win."""

    __tablename__ = "tick_run"

    name: str = Field(primary_key=True)
    claimed_at: datetime = moment()


class Lease(Table, table=True):
    """Something that one process at a time may hold: the long connection of a bot. Over at `until`."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True)
    holder: str
    until: datetime = moment()
