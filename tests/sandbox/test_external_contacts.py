"""External contacts of the simulated WeCom: two ways of reading that differ, as the platform's do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from sandbox import External, Follow, Tag
from tests.sandbox.world import Json, Stage, stage

MO = External(
    "wmMo",
    "莫言",
    (Follow("Zhang", "莫总", tags=("et1", "gone"), add_way=3, createtime=1_700_000_000), Follow("Li")),
)
YU = External("woYu", "余华", (Follow("Zhang"),), "余氏文化", "经理", kind=2)
PATH = "externalcontact/"


@pytest.fixture
async def outside() -> AsyncIterator[Stage]:
    async with stage() as on:
        tags = (Tag("et1", "重点"), Tag("et2", "华东", "区域"))
        world = on.sandbox.world
        world.change_corp(replace(world.corp, externals=(MO, YU), tags=tags))
        yield on


async def batch(on: Stage, *userids: str, **more: object) -> Json:
    return await on.api.post(f"{PATH}batch/get_by_user", {"userid_list": list(userids), **more})


async def test_one_has_everybody_who_added_him_with_tags_in_full(outside: Stage) -> None:
    found = await outside.api.get(f"{PATH}get", external_userid="wmMo")
    assert found["external_contact"]["type"] == 1
    assert "corp_name" not in found["external_contact"]
    assert [one["userid"] for one in found["follow_user"]] == ["Zhang", "Li"]
    (tag,) = found["follow_user"][0]["tags"]
    assert (tag["tag_id"], tag["tag_name"], tag["type"]) == ("et1", "重点", 1)
    assert (await outside.api.get(f"{PATH}get", external_userid="nobody"))["errcode"] == 84061


async def test_a_batch_has_one_side_each_with_bare_tags(outside: Stage) -> None:
    found = await batch(outside, "Zhang")
    first, second = found["external_contact_list"]
    assert first["follow_info"]["tag_id"] == ["et1", "gone"]
    assert "tags" not in first["follow_info"]
    assert second["external_contact"]["corp_name"] == "余氏文化"
    assert found["next_cursor"] == ""
    assert "fail_info" not in found


async def test_an_empty_page_stands_in_the_middle(outside: Stage) -> None:
    pages, cursor = [], ""
    while True:
        page = await batch(outside, "Zhang", "Li", limit=1, cursor=cursor)
        pages.append(len(page["external_contact_list"]))
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert pages == [1, 0, 1, 1]


async def test_members_without_licence_are_left_out_and_named(outside: Stage) -> None:
    outside.sandbox.wecom.externals.unlicensed = {"Zhang"}
    found = await batch(outside, "Zhang", "Li")
    assert found["fail_info"]["unlicensed_userid_list"] == ["Zhang"]
    assert len(found["external_contact_list"]) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"userid_list": []}, 40058),
        ({"userid_list": ["Zhang"] * 101}, 40058),
        ({"userid_list": ["Zhang"], "limit": 101}, 40058),
        ({"userid_list": ["Zhang"], "cursor": "made up"}, 40058),
        ({"userid_list": ["nobody"]}, 60111),
        ({"userid_list": ["Wang"]}, 84061),
    ],
)
async def test_what_a_batch_refuses(outside: Stage, body: Json, code: int) -> None:
    assert (await outside.api.post(f"{PATH}batch/get_by_user", body))["errcode"] == code


async def test_who_may_own_them_and_whom(outside: Stage) -> None:
    found = await outside.api.get(f"{PATH}get_follow_user_list")
    assert {"Zhang", "Li", "Wang"} <= set(found["follow_user"])
    assert (await outside.api.get(f"{PATH}list", userid="Zhang"))["external_userid"] == ["wmMo", "woYu"]
    assert (await outside.api.get(f"{PATH}list"))["errcode"] == 41009
    assert (await outside.api.get(f"{PATH}list", userid="Wang"))["errcode"] == 84061


async def test_the_organisations_tags_by_group(outside: Stage) -> None:
    found = await outside.api.post(f"{PATH}get_corp_tag_list", {})
    groups = {one["group_name"]: [tag["name"] for tag in one["tag"]] for one in found["tag_group"]}
    assert groups == {"客户标签": ["重点"], "区域": ["华东"]}
    one = await outside.api.post(f"{PATH}get_corp_tag_list", {"tag_id": ["et2"]})
    assert [group["group_name"] for group in one["tag_group"]] == ["区域"]


async def test_a_change_is_told_by_the_system(outside: Stage) -> None:
    await outside.sandbox.phones.external_changed(
        "add_external_contact", [("UserID", "Zhang"), ("ExternalUserID", "wmMo"), ("State", "")]
    )
    plain = ET.fromstring(outside.bot.received[-1].plain)
    assert [plain.findtext(name) for name in ("FromUserName", "Event", "ChangeType", "ExternalUserID")] == [
        "sys",
        "change_external_contact",
        "add_external_contact",
        "wmMo",
    ]
