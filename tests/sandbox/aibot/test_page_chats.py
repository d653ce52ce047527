"""The page: every chat of a member, listed, opened, talked in."""

from __future__ import annotations

import base64

from tests.sandbox.aibot.line import BOT, GROUP, Scene
from tests.sandbox.test_page import PNG, Tab
from tests.sandbox.world import Json, button_card


async def hello(on: Scene, page: Tab, user: str = "Zhang", chat: str | None = None) -> Json:
    """Greet; what the page is told of the member."""
    await page.ask("hello", platform="wecom", user=user, chat=chat)
    world = await page.hear("world")
    found: Json = next(one for one in world["users"] if one["userid"] == user)
    return found


async def test_the_chats_of_a_member_are_listed(on: Scene) -> None:
    """The app, the bots, the groups one is in; with what was not read."""
    async with on.line() as line, on.session.ws_connect(f"{on.url}/ws") as socket:
        await on.sandbox.bots.says("Zhang", "一")
        assert await line.push("Zhang") == 0
        chats = (await hello(on, Tab(socket)))["chats"]
    assert [(one["kind"], one["name"], one["unread"]) for one in chats] == [
        ("app", "跟进", 0),
        ("bot", "跟进", 1),
        ("bot", "别的机器人", 0),
        ("group", "销售一部", 0),
        ("group", "没有机器人的群", 0),
    ]
    assert [one.get("mention") for one in chats[3:]] == ["@跟进 ", ""]
    assert len({one["key"] for one in chats}) == 5


async def test_a_chat_with_a_bot(on: Scene) -> None:
    """Opened, greeted, talked in, a card pressed, a picture sent."""
    key = f"bot:{BOT}:Zhang"
    async with on.line() as line, on.session.ws_connect(f"{on.url}/ws") as socket:
        page = Tab(socket)
        await hello(on, page)
        await page.ask("switch", user="Zhang", chat=key)
        assert (await page.hear("chat", chat=key))["messages"] == []
        assert (await line.event())["body"]["event"]["eventtype"] == "enter_chat"
        await page.ask("say", text="今天")
        assert (await page.message(status="sent"))["text"] == "今天"
        frame = await line.hear()
        assert await line.stream(frame, "三件事", finish=True) == 0
        assert (await page.message(**{"from": "app"}))["text"] == "三件事"
        assert await line.push_card("Zhang", button_card()) == 0
        card = await page.message(kind="card")
        await page.ask("press", message=card["id"], key="yes", selected={})
        assert (await line.event())["body"]["event"]["template_card_event"]["event_key"] == "yes"
        await page.ask("send_image", data=base64.b64encode(PNG).decode(), name="名片.png")
        assert (await line.hear())["body"]["msgtype"] == "image"
        await page.ask("send_location", lat=31.2, lng=121.5, label="外滩")
        assert "位置" in (await page.hear("error"))["text"]


async def test_a_group(on: Scene) -> None:
    """Who writes @ talks to the bot, who does not to the colleagues; each sees who said what."""
    key = f"group:{GROUP}:Zhang"
    async with on.line() as line, on.session.ws_connect(f"{on.url}/ws") as socket:
        page = Tab(socket)
        await hello(on, page, chat=key)
        await page.hear("chat", chat=key)
        await page.ask("say", text="大家好")
        await page.message(status="sent")
        await page.ask("say", text="@跟进 今天")
        assert (await line.hear())["body"]["text"]["content"] == "@跟进 今天"
        assert not line.kept
        await on.sandbox.bots.talks(GROUP, "Li", "我也要")
        said = await page.message(**{"from": "peer"})
        assert (said["text"], said["author"]) == ("我也要", "Li")
        await page.ask("send_file", data=base64.b64encode(PNG).decode(), name="a.bin")
        assert "群里" in (await page.hear("error"))["text"]


async def test_what_nobody_looks_at_is_unread(on: Scene) -> None:
    """Told by chat; another's chat cannot be opened."""
    async with on.line() as line, on.session.ws_connect(f"{on.url}/ws") as socket:
        page = Tab(socket)
        await hello(on, page)
        await page.hear("chat")
        await on.sandbox.bots.says("Zhang", "一")
        assert await line.push("Zhang") == 0
        told = await page.hear("unread", user="Zhang")
        assert (told["chat"], told["count"]) == (f"bot:{BOT}:Zhang", 1)
        await page.ask("switch", user="Zhang", chat=f"bot:{BOT}:Li")
        assert "没有这个会话" in (await page.hear("error"))["text"]
        await page.ask("switch", user="Zhang", chat=f"bot:{BOT}:Zhang")
        assert (await page.hear("unread", user="Zhang"))["count"] == 0
