"""External contacts go to another member in WeCom: asked in hundreds, followed for a day, told at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo.run import Demo, demo
from crm.context import Actor, Context
from crm.handover import plans
from crm.handover.carrying import carry_out
from crm.handover.undoing import take_back
from sandbox import External, Follow
from sandbox.company import Status
from sandbox.state import Message
from store.tables import ExternalFollow, ExternalTransfer, Handover, Identity, Member, Role

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LEAVER, MANAGER = "zhangwei", "lina"
ASK = "externalcontact/resigned/transfer_customer"
RESULT = "externalcontact/resigned/transfer_result"
AGENT = 1000002


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    async with demo(company_url, start=START) as running:
        people = tuple(External(f"wm{n:03}", f"客户{n}", (Follow(LEAVER),)) for n in range(230))
        world = running.sandbox.world
        world.change_corp(replace(world.corp, externals=people))
        registrar = running.service.registrar
        await registrar.import_externals(registrar.outside[0])
        yield running


async def leave(office: Demo, userid: str = LEAVER) -> None:
    """The platform's own event, for somebody who is on no other platform any more."""
    world = office.sandbox.world
    users = (replace(one, status=Status.LEFT) if one.userid == userid else one for one in world.corp.users)
    world.change_corp(replace(world.corp, users=tuple(users)))

    def elsewhere(session: Session) -> None:
        member = _context(session, office, userid).actor.id
        query = select(Identity).where(
            col(Identity.member_id) == member, col(Identity.platform) == "dingtalk"
        )
        for one in session.execute(query).scalars():
            one.left_at = office.clock.now()

    await office.service.writer.run(elsewhere)
    delivery = await office.sandbox.phones.contact_changed("delete_user", [("UserID", userid)])
    assert delivery.ok
    await office.service.dispatcher.idle()


def _context(session: Session, office: Demo, userid: str) -> Context:
    query = select(Member).join(Identity, col(Identity.member_id) == col(Member.id))
    member = session.execute(query.where(col(Identity.external_id) == userid)).scalars().first()
    assert member is not None
    actor = Actor(member.id, member.name, Role(member.role), "", member.superior_id)
    return Context(session, actor, office.clock.now(), 1, office.settings.business())


def _carry(session: Session, office: Demo, to: str) -> int:
    """Everything to one colleague; the hand-over's id."""
    ctx = _context(session, office, MANAGER)
    row = session.execute(select(Handover).where(col(Handover.state) == plans.PROPOSED)).scalars().one()
    plans.give(ctx, row, session.get_one(Member, _context(session, office, to).actor.id))
    return carry_out(ctx, row.id).view.id


async def carry(office: Demo, to: str) -> int:
    return await office.service.writer.run(partial(_carry, office=office, to=to))


async def later(office: Demo, **span: float) -> None:
    office.clock.jump(office.clock.now() + timedelta(**span))
    await office.service.settle()


def states(office: Demo) -> Counter[tuple[str, int]]:
    with Session(office.service.database.reader) as session:
        rows = session.execute(select(ExternalTransfer)).scalars()
        return Counter((one.state, one.code) for one in rows)


def in_touch(office: Demo, userid: str) -> int:
    with Session(office.service.database.reader) as session:
        query = select(ExternalFollow).where(
            col(ExternalFollow.external_id) == userid, col(ExternalFollow.gone_at).is_(None)
        )
        return len(session.execute(query).scalars().all())


def calls(office: Demo, path: str) -> int:
    return office.sandbox.wecom.flow.calls[path, AGENT]


def shows(words: str) -> partial[bool]:
    def look(message: Message, words: str) -> bool:
        return words in message.shows()

    return partial(look, words=words)


