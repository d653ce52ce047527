"""Two hundred connections that end in every way, with messages on the way: none lost, none twice."""

from __future__ import annotations

import asyncio
import itertools
import random

import pytest
from aiohttp import ClientSession

from bot.answer import Answer
from bot.dingtalk.gateway import StreamApp
from bot.dingtalk.stream import StreamClient
from handlers.incoming import Incoming
from tests.bot.dingtalk.gateway import CLIENT_ID, CLIENT_SECRET, ROBOT, Gateway, Socket, Time, robot, until

RECONNECTS = 200


class Inbox:
    """Keeps each delivery once, as the inbox does by its unique key, and takes its time over it."""

    def __init__(self, chance: random.Random) -> None:
        self.effects: list[str] = []
        self.repeats = 0
        self._chance = chance

    async def accept(self, incoming: Incoming) -> Answer:
        for _ in range(self._chance.randrange(6)):
            await asyncio.sleep(0)
        if incoming.delivery_id in self.effects:
            self.repeats += 1
        else:
            self.effects.append(incoming.delivery_id)
        return Answer()


class Platform:
    """Pushes messages, and again whatever was not acknowledged, over whichever connection is there."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.open: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._ids = itertools.count(1)

    async def say(self, socket: Socket) -> None:
        """A new message."""
        name = f"msg{next(self._numbers)}"
        self.sent.append(name)
        self.open[name] = name
        await self._push(socket, name)

    async def repeat(self, socket: Socket) -> None:
        """Everything that is open, once more."""
        for name in tuple(self.open):
            await self._push(socket, name)

    async def _push(self, socket: Socket, name: str) -> None:
        await socket.push("CALLBACK", ROBOT, robot(msg_id=name), f"{name}/{next(self._ids)}")

    def settle(self, socket: Socket) -> None:
        """Note what was acknowledged."""
        for ack in socket.answered:
            assert ack["code"] == 200
            self.open.pop(ack["headers"]["messageId"].partition("/")[0], None)


@pytest.mark.parametrize("seed", [1, 2])
async def test_reconnects_lose_nothing(gateway: Gateway, session: ClientSession, seed: int) -> None:
    chance, time, platform = random.Random(seed), Time(), Platform()
    inbox = Inbox(chance)
    app = StreamApp("main", CLIENT_ID, CLIENT_SECRET)
    base = gateway.address.replace("ws", "http", 1)
    client = StreamClient(
        session, base, app, inbox.accept, time.clock, sleep=time.sleep, monotonic=time.monotonic
    )
    client.start()
    for _ in range(RECONNECTS):
        socket = await gateway.next()
        await platform.repeat(socket)
        for _ in range(chance.randrange(4)):
            await platform.say(socket)
        if chance.random() < 0.5:
            await socket.disconnect()
        elif chance.random() < 0.5:
            await socket.drop()
        else:
            socket.abort()
        await socket.closed()
        platform.settle(socket)
    last = await gateway.next()
    await platform.repeat(last)
    pending = len(platform.open)
    await until(lambda: len(last.answered) >= pending)
    platform.settle(last)
    await client.stop()
    assert len(gateway.opens) == RECONNECTS + 1
    assert platform.open == {}
    assert sorted(inbox.effects) == sorted(platform.sent)
    assert len(set(inbox.effects)) == len(inbox.effects)
    assert inbox.repeats > 0
