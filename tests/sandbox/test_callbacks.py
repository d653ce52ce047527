"""Callbacks: what members do, as the app hears it; redelivery; passive replies; hostile requests."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from aiohttp import web

from sandbox import CannotPress
from sandbox.state import Message
from sandbox.wecom.attacks import Attack
from tests.sandbox.world import (
    AGENT,
    CORP_ID,
    Received,
    Stage,
    button_card,
    multiple_card,
    stage,
    text_card,
    vote_card,
)


def _passive(kind: str, inside: str, to: str = "Zhang") -> str:
    head = f"<ToUserName>{to}</ToUserName><FromUserName>{CORP_ID}</FromUserName><CreateTime>1</CreateTime>"
    return f"<xml>{head}<MsgType>{kind}</MsgType>{inside}</xml>"


def _answers(on: Stage, plain: str) -> None:
    async def answer(_received: Received) -> web.StreamResponse:
        return on.bot.sealed(plain)

    on.bot.answer = answer


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
        return on.bot.sealed(_passive("text", "<Content>来了</Content>"))

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
    _answers(on, _passive("text", "<Content>收到</Content>"))
    await on.sandbox.says("Zhang", "好")
    assert len(on.bot.received) == 5
    assert [one.text for one in on.sandbox.chat("Zhang")] == ["好", "收到"]


async def test_a_passive_text_is_cut_like_any_other(on: Stage) -> None:
    """2048 bytes."""
    _answers(on, _passive("text", f"<Content>{'字' * 1000}</Content>"))
    await on.sandbox.says("Zhang", "好")
    assert on.sandbox.chat("Zhang")[-1].text == "字" * 682


@pytest.mark.parametrize(
    "plain",
    [
        _passive("markdown", "<Content>**粗**</Content>"),
        _passive("text", "<Content>给别人</Content>", to="Li"),
        _passive("text", "<Content> </Content>"),
        _passive("image", "<Image><MediaId>none</MediaId></Image>"),
        _passive("update_button", "<Button><ReplaceName>好</ReplaceName></Button>"),
        "<xml><MsgType>text",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><xml><Content>&b;</Content></xml>",
    ],
)
async def test_passive_replies_the_platform_does_not_know(on: Stage, plain: str) -> None:
    """Nothing is shown; the exchange says why."""
    _answers(on, plain)
    message = await on.sandbox.says("Zhang", "好")
    assert message.status == "sent"
    assert len(on.sandbox.chat("Zhang")) == 1
    last = on.sandbox.world.exchanges[-1]
    assert not last.ok
    assert last.response["problem"]


async def test_entering_the_chat(on: Stage) -> None:
    """An event without a MsgId."""
    _answers(on, _passive("text", "<Content>你好，张伟</Content>"))
    await on.sandbox.phones.enters("Zhang")
    assert on.bot.received[0].text("Event") == "enter_agent"
    assert on.bot.received[0].text("MsgId") == ""
    assert on.sandbox.chat("Zhang")[0].text == "你好，张伟"


async def test_pressing_a_button(on: Stage) -> None:
    """All elements of page 90240; no choices, no SelectedItems; the code can be used."""
    await on.api.card(button_card("quote-7"))
    await on.sandbox.press("Zhang", "quote-7", "yes")
    (heard,) = on.bot.received
    assert heard.text("Event") == "template_card_event"
    assert (heard.text("EventKey"), heard.text("TaskId")) == ("yes", "quote-7")
    assert heard.text("CardType") == "button_interaction"
    assert "SelectedItems" not in heard.plain
    code = heard.text("ResponseCode")
    assert (await on.api.update(code, button={"replace_name": "已同意"}))["errcode"] == 0


async def test_every_press_brings_a_fresh_code(on: Stage) -> None:
    """So a card can be changed once for the sending and once for each press."""
    sent = await on.api.card(button_card())
    await on.sandbox.press("Zhang", "task-1", "yes")
    await on.sandbox.press("Zhang", "task-1", "yes", again=True)
    codes = [str(sent["response_code"]), *(one.text("ResponseCode") for one in on.bot.received)]
    assert len(set(codes)) == 3
    for code in codes:
        assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 0


async def test_choices_are_sent_along(on: Stage) -> None:
    """Preset ones too: the first of a list, what is checked."""
    await on.api.card(multiple_card())
    await on.api.card(vote_card())
    await on.api.card(button_card(button_selection=multiple_card()["select_list"][0]))
    await on.sandbox.press("Zhang", "multi-1", "ok", {"hour": ["2"]})
    await on.sandbox.press("Zhang", "vote-1", "submit", {"q": ["a", "b"]})
    await on.sandbox.press("Zhang", "task-1", "yes")
    found = [[*_chosen(one)] for one in on.bot.received]
    assert found == [[("day", ["1"]), ("hour", ["2"])], [("q", ["a", "b"])], [("day", ["1"])]]


def _chosen(received: Received) -> list[tuple[str, list[str]]]:
    items = ET.fromstring(received.plain).findall("SelectedItems/SelectedItem")
    return [
        (
            one.findtext("QuestionKey") or "",
            [option.text or "" for option in one.findall("OptionIds/OptionId")],
        )
        for one in items
    ]


async def test_what_cannot_be_pressed(on: Stage) -> None:
    """Unknown buttons, options, cards; twice; greyed."""
    await on.api.card(vote_card())
    none: list[str] = []
    tries = [
        ("no", {"q": ["a"]}),
        ("submit", {"q": ["z"]}),
        ("submit", {"x": ["a"]}),
        ("submit", {"q": none}),
    ]
    for key, selected in tries:
        with pytest.raises(CannotPress):
            await on.sandbox.press("Zhang", "vote-1", key, selected)
    with pytest.raises(CannotPress):
        await on.sandbox.press("Li", "vote-1", "submit")
    assert not on.bot.received
    await on.sandbox.press("Zhang", "vote-1", "submit", {"q": ["a"]})
    with pytest.raises(CannotPress):
        await on.sandbox.press("Zhang", "vote-1", "submit", {"q": ["a"]})
    assert len(on.bot.received) == 1


async def test_a_press_that_did_not_get_through_can_be_repeated(on: Stage) -> None:
    """The button comes back to life."""

    async def refuse(_received: Received) -> web.StreamResponse:
        return web.Response(status=403)

    await on.api.card(button_card())
    on.bot.answer = refuse
    await on.sandbox.press("Zhang", "task-1", "yes")
    on.bot.answer = on.bot.empty
    message = await on.sandbox.press("Zhang", "task-1", "yes")
    assert message.state is not None
    assert message.state.pressed == "yes"


async def test_a_passive_update_changes_the_own_copy_alone(on: Stage) -> None:
    """The colleague's card stays as it is."""
    await on.api.card(button_card(), touser="Zhang|Li")
    _answers(on, _passive("update_button", "<Button><ReplaceName>已同意</ReplaceName></Button>"))
    mine = await on.sandbox.press("Zhang", "task-1", "yes")
    theirs = on.sandbox.chat("Li")[0]
    assert _greyed(mine) == (True, "已同意")
    assert _greyed(theirs) == (False, None)


