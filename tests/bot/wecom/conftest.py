"""The API server, a client for it, and a clock."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.wecom.client import WeComClient
from tests.bot.platform import SECRET, Hands, QyApi
from tests.bot.wecom.platform import CORP_ID


@pytest.fixture
def api() -> QyApi:
    return QyApi()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def base_url(api: QyApi) -> AsyncIterator[str]:
    async with TestServer(api.app()) as server:
        yield str(server.make_url("/"))


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def wecom(session: ClientSession, base_url: str, hands: Hands) -> WeComClient:
    return WeComClient(
        session, base_url, CORP_ID, SECRET, 1000002, hands.clock, sleep=hands.sleep, jitter=lambda: 0.5
    )
