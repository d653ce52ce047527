"""Where a member wants to be told things, of all the accounts by which he is known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from crm import once
from crm.context import Context
from crm.errors import UserMistake
from store.tables import Identity

PLATFORMS = {"wecom": "企业微信", "dingtalk": "钉钉"}


def accounts(ctx: Context) -> list[Identity]:
    """The actor's living accounts, oldest first."""
    query = select(Identity).where(col(Identity.member_id) == ctx.actor.id, col(Identity.left_at).is_(None))
    return list(ctx.session.execute(query.order_by(col(Identity.id)).limit(20)).scalars())


def undecided(session: Session, member_id: int) -> bool:
    """Whether somebody is known on several platforms and has never said where he wants to be told things."""
    query = select(
        func.count(func.distinct(col(Identity.platform))), func.count(col(Identity.preferred_at))
    ).where(col(Identity.member_id) == member_id, col(Identity.left_at).is_(None))
    platforms, wishes = session.execute(query).one()
    return platforms > 1 and not wishes


def first_told(session: Session, member_id: int, now: datetime) -> bool:
    """Whether somebody who is `undecided` is told of the choice now: once, ever."""
    return undecided(session, member_id) and once.first(session, f"where:{member_id}", now)


def prefer(ctx: Context, platform: str, app: str = "") -> Identity:
    """From now on the actor is told things on this platform, in this app if he has it.

    Raises `UserMistake` where he is not known there.
    """
    there = [one for one in accounts(ctx) if one.platform == platform]
    if not there:
        name = PLATFORMS.get(platform, platform)
        raise UserMistake(f"还不认识您的{name}账号。先在{name}里和我说句话，再发一次：在{name}提醒我")
    chosen = next((one for one in there if one.app == app), there[0])
    chosen.preferred_at = ctx.now
    ctx.session.add(chosen)
    return chosen


def forget(ctx: Context) -> None:
    """Back to where it is decided by itself."""
    ctx.session.execute(
        update(Identity).where(col(Identity.member_id) == ctx.actor.id).values(preferred_at=None)
    )
