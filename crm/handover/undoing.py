"""A hand-over taken back as a whole; what somebody has worked on since is shown, and stays with him."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from crm import group_transfers, transfers
from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.handover.acquaintances import SINGLE
from crm.handover.moving import chunks, put_back
from crm.handover.plans import DONE, PROPOSED
from crm.journal import changed
from crm.logged import MESSAGE
from crm.rights import may_act_for, name_of
from crm.takeback import title_of
from crm.undo import window
from store.events import Event, write
from store.once import table_of
from store.tables import (
    Approval,
    ApprovalTask,
    Customer,
    CustomRecord,
    EventLog,
    Handover,
    Quote,
    Table,
    Task,
)

MOVED: dict[str, type[Table]] = {
    str(one.__tablename__): one for one in (Customer, Task, Quote, CustomRecord, Approval, ApprovalTask)
}
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, or would be: how many records; `conflicts` names what was changed since, and by
    whom. `outside` counts the external contacts that WeCom had been asked for already, `groups` the groups
    that it gave to others."""

    handover_id: int
    name: str
    count: int
    conflicts: tuple[str, ...] = ()
    more: int = 0
    outside: int = 0
    groups: int = 0
    finished: bool = False


@dataclass(slots=True)
class _Change:
    """A row that was moved: what it was before and what it became."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


def done_by(ctx: Context, inbox_id: int) -> Handover | None:
    """The hand-over that a message has carried out."""
    query = select(Handover).where(
        col(Handover.inbox_id) == inbox_id, col(Handover.state) == DONE, col(Handover.kind) != SINGLE
    )
    found: Handover | None = ctx.session.execute(query.limit(1)).scalar()
    return found


def take_back(ctx: Context, handover_id: int, *, rest: bool = False) -> Undone:
    """Take a hand-over back. Where something was changed since, nothing is done and that is told; with `rest`
    everything else is taken back.

    Raises `UserMistake` where it is too late, `NotAllowed`, `Conflict` where it was taken back before.
    """
    row = _locked(ctx, handover_id)
    message = row.inbox_id
    events = _events(ctx, row.inbox_id)
    _need_mine(ctx, row, events)
    changes = _changes(events)
    conflicts, more = _conflicts(ctx, row, changes)
    name = name_of(ctx, row.member_id)
    count = sum(map(len, changes.values())) - len(conflicts)
    if conflicts and not rest:
        return Undone(row.id, name, count, tuple(conflicts.values())[:MOST_SHOWN], more)
    for table, rows in changes.items():
        back = {one: change.before for one, change in rows.items() if (table, one) not in conflicts}
        put_back(ctx, MOVED[table], back)
    changed(ctx, row, state=PROPOSED, done_at=None, inbox_id=None)
    ids = [event.id for event in events]
    for some in chunks(ids):
        mark = update(EventLog).where(col(EventLog.id).in_(some)).values(undone_by=ctx.inbox_id or row.id)
        ctx.session.execute(mark.execution_options(synchronize_session=False))
    if message is not None and ctx.inbox_id is not None:  # 恢复 finds it by this
        told = Event(MESSAGE, message, "undone", {}, {}, ctx.actor.id, ctx.inbox_id, ctx.now)
        write(ctx.session, told)
    _, outside = transfers.drop_waiting(ctx.session, row.id, ctx.now)
    groups = sum(group_transfers.outcome(ctx.session, row.id).done.values())
    shown = tuple(conflicts.values())[:MOST_SHOWN]
    return Undone(row.id, name, count, shown, more, outside, groups, finished=True)


def _locked(ctx: Context, handover_id: int) -> Handover:
    query = select(Handover).where(col(Handover.id) == handover_id).with_for_update()
    found = ctx.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None or found.state != DONE:
        raise Conflict("这份交接已经撤回，没有再动。")
    row: Handover = found
    if row.done_at is not None and ctx.now - row.done_at > window(ctx):
        hours = round(window(ctx).total_seconds() / 3600)
        raise UserMistake(f"只能撤回{hours}小时内的交接。要改负责人，说：把客户名转给李娜")
    return row


def _events(ctx: Context, inbox_id: int | None) -> list[EventLog]:
    query = (
        select(EventLog)
        .where(
            col(EventLog.inbox_id) == inbox_id,
            col(EventLog.type) == "changed",
            col(EventLog.undone_by).is_(None),
        )
        .order_by(col(EventLog.id))
    )
    return list(ctx.session.execute(query).scalars())


def _need_mine(ctx: Context, row: Handover, events: Sequence[EventLog]) -> None:
    author = events[0].actor_id if events else row.manager_id
    if author is None or not may_act_for(ctx, author):
        who = name_of(ctx, author)
        raise NotAllowed(f"这次交接是{who}安排的，由{who}本人或上级撤回。")


def _changes(events: Sequence[EventLog]) -> dict[str, dict[int, _Change]]:
    """By table and id, the earliest value of each field before and the last one after."""
    found: dict[str, dict[int, _Change]] = defaultdict(dict)
    for event in events:
        if event.object in MOVED:
            change = found[event.object].setdefault(event.object_id, _Change())
            change.before = {**event.before, **change.before}
            change.after |= event.after
    return found


def _conflicts(
    ctx: Context, row: Handover, changes: Mapping[str, Mapping[int, _Change]]
) -> tuple[dict[tuple[str, int], str], int]:
    """By record, what somebody has made of it since, in words; and how many are beyond those shown."""
    found: dict[tuple[str, int], str] = {}
    for name, rows in changes.items():
        table = table_of(MOVED[name])
        fields = sorted({one for change in rows.values() for one in change.after})
        for some in chunks(sorted(rows)):
            columns = [table.c[one] for one in fields]
            query = select(table.c.id, *columns).where(table.c.id.in_(some))
            for row_id, *values in ctx.session.execute(query):
                now = dict(zip(fields, values, strict=True))
                after = rows[row_id].after
                if any(now[one] != value for one, value in after.items()):
                    shown = len(found) < MOST_SHOWN
                    found[name, row_id] = _words(ctx, row, name, row_id) if shown else ""
    return found, max(0, len(found) - MOST_SHOWN)


def _words(ctx: Context, row: Handover, name: str, row_id: int) -> str:
    """客户“华星科技” 赵磊在11月19日 14:05改过."""
    query = (
        select(col(EventLog.actor_id), col(EventLog.at))
        .where(
            col(EventLog.object) == name,
            col(EventLog.object_id) == row_id,
            col(EventLog.inbox_id).is_distinct_from(row.inbox_id),
        )
        .order_by(col(EventLog.id).desc())
        .limit(1)
    )
    last = ctx.session.execute(query).first()
    record = ctx.session.get_one(MOVED[name], row_id)
    what = title_of(record)
    if last is None:
        return f"{what}之后改过"
    who = "你" if last[0] == ctx.actor.id else name_of(ctx, last[0])
    return f"{what}{who}在{ctx.wall(last[1]).strftime('%-m月%-d日 %H:%M')}改过"
