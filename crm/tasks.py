"""Tasks: what is to be done and when its person is told; finished, put off, moved or dropped once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.follow_up import bring_up_to_date
from crm.journal import changed, created
from crm.moments import Grain, Moment, is_over, reminder, settled
from crm.repeats import Repeat, following
from crm.rights import may_act_for, name_of, sees
from store.tables import EventLog, Task, TaskStatus

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
class Times:
    """The columns that say when a task is due and when its person is told; aware."""

    due_at: datetime
    due_grain: str
    remind_at: datetime

    def columns(self) -> dict[str, object]:
        """As values for a row whose person is to be told anew."""
        return {
            "due_at": self.due_at,
            "due_grain": self.due_grain,
            "remind_at": self.remind_at,
            "reminded_at": None,
        }


def times(ctx: Context, when: Moment, *, kind: str) -> Times:
    """When a task that was said to be at `when` is due and when its person is told."""
    told = reminder(when, ctx.local, ctx.business, at_the_time=kind == REMIND)
    grain = Grain.DAY if when.grain == Grain.DAY else Grain.MINUTE
    return Times(ctx.at(settled(when)), grain.value, ctx.at(told))


def create(ctx: Context, new: NewTask) -> Task:
    """Add a task. Raises `UserMistake` for a time that has passed or an empty title."""
    title = new.title.strip()[:LONGEST_TITLE]
    if not title:
        raise UserMistake("要做什么？例如：明天上午10点提醒我给王总打电话")
    need_future(ctx, new.when)
    told = times(ctx, new.when, kind=new.kind)
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
        due_at=told.due_at,
        due_grain=told.due_grain,
        remind_at=told.remind_at,
    )
    created(ctx, row)
    if new.activity_id is None:  # otherwise the record that plans it settles the customer
        _settle(ctx, row)
    return row


def need_future(ctx: Context, when: Moment) -> None:
    """Raise `UserMistake` for a time that has passed."""
    if is_over(when, ctx.local):
        said = when.value.strftime("%-m月%-d日 %H:%M" if when.grain == Grain.MINUTE else "%-m月%-d日")
        raise UserMistake(f"{said}已经过了，换个时间，例如：明天上午10点")


def need_open(ctx: Context, task_id: int) -> None:
    """Raise `Conflict` for a task that is settled, `NotAllowed` for somebody else's."""
    _open(ctx, task_id)


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
    changed(ctx, task, **times(ctx, when, kind=task.kind).columns())
    _settle(ctx, task)
    return task


def postpone(ctx: Context, task_id: int, told: Moment) -> Task:
    """Put a task off: its person is told at `told`. What was due earlier than that is due then."""
    task = _open(ctx, task_id)
    need_future(ctx, told)
    at = ctx.at(settled(told))
    values: dict[str, object] = {"remind_at": at, "reminded_at": None, "snooze_count": task.snooze_count + 1}
    if task.due_at < at and not (
        task.due_grain == Grain.DAY and ctx.wall(task.due_at).date() == told.value.date()
    ):
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
    """The next task of one that comes again, created unless it is there already; None for a single one.

    A series without a next time within eight years ends.
    """
    if not task.repeat:
        return None
    last = max(ctx.wall(task.due_at), ctx.local.replace(hour=0, minute=0))
    try:
        due = following(Repeat.parse(task.repeat), last)
    except ValueError:
        return None
    due = due.replace(hour=ctx.wall(task.due_at).hour, minute=ctx.wall(task.due_at).minute)
    query = select(Task).where(
        col(Task.assignee_id) == task.assignee_id,
        col(Task.status) == TaskStatus.OPEN,
        col(Task.due_at) > task.due_at,
        col(Task.title) == task.title,
        col(Task.repeat) == task.repeat,
    )
    there = ctx.session.scalars(query.limit(1)).one_or_none()
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


def _open(ctx: Context, task_id: int) -> Task:
    """An open task that the actor may change."""
    task = ctx.session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise UserMistake("没有找到这个任务，可能已经删除。")
    if not (may_act_for(ctx, task.assignee_id) or task.creator_id == ctx.actor.id):
        owner = name_of(ctx, task.assignee_id)
        what = f"“{task.title}”" if sees(ctx, task) else "这"
        raise NotAllowed(f"{what}是{owner}的任务，由{owner}本人或上级处理。")
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


def _settle(ctx: Context, task: Task) -> None:
    if task.customer_id is not None:
        bring_up_to_date(ctx, task.customer_id)
