"""Writing about external contacts: remarks, tags, the welcome; and contacts with very many followers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sandbox import External, Follow, Tag, User
from sandbox.wecom import limits
from tests.sandbox.world import Json, Stage, stage

MO = External("wmMo", "莫言", (Follow("Zhang", "莫总", tags=("et1",)), Follow("Li")))
YU = External("woYu", "余华", (Follow("Zhang", remark_corp_name="旧名"),), "余氏文化", kind=2)
PATH = "externalcontact/"


@pytest.fixture
async def outside() -> AsyncIterator[Stage]:
    """Two people outside, three tags in two groups."""
    async with stage() as on:
        world = on.sandbox.world
        tags = (Tag("et1", "重点"), Tag("et2", "普通"), Tag("et3", "华东", "区域"))
        world.change_corp(replace(world.corp, externals=(MO, YU), tags=tags))
        yield on


async def code(on: Stage, path: str, **body: Any) -> int:
    """The errcode of a call."""
    return int((await on.api.post(PATH + path, body))["errcode"])


async def follow_of(on: Stage, external: str = "wmMo") -> Json:
    """What Zhang has noted about somebody."""
    found = await on.api.get(f"{PATH}get", external_userid=external)
    mine = [one for one in found["follow_user"] if one["userid"] == "Zhang"]
    assert isinstance(mine[0], dict)
    return mine[0]


async def test_a_remark_is_kept_and_told_to_nobody(outside: Stage) -> None:
    """What is not given stays; telephone numbers are replaced, and cleared by an empty one."""
    whom = {"userid": "zhang", "external_userid": "wmMo"}
    mobiles = ["13800138000", "13900139000"]
    assert await code(outside, "remark", **whom, description="老客户", remark_mobiles=mobiles) == 0
    assert await code(outside, "remark", **whom, remark_company="华星") == 0
    mine = await follow_of(outside)
    assert (mine["remark"], mine["description"], mine["remark_corp_name"]) == ("莫总", "老客户", "华星")
    assert mine["remark_mobiles"] == mobiles
    assert await code(outside, "remark", **whom, remark_mobiles=[""]) == 0
    assert (await follow_of(outside))["remark_mobiles"] == []
    assert not outside.bot.received


async def test_a_company_is_noted_for_people_in_wechat_alone(outside: Stage) -> None:
    """For others it has no effect."""
    whom = {"userid": "Zhang", "external_userid": "woYu"}
    assert await code(outside, "remark", **whom, remark="余总", remark_company="新名") == 0
    mine = await follow_of(outside, "woYu")
    assert (mine["remark"], mine["remark_corp_name"]) == ("余总", "旧名")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"remark": "字" * 21}, 40058),
        ({"description": "字" * 151}, 40058),
        ({"remark_company": "字" * 21}, 40058),
        ({}, 40058),
        ({"userid": "", "remark": "莫"}, 41009),
        ({"external_userid": "", "remark": "莫"}, 41035),
        ({"userid": "nobody", "remark": "莫"}, 60111),
        ({"userid": "Wang", "remark": "莫"}, 84061),
        ({"external_userid": "wmNobody", "remark": "莫"}, 84061),
    ],
)
async def test_remarks_that_are_refused(outside: Stage, body: Json, expected: int) -> None:
    """Lengths, and who has added whom."""
    whom = {"userid": "Zhang", "external_userid": "wmMo"}
    assert await code(outside, "remark", **{**whom, **body}) == expected


async def test_tags_are_put_on_and_taken_off(outside: Stage) -> None:
    """Each once; a tag that is not there is 40068."""
    whom = {"userid": "Zhang", "external_userid": "wmMo"}
    assert await code(outside, "mark_tag", **whom, add_tag=["et3", "et3"], remove_tag=["et1"]) == 0
    assert [one["tag_name"] for one in (await follow_of(outside))["tags"]] == ["华东"]
    assert await code(outside, "mark_tag", **whom, add_tag=["et9"]) == 40068
    assert await code(outside, "mark_tag", **whom) == 40058
    assert await code(outside, "mark_tag", **{**whom, "userid": "Wang"}, add_tag=["et1"]) == 84061


async def test_tags_of_the_organisation(outside: Stage) -> None:
    """Added to a group, renamed, taken away with everybody's; names are unique in a group."""
    added = await outside.api.post(f"{PATH}add_corp_tag", {"group_name": "区域", "tag": [{"name": "华南"}]})
    new = added["tag_group"]["tag"][0]["id"]
    assert added["tag_group"]["group_name"] == "区域"
    assert await code(outside, "add_corp_tag", group_name="区域", tag=[{"name": "华南"}]) == 40071
    assert await code(outside, "add_corp_tag", group_id="et-9", tag=[{"name": "华北"}]) == 40068
    assert await code(outside, "add_corp_tag", group_id="et-2", tag=[{"name": "字" * 31}]) == 40058
    assert await code(outside, "add_corp_tag", group_id="et-2", tag=[]) == 40058
    assert await code(outside, "edit_corp_tag", id=new, name="华东") == 40071
    assert await code(outside, "edit_corp_tag", id=new, name="西南") == 0
    assert await code(outside, "edit_corp_tag", id="et-2", name="大区") == 0
    assert await code(outside, "edit_corp_tag", id="none", name="甲") == 40068
    found = await outside.api.post(f"{PATH}get_corp_tag_list", {"group_id": ["et-2"]})
    (group,) = found["tag_group"]
    assert (group["group_name"], [one["name"] for one in group["tag"]]) == ("大区", ["华东", "西南"])
    assert await code(outside, "del_corp_tag", tag_id=["et1"], group_id=["et-2"]) == 0
    rest = await outside.api.post(f"{PATH}get_corp_tag_list", {})
    assert [one["id"] for group in rest["tag_group"] for one in group["tag"]] == ["et2"]
    assert (await follow_of(outside))["tags"] == []
    assert await code(outside, "del_corp_tag") == 40058


