"""Leaving: an account dies with its cards and questions, and who has none left is a member no more.

Nothing is deleted, and customers keep their owner: what he leaves is proposed to his manager as a hand-over,
and decided by people.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import col

from crm import away, quotes
from crm.accounts import of_member
from crm.context import Context
from crm.deputies import deputies, stand_ins
from crm.handover import plans
from crm.handover.views import HandoverView, view
from crm.journal import changed
from crm.quotes import QuoteView
from store.tables import CardRow, Conversation, Identity, Member


@dataclass(frozen=True, slots=True)
class Leaver:
    """Who has left, the quotes that wait for his word, the proposed hand-over of what is his, and who must
    know of these."""

    member_id: int
    name: str
    waiting: tuple[QuoteView, ...] = ()
    told: tuple[int, ...] = ()
    handover: HandoverView | None = None


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
    away.drop_all(ctx, member.id)
    row = plans.propose(ctx, member)
    told = _told(ctx, member) if waiting or row is not None else ()
    return Leaver(member.id, member.name, waiting, told, view(ctx, row) if row is not None else None)


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


def _told(ctx: Context, member: Member) -> tuple[int, ...]:
    """Who stands in for him, and the deputies of those who are away."""
    managers = stand_ins(ctx.session, member)
    acting = deputies(ctx.session, managers, ctx.now)
    return tuple(dict.fromkeys((*managers, *acting.values())))
