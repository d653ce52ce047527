"""The page's side: one WebSocket, what it is told, what it can ask for."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, web

from sandbox.presets import preset, presets
from tests.patience import PATIENCE
from tests.sandbox.world import Json, Received, Stage, button_card, text_card

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@dataclass
class Tab:
    """A browser tab without a browser."""

    socket: ClientWebSocketResponse

    async def ask(self, kind: str, **fields: Any) -> None:
        """Send a frame."""
        await self.socket.send_json({"type": kind, **fields})

    async def hear(self, kind: str, **wanted: object) -> Json:
        """The next frame of a type whose fields are as wanted; others are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: Json = await self.socket.receive_json()
                if frame["type"] == kind and all(frame.get(name) == value for name, value in wanted.items()):
                    return frame

    async def message(self, **wanted: object) -> Json:
        """The next new or changed message whose fields are as wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found: Json = (await self.hear("message"))["message"]
                if all(found.get(name) == value for name, value in wanted.items()):
                    return found


@asynccontextmanager
async def tab(on: Stage, user: str | None = "Zhang") -> AsyncIterator[Tab]:
    """A tab that has said hello."""
    async with on.api.session.ws_connect(f"{on.url}/ws") as socket:
        opened = Tab(socket)
        await opened.ask("hello", platform="wecom", user=user)
        if user:
            await opened.hear("chat", user=user)
        yield opened


async def test_hello_shows_the_world(on: Stage) -> None:
    """Colleagues, time, presets; without a user no chat."""
    async with on.api.session.ws_connect(f"{on.url}/ws") as socket:
        opened = Tab(socket)
        await opened.ask("hello", platform="wecom", user=None)
        world = await opened.hear("world")
    assert world["corp"]["name"] == "远望科技"
    assert (world["zone"], world["now"]) == ("Asia/Shanghai", "2026-03-02T09:00:00+08:00")
    zhang = world["users"][0]
    assert (zhang["userid"], zhang["name"], zhang["department"]) == ("Zhang", "张伟", "销售一部")
    assert zhang["unread"] == 0
    assert {one["id"]: one["to"] for one in world["presets"]} == {
        "plus_10m": "2026-03-02T09:10:00+08:00",
        "plus_1h": "2026-03-02T10:00:00+08:00",
        "tomorrow_830": "2026-03-03T08:30:00+08:00",
        "next_wed_950": "2026-03-11T09:50:00+08:00",
    }


async def test_saying_something_on_the_page(on: Stage) -> None:
    """First sending, then sent; the app's answer follows."""

    async def answer(received: Received) -> web.StreamResponse:
        if received.text("MsgType") == "text":
            await on.api.say("已记录")
        return web.Response()

    on.bot.answer = answer
    async with tab(on) as page:
        await page.ask("say", text="拜访了王总", quote=None)
        assert (await page.message(status="sending"))["from"] == "user"
        reply = await page.message(**{"from": "app"})
        assert (reply["kind"], reply["text"]) == ("text", "已记录")
        sent = await page.message(status="sent")
        assert sent["text"] == "拜访了王总"
        assert sent["exchanges"]


async def test_pressing_on_the_page(on: Stage) -> None:
    """The card changes under the same id."""
    await on.api.card(button_card())

    async def answer(received: Received) -> web.StreamResponse:
        if code := received.text("ResponseCode"):
            await on.api.update(code, button={"replace_name": "已同意"})
        return web.Response()

    on.bot.answer = answer
    card = on.sandbox.chat("Zhang")[0]
    async with tab(on) as page:
        await page.ask("press", message=card.id, key="yes", selected={})
        pressed = await page.message(id=card.id)
        assert pressed["card"]["state"]["pressed"] == "yes"
        changed = await page.message(id=card.id)
        assert changed["card"]["state"]["replace_text"] == "已同意"
        await page.ask("press", message=card.id, key="yes", selected={})
        assert (await page.hear("error"))["text"] == "按钮已失效"


