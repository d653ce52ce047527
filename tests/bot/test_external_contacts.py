"""External contacts of WeCom taken over and kept in step, over the wire, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.cli_sync import Wanted, external_line, run_externals
from bot.demo.run import Demo, demo
from crm.directory import Source
from crm.externals import Imported
from sandbox import External, Follow, Tag
from store.tables import Customer, ExternalContact, ExternalFollow, Member

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
COMPANY = "华润置地（华东）有限公司"
WANG = External(
    "wmWang",
    "王建国",
    (
        Follow("zhangwei", "王总", "二期", COMPANY, ("et1",), 3, createtime=1_700_000_000),
        Follow("lina", "华润王总", tags=("et1", "et2"), add_way=1),
    ),
)
LI = External("woLi", "李梅", (Follow("sunli", add_way=2),), "没有这家公司", "采购", kind=2)
TAGS = (Tag("et1", "重点客户"), Tag("et2", "华东", "区域"))


@pytest.fixture
async def office(company_url: str) -> AsyncIterator[Demo]:
    async with demo(company_url, start=START) as running:
        outside(running, WANG, LI)
        yield running


def outside(office: Demo, *people: External) -> None:
    world = office.sandbox.world
    world.change_corp(replace(world.corp, externals=people, tags=TAGS))


async def take(office: Demo) -> Imported:
    registrar = office.service.registrar
    return await registrar.import_externals(registrar.outside[0])


def rows(office: Demo, *entities: Any) -> list[Any]:
    with Session(office.service.database.reader, expire_on_commit=False) as session:
        return list(session.execute(select(*entities)))


def contact(office: Demo, external_id: str) -> ExternalContact:
    (found,) = [row[0] for row in rows(office, ExternalContact) if row[0].external_id == external_id]
    return found  # type: ignore[no-any-return]  # rows are untyped


def follows(office: Demo, external_id: str) -> dict[str, ExternalFollow]:
    one = contact(office, external_id)
    found = [row[0] for row in rows(office, ExternalFollow)]
    return {row.external_id: row for row in found if row.contact_id == one.id}


async def tell(office: Demo, change_type: str, userid: str, external_id: str) -> None:
    fields: list[tuple[str, object]] = [("UserID", userid), ("ExternalUserID", external_id)]
    delivery = await office.sandbox.phones.external_changed(change_type, fields)
    assert delivery.ok
    await office.service.registrar.look_up()


async def test_everything_is_taken_over_and_linked_by_the_exact_name(office: Demo) -> None:
    done = await take(office)
    assert (done.added, done.linked, done.parted) == (2, 1, 0)
    (customer,) = [r[0] for r in rows(office, Customer) if r[0].name == COMPANY]
    assert contact(office, "wmWang").customer_id == customer.id
    assert contact(office, "woLi").customer_id is None
    both = follows(office, "wmWang")
    assert set(both) == {"zhangwei", "lina"}
    members = {row[0].id: row[0].name for row in rows(office, Member)}
    mine = both["zhangwei"]
    assert (members[mine.member_id or 0], mine.remark, mine.corp_remark) == ("张伟", "王总", COMPANY)
    assert (mine.tags, mine.add_way, both["lina"].tags) == (["重点客户"], 3, ["重点客户", "华东"])
    assert mine.added_at is not None


async def test_the_same_again_changes_nothing(office: Demo) -> None:
    await take(office)
    assert await take(office) == Imported()


async def test_many_come_page_by_page_with_an_empty_one_between(office: Demo) -> None:
    many = tuple(External(f"wm{n}", f"客户{n}", (Follow("zhangwei"),)) for n in range(230))
    outside(office, *many)
    assert (await take(office)).added == 230
    assert office.sandbox.wecom.flow.calls["externalcontact/batch/get_by_user", 1000002] == 4


async def test_whoever_is_there_no_more_is_kept_as_parted(office: Demo) -> None:
    await take(office)
    outside(office, replace(WANG, follows=WANG.follows[:1]), LI)
    assert (await take(office)).parted == 1
    assert follows(office, "wmWang")["lina"].gone_at is not None
    assert contact(office, "wmWang").name == "王建国"


async def test_a_batch_that_leaves_somebody_out_parts_nobody(office: Demo) -> None:
    await take(office)
    office.sandbox.wecom.externals.unlicensed = {"lina"}
    outside(office, replace(WANG, follows=WANG.follows[1:]), LI)
    assert (await take(office)).parted == 0
    assert all(one.gone_at is None for one in follows(office, "wmWang").values())


async def test_a_new_contact_is_looked_up_when_the_event_tells_of_it(office: Demo) -> None:
    await tell(office, "add_external_contact", "zhangwei", "wmWang")
    both = follows(office, "wmWang")
    assert both["zhangwei"].tags == ["重点客户"]
    outside(office, replace(WANG, follows=(replace(WANG.follows[0], remark="王建国总"), WANG.follows[1])), LI)
    await tell(office, "edit_external_contact", "zhangwei", "wmWang")
    assert follows(office, "wmWang")["zhangwei"].remark == "王建国总"


@pytest.mark.parametrize("change_type", ["del_external_contact", "del_follow_user"])
async def test_parting_is_known_at_once(office: Demo, change_type: str) -> None:
    await take(office)
    await tell(office, change_type, "ZhangWei", "wmWang")
    both = follows(office, "wmWang")
    assert both["zhangwei"].gone_at is not None
    assert both["lina"].gone_at is None
    await tell(office, "add_external_contact", "zhangwei", "wmWang")
    assert follows(office, "wmWang")["zhangwei"].gone_at is None


async def test_what_came_and_went_leaves_nothing(office: Demo) -> None:
    await tell(office, "add_external_contact", "zhangwei", "wmNobody")
    await tell(office, "del_external_contact", "zhangwei", "wmNobody")
    assert rows(office, ExternalContact) == []


async def test_nobody_outside_is_no_fault(office: Demo) -> None:
    outside(office)
    assert await take(office) == Imported()


async def test_the_command_says_what_came_of_it(office: Demo) -> None:
    said: list[str] = []
    assert await run_externals(office.service.registrar, Wanted(), said.append)
    assert said == ["企业微信 main 客户联系：新导入 2 位，对上客户 1 位。"]
    office.sandbox.wecom.faults.inject("externalcontact/get_follow_user_list", 84074, 1)
    assert not await run_externals(office.service.registrar, Wanted(), said.append)
    assert "权限配置" in said[1]
    assert not await run_externals(office.service.registrar, Wanted("dingtalk"), said.append)


def test_nothing_new_is_said_as_such() -> None:
    assert external_line(Source("wecom", "main"), Imported()) == "企业微信 main 客户联系：没有变化。"
