"""A bot's cards: sent, pressed, changed in time, never sent twice under one task_id."""

from __future__ import annotations

import pytest

from sandbox import CannotPress
from tests.sandbox.aibot.line import GROUP, Line, Scene
from tests.sandbox.world import Json, button_card, multiple_card, text_card, vote_card


async def sent(on: Scene, line: Line, card: Json) -> None:
    """Put a card into Zhang's chat."""
    await on.sandbox.bots.says("Zhang", "卡片")
    await line.hear()
    assert await line.push_card("Zhang", card) == 0


async def update(line: Line, pressed: Json, card: Json, **more: object) -> int:
    """aibot_respond_update_msg."""
    body: Json = {"response_type": "update_template_card", "template_card": card, **more}
    return await line.code("aibot_respond_update_msg", body, pressed["headers"]["req_id"])


async def test_a_press_is_nested_as_documented(on: Scene) -> None:
    """Button, chat, presser; no selected_items without a question."""
    async with on.line() as line:
        await sent(on, line, button_card())
        card = on.sandbox.chat(on.sandbox.bots.chat("Zhang"))[-1]
        await on.sandbox.bots.tap("Zhang", card, "同意")
        body = (await line.event())["body"]
        assert (body["msgtype"], body["from"], body["chattype"]) == ("event", {"userid": "Zhang"}, "single")
        assert body["event"] == {
            "eventtype": "template_card_event",
            "template_card_event": {
                "card_type": "button_interaction",
                "event_key": "yes",
                "task_id": "task-1",
            },
        }
        with pytest.raises(CannotPress, match="已经点过"):
            await on.sandbox.bots.press("Zhang", "task-1", "no")


async def test_choices_come_as_lists(on: Scene) -> None:
    """A form with presets, a vote."""
    async with on.line() as line:
        await sent(on, line, multiple_card())
        await on.sandbox.bots.press("Zhang", "multi-1", "ok", {"hour": ["2"]})
        inner = (await line.event())["body"]["event"]["template_card_event"]
        assert inner["selected_items"]["selected_item"] == [
            {"question_key": "day", "option_ids": {"option_id": ["1"]}},
            {"question_key": "hour", "option_ids": {"option_id": ["2"]}},
        ]
        assert await line.push_card("Zhang", vote_card()) == 0
        with pytest.raises(CannotPress, match="请先选择"):
            await on.sandbox.bots.press("Zhang", "vote-1", "submit", {"q": []})
        await on.sandbox.bots.press("Zhang", "vote-1", "submit", {"q": ["a", "b"]})
        inner = (await line.event())["body"]["event"]["template_card_event"]
        assert inner["selected_items"]["selected_item"][0]["option_ids"] == {"option_id": ["a", "b"]}


async def test_an_update_within_five_seconds(on: Scene) -> None:
    """Replaces the card and greys it; a grey one cannot be pressed, except by a fast second tap."""
    async with on.line() as line:
        await sent(on, line, button_card())
        await on.sandbox.bots.press("Zhang", "task-1", "yes")
        pressed = await line.event()
        on.later(5)
        assert await update(line, pressed, button_card(replace_text="已同意")) == 0
        shown = on.sandbox.chat(on.sandbox.bots.chat("Zhang"))[-1]
        assert shown.state is not None
        assert (shown.state.disabled, shown.state.replace_text) == (True, "已同意")
        with pytest.raises(CannotPress, match="失效"):
            await on.sandbox.bots.press("Zhang", "task-1", "yes")
        await on.sandbox.bots.press("Zhang", "task-1", "yes", again=True)
        assert await update(line, await line.event(), text_card(task_id="task-1")) == 0
        on.later(1)
        assert await update(line, pressed, button_card()) == 846605


async def test_what_an_update_must_be(on: Scene) -> None:
    """For the pressed card, by the press's own req_id, whole."""
    async with on.line() as line:
        await sent(on, line, button_card())
        await on.sandbox.bots.says("Zhang", "一")
        assert await update(line, await line.hear(), button_card()) == 846605
        await on.sandbox.bots.press("Zhang", "task-1", "yes")
        pressed = await line.event()
        assert await update(line, pressed, button_card("task-2")) == 42014
        assert await update(line, pressed, {"card_type": "nothing", "task_id": "task-1"}) == 40058
        body: Json = {"response_type": "update_button", "template_card": button_card()}
        req_id = pressed["headers"]["req_id"]
        assert await line.code("aibot_respond_update_msg", body, req_id) == 40058
        reply: Json = {"msgtype": "markdown", "markdown": {"content": "x"}}
        assert await line.respond(pressed, reply) == 846605
        assert await update(line, pressed, button_card(), userids="Zhang") == 40058


