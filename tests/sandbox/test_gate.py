"""The gate of the API beyond tokens: disabled apps, too many calls at once or from one address."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from sandbox import CannotPress
from sandbox.wecom import limits
from tests.sandbox.world import AGENT, Stage, stage


async def test_an_app_that_is_disabled() -> None:
    """50003 for every call; a token can still be had, and members see the app no more."""
    async with stage(disabled=True) as on:
        assert (await on.api.login())["errcode"] == 0
        for path in ("user/get", "get_jsapi_ticket", "getcallbackip"):
            assert (await on.api.get(path))["errcode"] == 50003
        assert (await on.api.say("你好"))["errcode"] == 50003
        with pytest.raises(CannotPress):
            await on.sandbox.says("Zhang", "在吗")
        world = on.sandbox.world
        back = replace(world.app(AGENT), disabled=False)
        world.change_corp(replace(world.corp, apps=(back, *world.corp.apps[1:])))
        assert (await on.api.say("你好"))["errcode"] == 0


async def test_too_many_calls_under_way(on: Stage) -> None:
    """45033 for those beyond, nothing being done; later it goes."""
    on.sandbox.wecom.faults.parallel, on.sandbox.wecom.faults.latency = 2, 0.05
    answers = await asyncio.gather(*(on.api.say(f"第 {number} 条") for number in range(5)))
    assert sorted(one["errcode"] for one in answers) == [0, 0, 45033, 45033, 45033]
    assert len(on.sandbox.chat("Zhang")) == 2
    assert (await on.api.say("又好了"))["errcode"] == 0
    on.sandbox.wecom.faults.clear()
    answers = await asyncio.gather(*(on.api.say("随便") for _ in range(5)))
    assert {one["errcode"] for one in answers} == {0}


@pytest.mark.parametrize(
    ("most", "window"), [(limits.ADDRESS_PER_MINUTE, 60), (limits.ADDRESS_PER_HOUR, 3600)]
)
async def test_too_many_calls_from_one_address(on: Stage, most: int, window: int) -> None:
    """45009 for whatever is called, by whatever app, until the window is over; sending is not counted."""
    flow, now = on.sandbox.wecom.flow, on.clock.now().timestamp()
    flow.check_rate("from 127.0.0.1", most, window, now, most - 1)  # one was the login
    assert (await on.api.get("user/get", userid="Li"))["errcode"] == 45009
    assert (await on.api.get("department/list"))["errcode"] == 45009
    assert (await on.api.say("你好"))["errcode"] == 0
    on.clock.jump(on.clock.now() + timedelta(seconds=window))
    assert (await on.api.get("user/get", userid="Li"))["errcode"] == 0


async def test_the_switches_of_the_page(on: Stage) -> None:
    """Bursts, the wrong order and the bound are switched like the other faults."""
    switches, faults = on.sandbox.page.switches, on.sandbox.callbacks.faults
    await switches.set("parallel", 3)
    assert on.sandbox.wecom.faults.parallel == 3
    await switches.set("backwards", 2)
    said = [asyncio.create_task(on.sandbox.says("Zhang", words)) for words in ("一", "二")]
    await asyncio.gather(*said)
    assert [one.text("Content") for one in on.bot.received] == ["二", "一"]
    await switches.set("burst", 4)
    waiting = asyncio.create_task(on.sandbox.says("Zhang", "三"))
    await asyncio.sleep(0)
    assert faults.gathering.waiting == 1
    await switches.set("clear", True)
    assert (await waiting).status == "sent"
    assert on.sandbox.wecom.faults.parallel == 0
