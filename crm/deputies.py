"""Who hears and acts in a member's place: the deputy of somebody away, the manager of somebody who has left.

Look-ups without an actor, for the clock as well; the rights that a deputy has are in `crm.rights`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from crm.rights import POOL
from store.tables import Away, Member, Role

MOST_TOLD = 5


def running(now: datetime) -> ColumnElement[bool]:
    """The condition on `Away` that leaves what holds at `now` (aware)."""
    return (
        (col(Away.from_at) <= now)
        & (col(Away.ended_at).is_(None))
        & (col(Away.until_at).is_(None) | (col(Away.until_at) > now))
    )


def acting_for(session: Session, member_id: int, now: datetime) -> list[int]:
    """Those in whose place the member acts now."""
    query = select(col(Away.member_id)).where(col(Away.deputy_id) == member_id, running(now))
    return sorted(set(session.execute(query).scalars()))


def deputies(session: Session, member_ids: Collection[int], now: datetime) -> dict[int, int]:
    """The active deputy of each of these who is away now."""
    if not member_ids:
        return {}
    query = (
        select(col(Away.member_id), col(Away.deputy_id))
        .join(Member, col(Member.id) == col(Away.deputy_id))
        .where(col(Away.member_id).in_(list(member_ids)), running(now), col(Member.active).is_(True))
        .order_by(col(Away.id))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def stand_ins(session: Session, member: Member) -> tuple[int, ...]:
    """Who stands in for somebody who has left: the nearest active superior, else the administrators.

    Nobody for the holder of the pool.
    """
    if member.id == POOL:
        return ()
    passed = {member.id}
    at = member.superior_id
    while at is not None and at not in passed:
        passed.add(at)
        superior = session.get_one(Member, at)
        if superior.active:
            return (superior.id,)
        at = superior.superior_id
    query = select(col(Member.id)).where(col(Member.role) == Role.ADMIN, col(Member.active).is_(True))
    query = query.where(col(Member.id) != member.id).order_by(col(Member.id)).limit(MOST_TOLD)
    return tuple(session.execute(query).scalars())


def reached(session: Session, members: Iterable[Member], now: datetime) -> dict[int, tuple[int, ...]]:
    """By member, who is told what is meant for him: himself and his deputy, or who stands in for him."""
    everybody = list(members)
    away = deputies(session, [one.id for one in everybody], now)
    found: dict[int, tuple[int, ...]] = {}
    for one in everybody:
        if not one.active:
            managers = stand_ins(session, one)
            acting = deputies(session, managers, now).values()
            found[one.id] = tuple(dict.fromkeys((*managers, *acting)))
        else:
            found[one.id] = (one.id, away[one.id]) if one.id in away else (one.id,)
    return found
