"""Taking back everything that one message did, and bringing it back again; each time as a whole.

Where somebody has built upon it since, nothing is done and `Clashes` says field by field what stands in the
way; what does not clash can be taken back all the same. Undoing twice does nothing the second time. Undoing
is journalled like any change (the log calls it undone, and redone), so that it can be undone itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.follow_up import bring_up_to_date
from crm.handover.acquaintances import follow_undo
from crm.logged import MESSAGE, TABLES
from crm.reversing import Clash, Reverser
from crm.rights import Right, may_act_for, name_of, need, need_many
from crm.undone import Undone, summary
from store.events import Event, write
from store.tables import Customer, EventLog, Role, Table

__all__ = [
    "Clashes",
    "Undone",
    "clash_words",
    "last_messages",
    "made_by",
    "redo",
    "undo",
    "window",
    "written_since",
]

MOST_EVENTS = 20_000
MOST_BACK = 200  # events looked through for the message before
OF_COLUMNS = frozenset({"changed", "undone", "redone"})
NAMING = frozenset({"name", "name_norm", "archived_at"})
LEADS = frozenset({Role.MANAGER, Role.DIRECTOR, Role.ADMIN})
NO_BUSINESS = frozenset(
    {
        "member",
        "identity",
        "department",
        "department_identity",
        "member_department",
        "directory_news",
        "binding_code",
        "conversation",
        "card",
    }
)
"""What the machinery and the directories write: nobody means it with 撤销."""


class Clashes(Conflict):
    """Nothing was taken back: `clashes` stand in the way, `rest` records could be taken back all the same."""

    def __init__(self, inbox_id: int, clashes: Sequence[Clash], rest: int) -> None:
        self.inbox_id = inbox_id
        self.clashes = tuple(clashes)
        self.rest = 0 if any(clash.whole for clash in clashes) else rest
        first = next((clash for clash in clashes if clash.reason), clashes[0])
        super().__init__(clash_words(first))


def clash_words(clash: Clash) -> str:
    """Why it cannot be taken back, in a sentence."""
    if clash.reason:
        return clash.reason
    when = clash.at.strftime("在%-m月%-d日 %H:%M") if clash.at else ""
    return f"{clash.title}的{clash.label}{clash.who}{when}又改过，不能撤销。要改的话直接说。"


def undo(ctx: Context, inbox_id: int, *, rest: bool = False) -> Undone:
    """Take back what the message `inbox_id` did; with `rest`, what does not clash.

    A message that was an undoing itself is undone: what it took back is there again. Raises `UserMistake`
    where there is nothing or it is too long ago, `NotAllowed` for somebody else's message, `Clashes`.
    """
    events = _events(ctx, inbox_id)
    if not events:
        raise UserMistake("没有可以撤销的记录。")
    _need_mine(ctx, events)
    marker = next((e for e in events if e.object == MESSAGE and e.undone_by is None), None)
    if marker is not None and marker.type == "redone":  # what it brought back is the message's again
        return undo(ctx, marker.object_id, rest=rest)
    standing = [e for e in events if e.undone_by is None and e.object != MESSAGE]
    if not standing:
        return replace(summary(ctx, inbox_id, [e for e in events if e.object != MESSAGE]), already=True)
    _need_in_time(ctx, standing)
    need_many(ctx, len({e.object_id for e in standing if e.object == "customer"}))
    redo_of = marker.object_id if marker is not None else None
    kept = _reverse(ctx, inbox_id, standing, rest=rest, redo_of=redo_of)
    told = standing if redo_of is None else [e for e in _events(ctx, redo_of) if e.object != MESSAGE]
    outside = follow_undo(ctx, redo_of or inbox_id, standing=redo_of is not None)
    done = summary(ctx, redo_of or inbox_id, told)
    return replace(done, kept=tuple(kept), redone=redo_of is not None, outside=outside)


def redo(ctx: Context) -> Undone:
    """Bring back what the actor took back last. Raises `UserMistake` where there is nothing."""
    query = (
        select(col(EventLog.inbox_id))
        .where(
            col(EventLog.actor_id) == ctx.actor.id,
            col(EventLog.at) >= ctx.now - window(ctx),
            col(EventLog.object) == MESSAGE,
            col(EventLog.type) == "undone",
            col(EventLog.undone_by).is_(None),
            col(EventLog.inbox_id).is_not(None),
        )
        .order_by(col(EventLog.at).desc(), col(EventLog.id).desc())
        .limit(1)
    )
    last = ctx.session.execute(query).scalar()
    if last is None:
        raise UserMistake("没有可以恢复的：最近没有撤销过什么。")
    return undo(ctx, last)


def last_messages(ctx: Context, most: int, first: int | None = None) -> list[int]:
    """The actor's last messages that changed something and stand, the newest first.

    `first` comes before all others where it stands. Decisions on approvals are not among them: they are
    taken back by quoting the very message, if at all; nor is an undoing, which 恢复 takes back.
    """
    query = (
        select(col(EventLog.inbox_id), col(EventLog.object), col(EventLog.type))
        .where(
            col(EventLog.actor_id) == ctx.actor.id,
            col(EventLog.at) >= ctx.now - window(ctx),
            col(EventLog.inbox_id).is_not(None),
            col(EventLog.undone_by).is_(None),
            col(EventLog.object).not_in(NO_BUSINESS),
        )
        .order_by(col(EventLog.at).desc(), col(EventLog.id).desc())
        .limit(MOST_BACK)
    )
    rows = [(int(inbox_id or 0), table, kind) for inbox_id, table, kind in ctx.session.execute(query)]
    others = {
        message
        for message, table, kind in rows
        if table == MESSAGE or (table == "approval_task" and kind == "changed")
    }
    found = list(dict.fromkeys(message for message, _, _ in rows if message not in others))
    if first in found:
        found.remove(first)
        found.insert(0, first)
    return found[:most]


def written_since(ctx: Context, at: datetime) -> bool:
    """Whether the actor has changed something after this moment (aware UTC) that 撤销 could mean."""
    query = select(col(EventLog.id)).where(
        col(EventLog.actor_id) == ctx.actor.id,
        col(EventLog.at) > at,
        col(EventLog.inbox_id).is_not(None),
        col(EventLog.object).not_in(NO_BUSINESS),
    )
    return ctx.session.execute(query.limit(1)).first() is not None


def made_by(ctx: Context, inbox_id: int) -> tuple[str, ...]:
    """What undoing the message would take back, by name; nothing is done.

    Raises `UserMistake` where there is nothing (any more), `NotAllowed` for somebody else's message.
    """
    events = [e for e in _events(ctx, inbox_id) if e.undone_by is None and e.object != MESSAGE]
    if not events:
        raise UserMistake("没有可以删除的记录，可能已经撤销了。")
    _need_mine(ctx, events)
    need(ctx, Right.DELETE)
    return summary(ctx, inbox_id, events).phrases


def window(ctx: Context) -> timedelta:
    """How long the actor can take things back."""
    return ctx.business.undo_window_lead if ctx.actor.role in LEADS else ctx.business.undo_window


def _events(ctx: Context, inbox_id: int) -> list[EventLog]:
    """What a message changed, the last change first; held, so that it is taken back once."""
    query = (
        select(EventLog)
        .where(col(EventLog.inbox_id) == inbox_id, col(EventLog.object).in_([*TABLES, MESSAGE]))
        .order_by(col(EventLog.id).desc())
        .limit(MOST_EVENTS + 1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = list(ctx.session.execute(query).scalars())
    if len(found) > MOST_EVENTS:
        raise UserMistake(f"这条消息改了{MOST_EVENTS}处以上，请让管理员分批处理。")
    return found


def _need_mine(ctx: Context, events: Sequence[EventLog]) -> None:
    author = events[-1].actor_id
    if author is None or not may_act_for(ctx, author):
        who = name_of(ctx, author)
        raise NotAllowed(f"这条是{who}记录的，由{who}本人或上级撤销。")


def _need_in_time(ctx: Context, events: Sequence[EventLog]) -> None:
    allowed = window(ctx)
    if ctx.now - events[-1].at <= allowed:
        return
    hours = round(allowed.total_seconds() / 3600)
    span = f"{hours}小时" if hours <= 72 else f"{hours // 24}天"
    hint = "上级和管理员可以撤得更久，" if ctx.actor.role not in LEADS else ""
    raise UserMistake(f"只能撤销{span}内的记录，这条已经超过了。{hint}要改的话直接说，例如：金额56万")


def _reverse(
    ctx: Context, inbox_id: int, events: Sequence[EventLog], *, rest: bool, redo_of: int | None
) -> list[Clash]:
    """Take the changes back, all or, with `rest`, those that do not clash; the clashes that were left.

    Raises `Clashes`, and then nothing was changed.
    """
    kind = "undone" if redo_of is None else "redone"
    whole = ctx.session.begin_nested()
    reverser = Reverser(ctx, events, kind)
    clashes: list[Clash] = []
    free = 0
    for event in events:
        before = reverser.written
        found = reverser.take_back(event)
        clashes += found
        free += reverser.written > before
        if not found or reverser.written > before:
            event.undone_by = ctx.inbox_id or inbox_id
            ctx.session.add(event)
    if clashes and not (rest and free and not any(clash.whole for clash in clashes)):
        whole.rollback()
        raise Clashes(inbox_id, list(dict.fromkeys(clashes)), free)
    _mark(ctx, inbox_id, kind, redo_of)
    ctx.session.flush()
    _settle(ctx, events, reverser.rows)
    whole.commit()
    return list(dict.fromkeys(clashes))


def _mark(ctx: Context, inbox_id: int, kind: str, redo_of: int | None) -> None:
    """Write down which message was undone or redone; one that is redone stands again."""
    if redo_of is not None:
        query = update(EventLog).where(col(EventLog.undone_by) == inbox_id)
        ctx.session.flush()
        ctx.session.execute(query.values(undone_by=None).execution_options(synchronize_session="fetch"))
        marker = update(EventLog).where(col(EventLog.inbox_id) == inbox_id, col(EventLog.object) == MESSAGE)
        ctx.session.execute(marker.values(undone_by=ctx.inbox_id or inbox_id))
    about = inbox_id if redo_of is None else redo_of
    write(
        ctx.session,
        Event(MESSAGE, about, kind, {}, {}, actor_id=ctx.actor.id, inbox_id=ctx.inbox_id, at=ctx.now),
    )


def _settle(ctx: Context, events: Sequence[EventLog], rows: dict[tuple[str, int], Table]) -> None:
    """Bring along what is derived from the rows: the search index, last and next follow-up."""
    touched: set[int] = set()
    named: set[int] = set()
    for event in events:
        row = rows.get((event.object, event.object_id))
        kept = (
            row.id if isinstance(row, Customer) else None,
            event.before.get("customer_id"),
            event.after.get("customer_id"),
            getattr(row, "customer_id", None),
        )
        about = {one for one in kept if isinstance(one, int)}
        touched |= about
        if _is_about_names(event):
            named |= about
    for customer_id in sorted(touched):
        customer = ctx.session.get(Customer, customer_id)
        if customer is not None:
            if customer_id in named:
                customers.reindex(ctx, customer)
            bring_up_to_date(ctx, customer_id)


def _is_about_names(event: EventLog) -> bool:
    """Whether a change may have to do with what a customer is found by."""
    if event.object == "customer":
        return event.type not in OF_COLUMNS or not NAMING.isdisjoint({*event.before, *event.after})
    return event.object == "customer_alias"
