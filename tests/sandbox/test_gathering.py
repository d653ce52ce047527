"""Callbacks that come all at once, or in the wrong order."""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.sandbox.world import Received, Stage


async def _says(on: Stage, *words: str) -> None:
    """Say several things, one after the other, without waiting for the app."""
    tasks = []
    for one in words:
        tasks.append(asyncio.create_task(on.sandbox.says("Zhang", one)))
        await asyncio.sleep(0)
    for done in await asyncio.gather(*tasks):
        assert done.status == "sent"


def heard(on: Stage) -> list[str]:
    """What the app has heard, in its order."""
    return [one.text("Content") for one in on.bot.received]


async def test_the_wrong_order(on: Stage) -> None:
    """The last one first, each after the one before it was answered; then all is as ever."""
    on.sandbox.callbacks.faults.gathering.backwards(3)
    await _says(on, "一", "二", "三")
    assert heard(on) == ["三", "二", "一"]
    await _says(on, "四")
    assert heard(on)[3:] == ["四"]


async def test_a_burst(on: Stage) -> None:
    """All are under way before the first is answered."""
    all_there, under_way = asyncio.Event(), 0

    async def together(_received: Received) -> web.StreamResponse:
        nonlocal under_way
        under_way += 1
        if under_way == 20:
            all_there.set()
        await all_there.wait()
        return web.Response()

    on.bot.answer = together
    on.sandbox.callbacks.faults.gathering.burst(20)
    await _says(on, *(f"第 {number} 条" for number in range(20)))
    assert len(set(heard(on))) == 20


async def test_what_is_held_back_can_be_let_go(on: Stage) -> None:
    """By clearing the faults, or by asking for something else."""
    gathering = on.sandbox.callbacks.faults.gathering
    for let_go in (on.sandbox.callbacks.faults.clear, lambda: gathering.burst(0), gathering.release):
        gathering.backwards(5)
        waiting = asyncio.create_task(on.sandbox.says("Zhang", "等一下"))
        await asyncio.sleep(0)
        assert gathering.waiting == 1
        before = len(on.bot.received)
        let_go()
        assert (await waiting).status == "sent"
        assert len(on.bot.received) == before + 1


async def test_redelivery_within_the_wrong_order(on: Stage) -> None:
    """Faults add up: each comes twice, still the last one first."""
    on.sandbox.callbacks.faults.copies = 2
    on.sandbox.callbacks.faults.gathering.backwards(2)
    await _says(on, "一", "二")
    assert heard(on) == ["二", "二", "一", "一"]


async def test_one_who_leaves_does_not_hold_up_the_others(on: Stage) -> None:
    """A cancelled delivery passes its turn on."""
    on.sandbox.callbacks.faults.gathering.backwards(3)
    tasks = []
    for words in ("一", "二"):
        tasks.append(asyncio.create_task(on.sandbox.says("Zhang", words)))
        await asyncio.sleep(0)
    tasks[1].cancel()
    await asyncio.gather(tasks[1], return_exceptions=True)
    await on.sandbox.says("Zhang", "三")
    await tasks[0]
    assert heard(on) == ["三", "一"]
