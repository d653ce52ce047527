"""The simulated hand-over of external contacts: strict, a code for each, a day to wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox import External, Follow
from sandbox.company import Status
from tests.sandbox.world import Json, Stage, stage

LEFT = "externalcontact/resigned/"
HERE = "externalcontact/"
PEOPLE = tuple(External(f"wm{n}", f"客户{n}", (Follow("Zhang"),)) for n in range(5))


@pytest.fixture
async def on() -> AsyncIterator[Stage]:
    async with stage() as running:
        world = running.sandbox.world
        world.change_corp(replace(world.corp, externals=PEOPLE))
        yield running


def leave(on: Stage, userid: str = "Zhang") -> None:
    world = on.sandbox.world
    users = tuple(replace(u, status=Status.LEFT) if u.userid == userid else u for u in world.corp.users)
    world.change_corp(replace(world.corp, users=users))


async def ask(on: Stage, where: str, *ids: str, **more: object) -> Json:
    body = {"handover_userid": "Zhang", "takeover_userid": "Li", "external_userid": list(ids), **more}
    return await on.api.post(f"{where}transfer_customer", body)


async def result(on: Stage, where: str, cursor: str = "") -> Json:
    body = {"handover_userid": "Zhang", "takeover_userid": "Li", "cursor": cursor}
    return await on.api.post(f"{where}transfer_result", body)


def codes(answer: Json) -> dict[str, int]:
    return {one["external_userid"]: one["errcode"] for one in answer["customer"]}


def statuses(answer: Json) -> dict[str, int]:
    return {one["external_userid"]: one["status"] for one in answer["customer"]}


async def pass_time(on: Stage, **span: float) -> None:
    """Let time go by; an access token lasts two hours."""
    clock = on.sandbox.world.clock
    clock.jump(clock.now() + timedelta(**span))
    await on.api.login()


async def test_it_takes_a_day_and_is_unknown_at_first(on: Stage) -> None:
    leave(on)
    on.sandbox.wecom.transfers.refusing = {"wm1"}
    assert codes(await ask(on, LEFT, "wm0", "wm1")) == {"wm0": 0, "wm1": 0}
    assert (await result(on, LEFT))["customer"] == []
    await pass_time(on, minutes=1)
    waiting = await result(on, LEFT)
    assert statuses(waiting) == {"wm0": 2, "wm1": 2}
    assert waiting["customer"][0]["takeover_time"] > on.sandbox.world.seconds()
    await pass_time(on, hours=24)
    assert statuses(await result(on, LEFT)) == {"wm0": 1, "wm1": 3}
    moved = {one.external_userid: one.follows[0].userid for one in on.sandbox.world.corp.externals}
    assert (moved["wm0"], moved["wm1"]) == ("Li", "Zhang")


async def test_each_contact_has_a_code_of_its_own(on: Stage) -> None:
    leave(on)
    world = on.sandbox.world
    others = (*PEOPLE, External("wmLi", "李的", (Follow("Li"),)))
    world.change_corp(replace(world.corp, externals=others))
    await ask(on, LEFT, "wm0")
    assert codes(await ask(on, LEFT, "wm0", "wm1", "wmNobody", "wmLi")) == {
        "wm0": 40100,
        "wm1": 0,
        "wmNobody": 40096,
        "wmLi": 40131,
    }


async def test_each_way_is_for_its_own_people(on: Stage) -> None:
    assert (await ask(on, LEFT, "wm0"))["errcode"] == 40097
    assert codes(await ask(on, HERE, "wm0")) == {"wm0": 0}
    assert codes(await ask(on, HERE, "wm0")) == {"wm0": 40129}
    await pass_time(on, hours=25)
    assert statuses(await result(on, HERE)) == {"wm0": 1}
    leave(on)
    assert (await ask(on, HERE, "wm1"))["errcode"] == 60111


async def test_a_contact_rests_for_ninety_days(on: Stage) -> None:
    await ask(on, HERE, "wm0")
    await pass_time(on, hours=25)
    await result(on, HERE)
    body = {"handover_userid": "Li", "takeover_userid": "Zhang", "external_userid": ["wm0"]}
    assert codes(await on.api.post(f"{HERE}transfer_customer", body)) == {"wm0": 40128}
    await pass_time(on, days=90)
    assert codes(await on.api.post(f"{HERE}transfer_customer", body)) == {"wm0": 0}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"handover_userid": ""}, 40058),
        ({"takeover_userid": "Nobody"}, 60111),
        ({"external_userid": []}, 40058),
        ({"external_userid": "wm0"}, 40058),
        ({"external_userid": ["wm0", 5]}, 40058),
        ({"external_userid": [f"wm{n}" for n in range(101)]}, 40058),
        ({"transfer_success_msg": "好" * 201}, 40058),
    ],
)
async def test_what_is_asked_is_checked(on: Stage, change: dict[str, object], code: int) -> None:
    assert (await ask(on, HERE, "wm0", **change))["errcode"] == code


async def test_who_cannot_take_over_is_refused(on: Stage) -> None:
    transfers = on.sandbox.wecom.transfers
    transfers.unverified = {"Li"}
    assert (await ask(on, HERE, "wm0"))["errcode"] == 40098
    transfers.unverified, transfers.closed = set(), {"Li"}
    assert (await ask(on, HERE, "wm0"))["errcode"] == 84083
    transfers.closed, transfers.full = set(), {"Li"}
    await ask(on, HERE, "wm0")
    await pass_time(on, hours=25)
    assert statuses(await result(on, HERE)) == {"wm0": 4}


async def test_results_come_page_by_page(on: Stage) -> None:
    on.sandbox.wecom.transfers.page = 2
    await ask(on, HERE, *(one.external_userid for one in PEOPLE))
    await pass_time(on, minutes=1)
    seen, cursor = [], ""
    while True:
        page = await result(on, HERE, cursor)
        seen += list(statuses(page))
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == [one.external_userid for one in PEOPLE]
    assert (await result(on, HERE, "x"))["errcode"] == 40058
