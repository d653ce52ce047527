"""Colleagues and departments in step with both platforms, over the wire, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.cli_sync import Wanted, run_sync, synced_lines
from bot.demo.run import AGENT_ID, Demo, demo
from bot.readers import Reader
from crm.directory import Source
from crm.sync import Synced
from sandbox import Department, Message, Status, User
from sandbox.dingtalk import DingTalk, Staff
from store.tables import Department as Row
from store.tables import Inbox, InboxStatus, Member
from tests.patience import PATIENCE

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 20, 15, 0, tzinfo=ZONE)
SALES_1 = 3


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    async with demo(company_url, start=START) as running:
        yield running


def reader(office: Demo, platform: str = "wecom") -> Reader:
    return next(one for one in office.service.registrar.readers if one.source.platform == platform)


async def sync(office: Demo, platform: str = "wecom", *, certain: bool = False) -> Synced:
    return await office.service.registrar.sync(reader(office, platform), certain=certain)


def member(office: Demo, name: str) -> Member:
    with Session(office.service.database.reader, expire_on_commit=False) as session:
        found: Member = session.execute(select(Member).where(col(Member.name) == name)).scalar_one()
        return found


def rows(office: Demo, *entities: Any) -> list[Any]:
    with Session(office.service.database.reader, expire_on_commit=False) as session:
        return list(session.execute(select(*entities)))


def change(office: Demo, *users: User, without: str = "", departments: tuple[Department, ...] = ()) -> None:
    """Somebody joins, changes or is deleted in WeCom's console."""
    world = office.sandbox.world
    names = {one.userid for one in users} | {without}
    kept = tuple(one for one in world.corp.users if one.userid not in names)
    tree = (*(d for d in world.corp.departments if d.id not in {x.id for x in departments}), *departments)
    groups = tuple(
        replace(g, members=tuple(who for who in g.members if who != without)) for g in world.corp.groups
    )
    world.change_corp(replace(world.corp, users=(*kept, *users), departments=tree, groups=groups))


def user(office: Demo, userid: str) -> User:
    found = office.sandbox.world.user(userid)
    assert found is not None
    return found


def ding(office: Demo) -> DingTalk:
    assert office.sandbox.dingtalk is not None
    return office.sandbox.dingtalk


def staff(office: Demo, userid: str) -> Staff:
    return next(one for one in ding(office).space.organisation.staff if one.wecom_userid == userid)


async def tell(office: Demo, change_type: str, *fields: tuple[str, object]) -> None:
    delivery = await office.sandbox.phones.contact_changed(change_type, list(fields))
    assert delivery.ok
    await office.service.dispatcher.idle()


async def answer(office: Demo, who: str, words: str) -> str:
    said = await office.sandbox.says(who, words)
    heard = await office.sandbox.wait_for(who, lambda m: m.sender == "app", PATIENCE, after=said)
    return heard.shows()


async def test_the_demo_company_is_already_in_step_with_both_directories(office: Demo) -> None:
    for platform in ("wecom", "dingtalk"):
        done = await sync(office, platform)
        assert (done.people, done.added, done.changed, done.left) == (13, 0, 0, [])
        assert (done.superiors, done.held_back) == (0, 0)
    names = {row[0].name for row in rows(office, Row)}
    assert {"销售一部", "财务部"} <= names
    assert len(rows(office, Row)) == len(office.sandbox.world.corp.departments)


async def test_somebody_new_is_known_at_once_and_has_a_manager_within_a_minute(office: Demo) -> None:
    await sync(office)
    team = user(office, "zhangwei").department_ids[0]
    change(office, User("XuMing", "徐明", (team,), "客户经理"))
    await tell(office, "create_user", ("UserID", "XuMing"), ("Name", "徐明"), ("Department", str(team)))
    assert "今天" in await answer(office, "XuMing", "今天")
    await office.service.registrar.look_up()
    new = member(office, "徐明")
    assert new.superior_id == member(office, "李娜").id
    assert (new.department, new.position) == ("销售一部", "客户经理")


async def test_an_event_with_only_what_changed_changes_only_that(office: Demo) -> None:
    await sync(office)
    before = member(office, "张伟")
    await tell(office, "update_user", ("UserID", "zhangwei"), ("Position", "高级客户经理"))
    after = member(office, "张伟")
    assert after.position == "高级客户经理"
    assert (after.department, after.superior_id) == (before.department, before.superior_id)
    await tell(office, "update_user", ("UserID", "zhangwei"), ("DirectLeader", "zhaolei"))
    assert member(office, "张伟").superior_id == member(office, "赵磊").id


async def test_a_userid_that_changes_stays_the_same_member(office: Demo) -> None:
    await sync(office)
    change(office, replace(user(office, "sunli"), userid="SunLi2"), without="sunli")
    await tell(office, "update_user", ("UserID", "sunli"), ("NewUserID", "SunLi2"))
    assert "今天" in await answer(office, "SunLi2", "今天")
    assert len(rows(office, Member)) == 13
    await office.service.registrar.look_up()
    assert member(office, "孙丽").active


