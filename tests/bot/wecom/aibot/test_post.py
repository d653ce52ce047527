"""Pushes: what the relay is told about each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from bot.wecom.aibot import codes, limits
from bot.wecom.aibot.connection import State
from bot.wecom.aibot.speech import AiBotVoice
from cards.card import Action, Button, Card
from scheduler.delivery import Delivered, Pointless, Refused, Retry, Stopped
from store.outbox import Parcel
from tests.bot.wecom.aibot.clockwork import VirtualTime
from tests.bot.wecom.aibot.conftest import Desk
from tests.bot.wecom.aibot.openws import OpenWs
from tests.bot.wecom.platform import NOW

VOICE = AiBotVoice(b"0123456789abcdef")
CARD = Card("报价审批", buttons=(Button("通过", Action("quote.pass", "1"), say="回复 通过"),))


def parcel(body: bytes, receiver: str = "wohR_KCg", kind: str = "send") -> Parcel:
    return Parcel(1, "wecom", "bot", "lane", receiver, kind, body, 1, None, "", NOW)


@pytest.fixture
def active(server: OpenWs) -> str:
    server.active.add("wohR_KCg")
    return "wohR_KCg"


async def test_a_text_goes_out_as_markdown(desk: Desk, server: OpenWs, active: str) -> None:
    assert await desk.bot.post.send(parcel(VOICE.text(active, "今天有 3 件事"))) == Delivered()
    markdown = {"content": "今天有 3 件事"}
    assert server.pushes == [{"chatid": "wohR_KCg", "msgtype": "markdown", "markdown": markdown}]


async def test_a_card_goes_out_as_a_card(desk: Desk, server: OpenWs, active: str) -> None:
    assert await desk.bot.post.send(parcel(VOICE.card(active, CARD, "g1").body)) == Delivered()
    assert set(server.pushes[0]) == {"chatid", "msgtype", "template_card"}
    assert server.pushes[0]["template_card"]["task_id"] == "g1"


@pytest.mark.parametrize("code", [40058, 40008])
async def test_a_card_that_is_refused_goes_out_in_words(
    desk: Desk, server: OpenWs, active: str, code: int
) -> None:
    server.script["aibot_send_msg"].append(code)
    assert await desk.bot.post.send(parcel(VOICE.card(active, CARD, "g1").body)) == Delivered()
    assert server.pushes[0]["markdown"]["content"] == "报价审批\n回复 通过"


async def test_a_conversation_nobody_has_opened_is_refused_with_the_reason(desk: Desk) -> None:
    outcome = await desk.bot.post.send(parcel(VOICE.text("stranger", "你好"), "stranger"))
    assert isinstance(outcome, Refused)
    assert "没有激活" in outcome.reason


@pytest.mark.parametrize("code", [93001, 93006, 93008, 40058])
async def test_what_can_never_arrive_is_refused(desk: Desk, server: OpenWs, active: str, code: int) -> None:
    server.script["aibot_send_msg"].append(code)
    assert isinstance(await desk.bot.post.send(parcel(VOICE.text(active, "好"))), Refused)


async def test_the_platforms_rate_is_waited_for_and_does_not_count(
    desk: Desk, server: OpenWs, active: str
) -> None:
    server.script["aibot_send_msg"].append(45009)
    outcome = await desk.bot.post.send(parcel(VOICE.text(active, "好")))
    assert isinstance(outcome, Retry)
    assert (outcome.after, outcome.counts) == (60.0, False)


async def test_our_own_rate_stays_below_the_platforms(
    desk: Desk, server: OpenWs, active: str, time: VirtualTime
) -> None:
    body = VOICE.text(active, "好")
    for _ in range(limits.OUR_PER_MINUTE):
        assert await desk.bot.post.send(parcel(body)) == Delivered()
    outcome = await desk.bot.post.send(parcel(body))
    assert isinstance(outcome, Retry)
    assert not outcome.counts
    assert 0 < outcome.after <= 60
    assert len(server.pushes) == limits.OUR_PER_MINUTE
    server.active.add("other")
    assert await desk.bot.post.send(parcel(VOICE.text("other", "好"), "other")) == Delivered()


async def test_replies_count_as_well(desk: Desk, server: OpenWs) -> None:
    for n in range(20):
        await server.says("今天", f"m{n}")
    await server.until(lambda: len(server.replies) == 20)
    body = VOICE.text("ZhaoChen", "好")
    outcomes = [await desk.bot.post.send(parcel(body, "ZhaoChen")) for _ in range(6)]
    assert [type(one) for one in outcomes] == [Delivered] * 5 + [Retry]


async def test_without_a_connection_it_is_tried_later_and_does_not_count(
    make: Callable[..., Desk], active: str
) -> None:
    outcome = await make().bot.post.send(parcel(VOICE.text(active, "好")))
    assert outcome == Retry(limits.NOT_CONNECTED_RETRY, "not connected", counts=False)


async def test_a_wrong_secret_and_a_take_over_stop_the_sender_with_a_hint(
    desk: Desk, make: Callable[..., Desk], server: OpenWs, active: str
) -> None:
    wrong = make("wrong")
    wrong.bot.connection.take()
    await wrong.in_state(State.REFUSED)
    stopped = await wrong.bot.post.send(parcel(VOICE.text(active, "好")))
    assert isinstance(stopped, Stopped)
    assert stopped.hint == codes.KEYS_HINT
    await make().connected(server)
    await desk.in_state(State.TAKEN_OVER)
    stopped = await desk.bot.post.send(parcel(VOICE.text(active, "好")))
    assert isinstance(stopped, Stopped)
    assert stopped.hint == codes.TAKEN_HINT


async def test_a_lost_acknowledgement_is_tried_again_and_counts(
    desk: Desk, server: OpenWs, active: str, time: VirtualTime
) -> None:
    server.script["aibot_send_msg"].append(None)
    sending = asyncio.create_task(desk.bot.post.send(parcel(VOICE.text(active, "好"))))
    await server.until(lambda: server.count["aibot_send_msg"] == 1)
    await time.forward(limits.ACK_TIMEOUT)
    outcome = await sending
    assert isinstance(outcome, Retry)
    assert outcome.counts


async def test_a_card_that_had_arrived_is_not_an_error(desk: Desk, server: OpenWs, active: str) -> None:
    again = replace(parcel(VOICE.card(active, CARD, "g1").body), attempts=2)
    server.script["aibot_send_msg"].extend([codes.TASK_ID_USED, codes.TASK_ID_USED])
    assert await desk.bot.post.send(again) == Delivered()
    assert isinstance(await desk.bot.post.send(replace(again, attempts=1)), Refused)
    assert server.pushes == []


async def test_a_change_of_somebody_elses_card_is_a_notice_when_it_ends_and_nothing_before(
    desk: Desk, server: OpenWs, active: str
) -> None:
    ended = VOICE.update(active, VOICE.shape(replace(CARD, done="已由李雷通过")))
    assert await desk.bot.post.send(parcel(ended, kind="update")) == Delivered()
    assert server.pushes[0]["markdown"]["content"] == "报价审批：已由李雷通过"
    still_open = VOICE.update(active, VOICE.shape(CARD))
    assert isinstance(await desk.bot.post.send(parcel(still_open, kind="update")), Pointless)
    assert len(server.pushes) == 1


@pytest.mark.parametrize("body", [b"{", b"[]", b"7", b"{}"])
async def test_what_is_no_push_is_refused(desk: Desk, body: bytes) -> None:
    assert isinstance(await desk.bot.post.send(parcel(body)), Refused)


def test_a_parcel_is_the_same_bytes_each_time() -> None:
    assert VOICE.card("u", CARD, "g1").body == VOICE.card("u", CARD, "g1").body
    assert orjson.loads(VOICE.card("u", CARD, "g1").body)["otherwise"]["chatid"] == "u"
