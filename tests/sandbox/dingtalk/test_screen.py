"""DingTalk on the page: rooms of one person, kept in step with what that person sees."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from cards.render.dingtalk_template import template
from sandbox.dingtalk import import_template
from sandbox.dingtalk.frames import CARD_TOPIC
from sandbox.dingtalk.media import Media
from sandbox.dingtalk.screen import DingLine, Screen
from sandbox.phones import CannotPress
from sandbox.state import Message
from tests.sandbox.dingtalk.stage import CLIENT, GROUP, Json, Stage, group_card

FORM: list[Json] = [
    {"name": "genjin_action", "type": "TEXT", "hidden": True, "defaultValue": "packed"},
    {
        "name": "kind",
        "label": "方式",
        "type": "SELECT",
        "required": True,
        "options": [{"value": "v", "text": "拜访"}],
    },
    {
        "name": "who",
        "type": "MULTI_SELECT",
        "options": [{"value": "a", "text": "甲"}, {"value": "b", "text": "乙"}],
    },
    {"name": "ok", "type": "CHECKBOX"},
    {"name": "note", "type": "TEXT_AREA", "placeholder": "说明"},
]


def screen(on: Stage) -> Screen:
    """The screen of a company where everybody is on both platforms."""
    space = on.ding.space
    staff = tuple(
        replace(one, wecom_userid="" if one.external else one.staff_id.title())
        for one in space.organisation.staff
    )
    own = import_template("own.schema", template())
    space.organisation = replace(space.organisation, staff=staff, templates=(own,))
    return Screen(on.ding)


def line(page: Screen, userid: str, name: str = "跟进") -> DingLine:
    """One of a colleague's chats."""
    return next(one for one in page.lines(userid) if one.view()["name"] == name)


def last(page: Screen, chat: DingLine) -> Message:
    """The latest message in a chat."""
    return page.ding.space.world.chat(chat.key).messages[-1]


async def test_everybody_has_chats_with_the_robots_and_the_groups(on: Stage) -> None:
    page = screen(on)
    assert [one.view() for one in page.lines("zhang")] == [
        {"kind": "dingtalk", "name": "跟进"},
        {"kind": "dingtalk", "name": "跟进二"},
        {"kind": "dingtalk_group", "name": "销售一群", "mention": "@跟进 "},
    ]
    assert len(page.lines("Wang")) == 2
    assert page.lines("stranger") == []
    assert line(page, "Zhang").key.endswith(":Zhang")


async def test_what_is_said_is_shown_and_pushed(on: Stage) -> None:
    page = screen(on)
    await on.bot.connect()
    chat = line(page, "Zhang")
    await chat.say("今天", None)
    assert [one["text"]["content"] for one in on.bot.said()] == ["今天"]
    body = {"msgtype": "markdown", "markdown": {"title": "t", "text": "**3** 个任务"}}
    await on.http.post(on.bot.said()[0]["sessionWebhook"], json=body)
    shown = [(one.sender, one.kind, one.text) for one in on.ding.space.world.chat(chat.key).messages]
    assert shown == [("user", "text", "今天"), ("app", "markdown", "**3** 个任务")]
    assert on.ding.space.world.chat(chat.key).unread == 1
    assert last(page, chat).exchanges == []
    with pytest.raises(CannotPress):
        await chat.say("  ", None)


async def test_group_shows_who_spoke_and_hears_a_mention(on: Stage) -> None:
    page = screen(on)
    await on.bot.connect()
    await line(page, "Zhang", "销售一群").say("@跟进 今天", None)
    await line(page, "Zhang", "销售一群").say("吃饭去", None)
    assert [one["text"]["content"].strip() for one in on.bot.said()] == ["今天"]
    seen = last(page, line(page, "Li", "销售一群"))
    assert (seen.sender, seen.author, seen.text) == ("peer", "Zhang", "吃饭去")