async def test_departments_are_renamed_made_and_removed_by_events(office: Demo) -> None:
    await sync(office)
    await tell(office, "update_party", ("Id", SALES_1), ("Name", "华东销售部"))
    await tell(office, "create_party", ("Id", 90), ("Name", "渠道部"), ("ParentId", 1))
    names = {row[0].name: row[0] for row in rows(office, Row)}
    assert "华东销售部" in names
    assert names["渠道部"].parent_id is not None
    await tell(office, "delete_party", ("Id", 90))
    assert {row[0].name: row[0] for row in rows(office, Row)}["渠道部"].archived_at is not None


async def test_a_leaver_is_a_stranger_at_once_and_his_approvals_are_shown_to_his_superior(
    office: Demo,
) -> None:
    await sync(office)
    await sync(office, "dingtalk")
    said = await office.sandbox.says("zhangwei", "报价 华润置地 58万 9折 提交")
    await office.sandbox.wait_for("zhangwei", lambda m: "审批" in m.shows(), PATIENCE, after=said)
    asked: Message = await office.sandbox.wait_for("lina", lambda m: "待您审批" in m.shows(), PATIENCE)
    await ding(office).leaves_org(staff(office, "lina").staff_id)
    await office.service.dispatcher.idle()
    assert member(office, "李娜").active  # WeCom still knows her
    await tell(office, "delete_user", ("UserID", "lina"))
    assert not member(office, "李娜").active
    told = await office.sandbox.wait_for("chenjianguo", lambda m: "李娜已离开" in m.shows(), PATIENCE)
    assert "转陈建国" in told.shows()
    assert member(office, "张伟").superior_id == member(office, "陈建国").id
    await office.sandbox.tap("lina", asked, "同意")
    await office.service.dispatcher.idle()
    assert "已由李经理同意" not in asked.shows()
    assert "今天的待办" not in await answer(office, "lina", "今天")
    assert len(rows(office, Member)) == 13


async def test_a_disabled_account_is_dead_until_it_is_enabled(office: Demo) -> None:
    await sync(office)
    await tell(office, "update_user", ("UserID", "wangfang"), ("Status", int(Status.DISABLED)))
    assert "今天的待办" not in await answer(office, "wangfang", "今天")
    await tell(office, "update_user", ("UserID", "wangfang"), ("Status", int(Status.ACTIVE)))
    assert "今天" in await answer(office, "wangfang", "今天")


async def test_dingtalk_tells_only_who_and_the_rest_is_looked_up(office: Demo) -> None:
    await sync(office, "dingtalk")
    zhang = staff(office, "zhangwei")
    await ding(office).changes(replace(zhang, title="大客户经理", manager=staff(office, "zhaolei").staff_id))
    await ding(office).joins_org(Staff("0777", "unionXu", "徐明", zhang.department_ids, "客户经理"))
    await office.service.dispatcher.idle()
    await office.service.registrar.look_up()
    assert member(office, "张伟").position == "大客户经理"
    assert member(office, "张伟").superior_id == member(office, "赵磊").id
    assert member(office, "徐明").superior_id == member(office, "李娜").id


async def test_a_department_of_dingtalk_is_looked_up(office: Demo) -> None:
    await sync(office, "dingtalk")
    space = ding(office).space
    tree = tuple(
        replace(one, leaders=(staff(office, "wangfang").staff_id,)) if one.name == "客服部" else one
        for one in space.organisation.departments
    )
    space.organisation = replace(space.organisation, departments=tree)
    qian = staff(office, "qianjin")
    space.change_staff(replace(qian, manager=""), qian.staff_id)
    await ding(office).event("org_dept_modify", {"deptId": [next(d.id for d in tree if d.name == "客服部")]})
    await ding(office).event("user_modify_org", {"userId": [qian.staff_id]})
    await office.service.dispatcher.idle()
    await office.service.registrar.look_up()
    assert member(office, "钱进").superior_id == member(office, "王芳").id


async def test_a_large_department_of_dingtalk_is_read_page_by_page(office: Demo) -> None:
    zhang = staff(office, "zhangwei")
    for number in range(130):
        one = Staff(f"09{number:03}", f"union{number}", f"同事{number}", zhang.department_ids)
        ding(office).space.change_staff(one, one.staff_id)
    assert (await sync(office, "dingtalk")).added == 130
    assert member(office, "同事129").superior_id == member(office, "李娜").id


async def test_only_who_is_in_the_apps_range_is_read_and_hidden_leaders_are_passed_over(office: Demo) -> None:
    world = office.sandbox.world
    team = [one.userid for one in world.corp.users if one.userid != "lina"]
    app = replace(world.corp.apps[0], visible=frozenset(team))
    world.change_corp(replace(world.corp, apps=(app,)))
    done = await sync(office)
    assert (done.people, [one.name for one in done.left]) == (12, [])
    assert member(office, "李娜").active  # on DingTalk still
    assert "今天的待办" not in await answer_of_hidden(office)


