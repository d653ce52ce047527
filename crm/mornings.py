"""What a member's day holds: the content of the morning card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from crm.context import Context
from crm.courtesy import called
from crm.moments import day_bounds
from crm.quotes import QuoteView, short_name, waiting_for
from crm.rights import reports
from store.tables import Activity, Customer, Member, Task, TaskStatus

MOST = 8
MOST_QUIET = 3


@dataclass(frozen=True, slots=True)
class DayTask:
    """A task on the card: `due` local and naive, `grain` minute, part_of_day or day."""

    title: str
    customer: str
    due: datetime
    grain: str


@dataclass(frozen=True, slots=True)
class DayBirthday:
    """A birthday ahead, `days` from today."""

    who: str
    customer: str
    day: date
    days: int
    lunar: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """A customer that nobody has talked to for `days` days; None where nobody ever did."""

    customer: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Team:
    """A manager's people: how many, their tasks today and overdue, their activities since a day."""

    people: int
    today: int
    overdue: int
    activities: int
    since: date


@dataclass(frozen=True, slots=True)
class Morning:
    """A member's day. `tasks` and `overdue` are the first few, the counts are of all."""

    called: str
    today: date
    tasks: tuple[DayTask, ...] = ()
    task_count: int = 0
    overdue: tuple[DayTask, ...] = ()
    overdue_count: int = 0
    approvals: tuple[QuoteView, ...] = ()
    birthdays: tuple[DayBirthday, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    team: Team | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done today."""
        return not (self.task_count or self.overdue_count or self.approvals or self.birthdays)


def gather(ctx: Context, since: date, birthdays: tuple[DayBirthday, ...] = ()) -> Morning:
    """The actor's day. The caller has worked out the birthdays, and `since`, the working day before."""
    start, end = (ctx.at(moment) for moment in day_bounds(ctx.local))
    mine = col(Task.assignee_id) == ctx.actor.id
    today = mine & (col(Task.due_at) >= start) & (col(Task.due_at) < end)
    overdue = mine & (col(Task.due_at) < start)
    return Morning(
        called=called(ctx.actor.name, ctx.actor.role),
        today=ctx.local.date(),
        tasks=_tasks(ctx, today),
        task_count=_count(ctx, today),
        overdue=_tasks(ctx, overdue),
        overdue_count=_count(ctx, overdue),
        approvals=tuple(waiting_for(ctx, ctx.actor.id, MOST)),
        birthdays=birthdays,
        quiet=_quiet(ctx),
        team=_team(ctx, since, start, end),
    )


def _tasks(ctx: Context, which: ColumnElement[bool]) -> tuple[DayTask, ...]:
    query = select(Task).where(which, col(Task.status) == TaskStatus.OPEN)
    rows = ctx.session.execute(query.order_by(col(Task.due_at), col(Task.id)).limit(MOST)).scalars()
    return tuple(
        DayTask(
            task.title,
            short_name(ctx.session, task.customer_id) if task.customer_id is not None else "",
            ctx.wall(task.due_at),
            task.due_grain,
        )
        for task in rows
    )


def _count(ctx: Context, which: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(Task).where(which, col(Task.status) == TaskStatus.OPEN)
    return int(ctx.session.execute(query).scalar_one())


def _quiet(ctx: Context) -> tuple[Quiet, ...]:
    """The actor's customers that were left alone longest, those never talked to first."""
    query = (
        select(col(Customer.id), col(Customer.last_follow_at))
        .where(col(Customer.owner_id) == ctx.actor.id, col(Customer.archived_at).is_(None))
        .order_by(col(Customer.last_follow_at).is_not(None), col(Customer.last_follow_at), col(Customer.id))
        .limit(MOST_QUIET)
    )
    found = []
    for customer_id, last in ctx.session.execute(query):
        days = (ctx.local.date() - ctx.wall(last).date()).days if last is not None else None
        if days is None or days > 0:
            found.append(Quiet(short_name(ctx.session, customer_id), days))
    return tuple(found)


def _team(ctx: Context, since: date, start: datetime, end: datetime) -> Team | None:
    """The people below the actor, None for who has nobody."""
    below = reports(ctx.actor.id, ctx.now)
    people = select(func.count()).select_from(Member)
    people = people.where(
        col(Member.id).in_(below), col(Member.id) != ctx.actor.id, col(Member.active).is_(True)
    )
    count = int(ctx.session.execute(people).scalar_one())
    if not count:
        return None
    theirs = col(Task.assignee_id).in_(below) & (col(Task.assignee_id) != ctx.actor.id)
    lately = select(func.count()).select_from(Activity)
    lately = lately.where(
        col(Activity.author_id).in_(below),
        col(Activity.author_id) != ctx.actor.id,
        col(Activity.voided_at).is_(None),
        col(Activity.happened_at) >= ctx.at(datetime.combine(since, time())),
        col(Activity.happened_at) < start,
    )
    return Team(
        count,
        _count(ctx, theirs & (col(Task.due_at) >= start) & (col(Task.due_at) < end)),
        _count(ctx, theirs & (col(Task.due_at) < start)),
        int(ctx.session.execute(lately).scalar_one()),
        since,
    )
