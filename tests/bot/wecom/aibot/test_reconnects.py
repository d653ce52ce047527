"""Many lost connections with messages in flight: none lost, none doubled."""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.wecom.aibot.connection import State
from tests.bot.wecom.aibot.clockwork import VirtualTime
from tests.bot.wecom.aibot.conftest import Desk, Dispatcher
from tests.bot.wecom.aibot.openws import OpenWs
from tests.patience import PATIENCE

RECONNECTS = 200


@pytest.mark.parametrize("seed", [1, 2])
async def test_two_hundred_reconnects_lose_none_and_double_none(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime, seed: int
) -> None:
    chance = random.Random(seed)
    sent = 0
    for lost in range(1, RECONNECTS + 1):
        for _ in range(chance.randint(1, 4)):
            sent += 1
            await server.says(f"第 {sent} 条", f"m{sent}", user=f"u{sent % 7}")
            for _ in range(chance.randint(0, 4)):
                await asyncio.sleep(0)
        if chance.random() < 0.3:
            server.script["aibot_respond_msg"].append(None)
        await server.drop(cleanly=chance.random() < 0.5)
        await desk.in_state(State.WAITING)
        while desk.bot.connection.state is State.WAITING:
            await time.forward(5)
        await desk.in_state(State.READY)
        await server.until(lambda lost=lost: server.subscribes == lost + 1)  # type: ignore[misc]
    server.script.clear()
    async with asyncio.timeout(PATIENCE):
        while len(server.replies) + len(dispatcher.queued) < sent or desk.bot.under_way:
            await time.forward(1)
    assert len(dispatcher.took) == sent
    assert sorted(incoming.text for incoming in dispatcher.took) == sorted(
        f"第 {n} 条" for n in range(1, sent + 1)
    )
    assert server.replies == {f"r-m{n}": f"好：第 {n} 条" for n in range(1, sent + 1)}
    assert dispatcher.queued == []


async def test_what_came_before_a_clean_close_is_handled_without_being_repeated(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    server.redeliver = False
    for n in range(50):
        await server.says(f"第 {n} 条", f"m{n}")
    await server.drop(cleanly=True)
    await desk.in_state(State.WAITING)
    await time.forward(1.1)
    await server.until(lambda: len(server.replies) == 50)
    assert [incoming.text for incoming in dispatcher.took] == [f"第 {n} 条" for n in range(50)]
    assert dispatcher.queued == []
