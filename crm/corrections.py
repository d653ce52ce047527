"""What people corrected in what was read of their sentences: kept as it is, read again as test cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Exists, exists, select
from sqlmodel import Session, col

from crm.context import Context
from store.tables import Correction, EventLog

PAGE = 500


@dataclass(frozen=True, slots=True)
class Corrected:
    """A sentence and what became of it. `said_at` is aware UTC; `read` and `right` are fields of a test case.

    `words` are those of the correction, `message_id` is the message that the sentence came in.
    """

    text: str
    said_at: datetime
    read: Mapping[str, Any]
    right: Mapping[str, Any]
    words: str = ""
    message_id: int | None = None
    parser: str = ""


def keep(ctx: Context, one: Corrected) -> Correction | None:
    """Keep a correction by the actor; None where it changes nothing.

    It is no business record: the change itself is journalled where it is made, and undone there.
    """
    if one.read == one.right:
        return None
    row = Correction(
        text=one.text,
        said_at=one.said_at,
        read=dict(one.read),
        corrected=dict(one.right),
        words=one.words,
        member_id=ctx.actor.id,
        message_id=one.message_id,
        inbox_id=ctx.inbox_id,
        parser=one.parser,
        at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def latest(session: Session, message_id: int | None) -> Mapping[str, Any] | None:
    """What a message means after its corrections so far, None where there are none."""
    if message_id is None:
        return None
    query = (
        select(col(Correction.corrected))
        .where(col(Correction.message_id) == message_id, ~_undone())
        .order_by(col(Correction.id).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def standing(session: Session, since: datetime | None = None) -> Iterator[Correction]:
    """The corrections made from `since` (aware) on, oldest first, without those that were taken back."""
    query = select(Correction).where(~_undone()).order_by(col(Correction.id)).limit(PAGE)
    if since is not None:
        query = query.where(col(Correction.at) >= since)
    last = 0
    while rows := session.scalars(query.where(col(Correction.id) > last)).all():
        yield from rows
        last = rows[-1].id


def _undone() -> Exists:
    """Whether what the correction changed was taken back."""
    return exists().where(
        col(EventLog.inbox_id) == col(Correction.inbox_id), col(EventLog.undone_by).is_not(None)
    )
