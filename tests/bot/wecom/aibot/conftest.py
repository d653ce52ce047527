"""The platform's end, virtual time, a dispatcher that remembers, and a bot between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.answer import Answer
from bot.errors import Overloaded
from bot.wecom.aibot.bot import AiBot
from bot.wecom.aibot.connection import Credentials, State
from handlers.incoming import Incoming, Kind
from tests.bot.wecom.aibot.clockwork import VirtualTime
from tests.bot.wecom.aibot.openws import BOT_ID, SECRET, OpenWs
from tests.patience import PATIENCE


@dataclass
class Dispatcher:
    """Takes each delivery once, and gives the stored answer to a repeat, as the real one does."""

    took: list[Incoming] = field(default_factory=list)
    kept: dict[str, Answer] = field(default_factory=dict)
    queued: list[tuple[str, str]] = field(default_factory=list)
    refusals: int = 0
    gate: asyncio.Event | None = None
    answer: Callable[[Incoming], Answer] = field(default=lambda incoming: Answer(text=f"好：{incoming.text}"))

    async def late(self, incoming: Incoming, words: str) -> None:
        self.queued.append((incoming.conversation, words))

    async def accept(self, incoming: Incoming) -> Answer:
        if self.refusals:
            self.refusals -= 1
            raise Overloaded("full")
        if incoming.delivery_id not in self.kept:
            self.took.append(incoming)
            self.kept[incoming.delivery_id] = self.answer(incoming)
        if self.gate is not None:
            await self.gate.wait()
        return self.kept[incoming.delivery_id]


@dataclass
class Desk:
    """One bot at the platform."""

    bot: AiBot
    states: list[State]
    changed: asyncio.Event

    async def connected(self, server: OpenWs) -> None:
        self.bot.connection.take()
        await self.in_state(State.READY)
        await server.until(lambda: server.holder is not None)

    async def in_state(self, state: State) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.bot.connection.state is not state:
                self.changed.clear()
                await self.changed.wait()

    async def quiet(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.bot.under_way:  # noqa: ASYNC110 - it says nothing when it is done
                await asyncio.sleep(0)


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def dispatcher() -> Dispatcher:
    return Dispatcher()


@pytest.fixture
async def server(time: VirtualTime) -> OpenWs:
    return OpenWs(time.now)


@pytest.fixture
async def url(server: OpenWs) -> AsyncIterator[str]:
    async with TestServer(server.app()) as running:
        yield str(running.make_url("/")).replace("http", "ws", 1)


@pytest.fixture
async def make(url: str, time: VirtualTime, dispatcher: Dispatcher) -> AsyncIterator[Callable[..., Desk]]:
    """Makes bots; all are closed at the end."""
    made: list[AiBot] = []
    async with ClientSession() as session:

        def one(secret: str = SECRET, at: str = "") -> Desk:
            states: list[State] = []
            changed = asyncio.Event()

            def note(state: State) -> None:
                states.append(state)
                changed.set()

            bot = AiBot(
                "bot",
                session,
                Credentials(BOT_ID, secret, at or url),
                dispatcher.accept,
                dispatcher.late,
                time.clock,
                timing=time.timing,
                on_state=note,
            )
            bot.start()
            made.append(bot)
            return Desk(bot, states, changed)

        yield one
        for bot in made:
            closing = asyncio.create_task(bot.close())
            while not closing.done():
                await time.forward(1)
            await closing


@pytest.fixture
async def desk(make: Callable[..., Desk], server: OpenWs) -> Desk:
    """A bot that is connected."""
    made = make()
    await made.connected(server)
    return made


def kinds(dispatcher: Dispatcher) -> list[Kind]:
    return [incoming.kind for incoming in dispatcher.took]
