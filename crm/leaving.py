"""Leaving: an account dies with its cards and questions, and who has none left is a member no more.

Nothing is deleted, and customers keep their owner: handing them over is decided by people.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlmodel import Session, col

from crm import quotes
from crm.accounts import of_member
from crm.context import Context
from crm.journal import changed
from crm.quotes import QuoteView
from store.tables import CardRow, Conversation, Identity, Member, Role

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who has left, the quotes that wait for his word, and who must know of these."""

    member_id: int
    name: str
    waiting: tuple[QuoteView, ...] = ()
    told: tuple[int, ...] = ()


def end(ctx: Context, identity: Identity, *, everywhere: bool) -> Leaver | None:
    """End an account. `everywhere`: he has left the organisation there, and with it all apps of the platform.

    Otherwise he is out of this app's sight; where no other directory shows him, that comes to the same.
    Gives the leaver where no account is left to him anywhere.
    """
    living = [one for one in of_member(ctx.session, identity.member_id) if one.left_at is None]
    there = [one for one in living if one.platform == identity.platform]
    seen = [one for one in there if one.synced_at is not None and one.id != identity.id]
    seen = [one for one in seen if one.external_id == identity.external_id]
    ended = [one for one in there if one.id == identity.id] if seen and not everywhere else there
    for one in ended:
        changed(ctx, one, left_at=ctx.now)
        _silence(ctx, one)
    member = ctx.session.get_one(Member, identity.member_id)
    if len(ended) < len(living) or not member.active:
        return None
    changed(ctx, member, active=False)
    waiting = tuple(quotes.waiting_for(ctx, member.id))
    return Leaver(member.id, member.name, waiting, _told(ctx.session, member) if waiting else ())


def _silence(ctx: Context, one: Identity) -> None:
    """His cards take no more changes, and no question waits for his answer."""
    ctx.session.execute(
        update(CardRow)
        .where(
            col(CardRow.member_id) == one.member_id,
            col(CardRow.platform) == one.platform,
            col(CardRow.app) == one.app,
            col(CardRow.settled).is_(False),
        )
        .values(settled=True, updated_at=ctx.now)
        .execution_options(synchronize_session=False)
    )
    ctx.session.execute(
        update(Conversation)
        .where(
            col(Conversation.member_id) == one.member_id,
            col(Conversation.platform) == one.platform,
            col(Conversation.app) == one.app,
            col(Conversation.is_group).is_(False),
        )
        .values(memory={}, updated_at=ctx.now, version=Conversation.version + 1)
        .execution_options(synchronize_session=False)
    )


def _told(session: Session, member: Member) -> tuple[int, ...]:
    """The superior, else whoever is above, else the administrators."""
    passed = {member.id}
    at = member.superior_id
    while at is not None and at not in passed:
        passed.add(at)
        superior = session.get_one(Member, at)
        if superior.active:
            return (superior.id,)
        at = superior.superior_id
    query = select(col(Member.id)).where(col(Member.role) == Role.ADMIN, col(Member.active).is_(True))
    return tuple(session.execute(query.order_by(col(Member.id)).limit(MOST_TOLD)).scalars())
