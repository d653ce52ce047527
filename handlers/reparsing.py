"""What today's grammar would read differently in the sentences of records. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from cards import words
from config.business import Business
from crm import contacts
from crm.context import Actor, Context
from crm.moments import happened, settled
from crm.visits import ActivityKind, Draft, Recorded, show
from handlers.said import draft, whom
from nlu.reading import Reading
from store.tables import Activity, Member, Role

Reader = Callable[[str, datetime, str], Reading]
"""Reads a text as sent at a local time by the member with this key."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is read differently: its name, as it was written down, as it would be."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Reread:
    """A record that would be written differently. `at` is when its sentence was sent, local."""

    activity_id: int
    at: datetime
    text: str
    parser: str
    changes: tuple[Change, ...]


def reread(session: Session, business: Business, read: Reader, limit: int) -> Iterator[Reread]:
    """The newest `limit` records that nobody corrected, those that differ; notes are left out."""
    query = (
        select(Activity)
        .where(
            col(Activity.voided_at).is_(None),
            col(Activity.corrects_id).is_(None),
            col(Activity.kind) != ActivityKind.NOTE,
        )
        .order_by(col(Activity.id).desc())
        .limit(limit)
    )
    for activity in session.scalars(query):
        author = session.get(Member, activity.author_id)
        if author is None:
            continue
        actor = Actor(author.id, author.name, Role(author.role), author.department, author.superior_id)
        ctx = Context(session, actor, activity.created_at, None, business)
        found = tuple(_changes(ctx, activity, read(activity.raw, ctx.local, str(author.id))))
        if found:
            yield Reread(activity.id, ctx.local, activity.raw, activity.parser, found)


def _changes(ctx: Context, activity: Activity, reading: Reading) -> Iterator[Change]:
    """Field by field; what the reading leaves open was settled by the person and is no difference."""
    was, now = show(ctx, activity), draft(reading, activity.raw, activity.customer_id, ctx.local)
    today = ctx.local.date()
    yield from _customer(ctx, was, reading)
    yield from _contact(was, now, reading)
    yield from _differs("方式", words.KINDS.get(activity.kind, ""), words.KINDS.get(now.kind, ""))
    if "amount" not in reading.ambiguous:
        low, high = activity.amount_low, activity.amount_high
        before = words.money_range(low, high if high is not None else low) if low is not None else ""
        yield from _differs("金额", before, words.money_range(*now.amount) if now.amount else "")
    if "activity_time" not in reading.ambiguous:
        when = happened(now.when, ctx.local)
        before = words.when(was.happened, activity.happened_grain, activity.happened_part, today)
        yield from _differs("时间", before, words.when(when.value, when.grain, when.part, today))
    if not {"next_time", "next_action"} & reading.ambiguous:
        yield from _next_step(was, now, ctx.local)


def _differs(name: str, was: str, now: str) -> Iterator[Change]:
    if was != now:
        yield Change(name, was or "无", now or "无")


def _customer(ctx: Context, was: Recorded, reading: Reading) -> Iterator[Change]:
    sure = whom(ctx, reading).sure
    if not sure or (was.customer is not None and was.customer.id in sure):
        return
    names = "、".join(c.name for c in reading.customers if c.key)
    yield from _differs("客户", was.customer.name if was.customer else "", names)


def _contact(was: Recorded, now: Draft, reading: Reading) -> Iterator[Change]:
    if "contact" in reading.ambiguous:
        return
    before = was.contact
    if before and now.contact and contacts.matching([before], now.contact, now.contact_title):
        return
    yield from _differs("联系人", before.name if before else "", now.contact if was.customer else "")


def _next_step(was: Recorded, now: Draft, local: datetime) -> Iterator[Change]:
    """The next step as first planned; one that was moved or renamed since says nothing of the grammar."""
    task = was.task
    if task is not None and task.version > 1:
        return
    before = _step(task.title, task.due, local) if task else ""
    after = _step(now.next_action or "跟进", settled(now.next_time), local) if now.next_time else ""
    yield from _differs("下一步", before, after)


def _step(title: str, due: datetime, local: datetime) -> str:
    return f"{title} · {words.moment(due, local.date())}"
