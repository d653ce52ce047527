"""Answers within their windows, and what becomes of the late ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bot.answer import Answer
from bot.wecom.aibot import codes, limits
from bot.wecom.aibot.connection import State
from handlers.incoming import Incoming, Kind
from tests.bot.wecom.aibot.clockwork import VirtualTime
from tests.bot.wecom.aibot.conftest import Desk, Dispatcher
from tests.bot.wecom.aibot.openws import OpenWs
from tests.patience import PATIENCE

SHOWN: dict[str, Any] = {
    "card_type": "button_interaction",
    "main_title": {"title": "报价审批"},
    "sub_title_text": "华润 3 项",
    "horizontal_content_list": [{"keyname": "金额", "value": "12 万元"}],
    "button_list": [{"text": "通过", "key": "k"}],
}
PRESS = {"card_type": "button_interaction", "event_key": "k", "task_id": "g1"}


def updating(**more: str) -> Callable[[Incoming], Answer]:
    return lambda _: Answer(card_update={"template_card": {**SHOWN, **more}})


async def test_a_message_is_answered_by_one_finished_stream(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher
) -> None:
    await server.says("今天拜访了华润", "m1")
    await server.until(lambda: bool(server.replies))
    assert server.replies == {"r-m1": "好：今天拜访了华润"}
    assert [incoming.kind for incoming in dispatcher.took] == [Kind.TEXT]
    await desk.quiet()


async def test_a_group_gets_its_answer_in_the_group(desk: Desk, server: OpenWs) -> None:
    await server.says("@跟进 今天", "m1", chat="wrChat")
    await server.until(lambda: bool(server.replies))
    assert server.replies == {"r-m1": "好：今天"}


async def test_what_was_typed_is_no_markup_in_the_answer(desk: Desk, server: OpenWs) -> None:
    await server.says("# [点我](https://x) <@all> **急** a_b@x.com", "m1")
    await server.until(lambda: bool(server.replies))
    assert server.replies["r-m1"] == "好：# ［点我］(https://x) ＜@all> ＊＊急＊＊ a_b@x.com"


async def test_nothing_to_say_sends_nothing(desk: Desk, server: OpenWs, dispatcher: Dispatcher) -> None:
    dispatcher.answer = lambda _: Answer()
    await server.says("嗯", "m1")
    await took(dispatcher)
    await desk.quiet()
    assert [frame["cmd"] for frame in server.seen] == ["aibot_subscribe"]


async def test_opening_the_chat_gets_a_welcome(desk: Desk, server: OpenWs, dispatcher: Dispatcher) -> None:
    dispatcher.answer = lambda _: Answer(text="早上好")
    await server.happens("enter_chat", "e1")
    await server.until(lambda: bool(server.welcomes))
    assert server.welcomes == [{"msgtype": "text", "text": {"content": "早上好"}}]


async def test_a_press_changes_the_pressed_card(desk: Desk, server: OpenWs, dispatcher: Dispatcher) -> None:
    dispatcher.answer = updating(replace_text="已由李雷通过")
    await server.happens("template_card_event", "e1", PRESS)
    await server.until(lambda: bool(server.updates))
    card = {**SHOWN, "replace_text": "已由李雷通过", "task_id": "g1"}
    assert server.updates == [{"response_type": "update_template_card", "template_card": card}]
    assert dispatcher.took[0].card_id == "g1"


async def test_a_late_press_is_told_how_it_ended(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    dispatcher.answer = updating(replace_text="已由李雷通过")
    dispatcher.gate = asyncio.Event()
    server.active.add("ZhaoChen")
    await server.happens("template_card_event", "e1", PRESS)
    await took(dispatcher)
    await time.forward(5)
    dispatcher.gate.set()
    await desk.quiet()
    assert dispatcher.queued == [("ZhaoChen", "报价审批：已由李雷通过")]
    assert server.updates == []


async def test_a_late_open_card_is_said_in_words(desk: Desk, server: OpenWs, dispatcher: Dispatcher) -> None:
    dispatcher.answer = updating()
    server.active.add("ZhaoChen")
    server.script["aibot_respond_update_msg"].append(codes.LATE)
    await server.happens("template_card_event", "e1", PRESS)
    await holds(lambda: bool(dispatcher.queued))
    assert dispatcher.queued[0][1].splitlines()[:3] == ["报价审批", "华润 3 项", "金额：12 万元"]


async def test_a_late_welcome_is_not_said_any_more(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    dispatcher.gate = asyncio.Event()
    await server.happens("enter_chat", "e1")
    await took(dispatcher)
    await time.forward(6)
    dispatcher.gate.set()
    await desk.quiet()
    assert (server.welcomes, dispatcher.queued) == ([], [])


async def test_a_press_that_is_answered_in_words_gets_a_push(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher
) -> None:
    dispatcher.answer = lambda _: Answer(text="这个按钮已经失效了")
    await server.happens("template_card_event", "e1", PRESS)
    await holds(lambda: bool(dispatcher.queued))
    assert dispatcher.queued == [("ZhaoChen", "这个按钮已经失效了")]


async def test_an_answer_after_six_minutes_is_queued(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    dispatcher.gate = asyncio.Event()
    await server.says("导出", "m1", chat="wrChat")
    await took(dispatcher)
    for n in range(1, 14):
        await time.forward(30)
        await server.until(lambda n=n: server.count["ping"] == n)  # type: ignore[misc]
    dispatcher.gate.set()
    await desk.quiet()
    assert (dispatcher.queued, server.replies) == ([("wrChat", "好：导出")], {})


async def test_an_answer_that_is_refused_is_queued(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher
) -> None:
    for n, code in enumerate((codes.LATE, codes.STREAM_OVER, 45009), 1):
        server.script["aibot_respond_msg"].append(code)
        await server.says("今天", f"m{code}")
        await holds(lambda n=n: len(dispatcher.queued) == n)  # type: ignore[misc]
    assert dispatcher.queued == [("ZhaoChen", "好：今天")] * 3


async def test_an_answer_waits_for_the_next_connection(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    dispatcher.gate = asyncio.Event()
    server.redeliver = False
    await server.says("今天", "m1")
    await took(dispatcher)
    await server.drop(cleanly=False)
    await desk.in_state(State.WAITING)
    dispatcher.gate.set()
    await time.forward(1.1)
    await server.until(lambda: bool(server.replies))
    assert server.replies == {"r-m1": "好：今天"}


async def test_a_lost_acknowledgement_repeats_the_same_stream(
    desk: Desk, server: OpenWs, time: VirtualTime
) -> None:
    server.script["aibot_respond_msg"].append(None)
    await server.says("今天", "m1")
    await server.until(lambda: server.count["aibot_respond_msg"] == 1)
    await time.forward(limits.ACK_TIMEOUT)
    await time.forward(1.1)
    await server.until(lambda: server.count["aibot_respond_msg"] == 2)
    await desk.quiet()
    first, second = [frame for frame in server.seen if frame["cmd"] == "aibot_respond_msg"]
    assert first == second
    assert server.pushes == []


async def test_an_answer_whose_yes_was_lost_is_not_said_twice(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    server.script["aibot_respond_msg"].extend([None, codes.STREAM_OVER])
    await server.says("今天", "m1")
    await server.until(lambda: server.count["aibot_respond_msg"] == 1)
    await time.forward(limits.ACK_TIMEOUT)
    await time.forward(1.1)
    await server.until(lambda: server.count["aibot_respond_msg"] == 2)
    await desk.quiet()
    assert server.replies == {"r-m1": "好：今天"}
    assert dispatcher.queued == []


async def test_what_cannot_be_kept_is_tried_again_and_then_said(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    dispatcher.refusals = 2
    await server.says("今天", "m1")
    await holds(lambda: dispatcher.refusals < 2)
    for _ in range(5):
        await time.forward(1)
    await server.until(lambda: bool(server.replies))
    assert server.replies["r-m1"] == "好：今天"
    dispatcher.refusals = limits.TRIES
    await server.says("明天", "m2")
    await holds(lambda: dispatcher.refusals < limits.TRIES)
    for _ in range(70):
        await time.forward(1)
    await server.until(lambda: "r-m2" in server.replies)
    assert "再发一次" in server.replies["r-m2"]
    assert [incoming.delivery_id for incoming in dispatcher.took] == ["aib-1:m1"]


async def test_closing_finishes_the_answers_under_way(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher
) -> None:
    dispatcher.gate = asyncio.Event()
    await server.says("今天", "m1")
    await took(dispatcher)
    closing = asyncio.create_task(desk.bot.close())
    dispatcher.gate.set()
    await closing
    assert server.replies == {"r-m1": "好：今天"}
    assert desk.bot.connection.state is State.CLOSED


async def test_closing_without_a_connection_queues_the_answers_under_way(
    desk: Desk, server: OpenWs, dispatcher: Dispatcher, time: VirtualTime
) -> None:
    dispatcher.gate = asyncio.Event()
    await server.says("今天", "m1")
    await took(dispatcher)
    await server.drop(cleanly=True)
    await desk.in_state(State.WAITING)
    desk.bot.connection.stand_by()
    dispatcher.gate.set()
    closing = asyncio.create_task(desk.bot.close())
    await time.forward(limits.DRAIN)
    await closing
    assert dispatcher.queued == [("ZhaoChen", "好：今天")]


async def took(dispatcher: Dispatcher, count: int = 1) -> None:
    await holds(lambda: len(dispatcher.took) >= count)


async def holds(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
