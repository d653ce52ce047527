"""The simulated hand-over of customers' groups: at once, and only what did not go over is named."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from sandbox.company import Status
from sandbox.wecom.customer_groups import CustomerGroup
from tests.sandbox.world import Json, Stage, stage

LEFT = "externalcontact/groupchat/transfer"
HERE = "externalcontact/groupchat/onjob_transfer"


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    async with stage() as running:
        groups = [CustomerGroup(f"wr{n}", f"客户群{n}", "Zhang", ("Zhang",), (f"wm{n}",)) for n in range(3)]
        running.sandbox.wecom.customer_groups.groups = groups
        yield running


def leave(on: Stage, userid: str = "Zhang") -> None:
    world = on.sandbox.world
    users = tuple(replace(u, status=Status.LEFT) if u.userid == userid else u for u in world.corp.users)
    world.change_corp(replace(world.corp, users=users))


async def ask(on: Stage, path: str, *ids: str, **more: object) -> Json:
    return await on.api.post(path, {"chat_id_list": list(ids), "new_owner": "Li", **more})


def failed(answer: Json) -> dict[str, int]:
    assert answer["errcode"] == 0
    return {one["chat_id"]: one["errcode"] for one in answer["failed_chat_list"]}


def owners(on: Stage) -> dict[str, str]:
    return {one.chat_id: one.owner for one in on.sandbox.wecom.customer_groups.groups}


async def test_the_groups_of_a_leaver_have_another_owner_at_once(on: Stage) -> None:
    leave(on)
    assert failed(await ask(on, LEFT, "wr0", "wr2", "wrNobody")) == {"wrNobody": 90501}
    assert owners(on) == {"wr0": "Li", "wr1": "Zhang", "wr2": "Li"}
    body = {"owner_filter": {"userid_list": ["Li"]}, "limit": 10}
    listed = await on.api.post("externalcontact/groupchat/list", body)
    assert [one["chat_id"] for one in listed["group_chat_list"]] == ["wr0", "wr2"]
    taken = await on.api.post("externalcontact/groupchat/get", {"chat_id": "wr0"})
    assert [one["userid"] for one in taken["group_chat"]["member_list"]] == ["Li", "wm0"]


async def test_each_way_is_for_its_own_people(on: Stage) -> None:
    assert failed(await ask(on, LEFT, "wr0")) == {"wr0": 90500}
    assert failed(await ask(on, HERE, "wr0")) == {}
    leave(on)
    assert list(failed(await ask(on, HERE, "wr1"))) == ["wr1"]
    assert owners(on) == {"wr0": "Li", "wr1": "Zhang", "wr2": "Zhang"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"new_owner": ""}, 40058),
        ({"new_owner": "Nobody"}, 60111),
        ({"chat_id_list": []}, 40058),
        ({"chat_id_list": "wr0"}, 40058),
        ({"chat_id_list": ["wr0", 5]}, 40058),
        ({"chat_id_list": [f"wr{n}" for n in range(101)]}, 40058),
    ],
)
async def test_what_is_asked_is_checked(on: Stage, change: dict[str, object], code: int) -> None:
    assert (await ask(on, HERE, "wr0", **change))["errcode"] == code


async def test_who_cannot_own_a_group_is_refused(on: Stage) -> None:
    transfers = on.sandbox.wecom.group_transfers
    transfers.unverified = {"Li"}
    assert (await ask(on, HERE, "wr0"))["errcode"] == 40098
    transfers.unverified, transfers.closed = set(), {"Li"}
    assert (await ask(on, HERE, "wr0"))["errcode"] == 84083
    assert set(owners(on).values()) == {"Zhang"}
