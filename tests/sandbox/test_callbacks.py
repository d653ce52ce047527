"""Callbacks: what members do, as the app hears it; redelivery; passive replies; hostile requests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import web

from sandbox import CannotPress
from sandbox.wecom.attacks import Attack
from tests.sandbox.world import AGENT, CORP_ID, Received, Stage, answers, button_card, passive, stage


async def test_a_text_as_the_app_hears_it(on: Stage) -> None:
    """All elements of page 90239, whatever is in the text."""
    words = "王总说：]]> <b>二期</b> 58万 & 😀"
    message = await on.sandbox.says("zhang", words)
    (heard,) = on.bot.received
    assert message.status == "sent"
    assert heard.text("Content") == words
    assert (heard.text("FromUserName"), heard.text("ToUserName")) == ("Zhang", CORP_ID)
    assert (heard.text("MsgType"), heard.text("AgentID")) == ("text", str(AGENT))
    assert heard.text("CreateTime") == str(int(on.clock.now().timestamp()))
    assert 0 < int(heard.text("MsgId")) < 2**63
    assert heard.query["timestamp"] == heard.text("CreateTime")


async def test_every_message_has_its_own_id(on: Stage) -> None:
    """Saying the same twice is two messages."""
    for _ in range(2):
        await on.sandbox.says("Zhang", "好")
    assert len({one.text("MsgId") for one in on.bot.received}) == 2


async def test_quoting(on: Stage) -> None:
    """The client puts the quoted words, a line and the answer into one text."""
    await on.api.say("已记录拜访")
    (shown,) = on.sandbox.chat("Zhang")
    mine = await on.sandbox.says("Zhang", "撤销", quote=shown.id)
    assert on.bot.received[0].text("Content") == "「跟进：已记录拜访」\n- - - - - - -\n撤销"
    assert (mine.text, mine.quote) == ("撤销", shown.id)
    await on.sandbox.says("Zhang", "不对", quote=mine.id)
    assert on.bot.received[1].text("Content").startswith("「张伟：撤销」")


async def test_pictures_voice_files_and_places(on: Stage) -> None:
    """What each brings, and the media can be fetched."""
    store = on.sandbox.wecom.media
    image = store.put("image", "a.png", "image/png", b"\x89PNG\r\n\x1a\n123")
    voice = store.put("voice", "a.amr", "audio/amr", b"#!AMR\n123")
    file = store.put("file", "报价.xlsx", "application/octet-stream", b"123456")
    video = store.put("video", "a.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42")
    for media in (image, voice, file, video):
        await on.sandbox.phones.sends("Zhang", media)
    await on.sandbox.phones.sends_location("Zhang", 31.23, 121.47, "上海中心")
    kinds = [one.text("MsgType") for one in on.bot.received]
    assert kinds == ["image", "voice", "file", "video", "location"]
    assert on.bot.received[0].text("MediaId") == image.id
    assert on.bot.received[0].text("PicUrl").endswith(f"/media/{image.id}")
    assert on.bot.received[1].text("Format") == "amr"
    assert (on.bot.received[4].text("Location_X"), on.bot.received[4].text("Location_Y")) == (
        "31.23",
        "121.47",
    )
    assert [one.kind for one in on.sandbox.chat("Zhang")] == ["image", "voice", "file", "file", "location"]


async def test_url_verification(on: Stage) -> None:
    """The exact plain text, or it fails."""
    assert await on.sandbox.callbacks.verify_url()
    on.bot.echo = lambda word: b'"' + word + b'"'
    assert not await on.sandbox.callbacks.verify_url()


async def test_url_verification_takes_a_second_and_no_detour(on: Stage) -> None:
    """Nothing but 200, and at once."""
    late = asyncio.Event()
    for answer in (web.Response(status=500), web.Response(status=302, headers={"Location": "/callback"})):
        on.bot.asked = _says(answer)
        assert not await on.sandbox.callbacks.verify_url()

    async def slow(_request: web.Request) -> web.StreamResponse:
        await late.wait()
        return web.Response()

    on.bot.asked = slow
    on.sandbox.callbacks.verify_timeout = 0.05
    assert not await on.sandbox.callbacks.verify_url()
    late.set()
    on.bot.asked = None
    assert await on.sandbox.callbacks.verify_url()


def _says(answer: web.Response) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def say(_request: web.Request) -> web.StreamResponse:
        return answer

    return say


async def test_a_failure_is_delivered_again_with_the_same_words(on: Stage) -> None:
    """Three tries, sealed anew each time; then the phone shows it as failed."""

    async def refuse(_received: Received) -> web.StreamResponse:
        return web.Response(status=500)

    on.bot.answer = refuse
    message = await on.sandbox.says("Zhang", "好")
    assert message.status == "failed"
    assert len(on.bot.received) == len(message.exchanges) == 3
    assert len({one.plain for one in on.bot.received}) == 1
    assert len({one.body for one in on.bot.received}) == 3
    assert len({one.query["nonce"] for one in on.bot.received}) == 3


async def test_no_answer_in_time_is_delivered_again(on: Stage) -> None:
    """A late answer is lost, the next one counts."""
    on.sandbox.callbacks.reply_timeout = 0.2
    never = asyncio.Event()

    async def slow_once(received: Received) -> web.StreamResponse:
        if len(on.bot.received) == 1:
            await never.wait()
        return on.bot.sealed(passive("text", "<Content>来了</Content>"))

    on.bot.answer = slow_once
    message = await on.sandbox.says("Zhang", "在吗")
    never.set()
    assert message.status == "sent"
    assert len(on.bot.received) == 2
    assert [one.text for one in on.sandbox.chat("Zhang")] == ["在吗", "来了"]


async def test_a_lost_acknowledgement_brings_it_again(on: Stage) -> None:
    """The app said yes, the platform did not hear it."""
    on.sandbox.callbacks.faults.lost_acks = 1
    message = await on.sandbox.says("Zhang", "好")
    assert message.status == "sent"
    assert len(on.bot.received) == 2
    assert on.bot.received[0].plain == on.bot.received[1].plain


async def test_the_same_delivery_five_times_at_once(on: Stage) -> None:
    """One passive reply is shown."""
    on.sandbox.callbacks.faults.copies = 5
    answers(on, passive("text", "<Content>收到</Content>"))
    await on.sandbox.says("Zhang", "好")
    assert len(on.bot.received) == 5
    assert [one.text for one in on.sandbox.chat("Zhang")] == ["好", "收到"]


async def test_a_passive_text_is_cut_like_any_other(on: Stage) -> None:
    """2048 bytes."""
    answers(on, passive("text", f"<Content>{'字' * 1000}</Content>"))
    await on.sandbox.says("Zhang", "好")
    assert on.sandbox.chat("Zhang")[-1].text == "字" * 682


@pytest.mark.parametrize(
    "plain",
    [
        passive("markdown", "<Content>**粗**</Content>"),
        passive("text", "<Content>给别人</Content>", to="Li"),
        passive("text", "<Content> </Content>"),
        passive("image", "<Image><MediaId>none</MediaId></Image>"),
        passive("update_button", "<Button><ReplaceName>好</ReplaceName></Button>"),
        "<xml><MsgType>text",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><xml><Content>&b;</Content></xml>",
    ],
)
async def test_passive_replies_the_platform_does_not_know(on: Stage, plain: str) -> None:
    """Nothing is shown; the exchange says why."""
    answers(on, plain)
    message = await on.sandbox.says("Zhang", "好")
    assert message.status == "sent"
    assert len(on.sandbox.chat("Zhang")) == 1
    last = on.sandbox.world.exchanges[-1]
    assert not last.ok
    assert last.response["problem"]


async def test_entering_the_chat(on: Stage) -> None:
    """An event without a MsgId."""
    answers(on, passive("text", "<Content>你好，张伟</Content>"))
    await on.sandbox.phones.enters("Zhang")
    assert on.bot.received[0].text("Event") == "enter_agent"
    assert on.bot.received[0].text("MsgId") == ""
    assert on.sandbox.chat("Zhang")[0].text == "你好，张伟"


async def test_the_address_book_changed(on: Stage) -> None:
    """It comes from sys."""
    await on.sandbox.phones.contact_changed("update_user", [("UserID", "Zhang"), ("Name", "张大伟")])
    (heard,) = on.bot.received
    assert (heard.text("FromUserName"), heard.text("Event")) == ("sys", "change_contact")
    assert (heard.text("ChangeType"), heard.text("Name")) == ("update_user", "张大伟")


@pytest.mark.parametrize("kind", list(Attack))
async def test_attacks_are_what_they_say(on: Stage, kind: Attack) -> None:
    """A careful app lets none of them through; what a careless one hears differs by kind."""
    attempt = await on.sandbox.attack(kind)
    opened = {Attack.STALE, Attack.SEALED_BOMB}
    assert (attempt.status == 200) == (kind in opened)


async def test_an_app_that_is_not_there() -> None:
    """The phone shows the message as failed."""
    async with stage(callback_url="http://127.0.0.1:9/callback") as on:
        message = await on.sandbox.says("Zhang", "在吗")
        assert message.status == "failed"
        assert not await on.sandbox.callbacks.verify_url()


async def test_waiting_for_what_comes_later(on: Stage) -> None:
    """No polling: the wait ends with the message, with a change, or with its limit."""
    waiting = asyncio.create_task(on.sandbox.wait_for("Zhang", lambda one: one.text == "早"))
    await on.api.say("早")
    first = await waiting
    later = asyncio.create_task(on.sandbox.wait_for("Zhang", lambda one: one.sender == "app", after=first))
    answer = await on.api.card(button_card())
    card = await later
    assert card.task_id == "task-1"
    changed = asyncio.create_task(
        on.sandbox.wait_for("Zhang", lambda one: one.state is not None and one.state.disabled)
    )
    await on.api.update(str(answer["response_code"]), button={"replace_name": "好"})
    assert await changed is card
    with pytest.raises(TimeoutError, match="nothing that fits"):
        await on.sandbox.wait_for("Zhang", lambda one: one.text == "没有", 0.01)


async def test_jumping_only_ahead(on: Stage) -> None:
    """The hook hears of it."""
    heard = []

    async def on_jump(to: object) -> None:
        heard.append(to)

    on.sandbox.on_jump = on_jump
    to = on.clock.now() + timedelta(days=1)
    await on.sandbox.jump(to)
    assert on.clock.now() == to
    assert heard == [to]
    with pytest.raises(ValueError, match="later"):
        await on.sandbox.jump(to)


async def test_passive_news(on: Stage) -> None:
    """Articles with titles are shown, others are not."""
    item = "<item><Title>周报</Title><Url>https://example.com</Url></item>"
    answers(on, passive("news", f"<ArticleCount>1</ArticleCount><Articles>{item}</Articles>"))
    await on.sandbox.says("Zhang", "周报")
    last = on.sandbox.chat("Zhang")[-1]
    assert (last.kind, last.text) == ("news", "周报")
    answers(on, passive("news", "<Articles><item/></Articles>"))
    await on.sandbox.says("Zhang", "周报")
    assert len(on.sandbox.chat("Zhang")) == 3


async def test_who_cannot_see_the_app_cannot_write_to_it() -> None:
    """Nothing goes out."""
    async with stage(visible=frozenset({"Li"})) as on:
        with pytest.raises(CannotPress, match="跟进"):
            await on.sandbox.says("Zhang", "在吗")
        with pytest.raises(CannotPress):
            await on.sandbox.phones.enters("Zhang")
        assert not on.bot.received


async def test_another_apps_chat(on: Stage) -> None:
    """The callback names the app it is for."""
    await on.sandbox.says("Zhang", "你好", agent_id=1000003)
    assert on.bot.received[0].text("AgentID") == "1000003"
    assert b"<AgentID><![CDATA[1000003]]></AgentID>" in on.bot.received[0].body


async def test_an_approval_speaks_as_the_system_and_of_no_form(on: Stage) -> None:
    told = await on.sandbox.phones.approval_changed("202611200001", "Zhang", "Li", change=2, status=2)
    assert told.ok
    heard = on.bot.received[-1]
    assert (heard.text("FromUserName"), heard.text("AgentID")) == ("sys", "3010040")
    assert heard.text("Event") == "sys_approval_change"
    assert heard.text("ApprovalInfo/SpRecord/Details/Approver/UserId") == "Li"
    assert heard.text("ApprovalInfo/StatuChangeEvent") == "2"
