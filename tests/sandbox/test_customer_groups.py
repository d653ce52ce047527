"""Groups with customers in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox import External, Follow
from sandbox.wecom.customer_groups import CustomerGroup
from tests.sandbox.world import Json, Stage, stage

GROUPS = [
    CustomerGroup("wr1", "华星群", "Zhang", ("Zhang", "Li"), ("wmMo",), admins=("Li",), created=100),
    CustomerGroup("wr2", "离职群", "Zhang", status=1),
    CustomerGroup("wr3", "王芳群", "Wang"),
]


async def listed(on: Stage, **body: Any) -> Json:
    """externalcontact/groupchat/list."""
    return await on.api.post("externalcontact/groupchat/list", {"limit": 10, **body})


def ids(page: Json) -> list[str]:
    """The groups of a page."""
    return [one["chat_id"] for one in page["group_chat_list"]]


async def test_groups_by_state_and_owner(on: Stage) -> None:
    """Page by page."""
    on.sandbox.wecom.customer_groups.groups = list(GROUPS)
    assert ids(await listed(on)) == ["wr1", "wr2", "wr3"]
    assert ids(await listed(on, status_filter=1)) == ["wr2"]
    assert ids(await listed(on, owner_filter={"userid_list": ["wang"]})) == ["wr3"]
    first = await listed(on, limit=2)
    rest = await listed(on, limit=2, cursor=first["next_cursor"])
    assert (ids(first), ids(rest), "next_cursor" in rest) == (["wr1", "wr2"], ["wr3"], False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"limit": 0}, 40058),
        ({"limit": 1001}, 40058),
        ({"limit": None}, 40058),
        ({"status_filter": 4}, 40058),
        ({"owner_filter": {"userid_list": ["Zhang"] * 101}}, 40058),
        ({"owner_filter": {"userid_list": ["nobody"]}}, 60111),
        ({"cursor": "x"}, 50100),
    ],
)
async def test_lists_that_are_refused(on: Stage, body: Json, code: int) -> None:
    """Bounds of the page and of the filter."""
    assert (await listed(on, **body))["errcode"] == code


async def test_too_many_members_need_a_filter(on: Stage) -> None:
    """81017 where more than a thousand members are in sight."""
    groups = on.sandbox.wecom.customer_groups
    assert groups.most_without_filter == 1000
    groups.most_without_filter = 3
    assert (await listed(on))["errcode"] == 81017
    assert (await listed(on, owner_filter={"userid_list": ["Zhang"]}))["errcode"] == 0


async def test_a_group_with_its_people(on: Stage) -> None:
    """Names only when asked for; the owner is among the members."""
    world = on.sandbox.world
    world.change_corp(replace(world.corp, externals=(External("wmMo", "莫言", (Follow("Zhang"),)),)))
    on.sandbox.wecom.customer_groups.groups = list(GROUPS)
    ask = {"chat_id": "wr1"}
    found = (await on.api.post("externalcontact/groupchat/get", ask))["group_chat"]
    assert [(one["userid"], one["type"]) for one in found["member_list"]] == [
        ("Zhang", 1),
        ("Li", 1),
        ("wmMo", 2),
    ]
    assert not any("name" in one for one in found["member_list"])
    assert (found["admin_list"], found["create_time"]) == ([{"userid": "Li"}], 100)
    named = await on.api.post("externalcontact/groupchat/get", {**ask, "need_name": 1})
    assert [one["name"] for one in named["group_chat"]["member_list"]] == ["张伟", "李经理", "莫言"]
    assert (await on.api.post("externalcontact/groupchat/get", {"chat_id": "none"}))["errcode"] == 40050


async def test_out_of_sight() -> None:
    """A group whose owner the app does not see is not there."""
    async with stage(visible=frozenset({"Wang"})) as on:
        on.sandbox.wecom.customer_groups.groups = list(GROUPS)
        assert ids(await listed(on)) == ["wr3"]
        assert (await on.api.post("externalcontact/groupchat/get", {"chat_id": "wr1"}))["errcode"] == 40050