async def test_unread_counts_of_those_nobody_looks_at(on: Stage) -> None:
    """Counted while away, gone when looked at; the open chat has none."""
    async with tab(on) as page:
        await on.api.say("看得见")
        await on.api.say("给经理", touser="Li")
        assert (await page.hear("unread"))["count"] == 1
        await page.ask("switch", user="Li")
        assert (await page.hear("unread", user="Li"))["count"] == 0
        chat = await page.hear("chat", user="Li")
        assert [one["text"] for one in chat["messages"]] == ["给经理"]
    assert on.sandbox.world.chat("Zhang").unread == 0


async def test_sending_pictures_files_and_places(on: Stage) -> None:
    """From base64, a data URL, coordinates."""
    data = base64.b64encode(PNG).decode()
    async with tab(on) as page:
        await page.ask("send_image", data=f"data:image/png;base64,{data}", name="名片.png")
        assert (await page.message(status="sent"))["media"]["name"] == "名片.png"
        await page.ask("send_file", data=data, name="报价.pdf")
        assert (await page.message(status="sent"))["kind"] == "file"
        await page.ask("send_location", lat=31.2, lng=121.5, label="外滩")
        assert (await page.message(status="sent"))["location"] == {"lat": 31.2, "lng": 121.5, "label": "外滩"}
        await page.ask("send_image", data=base64.b64encode(b"no picture").decode())
        assert "平台拒绝" in (await page.hear("error"))["text"]


async def test_jumping_on_the_page(on: Stage) -> None:
    """By preset or to any later moment; every tab hears of it."""
    async with tab(on) as page, tab(on, "Li") as other:
        await page.ask("jump", preset="next_wed_950")
        assert (await page.hear("clock"))["now"] == "2026-03-11T09:50:00+08:00"
        assert (await other.hear("clock"))["now"] == "2026-03-11T09:50:00+08:00"
        await page.ask("jump", to="2026-03-12T08:30:00+08:00")
        assert (await page.hear("clock"))["now"] == "2026-03-12T08:30:00+08:00"
        await page.ask("jump", to="2026-03-01T08:30:00+08:00")
        assert (await page.hear("error"))["text"] == "只能快进到以后的时间"


async def test_the_drawer_of_exchanges(on: Stage) -> None:
    """Both directions, decrypted; the list comes with hello, too."""
    async with tab(on) as page:
        await page.ask("say", text="你好")
        callback = await page.hear("exchange", title="张伟 发消息")
        await on.api.card(text_card(main_title={}))
        api = await page.hear("exchange", direction="api")
        assert (callback["ok"], api["ok"], api["errcode"]) == (True, False, 40058)
        await page.ask("raw", exchange=callback["id"])
        raw = (await page.hear("raw"))["exchange"]
        assert "<Content><![CDATA[你好]]></Content>" in raw["request_plain"]
        assert "<Encrypt>" in raw["request"]
        await page.ask("raw", exchange=api["id"])
        raw = (await page.hear("raw"))["exchange"]
        assert '"card_type": "text_notice"' in raw["request"]
        assert '"errcode": 40058' in raw["response"]
        await page.ask("raw", exchange="x0")
        assert (await page.hear("error"))["text"]
    async with tab(on, None) as page:
        assert await page.hear("exchange", id=api["id"])


