"""Tasks: what is to be done and when its person is told; finished, put off, moved or dropped once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.follow_up import bring_up_to_date
from crm.journal import changed, created
from crm.moments import Grain, Moment, day_bounds, is_over, reminder, settled
from crm.repeats import Repeat, following
from crm.rights import may_act_for, name_of
from store.tables import Contact, Customer, EventLog, Task, TaskStatus

MOST_LISTED = 50
LONGEST_TITLE = 60
REMIND = "remind"  # the kind of a task that someone asked to be reminded of: told at the hour itself
FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to be created; without `assignee_id` it is the actor's own."""

    title: str
    when: Moment
    kind: str = FOLLOW
    customer_id: int | None = None
    contact_id: int | None = None
    activity_id: int | None = None
    assignee_id: int | None = None
    deadline: bool = False
    repeat: str = ""


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
    kind: str = FOLLOW
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


def times(ctx: Context, when: Moment, *, kind: str) -> dict[str, object]:
    """The columns that say when a task is due and when its person is told."""
    told = reminder(when, ctx.local, ctx.business, at_the_time=kind == REMIND)
    grain = Grain.DAY if when.grain == Grain.DAY else Grain.MINUTE
    return {
        "due_at": ctx.at(settled(when)),
        "due_grain": grain.value,
        "remind_at": ctx.at(told),
        "reminded_at": None,
    }


def create(ctx: Context, new: NewTask) -> Task:
    """Add a task. Raises `UserMistake` for a time that has passed or an empty title."""
    title = new.title.strip()[:LONGEST_TITLE]
    if not title:
        raise UserMistake("要做什么？例如：明天上午10点提醒我给王总打电话")
    need_future(ctx, new.when)
    row = Task(
        kind=new.kind,
        title=title,
        assignee_id=new.assignee_id or ctx.actor.id,
        creator_id=ctx.actor.id,
        customer_id=new.customer_id,
        contact_id=new.contact_id,
        activity_id=new.activity_id,
        deadline=new.deadline,
        repeat=new.repeat,
        inbox_id=ctx.inbox_id,
        created_at=ctx.now,
        updated_at=ctx.now,
        **times(ctx, new.when, kind=new.kind),
    )
    created(ctx, row)
    _settle(ctx, row)
    return row


def need_future(ctx: Context, when: Moment) -> None:
    """Raise `UserMistake` for a time that has passed."""
    if is_over(when, ctx.local):
        said = when.value.strftime("%-m月%-d日 %H:%M" if when.grain == Grain.MINUTE else "%-m月%-d日")
        raise UserMistake(f"{said}已经过了，换个时间，例如：明天上午10点")


def finish(ctx: Context, task_id: int) -> Task:
    """Mark a task as done; one that comes again is set for its next time. Raises `Conflict`, `NotAllowed`."""
    task = _open(ctx, task_id)
    changed(ctx, task, status=TaskStatus.DONE, done_at=ctx.now)
    next_of_series(ctx, task)
    _settle(ctx, task)
    return task


def reschedule(ctx: Context, task_id: int, when: Moment) -> Task:
    """Move a task to another time; its person is told again. Raises `UserMistake` for the past."""
    task = _open(ctx, task_id)
    need_future(ctx, when)
    changed(ctx, task, **times(ctx, when, kind=task.kind))
    _settle(ctx, task)
    return task


def postpone(ctx: Context, task_id: int, told: Moment) -> Task:
    """Put a task off: its person is told at `told`. What was due earlier than that is due then."""
    task = _open(ctx, task_id)
    need_future(ctx, told)
    at = ctx.at(settled(told))
    values: dict[str, object] = {"remind_at": at, "reminded_at": None, "snooze_count": task.snooze_count + 1}
    if task.due_at < at and not (task.due_grain == Grain.DAY and ctx.wall(task.due_at).date() == told.value.date()):
        values |= {"due_at": at, "due_grain": Grain.MINUTE.value}
    changed(ctx, task, **values)
    _settle(ctx, task)
    return task


def cancel(ctx: Context, task_id: int) -> Task:
    """Drop a task. Raises `Conflict`, `NotAllowed`."""
    task = _open(ctx, task_id)
    changed(ctx, task, status=TaskStatus.CANCELLED, done_at=ctx.now)
    _settle(ctx, task)
    return task


