"""A merge put back: every row that went over returns, as long as it still is where the merge put it."""

from __future__ import annotations

from collections.abc import Sequence

from crm.context import Context
from crm.journal import log
from crm.merging import references
from crm.merging.preview import kind_of
from crm.merging.relations import Move, link_named, put, still_there
from store.tables import Contact, Customer, EventLog, Table

MERGED = "merged"
"""The type of the event that says which rows went where."""


def written(ctx: Context, row: Table, moves: Sequence[Move], target: int) -> None:
    """Write down which rows went where, once for all of them."""
    gone = [[m.link, m.source, m.target, list(m.ids)] for m in moves if m.ids]
    log(ctx, row, MERGED, {}, {"into": target, "moved": gone})


def why_not_back(ctx: Context, event: EventLog) -> str:
    """Why a merge can no longer be told apart; empty where it can."""
    if event.object == "customer":
        winner = ctx.session.get(Customer, event.after["into"])
        if winner is None or winner.archived_at is not None:
            called = winner.name if winner else "那家客户"
            return f"{called}之后又被合并或归档了，先撤销那一步，再撤销这次合并。"
    for one in _moves(event):
        left = len(one.ids) - _there(ctx, event.object, one)
        if left:
            return f"合并过来的{left}条{kind_of(one.link)}之后又转走了，不能整个撤销。"
    return ""


def _there(ctx: Context, table: str, one: Move) -> int:
    """How many of the rows are where the merge put them; all, where the schema knows the link no more."""
    reference = references.reference_named(ctx.session, one.link)
    if reference is not None:
        return references.still_there(ctx.session, reference, one.ids, one.target)
    link = link_named(one.link, table)
    return still_there(ctx.session, link, one.ids, one.target) if link is not None else len(one.ids)


def put_back(ctx: Context, event: EventLog) -> None:
    """Let the rows refer to what they referred to before; journalled, so that this can be undone itself."""
    ctx.session.flush()
    moves = [Move(one.link, one.target, one.source, one.ids) for one in reversed(_moves(event))]
    for one in moves:
        reference = references.reference_named(ctx.session, one.link)
        link = link_named(one.link, event.object)
        if reference is not None:
            references.put(ctx.session, reference, one.ids, one.source, one.target)
        elif link is not None:
            put(ctx.session, link, one.ids, one.target)
    ctx.session.expire_all()
    model: type[Table] = Customer if event.object == "customer" else Contact
    row, other = ctx.session.get(model, event.object_id), ctx.session.get(model, event.after["into"])
    if row is not None and other is not None:
        written(ctx, row, moves, event.after["into"])
        log(ctx, other, "parted", {}, {})  # its names have changed


def words_of(ctx: Context, events: Sequence[EventLog]) -> tuple[str, ...]:
    """What these events merged, for the words that tell of undoing it; nothing where they merged nothing."""
    said = []
    for event in events:
        if event.type == MERGED and event.object == "customer":
            loser, winner = (ctx.session.get(Customer, i) for i in (event.object_id, event.after["into"]))
            if loser is not None and winner is not None:
                said.append(f"“{loser.name}”并入“{winner.name}”的合并")
    return tuple(dict.fromkeys(said))


def _moves(event: EventLog) -> list[Move]:
    return [
        Move(str(link), int(source), int(target), tuple(ids))
        for link, source, target, ids in event.after.get("moved", [])
    ]