async def test_card_is_drawn_for_each_person_and_its_buttons_work(on: Stage) -> None:
    page = screen(on)

    async def agree(_frame: Json) -> Json:
        options = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
        return {"response": {"cardUpdateOptions": options, "cardData": {"cardParamMap": {"done": "已同意"}}}}

    on.bot.answers[CARD_TOPIC] = agree
    await on.bot.connect()
    entries = [
        {"text": "同意", "color": "blue", "action": "packed-1", "url": ""},
        {"text": "看板", "color": "gray", "action": "", "url": "https://a.b"},
    ]
    values = {"title": "报价待审批", "body": "58 万", "done": "", "buttons": orjson.dumps(entries).decode()}
    await on.card(
        **group_card(robotCode=CLIENT), cardTemplateId="own.schema", cardData={"cardParamMap": values}
    )
    mine, his = line(page, "Li", "销售一群"), line(page, "Zhang", "销售一群")
    message = last(page, mine)
    assert message.view()["card"] == {
        "card_type": "dingtalk",
        "blocks": [{"kind": "title", "text": "报价待审批"}, {"kind": "markdown", "text": "58 万"}],
        "button_list": [
            {"text": "同意", "key": "b0", "style": 1},
            {"text": "看板", "key": "b1", "style": 4, "type": 1, "url": "https://a.b"},
        ],
        "state": {"disabled": False, "replace_text": None, "selected": {}, "pressed": None},
    }
    await mine.press(message.id, "b0", {})
    assert "已同意" in last(page, mine).shows()
    assert "已同意" not in last(page, his).shows()
    await mine.press(message.id, "b1", {})
    for key in ("b2", "form", "x"):
        with pytest.raises(CannotPress):
            await mine.press(message.id, key, {})
    with pytest.raises(CannotPress):
        await mine.press("m999", "b0", {})


async def test_form_is_filled_and_sent(on: Stage) -> None:
    page = screen(on)
    await on.bot.connect()
    values = {"title": "新建拜访", "form": orjson.dumps({"fields": FORM}).decode(), "form_btn_text": "记下"}
    await on.card(cardTemplateId="own.schema", cardData={"cardParamMap": values})
    chat = line(page, "Zhang")
    card = last(page, chat).card
    assert card is not None
    controls = [card["select_list"], card["checkboxes"], card["inputs"]]
    keys = [[one["question_key"] for one in found] for found in controls if isinstance(found, list)]
    assert keys == [["kind"], ["who", "ok"], ["note"]]
    assert card["submit_button"] == {"text": "记下", "key": "form"}
    chosen = {"kind": ["v"], "who": ["b", "a"], "ok": ["true"], "note": ["谈得好"]}
    await chat.press(last(page, chat).id, "form", chosen)
    sent = orjson.loads(orjson.loads(on.bot.frames[-1]["data"])["content"])["cardPrivateData"]["params"][
        "form"
    ]
    assert sent == {
        "genjin_action": "packed",
        "kind": {"index": 0, "value": "v"},
        "who": {"index": [0, 1], "value": ["a", "b"]},
        "ok": True,
        "note": "谈得好",
    }
    with pytest.raises(CannotPress, match="方式"):
        await chat.press(last(page, chat).id, "form", {})


async def test_quick_reply_of_an_action_card(on: Stage) -> None:
    page = screen(on)
    await on.bot.connect()
    chat = line(page, "Zhang")
    await chat.say("今天", None)
    send = "dtmd://dingtalkclient/sendMessage?content=%E5%AE%8C%E6%88%90"
    body = {"title": "t", "text": "x", "btns": [{"title": "完成", "actionURL": send}]}
    await on.http.post(on.bot.said()[0]["sessionWebhook"], json={"msgtype": "actionCard", "actionCard": body})
    await chat.press(last(page, chat).id, "b0", {})
    assert on.bot.said()[-1]["text"]["content"] == "完成"


async def test_recalled_message_says_so(on: Stage) -> None:
    page = screen(on)
    _, answer = await on.card(cardTemplateId="own.schema")
    key = answer["result"]["deliverResults"][0]["carrierId"]
    body = {"robotCode": CLIENT, "processQueryKeys": [key]}
    await on.call("POST", "v1.0/robot/otoMessages/batchRecall", body)
    assert last(page, line(page, "Zhang")).kind == "system"


async def test_files_are_sent_and_can_be_looked_at(on: Stage) -> None:
    page = screen(on)
    await on.bot.connect()
    chat = line(page, "Zhang")
    await chat.send(Media("1", "image", "p.png", "image/png", b"\x89PNG"))
    media = last(page, chat).media
    assert media is not None
    async with on.http.get(on.ding.server.address.removesuffix("/dingtalk") + str(media["url"])) as response:
        assert await response.read() == b"\x89PNG"
    await chat.send(Media("2", "voice", "v.amr", "audio/amr", b"#!AMR"))
    await chat.send(Media("3", "file", "报价.pdf", "application/pdf", b"%PDF"))
    assert [one["msgtype"] for one in on.bot.said()] == ["picture", "audio", "file"]
    with pytest.raises(CannotPress):
        await line(page, "Zhang", "销售一群").send(Media("4", "file", "a", "b/c", b"x"))
    with pytest.raises(CannotPress):
        await chat.be_at(1, 2, "x")
    assert GROUP in on.ding.space.conversations
