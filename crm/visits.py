"""Activities: visits, calls and talks recorded as they were told, corrected by a new row, never rewritten."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from crm import attachments, contacts, task_lists, tasks
from crm.attachments import Given
from crm.context import Context
from crm.customers import get as get_customer
from crm.customers import short_names
from crm.errors import Conflict, NotAllowed
from crm.follow_up import bring_up_to_date
from crm.journal import changed, created
from crm.moments import Moment, happened
from crm.rights import may_act_for, name_of, need_write
from crm.task_lists import TaskItem
from store.tables import Activity, Contact, Customer, Task, TaskStatus


class ActivityKind(StrEnum):
    """How a contact took place; FOLLOW where it was not said, NOTE is something to remember."""

    VISIT = "visit"
    CALL = "call"
    WECHAT = "wechat"
    MESSAGE = "message"
    MEETING = "meeting"
    FOLLOW = "follow"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was told. Amounts are fen, low and high alike unless a range was said; `raw` is the sentence."""

    kind: ActivityKind
    raw: str
    customer_id: int | None = None
    contact: str = ""
    contact_title: str = ""
    phone: str = ""
    when: Moment | None = None
    amount: tuple[int, int] | None = None
    next_action: str = ""
    next_time: Moment | None = None
    deadline: bool = False
    parser: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record as it stands, with the next step where one was planned. `called` is the customer's short name,
    `happened` local, `root_id` the first row of its corrections.
    """

    activity: Activity
    customer: Customer | None
    called: str
    contact: Contact | None
    task: TaskItem | None
    root_id: int
    author: str
    happened: datetime


def record(ctx: Context, draft: Draft) -> Recorded:
    """Write down what took place, with the contact and the next step. Raises `NotAllowed`, `UserMistake`."""
    need_write(ctx)
    customer = _customer(ctx, draft)
    contact = None
    if customer is not None and draft.contact:
        contact = contacts.find_or_add(ctx, customer, draft.contact, draft.contact_title, draft.phone)
    activity = created(ctx, _row(ctx, draft, customer, contact))
    task = _plan(ctx, activity, draft, draft.next_time) if draft.next_time else None
    _settle(ctx, activity)
    return _shown(ctx, activity, customer, contact, task)


def correct(ctx: Context, activity_id: int, draft: Draft) -> Recorded:
    """Replace a record by what was meant; `draft.raw` is the correction, what it leaves empty stays.

    The old row stays, void; the next step moves. Raises `Conflict` where the record was taken back,
    `NotAllowed`, `UserMistake`.
    """
    old = newest(ctx, activity_id)
    ctx.session.refresh(old, with_for_update=True)  # two corrections at once follow each other
    if old.voided_at is not None:
        old = newest(ctx, old.id)
    merged = _merged(ctx, old, draft)
    customer = _customer(ctx, merged)
    contact = None
    if customer is not None and merged.contact:
        contact = contacts.find_or_add(ctx, customer, merged.contact, merged.contact_title, merged.phone)
    row = _row(ctx, merged, customer, contact)
    row.corrects_id = old.id
    row.author_id = old.author_id
    row.place, row.attachments = old.place, list(old.attachments)
    changed(ctx, old, voided_at=ctx.now)
    activity = created(ctx, row)
    attachments.move(ctx, old, activity)
    _move_next_step(ctx, old, activity, draft)
    _settle(ctx, activity)
    if old.customer_id != activity.customer_id:
        _settle(ctx, old)
    return show(ctx, activity)


def get(ctx: Context, activity_id: int) -> Recorded:
    """A record as it stands after its corrections. Raises `Conflict` where it was taken back."""
    activity = newest(ctx, activity_id)
    return show(ctx, activity)


def show(ctx: Context, activity: Activity) -> Recorded:
    """A row with the rows that belong to it."""
    customer = ctx.session.get(Customer, activity.customer_id) if activity.customer_id else None
    contact = ctx.session.get(Contact, activity.contact_id) if activity.contact_id else None
    return _shown(ctx, activity, customer, contact, _next_step(ctx, activity))


def _shown(
    ctx: Context, activity: Activity, customer: Customer | None, contact: Contact | None, task: Task | None
) -> Recorded:
    called = short_names(ctx, [customer.id]).get(customer.id, "") if customer else ""
    return Recorded(
        activity,
        customer,
        called,
        contact,
        task_lists.item(ctx, task, called, contact.name if contact else "") if task else None,
        root_of(ctx, activity),
        name_of(ctx, activity.author_id),
        ctx.wall(activity.happened_at),
    )


def _next_step(ctx: Context, activity: Activity) -> Task | None:
    query = select(Task).where(col(Task.activity_id) == activity.id).order_by(col(Task.id).desc()).limit(1)
    return ctx.session.scalars(query).one_or_none()


def newest(ctx: Context, activity_id: int) -> Activity:
    """The row that stands for a record now. Raises `Conflict` where it was taken back, `NotAllowed`."""
    activity = standing(ctx, ctx.session.get(Activity, activity_id))
    if activity is None:
        raise Conflict("这条记录已经撤销了，不能再改。需要的话重新说一遍就好。")
    if not may_act_for(ctx, activity.author_id):
        author = name_of(ctx, activity.author_id)
        raise NotAllowed(f"这条是{author}记录的，由{author}本人或上级修改。")
    return activity


def standing(ctx: Context, activity: Activity | None) -> Activity | None:
    """The last correction of a record that is not void; None where all was taken back."""
    while activity is not None and activity.voided_at is not None:
        query = (
            select(Activity)
            .where(col(Activity.corrects_id) == activity.id)
            .order_by(col(Activity.voided_at).is_not(None), col(Activity.id).desc())
            .limit(1)
        )
        activity = ctx.session.scalars(query).one_or_none()
    return activity


def root_of(ctx: Context, activity: Activity) -> int:
    """The id of the first row of a chain of corrections: what cards about the record are bound to."""
    while activity.corrects_id is not None:
        before = ctx.session.get(Activity, activity.corrects_id)
        if before is None:
            break
        activity = before
    return activity.id


def already(ctx: Context, raw: str, after: int) -> Activity | None:
    """The record that the actor made of this very sentence after the row `after`: a late press adds none."""
    query = (
        select(Activity)
        .where(
            col(Activity.author_id) == ctx.actor.id,
            col(Activity.id) > after,
            col(Activity.raw) == raw,
            col(Activity.voided_at).is_(None),
        )
        .order_by(col(Activity.id))
        .limit(1)
    )
    return ctx.session.scalars(query).one_or_none()


def attach_place(ctx: Context, activity_id: int, label: str) -> Recorded:
    """Note where a visit took place."""
    activity = newest(ctx, activity_id)
    changed(ctx, activity, place=label)
    return show(ctx, activity)


def attach_file(ctx: Context, activity_id: int, given: Given) -> Recorded:
    """Keep a photo or file that the platform holds with the record. Raises `UserMistake` beyond nine."""
    activity = newest(ctx, activity_id)
    attachments.attach(ctx, activity, given)
    return show(ctx, activity)


def _customer(ctx: Context, draft: Draft) -> Customer | None:
    return None if draft.customer_id is None else get_customer(ctx, draft.customer_id, to_change=True)


def _row(ctx: Context, draft: Draft, customer: Customer | None, contact: Contact | None) -> Activity:
    when = happened(draft.when, ctx.local)
    low, high = draft.amount or (None, None)
    return Activity(
        kind=draft.kind,
        customer_id=customer.id if customer else None,
        contact_id=contact.id if contact else None,
        author_id=ctx.actor.id,
        raw=draft.raw,
        parser=draft.parser,
        amount_low=low,
        amount_high=high,
        happened_at=ctx.at(when.value),
        happened_grain=when.grain,
        happened_part=when.part,
        inbox_id=ctx.inbox_id,
        created_at=ctx.now,
    )


def _merged(ctx: Context, old: Activity, fix: Draft) -> Draft:
    """The old record with what the correction says put over it."""
    contact = ctx.session.get(Contact, old.contact_id) if old.contact_id else None
    kept = fix
    if not fix.contact and contact is not None:
        kept = replace(kept, contact=contact.name, contact_title=contact.title)
    amount = fix.amount
    if amount is None and old.amount_low is not None:
        amount = (old.amount_low, old.amount_high if old.amount_high is not None else old.amount_low)
    when = fix.when or Moment(ctx.wall(old.happened_at), old.happened_grain, old.happened_part)
    return replace(
        kept,
        raw=f"{old.raw}\n更正：{fix.raw}",
        customer_id=fix.customer_id or old.customer_id,
        amount=amount,
        when=when,
    )


def _plan(ctx: Context, activity: Activity, draft: Draft, when: Moment) -> Task:
    return tasks.create(
        ctx,
        tasks.NewTask(
            title=draft.next_action or "跟进",
            when=when,
            customer_id=activity.customer_id,
            contact_id=activity.contact_id,
            activity_id=activity.id,
            deadline=draft.deadline,
        ),
    )


def _move_next_step(ctx: Context, old: Activity, new: Activity, fix: Draft) -> None:
    """Hand the next step of the old row on to the new one, at its new time and by its new name."""
    task = _next_step(ctx, old)
    if task is None or (fix.next_time and task.status != TaskStatus.OPEN):
        if fix.next_time:
            _plan(ctx, new, fix, fix.next_time)
        return
    values: dict[str, object] = {
        "activity_id": new.id,
        "customer_id": new.customer_id,
        "contact_id": new.contact_id,
    }
    if fix.next_action:
        values["title"] = fix.next_action
    if fix.next_time:
        values |= tasks.times(ctx, fix.next_time, kind=task.kind).columns()
    changed(ctx, task, **values)


def _settle(ctx: Context, activity: Activity) -> None:
    if activity.customer_id is not None:
        bring_up_to_date(ctx, activity.customer_id)
