"""A hand-over carried out: everything changes hands in one turn, and can be taken back as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from crm import ownership, transfers
from crm.context import Context
from crm.errors import UserMistake
from crm.handover.approving import Moved, move_up
from crm.handover.inventory import Belonging, Kind
from crm.handover.moving import chunks, reassign
from crm.handover.plans import DONE, items_of, load, renew
from crm.handover.views import HandoverView, view
from crm.journal import changed
from crm.rights import need_many
from store.tables import (
    Approval,
    ApprovalStatus,
    ApprovalTask,
    CustomRecord,
    Handover,
    HandoverItem,
    Member,
    Quote,
    Task,
)


@dataclass(frozen=True, slots=True)
class Carried:
    """What was done: the hand-over as it is now, the approvals that went up, how many external contacts
    are asked for in WeCom."""

    view: HandoverView
    moved: tuple[Moved, ...] = ()
    asked: int = 0


def carry_out(ctx: Context, handover_id: int, version: int | None = None) -> Carried:
    """Everything to whom it was given. Raises `NotAllowed`, and `Conflict` where it was done or has changed.

    What came up since the card was shown is given by the same rule; what is not his any more stays.
    """
    row = load(ctx, handover_id, version)
    member = ctx.session.get_one(Member, row.member_id)
    owned = renew(ctx, row, member)
    shown = view(ctx, row, owned)
    if not shown.shares and not shown.approvals:
        raise UserMistake(f"{member.name}名下现在没有要交接的，不用处理。")
    items = [one for one in items_of(ctx.session, row.id) if one.to_id is not None]
    need_many(ctx, len(items))
    _change_hands(ctx, owned, items)
    parts = [one.object_id for one in items if one.object == Kind.APPROVAL.value]
    moved = move_up(ctx, member, parts)
    outside = _wanted(items, Kind.EXTERNAL)
    asked = transfers.plan(ctx, row.id, outside) if outside else 0
    changed(ctx, row, state=DONE, done_at=ctx.now, inbox_id=ctx.inbox_id)
    return Carried(_after(shown, row), tuple(moved), asked)


def _after(shown: HandoverView, row: Handover) -> HandoverView:
    """The same, as it is now."""
    return HandoverView(
        id=shown.id,
        version=row.version,
        state=row.state,
        member_id=shown.member_id,
        name=shown.name,
        left=shown.left,
        counts=shown.counts,
        shares=shown.shares,
        due=shown.due,
        approvals=shown.approvals,
        stuck=shown.stuck,
        at=shown.at,
    )


def _change_hands(ctx: Context, owned: Sequence[Belonging], items: Sequence[HandoverItem]) -> None:
    reassign(ctx, Task, "assignee_id", _wanted(items, Kind.TASK))
    reassign(ctx, CustomRecord, "owner_id", _wanted(items, Kind.RECORD))
    hand_quotes(ctx, _wanted(items, Kind.QUOTE))
    ownership.give(ctx, _wanted(items, Kind.CUSTOMER))


def _wanted(items: Sequence[HandoverItem], kind: Kind) -> dict[int, int]:
    return {one.object_id: one.to_id for one in items if one.object == kind.value and one.to_id is not None}


def hand_quotes(ctx: Context, receivers: Mapping[int, int]) -> None:
    """Quotes get another owner, who also becomes the requester of what is asked about them, unless he is the
    one who is asked."""
    reassign(ctx, Quote, "owner_id", receivers)
    for some in chunks(sorted(receivers)):
        query = select(col(Approval.id), col(Approval.object_id)).where(
            col(Approval.object) == "quote",
            col(Approval.object_id).in_(some),
            col(Approval.status) == ApprovalStatus.PENDING,
        )
        open_ = {approval: receivers[quote] for approval, quote in ctx.session.execute(query)}
        asked = select(col(ApprovalTask.approval_id), col(ApprovalTask.assignee_id)).where(
            col(ApprovalTask.approval_id).in_(list(open_))
        )
        own = {approval for approval, person in ctx.session.execute(asked) if open_[approval] == person}
        reassign(ctx, Approval, "requester_id", {one: to for one, to in open_.items() if one not in own})
