"""Tasks as they are shown, and the lists of a day or a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from crm.context import Context
from crm.customers import short_names
from crm.errors import UserMistake
from crm.moments import Moment, day_bounds, is_over
from crm.rights import sees
from store.tables import Contact, EventLog, Task, TaskStatus

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class TaskItem:
    """A task to be shown. `due` and `remind` are local; `due` of grain day is that day's first minute."""

    id: int
    title: str
    due: datetime
    grain: str
    remind: datetime
    status: str
    version: int
    overdue: bool = False
    deadline: bool = False
    kind: str = "follow"
    customer_id: int | None = None
    customer: str = ""
    contact: str = ""
    assignee_id: int = 0
    repeat: str = ""


@dataclass(frozen=True, slots=True)
class TaskList:
    """Open tasks of some days, by time; `overdue` those of before. `more` counts what was left out."""

    start: datetime
    end: datetime
    items: tuple[TaskItem, ...]
    overdue: tuple[TaskItem, ...] = ()
    more: int = 0


def get(ctx: Context, task_id: int) -> TaskItem:
    """A task to be shown. Raises `UserMistake` where there is none that the actor may see."""
    found = _items(ctx, col(Task.id) == task_id, most=1)
    row = ctx.session.get(Task, task_id) if found else None
    if row is None or not (ctx.actor.id in (row.assignee_id, row.creator_id) or sees(ctx, row)):
        raise UserMistake("没有找到这个任务，可能已经删除。")
    return found[0]


def days(ctx: Context, start: datetime, end: datetime, *, overdue: bool) -> TaskList:
    """The actor's open tasks due from `start` until `end` (local, exclusive), and on wish what is overdue."""
    mine = (col(Task.assignee_id) == ctx.actor.id) & (col(Task.status) == TaskStatus.OPEN)
    begin, until = ctx.at(start), ctx.at(end)
    items = _items(ctx, mine & (col(Task.due_at) >= begin) & (col(Task.due_at) < until), most=MOST_LISTED + 1)
    late = _items(ctx, mine & (col(Task.due_at) < begin), most=MOST_LISTED + 1) if overdue else []
    more = max(0, len(items) - MOST_LISTED) + max(0, len(late) - MOST_LISTED)
    return TaskList(start, end, tuple(items[:MOST_LISTED]), tuple(late[:MOST_LISTED]), more)


def today(ctx: Context) -> TaskList:
    """What is due today and what is overdue."""
    return days(ctx, *day_bounds(ctx.local), overdue=True)


def tomorrow(ctx: Context) -> TaskList:
    """What is due tomorrow."""
    return days(ctx, *day_bounds(ctx.local + timedelta(days=1)), overdue=False)


def week(ctx: Context) -> TaskList:
    """What is due from today until Sunday, and what is overdue."""
    start, _ = day_bounds(ctx.local)
    return days(ctx, start, start + timedelta(days=7 - start.weekday()), overdue=True)


def open_of_customer(ctx: Context, customer_id: int, most: int = 5) -> list[TaskItem]:
    """Open tasks of a customer, whoever they are for, by time."""
    return _items(
        ctx, (col(Task.customer_id) == customer_id) & (col(Task.status) == TaskStatus.OPEN), most=most
    )


def matching(
    ctx: Context, *, customer_id: int | None, words: str, day: datetime | None = None
) -> list[TaskItem]:
    """The actor's open tasks that a sentence may mean: of this customer, with these words, that day."""
    fits = (col(Task.assignee_id) == ctx.actor.id) & (col(Task.status) == TaskStatus.OPEN)
    if customer_id is not None:
        fits &= col(Task.customer_id) == customer_id
    if day is not None:
        start, end = day_bounds(day)
        fits &= (col(Task.due_at) >= ctx.at(start)) & (col(Task.due_at) < ctx.at(end))
    found = _items(ctx, fits, most=MOST_LISTED)
    named = [t for t in found if is_named(t, words)]
    return named or ([] if customer_id is None and day is None and words else found)


def _items(ctx: Context, where: ColumnElement[bool], *, most: int) -> list[TaskItem]:
    query = (
        select(Task, col(Contact.name))
        .join(Contact, col(Contact.id) == col(Task.contact_id), isouter=True)
        .where(where)
        .order_by(col(Task.due_at), col(Task.id))
        .limit(most)
    )
    found = [(task, contact) for task, contact in ctx.session.execute(query)]
    names = short_names(ctx, [t.customer_id for t, _ in found if t.customer_id is not None])
    return [item(ctx, t, names.get(t.customer_id or 0, ""), contact or "") for t, contact in found]


def item(ctx: Context, task: Task, customer: str, contact: str) -> TaskItem:
    """A row as it is shown."""
    due = ctx.wall(task.due_at)
    return TaskItem(
        id=task.id,
        title=task.title,
        due=due,
        grain=task.due_grain,
        remind=ctx.wall(task.remind_at),
        status=task.status,
        version=task.version,
        overdue=task.status == TaskStatus.OPEN and is_over(Moment(due, task.due_grain), ctx.local),
        deadline=task.deadline,
        kind=task.kind,
        customer_id=task.customer_id,
        customer=customer,
        contact=contact,
        assignee_id=task.assignee_id,
        repeat=task.repeat,
    )


def last_reminded(ctx: Context, after: datetime | None = None) -> TaskItem | None:
    """The actor's open task that was told of last, within a day; `after` (aware UTC) where that is given."""
    since = max(ctx.now - timedelta(days=1), after or ctx.now - timedelta(days=1))
    query = (
        select(col(Task.id))
        .where(
            col(Task.assignee_id) == ctx.actor.id,
            col(Task.status) == TaskStatus.OPEN,
            col(Task.reminded_at) >= since,
        )
        .order_by(col(Task.reminded_at).desc(), col(Task.id).desc())
        .limit(1)
    )
    found = ctx.session.scalars(query).one_or_none()
    return None if found is None else get(ctx, found)


def is_named(item: TaskItem, words: str) -> bool:
    """Whether the words name the task: by its title or its person. Pure."""
    return bool(words) and (
        words in item.title or item.title in words or bool(item.contact and item.contact in words)
    )


def of_message(ctx: Context, inbox_id: int) -> list[TaskItem]:
    """The open tasks that a message planned."""
    return _items(ctx, (col(Task.inbox_id) == inbox_id) & (col(Task.status) == TaskStatus.OPEN), most=5)


def moved_by(ctx: Context, inbox_id: int) -> list[TaskItem]:
    """The open tasks that a message has changed."""
    told = select(col(EventLog.object_id)).where(
        col(EventLog.inbox_id) == inbox_id, col(EventLog.object) == Task.__tablename__
    )
    return _items(ctx, col(Task.id).in_(told) & (col(Task.status) == TaskStatus.OPEN), most=5)


def of_activity(ctx: Context, activity_id: int) -> list[TaskItem]:
    """The open next steps of a record."""
    return _items(ctx, (col(Task.activity_id) == activity_id) & (col(Task.status) == TaskStatus.OPEN), most=5)