async def test_faults_from_the_page(on: Stage) -> None:
    """Each switch does what it says."""
    async with tab(on, None) as page:
        await page.ask("fault", name="inject", value={"path": "message/send", "errcode": 45009, "times": 1})
        await page.ask("fault", name="copies", value=3)
        await page.ask("fault", name="nonsense", value=1)
        await page.hear("error")
        assert (await on.api.say("你好"))["errcode"] == 45009
        assert on.sandbox.callbacks.faults.copies == 3
        await page.ask("fault", name="expire_tokens", value=True)
        await page.ask("fault", name="clear", value=True)
        await page.ask("fault", name="attack", value="nonsense")
        await page.hear("error")
        assert (await on.api.say("你好"))["errcode"] == 42001
        assert on.sandbox.callbacks.faults.copies == 1
        await page.ask("fault", name="attack", value="not_xml")
        assert not (await page.hear("exchange", title="attack not_xml"))["ok"]


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        "[]",
        '{"type": 1}',
        '{"type": "poem"}',
        '{"type": "say", "text": "还没选人"}',
        '{"type": "switch", "user": "nobody"}',
        '{"type": "switch", "user": 7}',
        '{"type": "jump", "to": "tomorrow"}',
        '{"type": "jump", "to": "2026-03-12T08:30:00"}',
        '{"type": "jump", "preset": "poem"}',
        '{"type": "fault", "name": "latency", "value": "slow"}',
    ],
)
async def test_frames_that_make_no_sense(on: Stage, frame: str) -> None:
    """An error in Chinese, and the connection lives on."""
    async with tab(on, None) as page:
        await page.socket.send_str(frame)
        assert (await page.hear("error"))["text"]
        await page.ask("hello", platform="wecom", user="Zhang")
        assert await page.hear("chat")


async def test_the_page_and_its_files(on: Stage) -> None:
    """Served at the root; nothing outside is."""
    async with on.api.session.get(f"{on.url}/") as response:
        assert response.status == 200
        assert "text/html" in response.headers["Content-Type"]
    for path in ("/nothing.js", "/..%2fserver.py", "/media/none", "/qyapi/cgi-bin/none/such"):
        async with on.api.session.get(on.url + path) as response:
            assert response.status == 404


async def test_another_site_gets_no_connection(on: Stage) -> None:
    """The same origin does."""
    for origin, status in (("https://evil.example", 403), (on.url, 101)):
        headers = {"Origin": origin, "Connection": "Upgrade", "Upgrade": "websocket"}
        headers |= {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
        async with on.api.session.get(f"{on.url}/ws", headers=headers) as response:
            assert response.status == status
            response.close()


async def test_who_left_is_not_offered(on: Stage) -> None:
    """There is no phone to look at."""
    shown = on.sandbox.page.view()["users"]
    assert isinstance(shown, list)
    assert [one["userid"] for one in shown] == ["Zhang", "Li", "Wang"]


def test_presets_on_a_sunday() -> None:
    """The week begins on Monday, so on Sunday next week's Wednesday is three days away."""
    sunday = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)
    assert preset("next_wed_950", sunday).isoformat() == "2026-03-11T09:50:00+08:00"
    late = datetime(2026, 3, 8, 16, 30, tzinfo=UTC)
    assert preset("tomorrow_830", late).isoformat() == "2026-03-10T08:30:00+08:00"
    assert len(presets(late)) == 4


async def test_the_apps_menu_is_drawn_and_chosen_from(on: Stage) -> None:
    entry = {"name": "今天", "type": "click", "key": "today"}
    assert (await on.api.post("menu/create?agentid=1000002", {"button": [entry]}))["errcode"] == 0
    async with on.api.session.ws_connect(f"{on.url}/ws") as socket:
        opened = Tab(socket)
        await opened.ask("hello", user="Zhang")
        world = await opened.hear("world")
        chats = next(one for one in world["users"] if one["userid"] == "Zhang")["chats"]
        assert chats[0]["menu"] == [{"name": "今天", "url": "", "below": []}]
        await opened.hear("chat", user="Zhang")
        await opened.ask("choose", label="今天")
        told = await opened.hear("exchange", title="张伟 点菜单 今天")
        assert (told["platform"], told["way"]) == ("wecom", "应用")
    assert "<EventKey><![CDATA[today]]></EventKey>" in on.bot.received[-1].plain


async def test_without_a_guide_there_is_no_page_of_it(on: Stage) -> None:
    async with on.api.session.get(f"{on.url}/dingtalk-card") as response:
        assert response.status == 404
