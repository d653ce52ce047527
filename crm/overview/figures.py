"""The money line: how much is offered, signed and paid. A part that comes later adds one entry to `PARTS`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from sqlmodel import col

from crm.context import Context
from crm.overview.values import Figure
from crm.overview.within import within
from crm.rights import shown_amount
from store.tables import Customer, Quote, QuoteStatus

QUOTE_STATES = {
    QuoteStatus.PENDING: "待审批",
    QuoteStatus.APPROVED: "已通过",
    QuoteStatus.DRAFT: "草稿",
    QuoteStatus.REJECTED: "已驳回",
}
"""The states that count, in the order in which they are told; what was withdrawn is no offer."""


def figures(ctx: Context, customer: Customer) -> tuple[Figure, ...]:
    """Every part's figures for one customer, one statement a part."""
    return tuple(figure for part in PARTS for figure in part(ctx, customer))


def _quotes(ctx: Context, customer: Customer) -> list[Figure]:
    query = (
        select(col(Quote.status), func.count(), func.sum(col(Quote.total)))
        .where(within(ctx, Quote, customer), col(Quote.status).in_(list(QUOTE_STATES)))
        .group_by(col(Quote.status))
    )
    found = {status: (count, int(total)) for status, count, total in ctx.session.execute(query)}
    return [
        Figure("报价", name, found[state][0], shown_amount(ctx, "quote", "total", found[state][1]))
        for state, name in QUOTE_STATES.items()
        if state in found
    ]


PARTS: tuple[Callable[[Context, Customer], list[Figure]], ...] = (_quotes,)