async def answer_of_hidden(office: Demo) -> str:
    """What 李娜 hears on WeCom after the app was withdrawn from her: she writes from an open chat."""
    world = office.sandbox.world
    world.change_corp(replace(world.corp, apps=(replace(world.corp.apps[0], visible=None),)))
    return await answer(office, "lina", "今天")


SHAPES: list[tuple[str, list[tuple[str, object]]]] = [
    ("", []),
    ("create_user", [("UserID", "")]),
    ("create_user", [("UserID", "x" * 64), ("Department", "a,,b"), ("IsLeaderInDept", "1")]),
    ("update_user", [("UserID", "zhangwei"), ("Department", "999"), ("Status", "?")]),
    ("update_user", [("UserID", "zhangwei"), ("NewUserID", "lina")]),
    ("delete_user", [("UserID", "nobody")]),
    ("create_party", [("Id", "x"), ("Name", ""), ("ParentId", "7")]),
    ("update_party", [("Id", 1), ("ParentId", 1)]),
    ("delete_party", [("Id", 4711)]),
    ("update_tag", [("TagId", 1), ("AddUserItems", "zhangwei")]),
]


async def test_no_event_of_any_shape_stops_anything(office: Demo) -> None:
    await sync(office)
    for count, (change_type, fields) in enumerate(SHAPES, start=1):
        await tell(office, change_type, *fields)
        await office.service.registrar.look_up()
        assert rows(office, Inbox.status) == [(InboxStatus.DONE,)] * count
        assert (await sync(office)).left == []
        assert len(rows(office, Member)) == 13


async def test_the_whole_directory_is_read_once_a_night(office: Demo) -> None:
    def calls() -> int:
        return office.sandbox.calls("department/list", AGENT_ID)

    await office.sandbox.jump(datetime(2026, 11, 21, 2, 30, tzinfo=ZONE))
    assert calls() == 0
    change(office, User("XuMing", "徐明", (2,)), without="wuting")
    await office.sandbox.jump(datetime(2026, 11, 21, 3, 40, tzinfo=ZONE))
    assert calls() == 1
    assert member(office, "徐明").active
    for hours in (1, 2, 6, 10):
        await office.sandbox.jump(datetime(2026, 11, 21, 3, 40, tzinfo=ZONE) + timedelta(hours=hours))
    assert calls() == 1


async def test_a_night_that_failed_is_tried_again(office: Demo) -> None:
    office.sandbox.wecom.faults.untrusted = True
    await office.sandbox.jump(datetime(2026, 11, 21, 3, 40, tzinfo=ZONE))
    assert rows(office, Row) == [] or office.sandbox.calls("user/list", AGENT_ID) == 0
    office.sandbox.wecom.faults.untrusted = False
    await office.sandbox.jump(datetime(2026, 11, 21, 4, 45, tzinfo=ZONE))
    assert office.sandbox.calls("user/list", AGENT_ID) > 0


async def test_what_cannot_be_looked_up_waits(office: Demo) -> None:
    await sync(office)
    await tell(office, "update_user", ("UserID", "zhangwei"), ("Position", "顾问"))
    office.sandbox.wecom.faults.inject("user/get", 60020, 1)
    await office.service.registrar.look_up()
    assert member(office, "张伟").position == "顾问"
    office.clock.jump(START + timedelta(minutes=3))
    await office.service.registrar.look_up()
    assert member(office, "张伟").position == "客户经理"  # as the directory says


async def test_a_failed_department_makes_nobody_a_leaver(office: Demo) -> None:
    await sync(office)
    office.sandbox.wecom.faults.inject("user/list", 60123, 3)
    done = await sync(office)
    assert done.left == []
    assert done.held_back > 0


async def test_the_command_says_what_it_did_and_what_stands_in_the_way(office: Demo) -> None:
    said: list[str] = []
    assert await run_sync(office.service.registrar, Wanted("wecom"), said.append)
    assert said == ["企业微信 main：通讯录里 13 位，没有变化。"]
    office.sandbox.wecom.faults.untrusted = True
    assert not await run_sync(office.service.registrar, Wanted("wecom"), said.append)
    assert "企业可信IP" in said[1]
    assert not await run_sync(office.service.registrar, Wanted("wecom", "nobody"), said.append)
    assert "没有可以同步的应用" in said[2]


def test_the_command_names_leavers_doubts_and_what_was_held_back() -> None:
    told = "\n".join(
        synced_lines(Source("dingtalk", "ding"), Synced(people=9, added=2, held_back=7, doubtful=["张伟"]))
    )
    assert "钉钉 ding：通讯录里 9 位，新加入 2 位" in told
    assert "张伟" in told
    assert "--leavers" in told
