"""Away for a time, with a deputy who acts in one's place: begun, ended by itself or before, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from crm.context import Context
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.journal import changed, created
from crm.rights import may_act_for, name_of
from store.tables import Away, Member

LONGEST = timedelta(days=366)
EXAMPLE = "例如：请假 12月1日到12月5日 代理 李娜"
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away, who acts for him, and from when till when: local and naive; `end` is the first moment
    that he is back, None where that is open."""

    id: int
    member_id: int
    name: str
    deputy_id: int
    deputy: str
    start: datetime
    end: datetime | None
    reason: str = ""
    over: bool = False


def start(
    ctx: Context, member: Member, deputy: Member, span: tuple[datetime, datetime | None], reason: str = ""
) -> Absence:
    """A member is away from `span[0]` until before `span[1]` (aware), and `deputy` acts for him.

    Raises `NotAllowed` for anybody but himself and those above, `UserMistake` for a deputy or a time that
    cannot be, `Conflict` where he is away then already.
    """
    if not may_act_for(ctx, member.id):
        raise NotAllowed(f"{member.name}的请假由{member.name}本人或上级登记。给自己登记：{EXAMPLE[3:]}")
    begin, until = span
    _check(ctx, member, deputy, begin, until)
    row = created(
        ctx,
        Away(
            member_id=member.id,
            deputy_id=deputy.id,
            from_at=begin,
            until_at=until,
            reason=reason,
            created_by=ctx.actor.id,
            inbox_id=ctx.inbox_id,
            ended_at=None,
            created_at=ctx.now,
        ),
    )
    return shown(ctx, row)


def end(ctx: Context, member: Member) -> list[Absence]:
    """He is back: everything that runs now or is still to come ends. Raises `NotAllowed`."""
    if not may_act_for(ctx, member.id):
        raise NotAllowed(f"{member.name}的请假由{member.name}本人或上级结束。")
    rows = _standing(ctx, col(Away.member_id) == member.id, ctx.now)
    return [shown(ctx, changed(ctx, row, ended_at=ctx.now)) for row in rows]


def over(ctx: Context) -> list[Absence]:
    """Absences whose time is over, ended now: for the clock, which tells both."""
    query = (
        select(Away)
        .where(col(Away.ended_at).is_(None), col(Away.until_at) <= ctx.now)
        .order_by(col(Away.id))
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = list(ctx.session.execute(query).scalars())
    return [shown(ctx, changed(ctx, row, ended_at=ctx.now)) for row in rows]


def drop_all(ctx: Context, member_id: int) -> None:
    """Somebody has left: nobody acts for him as a deputy, and he for nobody."""
    mine = (col(Away.member_id) == member_id) | (col(Away.deputy_id) == member_id)
    for row in _standing(ctx, mine, ctx.now):
        changed(ctx, row, ended_at=ctx.now)


def standing_of(ctx: Context, member_id: int) -> list[Absence]:
    """What runs now or is still to come of a member, and where he is the deputy; the soonest first."""
    mine = (col(Away.member_id) == member_id) | (col(Away.deputy_id) == member_id)
    return [shown(ctx, row) for row in _standing(ctx, mine, ctx.now)]


def get(session: Session, away_id: int) -> Away:
    """A row. Raises `UserMistake` where there is none."""
    row = session.get(Away, away_id)
    if row is None:
        raise UserMistake("没有找到这次请假。")
    return row


def shown(ctx: Context, row: Away) -> Absence:
    """An absence as it is shown."""
    return Absence(
        id=row.id,
        member_id=row.member_id,
        name=name_of(ctx, row.member_id),
        deputy_id=row.deputy_id,
        deputy=name_of(ctx, row.deputy_id),
        start=ctx.wall(row.from_at),
        end=ctx.wall(row.until_at) if row.until_at is not None else None,
        reason=row.reason,
        over=row.ended_at is not None,
    )


def _check(ctx: Context, member: Member, deputy: Member, begin: datetime, until: datetime | None) -> None:
    if deputy.id == member.id:
        raise UserMistake(f"代理人不能是自己，换一位同事，{EXAMPLE}")
    if not deputy.active:
        raise UserMistake(f"{deputy.name}已经离开了，换一位同事代理，{EXAMPLE}")
    if until is not None and until <= max(begin, ctx.now):
        raise UserMistake(f"结束时间已经过了，{EXAMPLE}")
    if until is not None and until - begin > LONGEST:
        raise UserMistake(f"一次最多登记一年，{EXAMPLE}")
    both = col(Away.member_id).in_((member.id, deputy.id))
    for row in _standing(ctx, both, begin):
        if until is not None and row.from_at >= until:
            continue
        one = shown(ctx, row)
        till = f"到{one.end - timedelta(minutes=1):%-m月%-d日}" if one.end else ""
        if row.member_id == deputy.id:
            raise UserMistake(f"{deputy.name}那时也请假{till}，换一位同事代理。")
        raise Conflict(f"{member.name}已经登记请假{till}，由{one.deputy}代理。要改先回复：销假")


def _standing(ctx: Context, which: object, after: datetime) -> Sequence[Away]:
    """What has not ended and is not over at `after`."""
    query = select(Away).where(
        which,  # type: ignore[arg-type]  # a condition
        col(Away.ended_at).is_(None),
        col(Away.until_at).is_(None) | (col(Away.until_at) > after),
    )
    return list(ctx.session.execute(query.order_by(col(Away.from_at), col(Away.id)).limit(AT_ONCE)).scalars())
