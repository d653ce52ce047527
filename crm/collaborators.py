"""Who works on a customer that is not his: let in by its owner, or asked for and granted; for a time or good.

Read lets see everything about the customer, write lets record and change as well. Neither lets share it
further: that is for the owner and those above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.journal import changed, created
from crm.rights import POOL, can_edit, may_act_for, name_of, need_claim
from store.tables import Collaborator, Customer, Member

READ, WRITE, ASKED = "read", "write", "asked"
MOST = 50
PATIENCE = timedelta(hours=24)  # how long a refusal holds before one may ask again


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works on a record. `until` is aware UTC, None for good."""

    id: int
    version: int
    member_id: int
    name: str
    right: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Shared:
    """A customer and one who works on it, or asks to; `changed` is False where it was so before."""

    customer: Customer
    owner: str
    worker: Worker
    changed: bool = True


def of_customer(ctx: Context, customer: Customer) -> list[Worker]:
    """Who works on a customer now, the longest first."""
    query = (
        select(Collaborator, col(Member.name))
        .join(Member, col(Member.id) == col(Collaborator.member_id))
        .where(
            col(Collaborator.object) == "customer",
            col(Collaborator.object_id) == customer.id,
            col(Collaborator.right).in_((READ, WRITE)),
            col(Collaborator.ended_at).is_(None),
            col(Collaborator.expires_at).is_(None) | (col(Collaborator.expires_at) > ctx.now),
        )
        .order_by(col(Collaborator.id))
        .limit(MOST)
    )
    return [_worker(row, name) for row, name in ctx.session.execute(query)]


def share(
    ctx: Context, customer: Customer, member: Member, right: str, until: datetime | None = None
) -> Shared:
    """Let a member work on a customer. Raises `NotAllowed` for all but its owner and those above."""
    _need_owner(ctx, customer, "开放")
    if member.id == customer.owner_id:
        raise UserMistake(f"{member.name}就是{customer.name}的负责人，不用再加协作。")
    if until is not None and until <= ctx.now:
        raise UserMistake("协作的截止时间已经过了，例如：协作 华星 李娜 可写 到月底")
    row = _open(ctx, customer.id, member.id)
    if row is None:
        row = _create(ctx, customer, member.id, right, until)
        return _shared(ctx, customer, row, member.name)
    same = (row.right, row.expires_at) == (right, until)
    if not same:
        changed(ctx, row, right=right, expires_at=until, granted_by=ctx.actor.id)
    return _shared(ctx, customer, row, member.name, fresh=not same)


def end(ctx: Context, customer: Customer, member: Member) -> Shared:
    """Let a member work on a customer no longer: by its owner, those above, or the member himself."""
    if member.id != ctx.actor.id:
        _need_owner(ctx, customer, "取消")
    row = _open(ctx, customer.id, member.id)
    if row is None or _over(ctx, row):
        raise UserMistake(f"{member.name}没有在协作{customer.name}，不用取消。")
    changed(ctx, row, ended_at=ctx.now)
    return _shared(ctx, customer, row, member.name)


def ask(ctx: Context, customer: Customer) -> Shared:
    """Ask the owner to be let in, once. Raises `Conflict` where that waits or was refused today."""
    if can_edit(ctx, customer):
        raise UserMistake(f"{customer.name}你已经可以查看和记录了，不用申请。")
    if customer.owner_id == POOL:
        need_claim(ctx)
        raise UserMistake(f"{customer.name}没有人负责，不用申请，直接领取：领取 {customer.name}")
    row = _open(ctx, customer.id, ctx.actor.id)
    owner = name_of(ctx, customer.owner_id)
    if row is not None and row.right == ASKED:
        raise Conflict(f"{customer.name}的协作已经申请过，在等{owner}同意。")
    if row is not None and not _over(ctx, row):
        how = f"协作 {customer.name} {ctx.actor.name} 可写"
        raise Conflict(f"{customer.name}你已经可以查看。要记录和修改，请{owner}发：{how}")
    _need_patience(ctx, customer, owner)
    if row is None:
        row = _create(ctx, customer, ctx.actor.id, ASKED, None)
    else:
        changed(ctx, row, right=ASKED, expires_at=None)
    return _shared(ctx, customer, row, ctx.actor.name)


