"""Two chats open beside each other on the page of a company on both platforms; what it hides and refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from sandbox import Sandbox, StandingClock
from sandbox.dingtalk import DingApp, organisation_of
from sandbox.state import Exchange
from sandbox.views import exchange_view
from tests.sandbox.test_page import Tab
from tests.sandbox.world import START, Json, company


@dataclass
class Both:
    """A running sandbox whose company is on both platforms, with nobody behind the apps."""

    sandbox: Sandbox
    http: aiohttp.ClientSession
    url: str


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    corp = company("")
    organisation = organisation_of(corp, (DingApp("dingkey", "secret", "跟进"),))
    sandbox = Sandbox(corp, StandingClock(START), dingtalk=organisation)
    async with TestServer(sandbox.app()) as server, aiohttp.ClientSession() as session:
        yield Both(sandbox, session, str(server.make_url("")).rstrip("/"))


async def chats_of(page: Tab, user: str = "Zhang") -> dict[str, str]:
    """The keys of a colleague's chats by kind."""
    await page.ask("hello", user=None)
    users: list[Json] = (await page.hear("world"))["users"]
    return {one["kind"]: one["key"] for user_ in users if user_["userid"] == user for one in user_["chats"]}


async def test_two_chats_are_open_beside_each_other(both: Both) -> None:
    async with both.http.ws_connect(f"{both.url}/ws") as socket:
        page = Tab(socket)
        keys = await chats_of(page)
        await page.ask("switch", user="Zhang", chat=keys["app"])
        await page.ask("switch", user="Zhang", chat=keys["dingtalk"], beside=[keys["app"]])
        await page.hear("chat", chat=keys["dingtalk"])
        await page.ask("say", chat=keys["app"], text="在企业微信")
        assert (await page.hear("message", chat=keys["app"]))["message"]["text"] == "在企业微信"
        await page.ask("say", text="在钉钉")
        assert (await page.hear("message", chat=keys["dingtalk"]))["message"]["text"] == "在钉钉"
        world = both.sandbox.world
        assert [world.chat(keys[one]).watchers for one in ("app", "dingtalk")] == [1, 1]


async def test_only_what_is_named_stays_open(both: Both) -> None:
    async with both.http.ws_connect(f"{both.url}/ws") as socket:
        page = Tab(socket)
        keys = await chats_of(page)
        await page.ask("switch", user="Zhang", chat=keys["app"])
        await page.ask("switch", user="Zhang", chat=keys["dingtalk"])
        await page.hear("chat", chat=keys["dingtalk"])
        await page.ask("say", chat=keys["app"], text="还开着吗")
        assert (await page.hear("error"))["text"] == "这个会话没有打开"
        assert both.sandbox.world.chat(keys["app"]).watchers == 0
        await page.ask("switch", user="Li", beside=[keys["dingtalk"]])
        await page.hear("chat", user="Li")
        assert both.sandbox.world.chat(keys["dingtalk"]).watchers == 0
        await page.ask("switch", user="Li", beside="x")
        assert "beside" in (await page.hear("error"))["text"]


async def test_files_of_the_page_may_load_nothing_from_elsewhere(both: Both) -> None:
    for name in ("", "app.js", "style.css", "icons.svg"):
        async with both.http.get(f"{both.url}/{name}") as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"] == "default-src 'self'; img-src 'self' data:"
            assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["..%2fpage.py", "page.py", "none.js", "static/app.js"])
async def test_no_other_files_are_served(both: Both, name: str) -> None:
    async with both.http.get(f"{both.url}/{name}") as response:
        assert response.status == 404


def test_the_drawer_shows_only_the_beginning_of_what_gives_access() -> None:
    body = b'{"access_token": "abcdefghijkl", "errmsg": "ok", "url": "https://x/send?session=0123456789&a=b"}'
    request: dict[str, object] = {
        "method": "POST",
        "path": "message/send",
        "query": {"access_token": "abcdefghijkl", "key": "abcdefghijkl", "debug": "1"},
        "body": b'{"appSecret":"abcdefghijkl","user_ticket":"abcdefghijkl","key":"press"}',
    }
    view = exchange_view(Exchange("x1", START, "api", "t", request, {"status": 200, "body": body}))
    assert view["query"] == {"access_token": "abcdef…", "key": "abcdef…", "debug": "1"}
    assert '"key": "press"' in str(view["request"])
    assert "ghijkl" not in str(view)
    assert "session=012345…&a=b" in str(view["response"])
    assert '"errmsg": "ok"' in str(view["response"])
