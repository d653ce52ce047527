"""External contacts go to another member in WeCom: asked in hundreds, followed for a day, told at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo.run import Demo, demo
from crm.handover import plans, single
from crm.handover.undoing import take_back
from sandbox import External, Follow
from sandbox.company import Status
from store.tables import Customer, ExternalContact, ExternalFollow, ExternalTransfer, Member
from tests.bot.leaving import LEAVER, MANAGER, calls, carry, context_of, heard, later, leave, shows

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ASK = "externalcontact/resigned/transfer_customer"
RESULT = "externalcontact/resigned/transfer_result"
FEW, MANY = 30, 230
"""External contacts: one batch, and three."""


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    """The company, and a few whom 张伟 has added."""
    async with demo(company_url, start=START) as running:
        await added(running, FEW)
        yield running


async def added(office: Demo, count: int) -> None:
    """So many people outside are known to 张伟, and to us."""
    people = tuple(External(f"wm{n:03}", f"客户{n}", (Follow(LEAVER),)) for n in range(count))
    world = office.sandbox.world
    world.change_corp(replace(world.corp, externals=people))
    registrar = office.service.registrar
    await registrar.import_externals(registrar.outside[0])


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


async def test_many_contacts_go_over_and_what_was_refused_is_told(office: Demo) -> None:
    await added(office, MANY)
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
    told = await heard(office, MANAGER, "外部联系人转接完了")
    assert "转过去 228 位，没转成 2 位" in told.shows()
    assert "客户不同意换人：客户3、客户120" in told.shows()
    await office.sandbox.world.wait_for(to, shows("228 位外部联系人已在企业微信转到你名下"))


async def test_taken_back_in_time_nobody_outside_hears_of_it(office: Demo) -> None:
    await leave(office)
    handover = await carry(office, "sunli")

    def back(session: Session) -> None:
        take_back(context_of(session, office, MANAGER), handover)

    await office.service.writer.run(back)
    await later(office, minutes=30)
    assert calls(office, ASK) == 0
    assert states(office) == {("dropped", 0): FEW}


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
    assert states(office) == {("asked", 0): FEW - 1, ("failed", 40096): 1}


async def test_somebody_who_is_still_here_goes_the_other_way(office: Demo) -> None:
    def ahead(session: Session) -> None:
        ctx = context_of(session, office, MANAGER)
        member = session.get_one(Member, context_of(session, office, LEAVER).actor.id)
        assert plans.propose(ctx, member) is not None

    await office.service.writer.run(ahead)
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert (calls(office, ASK), calls(office, "externalcontact/transfer_customer")) == (0, 1)
    await later(office, hours=25)
    assert states(office) == {("done", 0): FEW}


async def test_a_receiver_who_cannot_have_them_is_named(office: Demo) -> None:
    await leave(office)
    office.sandbox.wecom.transfers.unverified = {"sunli"}
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert states(office) == {("failed", 40098): FEW}
    told = await heard(office, MANAGER, "外部联系人转接完了")
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
    assert states(office) == {("asked", 0): FEW - 2, ("refused", 3): 1, ("failed", 4): 1}


async def test_who_has_left_us_but_not_the_platform_goes_the_other_way(office: Demo) -> None:
    await leave(office)
    world = office.sandbox.world
    users = (replace(one, status=Status.ACTIVE) if one.userid == LEAVER else one for one in world.corp.users)
    world.change_corp(replace(world.corp, users=tuple(users)))
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert states(office) == {("asked", 0): FEW}
    assert calls(office, "externalcontact/transfer_customer") == 1
    await later(office, hours=25)
    assert states(office) == {("done", 0): FEW}


def _give_one(session: Session, office: Demo) -> None:
    """李娜 gives one customer of 张伟's, whose people he has added, to 孙丽."""
    former, to = (context_of(session, office, one).actor.id for one in (LEAVER, "sunli"))
    query = select(Customer).where(col(Customer.owner_id) == former, col(Customer.archived_at).is_(None))
    customer = session.execute(query.order_by(col(Customer.id)).limit(1)).scalar_one()
    people = select(ExternalContact).where(col(ExternalContact.external_id).in_(("wm001", "wm002", "wm003")))
    for one in session.execute(people).scalars():
        one.customer_id = customer.id
    session.flush()
    given = single.give(
        context_of(session, office, MANAGER), [(customer.id, customer.version)], session.get_one(Member, to)
    )
    assert given.asked == 3


async def test_one_customer_that_is_given_away_takes_its_people_along(office: Demo) -> None:
    office.sandbox.wecom.transfers.refusing = {"wm002"}
    await office.service.writer.run(partial(_give_one, office=office))
    await later(office, minutes=5)
    assert calls(office, "externalcontact/transfer_customer") == 0
    await later(office, minutes=6)
    assert calls(office, "externalcontact/transfer_customer") == 1
    assert states(office) == {("asked", 0): 3}
    await later(office, hours=25)
    assert states(office) == {("done", 0): 2, ("refused", 3): 1}
    told = await heard(office, MANAGER, "外部联系人转接完了")
    assert "转过去 2 位，没转成 1 位" in told.shows()
    assert "客户不同意换人：客户2" in told.shows()
    await office.sandbox.world.wait_for("sunli", shows("2 位外部联系人已在企业微信转到你名下"))
    assert calls(office, "externalcontact/groupchat/list") == 0