async def test_a_welcome_once_and_within_twenty_seconds(outside: Stage) -> None:
    """The code comes with the event."""
    writes = outside.sandbox.wecom.external_writes
    first, late = (writes.welcome_code("Zhang", "wmMo") for _ in range(2))
    fields: list[tuple[str, object]] = [
        ("UserID", "Zhang"),
        ("ExternalUserID", "wmMo"),
        ("WelcomeCode", first),
    ]
    await outside.sandbox.phones.external_changed("add_external_contact", fields)
    heard = outside.bot.received[-1].text("WelcomeCode")
    hello = {"text": {"content": "您好，我是张伟"}}
    assert await code(outside, "send_welcome_msg", welcome_code=heard, **hello) == 0
    assert writes.welcomes[first].words == "您好，我是张伟"
    assert await code(outside, "send_welcome_msg", welcome_code=heard, **hello) == 41051
    assert await code(outside, "send_welcome_msg", **hello) == 41049
    assert await code(outside, "send_welcome_msg", welcome_code="guess", **hello) == 41050
    outside.clock.jump(outside.clock.now() + timedelta(seconds=limits.WELCOME_LIFE))
    assert await code(outside, "send_welcome_msg", welcome_code=late, **hello) == 41050


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": {"content": "a" * limits.WELCOME_BYTES}}, 0),
        ({"text": {"content": "a" * (limits.WELCOME_BYTES + 1)}}, 45002),
        ({"attachments": [{"msgtype": "image"}] * 9}, 0),
        ({"attachments": [{"msgtype": "image"}] * 10}, 41064),
        ({}, 40058),
    ],
)
async def test_what_a_welcome_may_be(outside: Stage, body: Json, expected: int) -> None:
    """4,000 bytes and nine attachments; a refused one can be mended."""
    welcome = outside.sandbox.wecom.external_writes.welcome_code("Zhang", "wmMo")
    assert await code(outside, "send_welcome_msg", welcome_code=welcome, **body) == expected
    assert outside.sandbox.wecom.external_writes.welcomes[welcome].sent == (expected == 0)


async def test_more_than_five_hundred_followers_come_in_pages(outside: Stage) -> None:
    """The cursor appears only then."""
    world = outside.sandbox.world
    many = tuple(User(f"u{number}", f"同事{number}", (2,)) for number in range(501))
    famous = External("wmFamous", "名人", tuple(Follow(one.userid) for one in many))
    world.change_corp(replace(world.corp, users=(*world.corp.users, *many), externals=(MO, famous)))
    first = await outside.api.get(f"{PATH}get", external_userid="wmFamous")
    rest = await outside.api.get(f"{PATH}get", external_userid="wmFamous", cursor=first["next_cursor"])
    assert [len(one["follow_user"]) for one in (first, rest)] == [500, 1]
    assert "next_cursor" not in rest
    assert (await outside.api.get(f"{PATH}get", external_userid="wmMo", cursor="x"))["errcode"] == 50100