def next_of_series(ctx: Context, task: Task) -> Task | None:
    """The next task of one that comes again, created unless it is there already; None for a single one."""
    if not task.repeat:
        return None
    due = following(Repeat.parse(task.repeat), max(ctx.wall(task.due_at), ctx.local.replace(hour=0, minute=0)))
    due = due.replace(hour=ctx.wall(task.due_at).hour, minute=ctx.wall(task.due_at).minute)
    query = select(Task).where(
        col(Task.assignee_id) == task.assignee_id,
        col(Task.status) == TaskStatus.OPEN,
        col(Task.due_at) > task.due_at,
        col(Task.title) == task.title,
        col(Task.repeat) == task.repeat,
    )
    there = ctx.session.execute(query.limit(1)).scalar_one_or_none()
    if there is not None:
        return there
    again = NewTask(
        task.title,
        Moment(due, task.due_grain),
        kind=task.kind,
        customer_id=task.customer_id,
        contact_id=task.contact_id,
        assignee_id=task.assignee_id,
        deadline=task.deadline,
        repeat=task.repeat,
    )
    return create(ctx, again)


def get(ctx: Context, task_id: int) -> TaskItem:
    """A task to be shown. Raises `UserMistake` where there is none."""
    found = _items(ctx, col(Task.id) == task_id, most=1)
    if not found:
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
    return _items(ctx, (col(Task.customer_id) == customer_id) & (col(Task.status) == TaskStatus.OPEN), most=most)


def matching(ctx: Context, *, customer_id: int | None, words: str, day: datetime | None = None) -> list[TaskItem]:
    """The actor's open tasks that a sentence may mean: of this customer, with these words, on this local day."""
    fits = (col(Task.assignee_id) == ctx.actor.id) & (col(Task.status) == TaskStatus.OPEN)
    if customer_id is not None:
        fits &= col(Task.customer_id) == customer_id
    if day is not None:
        start, end = day_bounds(day)
        fits &= (col(Task.due_at) >= ctx.at(start)) & (col(Task.due_at) < ctx.at(end))
    found = _items(ctx, fits, most=MOST_LISTED)
    named = [t for t in found if words and (words in t.title or t.title in words)]
    return named or ([] if customer_id is None and day is None and words else found)


def _open(ctx: Context, task_id: int) -> Task:
    """An open task that the actor may change."""
    task = ctx.session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise UserMistake("没有找到这个任务，可能已经删除。")
    if not (may_act_for(ctx, task.assignee_id) or task.creator_id == ctx.actor.id):
        owner = name_of(ctx, task.assignee_id)
        raise NotAllowed(f"“{task.title}”是{owner}的任务，由{owner}本人或上级处理。")
    if task.status != TaskStatus.OPEN:
        raise Conflict(settled_words(ctx, task))
    return task


def settled_words(ctx: Context, task: Task) -> str:
    """Who settled a task and when, in a sentence."""
    query = (
        select(col(EventLog.actor_id), col(EventLog.at))
        .where(col(EventLog.object) == "task", col(EventLog.object_id) == task.id)
        .order_by(col(EventLog.id).desc())
        .limit(1)
    )
    row = ctx.session.execute(query).first()
    what = "完成" if task.status == TaskStatus.DONE else "取消"
    if row is None:
        return f"“{task.title}”已经{what}了。"
    who = "你" if row[0] == ctx.actor.id else name_of(ctx, row[0])
    return f"“{task.title}”{who}在{ctx.wall(row[1]).strftime('%-m月%-d日 %H:%M')}已经{what}了。"


def _items(ctx: Context, where: ColumnElement[bool], *, most: int) -> list[TaskItem]:
    query = (
        select(Task, col(Customer.name), col(Contact.name))
        .join(Customer, col(Customer.id) == col(Task.customer_id), isouter=True)
        .join(Contact, col(Contact.id) == col(Task.contact_id), isouter=True)
        .where(where)
        .order_by(col(Task.due_at), col(Task.id))
        .limit(most)
    )
    return [item(ctx, t, customer or "", contact or "") for t, customer, contact in ctx.session.execute(query)]


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


def _settle(ctx: Context, task: Task) -> None:
    if task.customer_id is not None:
        bring_up_to_date(ctx, task.customer_id)
