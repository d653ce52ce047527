"""Whatever was done, undoing all of it in reverse leaves the business as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from crm import collaborators, contacts, customers, merging, quotes, tags, tasks, undo, visits
from crm.approvals import Verdict
from crm.context import Context
from crm.errors import Refusal
from crm.moments import Moment
from crm.quotes import QuoteDraft
from crm.tasks import NewTask
from crm.visits import ActivityKind, Draft
from store import search
from store.ids import new_id
from store.once import columns_of
from store.tables import (
    Activity,
    Approval,
    ApprovalTask,
    Asset,
    Collaborator,
    Contact,
    Customer,
    CustomerAlias,
    CustomerIdentity,
    EventLog,
    Quote,
    Table,
    Tagging,
    Task,
)
from tests.crm.team import Team, make_team
from tests.local import local

LATER = Moment(local("2026-11-25T10:00"))
Act = Callable[[Context, Team, int], object]

GONE = {"archived_at", "voided_at", "ended_at"}
"""A row that was taken back stays, and says so in one of these; tasks and quotes say it in their status."""

UNCOUNTED = {"id", "version", "updated_at"}
BUSINESS: tuple[type[Table], ...] = (
    Customer,
    CustomerAlias,
    CustomerIdentity,
    Contact,
    Activity,
    Task,
    Quote,
    Approval,
    ApprovalTask,
    Tagging,
    Collaborator,
    Asset,
)


def latest(ctx: Context, model: type[Table], n: int) -> Any:
    """The n-th row of a kind, counted round."""
    rows = ctx.session.scalars(select(model).order_by(getattr(model, "id"))).all()  # noqa: B009
    return rows[n % len(rows)] if rows else None


def whom(ctx: Context, n: int) -> Customer:
    """A customer that is there."""
    rows = [c for c in ctx.session.scalars(select(Customer).order_by(Customer.id)) if c.archived_at is None]  # type: ignore[arg-type]
    return rows[n % len(rows)]


def visit(ctx: Context, team: Team, n: int) -> object:
    return visits.record(
        ctx,
        Draft(
            ActivityKind.VISIT,
            f"聊了第{n}件事",
            whom(ctx, n).id,
            f"王{'总经理工'[n % 4]}",
            phone=f"1380013{n:04d}" if n % 3 else "",
            amount=(n * 100, n * 100),
            next_action="演示",
            next_time=LATER if n % 2 else None,
        ),
    )


def correct(ctx: Context, team: Team, n: int) -> object:
    row = latest(ctx, Activity, n)
    return row and visits.correct(
        ctx, row.id, Draft(ActivityKind.CALL, "更正", amount=(1, 1), next_time=LATER)
    )


def plan(ctx: Context, team: Team, n: int) -> object:
    repeat = "FREQ=WEEKLY;BYDAY=MO" if n % 5 == 0 else ""
    return tasks.create(ctx, NewTask(f"事{n}", LATER, customer_id=whom(ctx, n).id, repeat=repeat))


def finish(ctx: Context, team: Team, n: int) -> object:
    row = latest(ctx, Task, n)
    return row and tasks.finish(ctx, row.id)


def move(ctx: Context, team: Team, n: int) -> object:
    row = latest(ctx, Task, n)
    return row and tasks.reschedule(ctx, row.id, Moment(local(f"2026-12-{n % 27 + 1:02d}T09:00")))


def drop(ctx: Context, team: Team, n: int) -> object:
    row = latest(ctx, Task, n)
    return row and tasks.cancel(ctx, row.id)


def offer(ctx: Context, team: Team, n: int) -> object:
    made = quotes.draft(ctx, QuoteDraft(whom(ctx, n).id, 10_000 + n))
    return quotes.submit(ctx, made.id) if n % 2 else made


def decide(ctx: Context, team: Team, n: int) -> object:
    row = latest(ctx, Quote, n)
    boss = team.as_("li", inbox_id=ctx.inbox_id)
    return row and quotes.decide(boss, row.id, Verdict.APPROVE if n % 2 else Verdict.REJECT)


def add(ctx: Context, team: Team, n: int) -> object:
    return customers.add(ctx, customers.NewCustomer(f"第{n}号有限公司", (f"第{n}",)))


def rename(ctx: Context, team: Team, n: int) -> object:
    customers.add_alias(ctx, whom(ctx, n), f"又叫{n}")
    return None


def grade(ctx: Context, team: Team, n: int) -> object:
    customers.set_level(ctx, whom(ctx, n), "ABC"[n % 3])
    return None


def tell(ctx: Context, team: Team, n: int) -> object:
    row = latest(ctx, Contact, n)
    return row and contacts.update(ctx, row, phone=f"1390000{n:04d}", title="总监", note=f"记{n}")


def mark(ctx: Context, team: Team, n: int) -> object:
    return tags.put(ctx, whom(ctx, n), [f"标签{n % 4}"])


def unmark(ctx: Context, team: Team, n: int) -> object:
    return tags.take(ctx, whom(ctx, n), [f"标签{n % 4}"])


def share(ctx: Context, team: Team, n: int) -> object:
    return collaborators.share(ctx, whom(ctx, n), team.members["wu"], "write" if n % 2 else "read")


def unshare(ctx: Context, team: Team, n: int) -> object:
    return collaborators.end(ctx, whom(ctx, n), team.members["wu"])


def merge(ctx: Context, team: Team, n: int) -> object:
    one, other = whom(ctx, n), whom(ctx, n + 1)
    boss = team.as_("li", inbox_id=ctx.inbox_id)
    return one.id != other.id and merging.merge(boss, one.id, other.id)


ACTS: tuple[Act, ...] = (
    visit,
    correct,
    plan,
    finish,
    move,
    drop,
    offer,
    decide,
    add,
    rename,
    grade,
    tell,
    mark,
    unmark,
    share,
    unshare,
    merge,
)


def standing(session: Session) -> dict[str, list[tuple[tuple[str, str], ...]]]:
    """Every row of the business that stands, with every column but its id and its version."""
    session.flush()
    session.expire_all()
    found: dict[str, list[tuple[tuple[str, str], ...]]] = {}
    for model in BUSINESS:
        rows = session.scalars(select(model)).all()
        found[model.__name__] = sorted(_told(row) for row in rows if not _gone(row))
    return found


def _gone(row: Table) -> bool:
    return (
        any(getattr(row, name, None) is not None for name in GONE)
        or (isinstance(row, Task) and row.status == "cancelled")
        or (isinstance(row, Quote | Approval | ApprovalTask) and row.status == "withdrawn")
    )


def _told(row: Table) -> tuple[tuple[str, str], ...]:
    return tuple((n, repr(getattr(row, n))) for n in columns_of(type(row)) if n not in UNCOUNTED)


def findable(team: Team) -> list[list[int]]:
    """What names lead to."""
    names = ["华润", "华润置地", "美的集团", "第3号有限公司", "又叫5", "第3"]
    return [sorted(m.customer_id for m in search.find(team.session, name)) for name in names]


def _do(team: Team, act: Act, n: int) -> int | None:
    """Do something as 张伟; the message that did it, None where nothing was changed."""
    message = new_id()
    try:
        with team.session.begin_nested():
            act(team.as_("zhang", inbox_id=message), team, n)
    except Refusal:
        return None
    events = select(EventLog).where(col(EventLog.inbox_id) == message).limit(1)
    return message if team.session.scalars(events).first() is not None else None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 30)), min_size=1, max_size=8))
def test_undoing_everything_in_reverse_leaves_everything_as_it_was(
    session: Session, acts: list[tuple[Act, int]]
) -> None:
    whole = session.begin_nested()
    try:
        team = make_team(session)
        team.customer("zhang", "华润置地有限公司", "华润")
        team.customer("zhang", "美的集团")
        before, found = standing(session), findable(team)
        done = [message for act, n in acts if (message := _do(team, act, n)) is not None]
        after = standing(session)
        for message in reversed(done):  # the director may undo what anybody did
            undo.undo(team.as_("chen", inbox_id=new_id()), message)
        assert standing(session) == before
        assert findable(team) == found
        for _ in done:
            undo.redo(team.as_("chen", inbox_id=new_id()))
        assert standing(session) == after
    finally:
        whole.rollback()
        session.expire_all()
