"""Accounts: how a platform's directory names members. Found, made, brought back, kept in step.

The same colleague is one member on every platform. An account is known by its id; failing that by the same
id in another app of the platform, for all of these belong to one organisation; failing that by a name that
only one member bears, in the same department. What is not certain becomes a member of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col

from crm.context import Context
from crm.directory import Colleague, Source
from crm.handover import plans
from crm.journal import changed, created
from store.tables import Identity, Member


@dataclass(frozen=True, slots=True)
class Account:
    """An identity and its member."""

    identity: Identity
    member: Member


@dataclass(frozen=True, slots=True)
class Taken:
    """The account of somebody in the directory. `doubtful`: a member of that name exists, perhaps the same
    person; `is_new`: the member was made just now."""

    account: Account
    is_new: bool
    doubtful: bool = False


def known(session: Session, source: Source) -> dict[str, Account]:
    """All accounts of an app by userid, also the dead ones."""
    found = session.execute(_accounts().where(_of(source)))
    return {identity.external_id: Account(identity, member) for identity, member in found}


def account(session: Session, source: Source, userid: str) -> Account | None:
    """One account by its userid (in any case)."""
    query = _accounts().where(_of(source), col(Identity.external_id) == userid.lower())
    row = session.execute(query).first()
    return None if row is None else Account(row[0], row[1])


def adopt(ctx: Context, source: Source, one: Colleague, department: str) -> Taken:
    """Make the account of somebody whom this app has not known, for the member he is or a new one.

    `department` is the name of his first department.
    """
    member = _same_id(ctx.session, source, one.userid)
    namesakes = [] if member is not None else _namesakes(ctx.session, source.platform, one.name)
    alike = [other for other in namesakes if department and other.department == department]
    if len(alike) == 1 and len(namesakes) == 1:
        member = alike[0]
    is_new = member is None
    if member is None:
        member = created(
            ctx,
            Member(
                name=one.name or one.userid,
                department=department,
                position=one.position,
                created_at=ctx.now,
                updated_at=ctx.now,
            ),
        )
    identity = Identity(
        platform=source.platform,
        app=source.app,
        external_id=one.userid.lower(),
        address=one.address or one.userid,
        member_id=member.id,
        leaders=list(one.leaders),
        synced_at=ctx.now,
        left_at=None,
        created_at=ctx.now,
    )
    created(ctx, identity)
    return Taken(Account(identity, member), is_new, doubtful=is_new and bool(namesakes))


def revive(ctx: Context, one: Account) -> bool:
    """Bring a dead account back, with all that the member has on the platform; whether it was dead.

    What nobody has handed over until then stays his.
    """
    was_dead = one.identity.left_at is not None or not one.member.active
    if was_dead:
        for identity in of_member(ctx.session, one.member.id, one.identity.platform):
            changed(ctx, identity, left_at=None)
        changed(ctx, one.member, active=True)
        plans.drop_open(ctx, one.member.id)
    return was_dead


def of_member(session: Session, member_id: int, platform: str | None = None) -> list[Identity]:
    """A member's accounts, the oldest first."""
    query = select(Identity).where(col(Identity.member_id) == member_id)
    if platform is not None:
        query = query.where(col(Identity.platform) == platform)
    return list(session.execute(query.order_by(col(Identity.id))).scalars())


def leading(session: Session, member_ids: Iterable[int] | None = None) -> dict[int, int]:
    """The account that tells about each member: the oldest living one of a directory, by member id."""
    query = select(col(Identity.member_id), col(Identity.id)).where(
        col(Identity.left_at).is_(None), col(Identity.synced_at).is_not(None)
    )
    if member_ids is not None:
        query = query.where(col(Identity.member_id).in_(list(member_ids)))
    found: dict[int, int] = {}
    for member_id, identity_id in session.execute(query.order_by(col(Identity.id))):
        found.setdefault(member_id, identity_id)
    return found


def member_of(session: Session, userid: str) -> int | None:
    """The active member whom some directory knows by this userid."""
    query = (
        select(col(Identity.member_id))
        .join(Member, col(Member.id) == col(Identity.member_id))
        .where(
            col(Identity.external_id) == userid.lower(),
            col(Identity.left_at).is_(None),
            col(Member.active).is_(True),
        )
    )
    row = session.execute(query.order_by(col(Identity.id)).limit(1)).first()
    return None if row is None else int(row[0])


def _accounts() -> Select[Identity, Member]:
    return select(Identity, Member).join(Member, col(Member.id) == col(Identity.member_id))


def _of(source: Source) -> ColumnElement[bool]:
    return (col(Identity.platform) == source.platform) & (col(Identity.app) == source.app)


def _same_id(session: Session, source: Source, userid: str) -> Member | None:
    """The member whom another app of the platform knows by the same id."""
    query = _accounts().where(
        col(Identity.platform) == source.platform, col(Identity.external_id) == userid.lower()
    )
    row = session.execute(query.order_by(col(Identity.id)).limit(1)).first()
    return None if row is None else row[1]


def _namesakes(session: Session, platform: str, name: str) -> list[Member]:
    """Active members of this name who have no account on the platform yet."""
    there = select(col(Identity.member_id)).where(col(Identity.platform) == platform)
    query = select(Member).where(
        col(Member.name) == name, col(Member.active).is_(True), col(Member.id).not_in(there)
    )
    return list(session.execute(query.order_by(col(Member.id)).limit(2)).scalars()) if name else []
