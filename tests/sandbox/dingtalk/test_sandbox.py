"""Both platforms in one sandbox: one company, one clock, one page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from sandbox import App, Corp, Department, Sandbox, StandingClock, User
from sandbox.company import Group
from sandbox.dingtalk import DingApp, DingTalk, organisation_of
from tests.sandbox.dingtalk.stage import CLIENT, SECRET, START, Bot, Json

USERS = (User("Zhang", "张伟", (1,), direct_leader=("Li",)), User("Li", "李经理", (1,)))


@dataclass
class Both:
    """The sandbox, its DingTalk, a bot, a browser tab."""

    sandbox: Sandbox
    ding: DingTalk
    bot: Bot
    tab: aiohttp.ClientWebSocketResponse

    async def hear(self, kind: str) -> Json:
        """The next frame of a type."""
        while True:
            frame: Json = await self.tab.receive_json(timeout=60)
            if frame["type"] == kind:
                return frame


@pytest.fixture
async def both() -> AsyncIterator[Both]:
    """A company on both platforms."""
    groups = (Group("g1", "销售一群", ("Zhang", "Li")),)
    apps = (App(1000002, "跟进助手", "secret"),)
    corp = Corp("ww1", "远望科技", (Department(1, "远望科技"),), USERS, apps, groups=groups)
    company = organisation_of(corp, (DingApp(CLIENT, SECRET, "跟进"),))
    sandbox = Sandbox(corp, StandingClock(START), dingtalk=company)
    ding = sandbox.dingtalk
    assert ding is not None
    async with TestServer(sandbox.app()) as server, aiohttp.ClientSession() as http:
        ding.moved_to(str(server.make_url("")).rstrip("/"))
        bot = Bot(http, ding.api_base)
        await bot.connect()
        async with http.ws_connect(server.make_url("/ws")) as tab:
            yield Both(sandbox, ding, bot, tab)
        await bot.close()


async def test_page_lists_dingtalk_beside_wecom_and_talks_there(both: Both) -> None:
    await both.tab.send_json({"type": "hello", "platform": "wecom", "user": "Zhang"})
    people = (await both.hear("world"))["users"]
    chats = people[0]["chats"]
    assert [(one["kind"], one["name"]) for one in chats] == [
        ("app", "跟进助手"),
        ("group", "销售一群"),
        ("dingtalk", "跟进"),
        ("dingtalk_group", "销售一群"),
    ]
    await both.hear("chat")
    await both.tab.send_json({"type": "switch", "user": "Zhang", "chat": chats[2]["key"]})
    assert (await both.hear("chat"))["messages"] == []
    await both.tab.send_json({"type": "say", "text": "今天"})
    assert (await both.hear("message"))["message"]["text"] == "今天"
    while not both.bot.said():
        await both.bot.arrived.wait()
    assert both.bot.said()[0]["senderNick"] == "张伟"


async def test_jump_brings_again_what_was_not_acknowledged(both: Both) -> None:
    zhang = both.ding.space.organisation.staff[0].staff_id
    both.ding.push_faults.lost_acks = 1
    await both.ding.says(zhang, "在吗")
    await both.sandbox.jump(START + timedelta(minutes=1))
    assert len({one["msgId"] for one in both.bot.said()}) == 1
    assert len(both.bot.said()) == 2


async def test_faults_of_dingtalk_from_the_page(both: Both) -> None:
    async def fault(name: str, value: object = None) -> None:
        await both.tab.send_json({"type": "fault", "platform": "dingtalk", "name": name, "value": value})

    await fault("use_up_pushes")
    await fault("nothing")
    assert (await both.hear("error"))["text"] == "没有这个开关"
    zhang = both.ding.space.organisation.staff[0].staff_id
    await both.ding.says(zhang, "在吗")
    assert both.bot.said()[0]["errorCode"] == "20001"
    await fault("event_again", [1, 2])
    await fault("attack", "not_xml")
    assert (await both.hear("error"))["text"] == "没有这个开关", "that is one of the other platform"
    assert both.ding.pushes.event_again == (1.0, 2.0)
    assert not both.sandbox.wecom.faults.down
