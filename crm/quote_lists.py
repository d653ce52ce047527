"""Quotes looked up: one by its number, one's own that are still open, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.errors import NotAllowed, UserMistake
from crm.quotes import QuoteView, by_number, view
from crm.rights import visible
from store.tables import Quote, QuoteStatus


def one(ctx: Context, number: str) -> QuoteView:
    """The quote with this number. Raises `UserMistake` for none, `NotAllowed` for one out of sight."""
    quote_id = by_number(ctx, number)
    query = select(Quote).where(col(Quote.id) == quote_id, visible(ctx, Quote))
    row = ctx.session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotAllowed("这份报价不在你能看的范围里，提交人、审批人和上级可以看")
    return view(ctx, row)


def mine(ctx: Context, statuses: Collection[QuoteStatus] = (), most: int = 10) -> list[QuoteView]:
    """The actor's own quotes, the latest first; of these statuses where some are given."""
    query = select(Quote).where(col(Quote.owner_id) == ctx.actor.id)
    if statuses:
        query = query.where(col(Quote.status).in_(list(statuses)))
    query = query.order_by(col(Quote.id).desc()).limit(most)
    return [view(ctx, row) for row in ctx.session.execute(query).scalars()]


def only(ctx: Context, status: QuoteStatus, verb: str, message: int | None = None) -> QuoteView:
    """The actor's one quote of this status. Raises `UserMistake` where there is none, or several.

    `verb` is what is to be done with it (提交); of several, the one that the inbox row `message` made.
    """
    made = select(Quote).where(col(Quote.inbox_id) == message, col(Quote.owner_id) == ctx.actor.id)
    just = ctx.session.execute(made.where(col(Quote.status) == status)).scalars().first() if message else None
    if just is not None:
        return view(ctx, just)
    found = mine(ctx, (status,))
    if not found:
        raise UserMistake(f"你现在没有可以{verb}的报价。看自己的报价，回复 我的报价")
    if len(found) > 1:
        numbers = "、".join(f"{q.number} {q.customer}" for q in found)
        raise UserMistake(f"有几份：{numbers}。说一下编号，例如：{verb} {found[0].number}")
    return found[0]
