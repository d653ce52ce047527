"""What waits for somebody's word moves up to the next who may give it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.handover.moving import reassign
from store.tables import Approval, ApprovalStatus, ApprovalTask, Member, Role

HEADS = (Role.DIRECTOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Moved:
    """A part of an approval that has gone up: `object` and `object_id` are what it is about."""

    part_id: int
    object: str
    object_id: int
    to_id: int


def next_up(ctx: Context, member: Member, part_ids: Collection[int]) -> dict[int, Moved]:
    """By part, who is to decide it in the member's place; nothing for one that nobody may."""
    query = (
        select(ApprovalTask, Approval)
        .join(Approval, col(Approval.id) == col(ApprovalTask.approval_id))
        .where(
            col(ApprovalTask.id).in_(list(part_ids)),
            col(ApprovalTask.status) == ApprovalStatus.PENDING,
            col(Approval.status) == ApprovalStatus.PENDING,
        )
        .order_by(col(ApprovalTask.id))
    )
    found: dict[int, Moved] = {}
    taken: set[tuple[int, int, int]] = set()
    for part, approval in ctx.session.execute(query):
        barred = {approval.requester_id, member.id} | _in_step(ctx, part)
        barred |= {to for at, node, to in taken if (at, node) == (approval.id, part.node)}
        to_id = next((one for one in _chain(ctx, member) if one not in barred), None)
        if to_id is not None:
            taken.add((approval.id, part.node, to_id))
            found[part.id] = Moved(part.id, approval.object, approval.object_id, to_id)
    return found


def move_up(ctx: Context, member: Member, part_ids: Collection[int]) -> list[Moved]:
    """Let the next up decide these parts. A part that is decided meanwhile cannot be taken back."""
    moved = next_up(ctx, member, part_ids)
    wanted = {part_id: one.to_id for part_id, one in moved.items()}
    reassign(ctx, ApprovalTask, "assignee_id", wanted, status=ApprovalStatus.PENDING.value)
    return list(moved.values())


def _chain(ctx: Context, member: Member) -> list[int]:
    """Who is above, the nearest first, then the heads of the organisation."""
    chain: list[int] = []
    at = member.superior_id
    while at is not None and at not in chain and at != member.id:
        superior = ctx.session.get_one(Member, at)
        chain.append(at)
        at = superior.superior_id
    heads = select(col(Member.id)).where(col(Member.role).in_(HEADS), col(Member.id).not_in(chain))
    chain += ctx.session.execute(heads.order_by(col(Member.id)).limit(20)).scalars()
    active = select(col(Member.id)).where(col(Member.id).in_(chain), col(Member.active).is_(True))
    living = set(ctx.session.execute(active).scalars())
    return [one for one in chain if one in living]


def _in_step(ctx: Context, part: ApprovalTask) -> set[int]:
    """Who has a part in the same step already."""
    query = select(col(ApprovalTask.assignee_id)).where(
        col(ApprovalTask.approval_id) == part.approval_id, col(ApprovalTask.node) == part.node
    )
    return set(ctx.session.execute(query).scalars())
