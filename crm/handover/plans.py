"""A hand-over while it is being decided: proposed by rule, changed by the manager, kept until it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from crm.context import Context
from crm.deputies import stand_ins
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.handover.approving import next_up
from crm.handover.candidates import Team, choices, team_of
from crm.handover.inventory import Belonging, Kind, belongings
from crm.handover.moving import chunks
from crm.handover.splitting import Choice
from crm.journal import changed, created
from crm.rights import may_act_for, name_of
from store.ids import new_id
from store.once import table_of
from store.tables import Customer, Handover, HandoverItem, Member, Role

PROPOSED, DONE, DROPPED = "proposed", "done", "dropped"
LEAVE, AHEAD = "leave", "ahead"
BY_HAND = "指定"
FOLLOWS = "随客户"
OWNER = "客户负责人"
ABOVE = "上移"
NO_CUSTOMER = "没有客户"
CANNOT_OWN = (Role.FINANCE, Role.AUDITOR)
MOST_OPEN = 5


def propose(ctx: Context, member: Member) -> Handover | None:
    """The open hand-over of a member, brought in step with what he owns, or a new one; None where he owns
    nothing open."""
    row = open_of(ctx.session, member.id)
    owned = belongings(ctx.session, member.id)
    if row is None and not owned:
        return None
    if row is None:
        managers = stand_ins(ctx.session, member)
        row = created(
            ctx,
            Handover(
                member_id=member.id,
                manager_id=managers[0] if managers else None,
                kind=AHEAD if member.active else LEAVE,
                created_at=ctx.now,
                done_at=None,
            ),
        )
    renew(ctx, row, member, owned)
    return row


def open_of(session: Session, member_id: int) -> Handover | None:
    """The hand-over of a member that waits for a decision."""
    query = select(Handover).where(col(Handover.member_id) == member_id, col(Handover.state) == PROPOSED)
    found: Handover | None = session.execute(query.order_by(col(Handover.id).desc()).limit(1)).scalar()
    return found


def waiting_for(ctx: Context) -> list[Handover]:
    """Open hand-overs that the actor may decide, those that he was asked about first, then the newest."""
    query = select(Handover).where(col(Handover.state) == PROPOSED, col(Handover.member_id) != ctx.actor.id)
    query = query.order_by(col(Handover.manager_id) != ctx.actor.id, col(Handover.id).desc())
    open_ = ctx.session.execute(query.limit(MOST_OPEN * 4)).scalars().all()
    mine = [one for one in open_ if one.manager_id == ctx.actor.id or may_act_for(ctx, one.member_id)]
    return mine[:MOST_OPEN]


def load(ctx: Context, handover_id: int, version: int | None = None) -> Handover:
    """An open hand-over that the actor may decide, held until the transaction ends.

    Raises `NotAllowed`, and `Conflict` where it is decided or not the one that was shown.
    """
    query = select(Handover).where(col(Handover.id) == handover_id).with_for_update()
    found = ctx.session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise UserMistake("没有找到这份交接。要交接谁的客户，说：交接 张伟")
    row: Handover = found
    need_manage(ctx, ctx.session.get_one(Member, row.member_id))
    if row.state != PROPOSED:
        raise Conflict(ended_words(ctx, row))
    if version is not None and version != row.version:
        raise Conflict("交接名单后来改过，请按最新的卡片处理。")
    return row


def need_manage(ctx: Context, member: Member) -> None:
    """Raise `NotAllowed` unless the actor is above the member, or administrates."""
    if member.id != ctx.actor.id and may_act_for(ctx, member.id):
        return
    managers = [name_of(ctx, one) for one in stand_ins(ctx.session, member)]
    who = "、".join(managers) or "管理员"
    raise NotAllowed(f"{member.name}的交接由{who}或管理员安排。单个客户可以转：把客户名转给李娜")


def ended_words(ctx: Context, row: Handover) -> str:
    """What became of a hand-over, for somebody who comes too late."""
    name = name_of(ctx, row.member_id)
    if row.state == DONE and row.done_at is not None:
        return f"{name}的交接已经在{ctx.wall(row.done_at).strftime('%-m月%-d日 %H:%M')}完成。"
    return f"{name}的交接已经取消。要重新安排，说：交接 {name}"


def drop(ctx: Context, row: Handover) -> None:
    """Nothing is handed over."""
    changed(ctx, row, state=DROPPED, done_at=ctx.now)


def drop_open(ctx: Context, member_id: int) -> None:
    """Somebody who had left is back: what was proposed because of that is over."""
    row = open_of(ctx.session, member_id)
    if row is not None and row.kind == LEAVE:
        drop(ctx, row)


def give(ctx: Context, row: Handover, to: Member, customer_id: int | None = None) -> None:
    """Another receiver for a customer with all that is about it, or (None) for everything."""
    need_receiver(to, row.member_id)
    items = select(col(HandoverItem.id)).where(col(HandoverItem.handover_id) == row.id)
    if customer_id is None:
        items = items.where(col(HandoverItem.object) != Kind.APPROVAL.value)
    else:
        items = items.where(
            col(HandoverItem.object) == Kind.CUSTOMER.value, col(HandoverItem.object_id) == customer_id
        )
    ids = list(ctx.session.execute(items).scalars())
    if not ids:
        raise UserMistake("这份交接里没有这个客户，换一个，例如：全部给李娜")
    for some in chunks(ids):
        write = update(HandoverItem).where(col(HandoverItem.id).in_(some))
        ctx.session.execute(write.values(to_id=to.id, reason=BY_HAND))
    ctx.session.expire_all()
    row.version += 1
    renew(ctx, row, ctx.session.get_one(Member, row.member_id))


def need_receiver(to: Member, member_id: int) -> None:
    """Raise `UserMistake` for somebody who cannot take over."""
    if to.id == member_id:
        raise UserMistake(f"{to.name}就是要交接的人，换一位同事，例如：全部给李娜")
    if not to.active:
        raise UserMistake(f"{to.name}已经离开，换一位同事，例如：全部给李娜")
    if to.role in CANNOT_OWN:
        raise UserMistake(f"{to.name}不做客户，换一位销售同事，例如：全部给李娜")


def items_of(session: Session, handover_id: int) -> list[HandoverItem]:
    """What is handed over."""
    query = select(HandoverItem).where(col(HandoverItem.handover_id) == handover_id)
    return list(session.execute(query.order_by(col(HandoverItem.id))).scalars())


def renew(
    ctx: Context, row: Handover, member: Member, owned: Sequence[Belonging] | None = None
) -> list[Belonging]:
    """Bring the items in step with what the member owns now; those that were decided stay as decided."""
    owned = belongings(ctx.session, member.id) if owned is None else owned
    kept = {(one.object, one.object_id): one for one in items_of(ctx.session, row.id)}
    there = {one.key for one in owned}
    active = select(col(Member.id)).where(col(Member.id).in_({one.to_id for one in kept.values()} - {None}))
    here = set(ctx.session.execute(active.where(col(Member.active).is_(True))).scalars())
    gone = [one.id for key, one in kept.items() if key not in there or one.to_id not in here]
    for some in chunks(gone):
        ctx.session.execute(delete(HandoverItem).where(col(HandoverItem.id).in_(some)))
    kept = {key: one for key, one in kept.items() if key in there and one.to_id in here}
    team = team_of(ctx, member)
    _customers(ctx, row, member, team, [one for one in owned if one.key not in kept])
    _others(ctx, row, member, team, owned, kept)
    ctx.session.flush()
    return list(owned)


def _customers(ctx: Context, row: Handover, member: Member, team: Team, new: Sequence[Belonging]) -> None:
    ids = [one.id for one in new if one.kind is Kind.CUSTOMER]
    chosen = choices(ctx, member, team, ids) if ids else {}
    nobody = Choice(None, "")
    _put(ctx, row, {(Kind.CUSTOMER.value, one): chosen.get(one, nobody) for one in ids})


def _others(
    ctx: Context,
    row: Handover,
    member: Member,
    team: Team,
    owned: Sequence[Belonging],
    kept: Mapping[tuple[str, int], HandoverItem],
) -> None:
    """What is about a customer goes with it; approvals go up; the rest to the manager or who has least."""
    customers = [one for one in items_of(ctx.session, row.id) if one.object == Kind.CUSTOMER.value]
    with_customer = {one.object_id: Choice(one.to_id, FOLLOWS) for one in customers}
    about = {one.customer_id for one in owned if one.customer_id is not None}
    elsewhere = _owners(ctx, about - set(with_customer), member.id)
    up = next_up(ctx, member, [one.id for one in owned if one.kind is Kind.APPROVAL])
    spread = list(team.peers) or [one for one in (team.fallback,) if one is not None]
    new: dict[tuple[str, int], Choice] = {}
    for place, one in enumerate(one for one in owned if one.kind is not Kind.CUSTOMER):
        item = kept.get(one.key)
        if one.kind is Kind.APPROVAL:
            choice = Choice(up[one.id].to_id if one.id in up else None, ABOVE)
        elif one.customer_id in with_customer:
            choice = with_customer[one.customer_id]
        elif item is not None:
            continue
        elif one.customer_id in elsewhere:
            choice = Choice(elsewhere[one.customer_id], OWNER)
        elif one.kind is Kind.EXTERNAL and spread:
            choice = Choice(spread[place % len(spread)], NO_CUSTOMER)
        else:
            choice = Choice(team.fallback, NO_CUSTOMER)
        if item is None:
            new[one.key] = choice
        elif (item.to_id, item.reason) != (choice.to_id, choice.reason):
            item.to_id, item.reason = choice.to_id, choice.reason
            ctx.session.add(item)
    _put(ctx, row, new)


def _owners(ctx: Context, customer_ids: set[int], member_id: int) -> dict[int, int]:
    """The owners of other people's customers, as far as they are here."""
    found: dict[int, int] = {}
    for some in chunks(sorted(customer_ids)):
        query = (
            select(col(Customer.id), col(Customer.owner_id))
            .join(Member, col(Member.id) == col(Customer.owner_id))
            .where(col(Customer.id).in_(some), col(Member.active).is_(True), col(Member.id) != member_id)
        )
        found |= {row[0]: row[1] for row in ctx.session.execute(query)}
    return found


def _put(ctx: Context, row: Handover, chosen: Mapping[tuple[str, int], Choice]) -> None:
    """Add items, all at once."""
    rows = [
        {
            "id": new_id(),
            "handover_id": row.id,
            "object": key[0],
            "object_id": key[1],
            "to_id": choice.to_id,
            "reason": choice.reason,
            "state": PROPOSED,
        }
        for key, choice in chosen.items()
    ]
    ctx.session.flush()
    if rows:
        ctx.session.execute(insert(table_of(HandoverItem)), rows)
