"""Somebody leaves while the service runs on the simulated platforms, and his work is handed over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo.run import Demo
from crm.context import Actor, Context
from crm.handover import plans
from crm.handover.carrying import carry_out
from sandbox.company import Status
from sandbox.state import Message
from store.tables import Handover, Identity, Member, Role

LEAVER, MANAGER = "zhangwei", "lina"
AGENT = 1000002


async def leave(office: Demo, userid: str = LEAVER) -> None:
    """The platform's own event, for somebody who is on no other platform any more."""
    world = office.sandbox.world
    users = (replace(one, status=Status.LEFT) if one.userid == userid else one for one in world.corp.users)
    world.change_corp(replace(world.corp, users=tuple(users)))

    def elsewhere(session: Session) -> None:
        member = context_of(session, office, userid).actor.id
        query = select(Identity).where(
            col(Identity.member_id) == member, col(Identity.platform) == "dingtalk"
        )
        for one in session.execute(query).scalars():
            one.left_at = office.clock.now()

    await office.service.writer.run(elsewhere)
    delivery = await office.sandbox.phones.contact_changed("delete_user", [("UserID", userid)])
    assert delivery.ok
    await office.service.dispatcher.idle()


def context_of(session: Session, office: Demo, userid: str) -> Context:
    """What services are called with by the member of this account."""
    query = select(Member).join(Identity, col(Identity.member_id) == col(Member.id))
    member = session.execute(query.where(col(Identity.external_id) == userid)).scalars().first()
    assert member is not None
    actor = Actor(member.id, member.name, Role(member.role), "", member.superior_id)
    return Context(session, actor, office.clock.now(), 1, office.settings.business())


def _carry(session: Session, office: Demo, to: str) -> int:
    """Everything to one colleague; the hand-over's id."""
    ctx = context_of(session, office, MANAGER)
    row = session.execute(select(Handover).where(col(Handover.state) == plans.PROPOSED)).scalars().one()
    plans.give(ctx, row, session.get_one(Member, context_of(session, office, to).actor.id))
    return carry_out(ctx, row.id).view.id


async def carry(office: Demo, to: str) -> int:
    """Hand everything over to one colleague; the id of the hand-over."""
    return await office.service.writer.run(partial(_carry, office=office, to=to))


async def later(office: Demo, **span: float) -> None:
    """Let time go by, and what is due be done."""
    office.clock.jump(office.clock.now() + timedelta(**span))
    await office.service.settle()


def calls(office: Demo, path: str) -> int:
    """How often the API was called so."""
    return office.sandbox.wecom.flow.calls[path, AGENT]


def shows(words: str) -> partial[bool]:
    """Whether a message shows these words."""

    def look(message: Message, words: str) -> bool:
        return words in message.shows()

    return partial(look, words=words)


async def heard(office: Demo, who: str, words: str) -> Message:
    """What he is told, without waiting for the next tick to tell it."""
    await office.service.settle()
    return await office.sandbox.world.wait_for(who, shows(words))
