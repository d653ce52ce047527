"""Somebody leaves: the platform's event, the manager's card, one tap, and everybody knows; over the wire."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.demo.run import Demo, demo
from crm.handover.inventory import belongings
from sandbox.state import Message
from store.tables import Customer, Identity, Member
from tests.bot.company import company
from tests.databases import Databases
from tests.patience import PATIENCE

START = datetime(2026, 11, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(params=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, databases: Databases) -> AsyncIterator[Demo]:
    with company(databases, request.param, START) as url:
        async with demo(url, start=START) as running:
            yield running


def shows(words: str) -> Callable[[Message], bool]:
    def look(message: Message) -> bool:
        return words in message.shows()

    return look


def member(office: Demo, name: str) -> Member:
    with Session(office.service.database.reader, expire_on_commit=False) as session:
        found: Member = session.execute(select(Member).where(col(Member.name) == name)).scalars().one()
        return found


def owned(office: Demo, name: str) -> int:
    with Session(office.service.database.reader) as session:
        query = select(Customer).where(col(Customer.owner_id) == member(office, name).id)
        return len(session.execute(query).scalars().all())


async def leave(office: Demo, userid: str, name: str) -> None:
    """He is on no other platform any more, and WeCom tells that he has left."""
    world = office.sandbox.world
    groups = tuple(
        replace(one, members=tuple(who for who in one.members if who != userid)) for one in world.corp.groups
    )
    users = tuple(one for one in world.corp.users if one.userid != userid)
    world.change_corp(replace(world.corp, groups=groups, users=users))

    def elsewhere(session: Session) -> None:
        query = select(Identity).where(col(Identity.platform) == "dingtalk")
        for one in session.execute(query).scalars():
            if one.member_id == member(office, name).id:
                one.left_at = office.clock.now()

    await office.service.writer.run(elsewhere)
    delivery = await office.sandbox.phones.contact_changed("delete_user", [("UserID", userid)])
    assert delivery.ok
    await office.service.dispatcher.idle()


async def test_the_manager_taps_once_and_takes_it_back_once(office: Demo) -> None:
    had = owned(office, "张伟")
    assert had > 0
    await leave(office, "zhangwei", "张伟")
    assert not member(office, "张伟").active
    card = await office.sandbox.wait_for("lina", shows("张伟已离开，请安排交接"), PATIENCE)
    assert f"客户 {had} 家" in card.shows()
    await office.sandbox.tap("lina", card, "按此交接")
    await office.service.dispatcher.idle()
    with Session(office.service.database.reader) as session:
        assert belongings(session, member(office, "张伟").id) == []
    await office.sandbox.wait_for("lina", shows("撤销交接"), PATIENCE)
    told = await office.sandbox.wait_for("wangfang", shows("张伟的工作交给你了"), PATIENCE)
    assert "从今天起接手张伟的工作" in told.shows()
    said = await office.sandbox.says("lina", "撤销")
    await office.sandbox.wait_for("lina", shows("张伟的交接已撤回"), PATIENCE, after=said)
    assert owned(office, "张伟") == had


async def test_it_is_changed_by_words_before(office: Demo) -> None:
    had = owned(office, "张伟")
    await leave(office, "zhangwei", "张伟")
    await office.sandbox.wait_for("lina", shows("请安排交接"), PATIENCE)
    said = await office.sandbox.says("lina", "全部给孙丽")
    await office.sandbox.wait_for("lina", shows("好，全部给孙丽"), PATIENCE, after=said)
    before = owned(office, "孙丽")
    said = await office.sandbox.says("lina", "按此交接")
    await office.sandbox.wait_for("lina", shows("张伟的交接办好了"), PATIENCE, after=said)
    assert owned(office, "孙丽") == before + had