def asked_by(ctx: Context, customer: Customer, member: Member) -> int:
    """The request of a member that waits for a word. Raises `UserMistake` where there is none."""
    row = _open(ctx, customer.id, member.id)
    if row is None or row.right != ASKED:
        raise UserMistake(f"{member.name}没有在申请协作{customer.name}。")
    return row.id


def decide(ctx: Context, collaborator_id: int, right: str | None, version: int = 0) -> Shared:
    """Grant what was asked for, or refuse it (None). Raises `NotAllowed`, `Conflict` where it is decided."""
    row = ctx.session.get(Collaborator, collaborator_id, with_for_update=True)
    customer = ctx.session.get(Customer, row.object_id) if row is not None else None
    if row is None or customer is None:
        raise UserMistake("这条协作申请已经不在了。")
    _need_owner(ctx, customer, "批准")
    name = name_of(ctx, row.member_id)
    if row.right != ASKED or row.ended_at is not None or (version and row.version != version):
        raise Conflict(f"{name}的协作申请{_outcome(ctx, row)}，没有再改。")
    if right is None:
        changed(ctx, row, ended_at=ctx.now, granted_by=ctx.actor.id)
    else:
        changed(ctx, row, right=right, granted_by=ctx.actor.id)
    return _shared(ctx, customer, row, name)


def _need_owner(ctx: Context, customer: Customer, what: str) -> None:
    if not may_act_for(ctx, customer.owner_id):
        owner = name_of(ctx, customer.owner_id)
        raise NotAllowed(f"{customer.name}由{owner}负责，协作由{owner}或上级{what}。")


def _need_patience(ctx: Context, customer: Customer, owner: str) -> None:
    query = select(col(Collaborator.id)).where(
        col(Collaborator.object) == "customer",
        col(Collaborator.object_id) == customer.id,
        col(Collaborator.member_id) == ctx.actor.id,
        col(Collaborator.right) == ASKED,
        col(Collaborator.granted_by).is_not(None),
        col(Collaborator.ended_at) > ctx.now - PATIENCE,
    )
    if ctx.session.execute(query.limit(1)).first() is not None:
        raise Conflict(f"{customer.name}的协作{owner}这边刚刚没有同意，过一天再申请，或者直接找对方商量。")


def _outcome(ctx: Context, row: Collaborator) -> str:
    if row.granted_by is None:
        return "已经撤回"
    verb = "拒绝" if row.right == ASKED else "同意"
    return f"已由{name_of(ctx, row.granted_by)}{verb}"


def _over(ctx: Context, row: Collaborator) -> bool:
    return row.expires_at is not None and row.expires_at <= ctx.now


def _open(ctx: Context, customer_id: int, member_id: int) -> Collaborator | None:
    query = select(Collaborator).where(
        col(Collaborator.object) == "customer",
        col(Collaborator.object_id) == customer_id,
        col(Collaborator.member_id) == member_id,
        col(Collaborator.ended_at).is_(None),
    )
    return ctx.session.execute(query.with_for_update()).scalar_one_or_none()


def _create(
    ctx: Context, customer: Customer, member_id: int, right: str, until: datetime | None
) -> Collaborator:
    row = Collaborator(
        object="customer",
        object_id=customer.id,
        member_id=member_id,
        right=right,
        expires_at=until,
        granted_by=None if right == ASKED else ctx.actor.id,
        inbox_id=ctx.inbox_id,
        created_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            return created(ctx, row)
    except IntegrityError as error:  # the same at the same moment
        raise Conflict(f"{customer.name}的协作刚刚有人改过，看一下：协作 {customer.name}") from error


def _worker(row: Collaborator, name: str) -> Worker:
    return Worker(row.id, row.version, row.member_id, name, row.right, row.expires_at)


def _shared(ctx: Context, customer: Customer, row: Collaborator, name: str, *, fresh: bool = True) -> Shared:
    return Shared(customer, name_of(ctx, customer.owner_id), _worker(row, name), fresh)
