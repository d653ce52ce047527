"""The gateway, a client for it, and a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.answer import Answer
from bot.dingtalk.client import DingTalkClient
from bot.dingtalk.gateway import StreamApp
from bot.dingtalk.stream import StreamClient
from bot.dingtalk.transport import Hosts, Transport
from handlers.incoming import Incoming
from tests.bot.dingtalk.gateway import CLIENT_ID, CLIENT_SECRET, Gateway, Time
from tests.bot.platform import Hands, OpenApi


class House:
    """Stands where the dispatcher stands: keeps what comes and answers as told, once `gate` is open."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.answer = Answer()
        self.error: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()

    async def accept(self, incoming: Incoming) -> Answer:
        self.arrived.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.taken.append(incoming)
        return self.answer


@pytest.fixture
async def house() -> House:
    return House()


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway()
    async with TestServer(made.app()) as server:
        made.address = str(server.make_url("")).rstrip("/").replace("http", "ws", 1)
        yield made


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def stream(
    gateway: Gateway, session: ClientSession, house: House, time: Time
) -> AsyncIterator[StreamClient]:
    client = StreamClient(
        session,
        gateway.address.replace("ws", "http", 1),
        StreamApp("main", CLIENT_ID, CLIENT_SECRET),
        house.accept,
        time.clock,
        sleep=time.sleep,
        monotonic=time.monotonic,
        jitter=lambda: 0.0,
    )
    yield client
    await client.stop()


@pytest.fixture
def api() -> OpenApi:
    return OpenApi()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def base_url(api: OpenApi) -> AsyncIterator[str]:
    async with TestServer(api.app()) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
def spent() -> list[str]:
    """Paths of the calls that were made."""
    return []


@pytest.fixture
def transport(session: ClientSession, base_url: str, hands: Hands, spent: list[str]) -> Transport:
    return Transport(
        session,
        Hosts(base_url, base_url),
        CLIENT_ID,
        CLIENT_SECRET,
        hands.clock,
        meter=spent.append,
        sleep=hands.sleep,
        jitter=lambda: 0.5,
    )


@pytest.fixture
def client(transport: Transport, base_url: str) -> DingTalkClient:
    return DingTalkClient(transport, "dingrobot", base_url)
