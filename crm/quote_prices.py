"""What of a quote's price somebody may see: as his role may, all of it for those who decide about it."""

from __future__ import annotations

from dataclasses import dataclass

from crm.approvals import Standing
from crm.context import Actor, Context
from crm.deputies import acting_for
from crm.rights import FieldAccess, access
from store.tables import ApprovalStatus, Member, Quote, Role

_DECIDED = frozenset({ApprovalStatus.APPROVED, ApprovalStatus.REJECTED})
_OPEN = frozenset({FieldAccess.READ, FieldAccess.WRITE})


@dataclass(frozen=True, slots=True)
class Price:
    """Amounts in fen, `discount` in ten-thousandths; None for what is withheld.

    `masked` where it is said that something is.
    """

    amount: int | None
    discount: int | None
    total: int | None
    masked: bool = False


def price_of(ctx: Context, row: Quote, standing: Standing | None) -> Price:
    """The price as the actor may see it. What would give away the rest by a division is withheld with it."""
    total = access(ctx, "quote", "total", row.owner_id)
    discount = access(ctx, "quote", "discount", row.owner_id)
    if (total in _OPEN and discount in _OPEN) or _decides(ctx, standing):
        return Price(row.amount, row.discount, row.total)
    if total in _OPEN:
        return Price(None, None, row.total, discount is FieldAccess.MASKED)
    return Price(
        None, row.discount if discount in _OPEN else None, None, FieldAccess.MASKED in (total, discount)
    )


def as_seen_by(ctx: Context, member_id: int) -> Context:
    """The same piece of work through the eyes of another member."""
    if member_id == ctx.actor.id:
        return ctx
    one = ctx.session.get_one(Member, member_id)
    actor = Actor(one.id, one.name, Role(one.role), one.department, one.superior_id)
    return Context(ctx.session, actor, ctx.now, ctx.inbox_id, ctx.business)


def _decides(ctx: Context, standing: Standing | None) -> bool:
    """Whether the actor is asked, in his own name or for somebody away, or was the one who decided."""
    if standing is None:
        return False
    if standing.status in _DECIDED and standing.by is not None and standing.by.id == ctx.actor.id:
        return True
    asked = {one.id for one in standing.waiting}
    if not asked:
        return False
    return bool(asked & {ctx.actor.id, *acting_for(ctx.session, ctx.actor.id, ctx.now)})
