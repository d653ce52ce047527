"""What goes wrong on the way to an app, and messages that say little."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from aiohttp import web

from sandbox.asks import BadAsk
from sandbox.dingtalk import CannotPress
from sandbox.dingtalk.crypto import Seal, robot_sign
from sandbox.dingtalk.frames import CARD_TOPIC, ROBOT_TOPIC
from sandbox.dingtalk.switches import DingSwitches
from tests.patience import PATIENCE
from tests.sandbox.dingtalk.stage import (
    AES_KEY,
    CLIENT,
    GROUP,
    HTTP_CLIENT,
    HTTP_SECRET,
    PLAIN,
    TOKEN,
    Bot,
    Json,
    Stage,
    group_card,
)


def topics(on: Stage) -> list[str]:
    """The topics of everything that came."""
    return [one["headers"]["topic"] for one in on.bot.frames]


async def test_video_and_what_is_not_understood(on: Stage) -> None:
    await on.bot.connect()
    await on.ding.people.sends_video("zhang", b"mp4", 7)
    await on.ding.people.forwards("zhang", "聊天记录", GROUP)
    video, strange = on.bot.said()
    assert (video["msgtype"], video["content"]["duration"], video["content"]["videoType"]) == (
        "video",
        7000,
        "mp4",
    )
    body = {"downloadCode": video["content"]["downloadCode"], "robotCode": CLIENT}
    _, answer = await on.call("POST", "v1.0/robot/messageFiles/download", body)
    async with on.http.get(answer["downloadUrl"]) as response:
        assert await response.read() == b"mp4"
    assert (strange["msgtype"], strange["conversationType"]) == ("unknownMsgType", "2")
    assert "text" not in strange


async def test_message_without_staff_id(on: Stage) -> None:
    await on.bot.connect()
    switches = DingSwitches(on.ding)
    await switches.set("nameless", value=True)
    await on.ding.says("zhang", "你好")
    await switches.set("clear", None)
    await on.ding.says("zhang", "你好")
    nameless, named = on.bot.said()
    assert "senderStaffId" not in nameless
    assert nameless["senderId"].startswith("$:LWCP")
    assert named["senderStaffId"] == "zhang"


async def test_server_greets_before_it_pushes(on: Stage) -> None:
    await DingSwitches(on.ding).set("greets", value=True)
    await on.bot.connect()
    await on.ding.gateway.connected(CLIENT)
    assert (await on.ding.says("zhang", "你好")).delivery == "pushed"
    assert topics(on) == ["CONNECTED", "REGISTERED", ROBOT_TOPIC]
    assert on.ding.gateway.complaints == []


async def test_signs_of_life_are_pings_or_keepalives(on: Stage) -> None:
    on.ding.gateway.ping_interval = 0.001
    await DingSwitches(on.ding).set("keepalive", value=True)
    await on.bot.connect()
    async with asyncio.timeout(PATIENCE):
        while len(on.bot.frames) < 2:
            on.bot.arrived.clear()
            await on.bot.arrived.wait()
    on.ding.gateway.ping_interval = None
    assert set(topics(on)) == {"KEEPALIVE"}
    assert all(orjson.loads(one["data"])["opaque"] for one in on.bot.frames)
    assert on.ding.gateway.complaints == []


async def test_connections_come_to_an_end_by_themselves(on: Stage) -> None:
    on.ding.gateway.lifetime = 0.01
    await on.bot.connect()
    async with asyncio.timeout(PATIENCE):
        await on.bot.arrived.wait()
    assert topics(on) == ["disconnect"]
    assert on.ding.gateway.of(CLIENT) == []
    assert (await on.ding.says("zhang", "没人")).delivery == "lost"
    on.ding.gateway.lifetime = None
    other = Bot(on.http, on.ding.api_base)
    await other.connect()
    assert (await on.ding.says("zhang", "接上了")).delivery == "pushed"
    await other.close()


async def test_message_while_nobody_is_connected_can_wait(on: Stage) -> None:
    await DingSwitches(on.ding).set("unconnected", value=True)
    bubble = await on.ding.says("zhang", "在吗")
    assert bubble.delivery == "comes_again"
    await on.bot.connect()
    on.later(seconds=60)
    await on.ding.tick()
    assert [one["msgId"] for one in on.bot.said()] == [bubble.id]
    assert bubble.delivery == "pushed", "the sender's screen shows what became of it"
    assert len(bubble.exchanges) == 2


async def test_waits_before_redelivery_as_the_field_saw_them(on: Stage) -> None:
    switches = DingSwitches(on.ding)
    await switches.set("robot_again", [16])
    await switches.set("event_again", [10, 30, 60, 120])
    on.bot.silent, on.ding.pushes.stream_timeout = True, 0.02
    await on.bot.connect()
    bubble = await on.ding.says("zhang", "在吗")
    await on.ding.event("user_modify_org", {"userId": ["zhang"]}, [on.ding.space.app(CLIENT)])
    brought = []
    for seconds in (10, 6, 24, 60, 120, 600):
        on.later(seconds=seconds)
        brought.append(await on.ding.tick())
    assert brought == [1, 1, 1, 1, 1, 0]
    assert bubble.delivery == "lost"
    assert len({one["headers"]["eventId"] for one in on.bot.frames if one["type"] == "EVENT"}) == 1


async def test_reply_addresses_may_live_only_for_seconds(on: Stage) -> None:
    await DingSwitches(on.ding).set("session_life", 30)
    await on.bot.connect()
    await on.ding.says("zhang", "你好")
    (said,) = on.bot.said()
    assert said["sessionWebhookExpiredTime"] - said["createAt"] == 30_000
    on.later(seconds=30)
    reply = {"msgtype": "text", "text": {"content": "x"}}
    async with on.http.post(said["sessionWebhook"], json=reply) as response:
        assert (await response.json())["errcode"] == 300001


@pytest.mark.parametrize("fault", ["forged", "stale"])
async def test_http_push_that_is_not_to_be_trusted(on: Stage, fault: str) -> None:
    await DingSwitches(on.ding).set(fault, value=True)
    await on.ding.says("zhang", "你好", client_id=HTTP_CLIENT)
    stamp, sign = on.received[0].headers["timestamp"], on.received[0].headers["sign"]
    now = int(on.clock.now().timestamp() * 1000)
    right = sign == robot_sign(stamp, HTTP_SECRET)
    assert (right, now - int(stamp) > 3600_000) == (fault == "stale", fault == "stale")
    await on.ding.check_event_url(HTTP_CLIENT)
    query, encrypted = on.received[1].query, orjson.loads(on.bodies[1])["encrypt"]
    seal = Seal(TOKEN, AES_KEY, HTTP_CLIENT)
    verified = seal.verify(query["msg_signature"], query["timestamp"], query["nonce"], encrypted)
    assert verified is (fault == "stale")


async def test_redelivered_http_message_may_still_be_answered(on: Stage) -> None:
    tries = 0

    async def second(_request: web.Request, _body: bytes) -> web.StreamResponse:
        nonlocal tries
        tries += 1
        if tries == 1:
            return web.Response(status=500)
        return web.json_response({"msgtype": "text", "text": {"content": "记下了"}})

    on.replies["/robot"] = second
    bubble = await on.ding.says("zhang", "你好", client_id=HTTP_CLIENT)
    on.later(seconds=60)
    await on.ding.tick()
    assert bubble.delivery == "pushed"
    assert [one.text for one in on.ding.chat("zhang", client_id=HTTP_CLIENT)] == ["你好", "记下了"]


async def test_over_quota_message_comes_over_http_too(on: Stage) -> None:
    await DingSwitches(on.ding).set("use_up_pushes", None)
    await on.ding.says("zhang", "你好", client_id=HTTP_CLIENT)
    said: Json = orjson.loads(on.bodies[0])
    assert said["errorCode"] == "20001"
    assert "text" not in said


async def test_outsiders_click_reaches_nobody(on: Stage) -> None:
    await on.bot.connect()
    await on.card(**group_card(robotCode=CLIENT), cardTemplateId=PLAIN)
    assert (await on.ding.presses("guest", "card-g", "1")).status == "unheard"
    with pytest.raises(CannotPress):
        await on.ding.presses("wang", "card-g", "1")
    assert on.bot.frames == []


async def test_answer_to_a_click_that_took_too_long_changes_nothing(on: Stage) -> None:
    async def agree(_frame: Json) -> Json:
        return {"response": {"cardData": {"cardParamMap": {"status": "已同意"}}}}

    on.bot.answers[CARD_TOPIC] = agree
    await on.bot.connect()
    await on.card(cardTemplateId=PLAIN)
    await DingSwitches(on.ding).set("late_cards", 1)
    assert (await on.ding.says("zhang", "你好")).delivery == "pushed", "only clicks are late"
    assert (await on.ding.presses("zhang", "card-1", "1")).status == "failed"
    assert on.ding.cards.cards["card-1"].view("zhang")["status"] == "待处理"
    on.later(minutes=10)
    assert await on.ding.tick() == 0, "a click never comes again"
    assert (await on.ding.presses("zhang", "card-1", "1")).status == "answered"
    assert on.ding.cards.cards["card-1"].view("zhang")["status"] == "已同意"


async def test_late_answer_over_http_changes_nothing_either(on: Stage) -> None:
    release = asyncio.Event()

    async def late(_request: web.Request, _body: bytes) -> web.StreamResponse:
        await release.wait()
        return web.json_response({"cardData": {"cardParamMap": {"status": "太晚"}}})

    on.replies["/card"], on.ding.pushes.card_timeout = late, 0.05
    url = on.ding.space.app(HTTP_CLIENT).robot_url.replace("/robot", "/card")
    register = {"callbackRouteKey": "crm", "callbackUrl": url, "apiSecret": "s3cret"}
    await on.call("POST", "v1.0/card/callbacks/register", register)
    await on.card(cardTemplateId=PLAIN, callbackType="HTTP", callbackRouteKey="crm")
    assert (await on.ding.presses("zhang", "card-1", "1")).status == "failed"
    release.set()
    assert on.ding.cards.cards["card-1"].view("zhang")["status"] == "待处理"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("robot_again", 5),
        ("event_again", ["x"]),
        ("envelope", {"name": "nothing"}),
        ("slow", {"ms": -1}),
        ("edition", "free"),
        ("lifetime", "x"),
    ],
)
async def test_nonsense_is_not_switched(on: Stage, name: str, value: object) -> None:
    with pytest.raises(BadAsk):
        await DingSwitches(on.ding).set(name, value)