async def test_a_card_in_a_group(on: Scene) -> None:
    """Everybody has a copy; an update is for all, or for those named."""
    async with on.line() as line:
        await on.sandbox.bots.at_bot(GROUP, "Zhang", "卡片")
        assert await line.push_card(GROUP, button_card()) == 0
        await on.sandbox.bots.tap("Li", "task-1", "同意")
        pressed = await line.event()
        assert (pressed["body"]["chatid"], pressed["body"]["from"]["userid"]) == (GROUP, "Li")
        assert await update(line, pressed, button_card(replace_text="经理已同意"), userids=["Li"]) == 0
        copies = {
            userid: on.sandbox.chat(on.sandbox.bots.group(GROUP, userid))[-1].state
            for userid in ("Zhang", "Li")
        }
        assert [copies[one].disabled for one in ("Zhang", "Li") if copies[one]] == [False, True]  # type: ignore[union-attr]  # filtered in the same line
        assert await update(line, pressed, button_card(replace_text="已同意")) == 0
        with pytest.raises(CannotPress, match="失效"):
            await on.sandbox.bots.tap("Zhang", "task-1", "同意")


async def test_a_task_id_is_used_once_per_bot(on: Scene) -> None:
    """For ever, in any conversation; another bot may use it."""
    async with on.line() as line, on.line("aib-other", "secret-of-other-bot") as other:
        await sent(on, line, button_card())
        on.later(100 * 24 * 3600)
        assert await line.push_card("Zhang", button_card()) == 42014
        await on.sandbox.bots.says("Zhang", "卡片", "aib-other")
        assert await other.push_card("Zhang", button_card()) == 0


async def test_a_refused_card_uses_up_no_task_id(on: Scene) -> None:
    """Neither by its shape nor by the rate."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "卡片")
        assert await line.push_card("Zhang", button_card(button_list=[])) == 40058
        for _ in range(30):
            assert await line.push("Zhang") == 0
        assert await line.push_card("Zhang", button_card()) == 45009
        on.later(60)
        assert await line.push_card("Zhang", button_card()) == 0


async def test_where_a_bots_card_differs_from_an_apps(on: Scene) -> None:
    """A shorter subtitle, a line that asks, feedback; no line with a file."""
    async with on.line() as line:
        lines = [{"type": 3, "title": "今天有哪些任务", "question": "今天"}]
        card = text_card(sub_title_text="长" * 113, jump_list=lines, feedback={"id": "f-1"})
        card["task_id"] = "notice-1"
        await sent(on, line, card)
        shown = on.sandbox.chat(on.sandbox.bots.chat("Zhang"))[-1].card or {}
        assert shown["sub_title_text"] == "长" * 111 + "…"
        assert shown["cut"] == ["sub_title_text"]
        assert "feedback" not in shown
        await on.sandbox.bots.tap("Zhang", "notice-1", "今天有哪些任务")
        assert (await line.hear())["body"]["text"]["content"] == "今天"
        for bad in (
            text_card(jump_list=[{"type": 3, "title": "问", "question": "问" * 67}]),
            text_card(jump_list=[{"type": 3, "title": "问"}]),
            text_card(horizontal_content_list=[{"type": 2, "keyname": "附件", "media_id": "x"}]),
            text_card(feedback={"id": ""}),
        ):
            assert await line.push_card("Zhang", bad) == 40058


async def test_the_menu_in_the_corner(on: Scene) -> None:
    """The same event without choices; it can be used again."""
    async with on.line() as line:
        menu = {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}
        await sent(on, line, text_card(action_menu=menu, task_id="notice-1"))
        for _ in range(2):
            await on.sandbox.bots.tap("Zhang", "notice-1", "不再提醒")
            inner = (await line.event())["body"]["event"]["template_card_event"]
            assert (inner["event_key"], inner["card_type"]) == ("mute", "text_notice")
        with pytest.raises(CannotPress, match="不再提醒"):
            await on.sandbox.bots.tap("Zhang", "notice-1", "没有")


async def test_a_press_that_nobody_hears(on: Scene) -> None:
    """The button comes back."""
    async with on.line() as line:
        await sent(on, line, button_card())
    pressed = await on.sandbox.bots.press("Zhang", "task-1", "yes")
    assert pressed.state is not None
    assert pressed.state.pressed is None
    for userid, target in (("Li", "task-1"), ("Zhang", "task-9")):
        with pytest.raises(CannotPress, match="没有这张卡片"):
            await on.sandbox.bots.press(userid, target, "yes")
    with pytest.raises(CannotPress, match="没有这个按钮"):
        await on.sandbox.bots.press("Zhang", "task-1", "maybe")