async def test_many_contacts_go_over_and_what_was_refused_is_told(office: Demo) -> None:
    await leave(office)
    to = "sunli"
    transfers = office.sandbox.wecom.transfers
    transfers.refusing = {"wm003", "wm120"}
    transfers.page = 100
    await carry(office, to)
    await later(office, minutes=5)
    assert (calls(office, ASK), states(office)) == (0, {("waiting", 0): 230})
    await later(office, minutes=6)
    assert calls(office, ASK) == 3
    assert states(office) == {("asked", 0): 230}
    await later(office, hours=3)
    assert calls(office, RESULT) == 0
    await later(office, hours=22)
    assert calls(office, RESULT) == 3
    assert states(office) == {("done", 0): 228, ("refused", 3): 2}
    assert in_touch(office, LEAVER) == 2
    for _ in range(6):  # what has changed is looked up some at a time
        await later(office, minutes=1)
    assert in_touch(office, to) == 228
    told = await office.sandbox.world.wait_for(MANAGER, shows("外部联系人转接完了"))
    assert "转过去 228 位，没转成 2 位" in told.shows()
    assert "客户不同意换人：客户3、客户120" in told.shows()
    await office.sandbox.world.wait_for(to, shows("228 位外部联系人已在企业微信转到你名下"))


async def test_taken_back_in_time_nobody_outside_hears_of_it(office: Demo) -> None:
    await leave(office)
    handover = await carry(office, "sunli")

    def back(session: Session) -> None:
        take_back(_context(session, office, MANAGER), handover)

    await office.service.writer.run(back)
    await later(office, minutes=30)
    assert calls(office, ASK) == 0
    assert states(office) == {("dropped", 0): 230}


async def test_each_contact_has_its_own_reason_and_a_limit_is_waited_for(office: Demo) -> None:
    await leave(office)
    world = office.sandbox.world
    known = tuple(one for one in world.corp.externals if one.external_userid != "wm001")
    world.change_corp(replace(world.corp, externals=known))
    await carry(office, "sunli")
    office.sandbox.wecom.faults.inject(ASK, 45009, 1)
    await later(office, minutes=11)
    assert calls(office, ASK) == 1
    assert {state for state, _ in states(office)} == {"waiting"}
    await later(office, minutes=2)
    assert states(office) == {("asked", 0): 229, ("failed", 40096): 1}


async def test_somebody_who_is_still_here_goes_the_other_way(office: Demo) -> None:
    def ahead(session: Session) -> None:
        ctx = _context(session, office, MANAGER)
        member = session.get_one(Member, _context(session, office, LEAVER).actor.id)
        assert plans.propose(ctx, member) is not None

    await office.service.writer.run(ahead)
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert (calls(office, ASK), calls(office, "externalcontact/transfer_customer")) == (0, 3)
    await later(office, hours=25)
    assert states(office) == {("done", 0): 230}


async def test_a_receiver_who_cannot_have_them_is_named(office: Demo) -> None:
    await leave(office)
    office.sandbox.wecom.transfers.unverified = {"sunli"}
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert states(office) == {("failed", 40098): 230}
    told = await office.sandbox.world.wait_for(MANAGER, shows("外部联系人转接完了"))
    assert "接手人还没有实名认证" in told.shows()


async def test_a_refusal_is_known_when_the_platform_tells_of_it(office: Demo) -> None:
    await leave(office)
    await carry(office, "sunli")
    await later(office, minutes=11)
    for external, reason in (("wm003", "customer_refused"), ("wm004", "customer_limit_exceed")):
        fields: list[tuple[str, object]] = [
            ("FailReason", reason),
            ("UserID", "sunli"),
            ("ExternalUserID", external),
        ]
        assert (await office.sandbox.phones.external_changed("transfer_fail", fields)).ok
    await office.service.dispatcher.idle()
    assert states(office) == {("asked", 0): 228, ("refused", 3): 1, ("failed", 4): 1}


async def test_who_has_left_us_but_not_the_platform_goes_the_other_way(office: Demo) -> None:
    await leave(office)
    world = office.sandbox.world
    users = (replace(one, status=Status.ACTIVE) if one.userid == LEAVER else one for one in world.corp.users)
    world.change_corp(replace(world.corp, users=tuple(users)))
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert states(office) == {("asked", 0): 230}
    assert calls(office, "externalcontact/transfer_customer") == 3
    await later(office, hours=25)
    assert states(office) == {("done", 0): 230}
