"""Photos, files and voices that belong to a record: taken in here, fetched from the platform by a tick.

What the platform needs to give a file out (an address, a key) is not journalled and is forgotten as soon
as the file is there, or is given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from crm.context import Context
from crm.customers import called, get, short_names
from crm.errors import UserMistake
from crm.journal import changed, created
from crm.rights import name_of, visible
from store.tables import Activity, Attachment, Customer, Inbox

MOST_OF_ONE = 9
LEASE = timedelta(minutes=3)
PAGE = 4
KINDS = {"image": "照片", "voice": "语音", "video": "视频", "file": "文件"}
WAITING, KEPT, FAILED, GONE = "waiting", "kept", "failed", "gone"


@dataclass(frozen=True, slots=True)
class Given:
    """A file that the platform holds for us. `reference` is what it wants for giving it out."""

    kind: str
    platform: str
    app: str
    name: str = ""
    reference: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is to be fetched now, for the `attempts`-th time."""

    id: int
    platform: str
    app: str
    kind: str
    reference: Mapping[str, str]
    attempts: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Lost:
    """A file that will not come any more, and who is to be told: 华星的照片."""

    member_id: int
    platform: str
    app: str
    what: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list of files. `at` is local; `path` is below the folder of files, "" without bytes."""

    id: int
    kind: str
    name: str
    author: str
    at: datetime
    state: str
    size: int


@dataclass(frozen=True, slots=True)
class Page:
    """The files of a customer, the newest first; `more` is how many to skip for the next page, or None."""

    customer_id: int
    called: str
    files: tuple[Listed, ...]
    more: int | None


def attach(ctx: Context, activity: Activity, given: Given) -> None:
    """Keep a file with a record. The same one again changes nothing. Raises `UserMistake` beyond nine."""
    if len(activity.attachments) >= MOST_OF_ONE:
        raise UserMistake(f"一条记录最多{MOST_OF_ONE}个附件，这个没有存。")
    if _held(ctx, activity, given):
        return
    row = created(
        ctx,
        Attachment(
            activity_id=activity.id,
            platform=given.platform,
            app=given.app,
            kind=given.kind,
            name=given.name,
            due_at=ctx.now,
            inbox_id=ctx.inbox_id,
            created_at=ctx.now,
        ),
    )
    row.reference = dict(given.reference)  # past the journal: it may hold a key
    added = {"kind": given.kind, "name": given.name, "id": str(row.id)}
    changed(ctx, activity, attachments=[*activity.attachments, added])


def _held(ctx: Context, activity: Activity, given: Given) -> bool:
    """Whether the very same file is there, and neither lost nor taken back."""
    if not activity.attachments or not given.reference:
        return False
    query = select(Attachment).where(
        col(Attachment.activity_id) == activity.id,
        col(Attachment.archived_at).is_(None),
        col(Attachment.state) == WAITING,
    )
    return any(row.reference == dict(given.reference) for row in ctx.session.scalars(query))


def move(ctx: Context, old: Activity, new: Activity) -> None:
    """A record was corrected: its files go to the row that stands for it now."""
    if not old.attachments:
        return
    query = select(Attachment).where(
        col(Attachment.activity_id) == old.id, col(Attachment.archived_at).is_(None)
    )
    for row in ctx.session.scalars(query.order_by(col(Attachment.id))):
        changed(ctx, row, activity_id=new.id)


def of_customer(ctx: Context, customer_id: int, skip: int = 0) -> Page:
    """A page of a customer's files. Raises `NotAllowed`."""
    customer = get(ctx, customer_id)
    query = (
        select(Attachment, Activity)
        .join(Activity, col(Activity.id) == col(Attachment.activity_id))
        .where(
            col(Activity.customer_id) == customer.id,
            col(Activity.voided_at).is_(None),
            col(Attachment.archived_at).is_(None),
            visible(ctx, Activity),
        )
        .order_by((col(Attachment.id) + 0).desc())
        .offset(skip)
        .limit(PAGE + 1)
    )
    rows = ctx.session.execute(query).all()
    files = tuple(_listed(ctx, attachment, activity) for attachment, activity in rows[:PAGE])
    more = skip + PAGE if len(rows) > PAGE else None
    return Page(customer.id, short_names(ctx, [customer.id])[customer.id], files, more)


def _listed(ctx: Context, row: Attachment, activity: Activity) -> Listed:
    return Listed(
        id=row.id,
        kind=row.kind,
        name=row.name,
        author=name_of(ctx, activity.author_id),
        at=ctx.wall(row.created_at),
        state=row.state,
        size=row.size,
    )


def claim(session: Session, now: datetime, most: int) -> list[Waiting]:
    """Files to be fetched now, the longest waiting first. Others pass over them until the lease is over."""
    query = (
        select(Attachment)
        .where(
            col(Attachment.state) == WAITING,
            col(Attachment.due_at) <= now,
            col(Attachment.lease_until).is_(None) | (col(Attachment.lease_until) <= now),
        )
        .order_by(col(Attachment.due_at), col(Attachment.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = []
    for row in session.scalars(query).all():
        if row.archived_at is not None:  # taken back before it came
            _settle(row, GONE)
            continue
        row.lease_until = now + LEASE
        row.attempts += 1
        found.append(_waiting(row))
    session.flush()
    return found


def _waiting(row: Attachment) -> Waiting:
    return Waiting(
        row.id, row.platform, row.app, row.kind, dict(row.reference), row.attempts, since=row.created_at
    )


def keep(session: Session, attachment_id: int, path: str, digest: str, size: int, name: str) -> None:
    """The file is there: at `path`, with this SHA-256; `name` where the platform told one."""
    row = session.get(Attachment, attachment_id)
    if row is None:
        return
    row.path, row.digest, row.size = path, digest, size
    row.name = row.name or name
    _settle(row, KEPT)


def again(session: Session, attachment_id: int, at: datetime, reason: str) -> None:
    """It did not come; the next try is at `at`."""
    row = session.get(Attachment, attachment_id)
    if row is not None and row.state == WAITING:
        row.due_at, row.last_error, row.lease_until = at, reason, None
        session.flush()


def give_up(session: Session, attachment_id: int, reason: str) -> Lost | None:
    """It will not come any more; who is to be told, once."""
    row = session.get(Attachment, attachment_id)
    if row is None or row.state != WAITING:
        return None
    row.last_error = reason
    _settle(row, FAILED)
    activity = session.get_one(Activity, row.activity_id)
    inbox = session.get(Inbox, row.inbox_id) if row.inbox_id is not None else None
    customer = session.get(Customer, activity.customer_id) if activity.customer_id else None
    where = f"{called(session, [customer.id])[customer.id]}那条记录的" if customer is not None else ""
    member = inbox.member_id if inbox is not None and inbox.member_id else activity.author_id
    return Lost(member, row.platform, row.app, f"{where}{KINDS.get(row.kind, '附件')}")


def _settle(row: Attachment, state: str) -> None:
    row.state, row.lease_until, row.reference = state, None, {}
    session = Session.object_session(row)
    if session is not None:
        session.flush()
