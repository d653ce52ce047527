"""Customers' groups of a leaver go to who gets their people, and the manager is told in the same card."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo.run import Demo, demo
from crm.group_transfers import Wanted
from crm.handover import plans
from crm.handover.carrying import carry_out
from crm.handover.inventory import Kind
from crm.handover.undoing import take_back
from sandbox import External, Follow
from sandbox.company import Status
from sandbox.wecom.customer_groups import CustomerGroup
from store.tables import ExternalContact, ExternalFollow, Handover, HandoverItem, Member
from tests.bot.leaving import LEAVER, MANAGER, calls, carry, context_of, heard, later, leave, shows

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LIST = "externalcontact/groupchat/list"
LEFT, HERE = "externalcontact/groupchat/transfer", "externalcontact/groupchat/onjob_transfer"


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    async with demo(company_url, start=START) as running:
        world = running.sandbox.world
        people = tuple(External(f"wm{n}", f"客户{n}", (Follow(LEAVER),)) for n in range(4))
        world.change_corp(replace(world.corp, externals=people))
        registrar = running.service.registrar
        await registrar.import_externals(registrar.outside[0])
        running.sandbox.wecom.customer_groups.groups = [
            CustomerGroup("wr0", "美的项目群", LEAVER, (LEAVER,), ("wm0", "wm1")),
            CustomerGroup("wr1", "华润项目群", LEAVER, (LEAVER,), ("wm2",)),
            CustomerGroup("wr2", "展会交流群", LEAVER, (LEAVER,), ("wmStranger",)),
            CustomerGroup("wr3", "别人的群", MANAGER, (MANAGER,), ("wm3",)),
        ]
        yield running


def owners(office: Demo) -> dict[str, str]:
    return {one.chat_id: one.owner for one in office.sandbox.wecom.customer_groups.groups}


async def forget_people(office: Demo) -> None:
    """Nobody outside is in touch with anybody: there are groups alone."""

    def gone(session: Session) -> None:
        for one in session.execute(select(ExternalFollow)).scalars():
            one.gone_at = office.clock.now()

    await office.service.writer.run(gone)


def _divide(session: Session, office: Demo) -> None:
    """The people of one group go to the manager, everything else to 孙丽."""
    ctx, to = (context_of(session, office, one) for one in (MANAGER, "sunli"))
    row = session.execute(select(Handover).where(col(Handover.state) == plans.PROPOSED)).scalars().one()
    plans.give(ctx, row, session.get_one(Member, to.actor.id))
    theirs = (
        select(HandoverItem)
        .join(ExternalFollow, col(ExternalFollow.id) == col(HandoverItem.object_id))
        .join(ExternalContact, col(ExternalContact.id) == col(ExternalFollow.contact_id))
        .where(col(HandoverItem.object) == Kind.EXTERNAL.value, col(ExternalContact.external_id) == "wm2")
    )
    session.execute(theirs).scalars().one().to_id = ctx.actor.id
    session.flush()
    carry_out(ctx, row.id)


async def test_each_group_goes_to_who_gets_its_people(office: Demo) -> None:
    await leave(office)
    await office.service.writer.run(partial(_divide, office=office))
    await later(office, minutes=5)
    assert calls(office, LIST) == 0
    await later(office, minutes=6)
    assert owners(office) == {"wr0": "sunli", "wr1": MANAGER, "wr2": "sunli", "wr3": MANAGER}
    await later(office, minutes=30)
    assert calls(office, LIST) == 1
    await later(office, hours=25)
    told = await heard(office, MANAGER, "外部联系人和客户群转接完了")
    assert "转过去 4 位；群转过去 3 个" in told.shows()
    assert "已转 3 位、2 个群" in told.shows()
    await office.sandbox.world.wait_for("sunli", shows("3 位外部联系人、2 个客户群已在企业微信转到你名下"))


async def test_groups_alone_are_told_at_once(office: Demo) -> None:
    await forget_people(office)
    await leave(office)
    office.sandbox.wecom.group_transfers.closed = {"sunli"}
    await carry(office, "sunli")
    await later(office, minutes=11)
    await later(office, minutes=1)
    told = await heard(office, MANAGER, "客户群转接完了")
    assert "没转成 3 个" in told.shows()
    assert "接手人没有开通客户联系" in told.shows()
    assert set(owners(office).values()) == {LEAVER, MANAGER}


async def test_who_is_still_on_the_platform_gives_them_the_other_way(office: Demo) -> None:
    await leave(office)
    world = office.sandbox.world
    users = (replace(one, status=Status.ACTIVE) if one.userid == LEAVER else one for one in world.corp.users)
    world.change_corp(replace(world.corp, users=tuple(users)))
    await carry(office, "sunli")
    await later(office, minutes=11)
    assert (calls(office, LEFT), calls(office, HERE)) == (1, 1)
    assert owners(office) == dict.fromkeys(("wr0", "wr1", "wr2"), "sunli") | {"wr3": MANAGER}


async def test_out_of_reach_it_is_tried_again_within_the_hour(office: Demo) -> None:
    await leave(office)
    await carry(office, "sunli")
    office.sandbox.wecom.faults.inject(LIST, 45009, 1)
    await later(office, minutes=11)
    assert set(owners(office).values()) == {LEAVER, MANAGER}
    await later(office, minutes=60)
    assert owners(office)["wr0"] == "sunli"
    await later(office, hours=25)
    await heard(office, MANAGER, "群转过去 3 个")


async def test_taken_back_in_time_the_groups_stay(office: Demo) -> None:
    await leave(office)
    handover = await carry(office, "sunli")

    def back(session: Session) -> None:
        take_back(context_of(session, office, MANAGER), handover)

    await office.service.writer.run(back)
    await later(office, minutes=30)
    assert calls(office, LIST) == 0
    assert set(owners(office).values()) == {LEAVER, MANAGER}


def test_most_of_the_people_decide_and_the_first_gets_the_rest() -> None:
    wanted = Wanted(1, "main", "zhang", True, {"wm1": 7, "wm2": 7, "wm3": 5, "wm4": 5}, {}, first=9)
    assert wanted.receiver(["wm1", "wm2", "wm3"]) == 7
    assert wanted.receiver(["wm1", "wm3", "wmElse"]) == 5
    assert wanted.receiver(["wmElse"]) == 9
