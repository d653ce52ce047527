"""What was worked out of the rights is kept for the rest of the turn, and forgotten at the first change."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session

from crm.context import Context
from store.events import written

P = ParamSpec("P")
R = TypeVar("R")
_MEMO = "rights worked out"
_READS = ("SELECT ", "WITH ")


def once_a_turn(
    work: Callable[Concatenate[Context, P], R],
) -> Callable[Concatenate[Context, P], R]:
    """Let `work` be done once for an actor, a time and the same arguments, as long as its session changes
    nothing: no event, no flush, no statement that writes, no end of a transaction or savepoint.

    The arguments must be hashable and the result not be changed by whoever gets it.
    """

    @wraps(work)
    def kept(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
        memo = _memo_of(ctx.session)
        key = (
            *(work.__qualname__, args, tuple(kwargs.items())),
            *(ctx.actor, ctx.now, ctx.inbox_id, written(ctx.session)),
        )
        if key not in memo:
            memo[key] = work(ctx, *args, **kwargs)
        found: R = memo[key]
        return found

    return kept


def _memo_of(session: Session) -> dict[Any, Any]:
    """What is kept with the session, after what waits to be written is."""
    memo: dict[Any, Any] | None = session.info.get(_MEMO)
    if memo is None:
        memo = session.info[_MEMO] = {}
        event.listen(session, "after_flush", lambda *_: memo.clear())
        event.listen(session, "after_transaction_end", lambda *_: memo.clear())
        event.listen(session, "do_orm_execute", _forget_at_writing)
    if session.new or session.dirty or session.deleted:
        session.flush()
    return memo


def _forget_at_writing(state: ORMExecuteState) -> None:
    reads = isinstance(state.statement, TextClause) and state.statement.text.startswith(_READS)
    if not state.is_select and not reads:
        state.session.info.get(_MEMO, {}).clear()
