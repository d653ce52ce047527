"""The demo company on every way of connecting, once for each module that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import ClientSession

from bot import setup, wiring_dingtalk
from bot.demo import others
from bot.demo.run import Demo, demo
from tests.bot.company import company
from tests.databases import Databases

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(params=["sqlite", "postgresql"])
def company_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The URL of a database with the demo company as of `START`; each test that asks runs on both kinds."""
    with company(databases, request.param, START) as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgresql"])
async def everywhere(request: pytest.FixtureRequest, databases: Databases) -> AsyncIterator[Demo]:
    """One installation with all four ways open, set up as an administrator would."""
    with company(databases, request.param, START) as url:
        async with demo(url, start=START, http=True) as running:
            app = running.settings.dingtalk[others.HTTP]
            async with ClientSession() as http:
                client = wiring_dingtalk.client(app, http, running.clock)
                await setup.register_cards(client, others.HTTP, app, running.callback.split("/callback/")[0])
            yield running