def _greyed(message: Message) -> tuple[bool, str | None]:
    assert message.state is not None
    return message.state.disabled, message.state.replace_text


async def test_a_passive_card_takes_the_place(on: Stage) -> None:
    """Repeated elements are lists, names differ from the JSON's."""
    card = (
        "<TemplateCard><CardType>multiple_interaction</CardType><Source><Desc>跟进</Desc><DescColor>2</DescColor>"
        "</Source><MainTitle><Title>已改期</Title></MainTitle>"
        "<SelectList><QuestionKey>day</QuestionKey><Disable>true</Disable><SelectedId>2</SelectedId>"
        "<OptionList><Id>1</Id><Text>一</Text></OptionList><OptionList><Id>2</Id><Text>二</Text></OptionList>"
        "</SelectList><SubmitButton><Text>确定</Text><Key>ok</Key></SubmitButton>"
        "<ReplaceText>已提交</ReplaceText></TemplateCard>"
    )
    await on.api.card(multiple_card())
    _answers(on, _passive("update_template_card", card))
    message = await on.sandbox.press("Zhang", "multi-1", "ok", {"day": ["2"]})
    assert _greyed(message) == (True, "已提交")
    drawn = message.card or {}
    assert drawn["main_title"] == {"title": "已改期"}
    assert "'disable': True" in str(drawn["select_list"])
    assert message.state is not None
    assert message.state.selected == {"day": ["2"]}


async def test_a_passive_card_that_breaks_the_rules_changes_nothing(on: Stage) -> None:
    """And the exchange says what was wrong."""
    await on.api.card(button_card())
    _answers(
        on,
        _passive(
            "update_template_card", "<TemplateCard><CardType>button_interaction</CardType></TemplateCard>"
        ),
    )
    message = await on.sandbox.press("Zhang", "task-1", "yes")
    assert _greyed(message) == (False, None)
    assert "main_title.title" in str(on.sandbox.world.exchanges[-1].response["problem"])


async def test_a_press_is_not_answered_with_words(on: Stage) -> None:
    """Only with an update of the card."""
    await on.api.card(button_card())
    _answers(on, _passive("text", "<Content>好</Content>"))
    await on.sandbox.press("Zhang", "task-1", "yes")
    assert len(on.sandbox.chat("Zhang")) == 1


async def test_the_menu_in_the_corner(on: Stage) -> None:
    """Its own event, and its code can update a notice."""
    menu = {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}
    await on.api.card(text_card(task_id="n-1", action_menu=menu))
    await on.sandbox.phones.menu("Zhang", "n-1", "mute")
    (heard,) = on.bot.received
    assert (heard.text("Event"), heard.text("EventKey")) == ("template_card_menu_event", "mute")
    code = heard.text("ResponseCode")
    assert (await on.api.update(code, button={"replace_name": "好"}))["errcode"] == 40058
    assert (await on.api.update(code, template_card=text_card()))["errcode"] == 0


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
