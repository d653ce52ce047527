"""The Stream client against a gateway on loopback: acknowledgements, hand-over, back-off, silence, end."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession, web
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Answer
from bot.dingtalk.gateway import StreamApp, address
from bot.dingtalk.stream import StreamClient, backoff
from bot.errors import Overloaded, Unreachable
from handlers.incoming import Kind
from tests.bot.dingtalk.conftest import House
from tests.bot.dingtalk.gateway import (
    CARD,
    CLIENT_ID,
    CREATED,
    ROBOT,
    Gateway,
    Socket,
    Time,
    press,
    robot,
    until,
)
from tests.patience import PATIENCE


@pytest.fixture
async def socket(stream: StreamClient, gateway: Gateway) -> Socket:
    """The server's end of the first connection."""
    stream.start()
    return await gateway.next()


async def test_the_gateway_is_asked_for_all_three_topics(socket: Socket, gateway: Gateway) -> None:
    (wanted,) = gateway.opens
    topics = [(one["type"], one["topic"]) for one in wanted["subscriptions"]]
    assert topics == [("EVENT", "*"), ("CALLBACK", ROBOT), ("CALLBACK", CARD)]
    assert gateway.accepts == ["application/json"]


@pytest.mark.parametrize("topic", ["ping", "KEEPALIVE"])
async def test_a_ping_is_answered_with_its_own_data(socket: Socket, topic: str) -> None:
    ack = await socket.asked("SYSTEM", topic, {"opaque": "0x1"}, "p1")
    assert ack["code"] == 200
    assert ack["headers"] == {"contentType": "application/json", "messageId": "p1"}
    assert ack["data"] == {"opaque": "0x1"}


async def test_a_message_is_acknowledged_once_it_is_durable(socket: Socket, house: House) -> None:
    house.gate.clear()
    await socket.push("CALLBACK", ROBOT, robot(), "m7")
    async with asyncio.timeout(PATIENCE):
        await house.arrived.wait()
    await socket.asked("SYSTEM", "ping", {}, "p1")
    assert [ack["headers"]["messageId"] for ack in socket.answered] == ["p1"]
    house.gate.set()
    ack = await socket.ack()
    assert (ack["code"], ack["headers"]["messageId"], ack["data"]) == (200, "m7", {"response": None})
    assert house.taken[0].delivery_id == "msg1"


async def test_a_pressed_button_is_answered_with_the_clickers_card(socket: Socket, house: House) -> None:
    update = {"cardData": {"cardParamMap": {"done": "已同意"}}}
    house.answer = Answer(card_update=update)
    ack = await socket.asked("CALLBACK", CARD, press({"action": "packed"}), "c1")
    assert ack["data"] == {"response": update}
    (taken,) = house.taken
    assert (taken.kind, taken.action, taken.card_id, taken.delivery_id) == (
        Kind.ACTION,
        "packed",
        "g1",
        "card:c1",
    )


async def test_a_pressed_button_that_changes_nothing(socket: Socket) -> None:
    ack = await socket.asked("CALLBACK", CARD, press({"action": "packed"}))
    assert ack["data"] == {"response": {}}


async def test_an_event_is_acknowledged_with_success(socket: Socket, house: House) -> None:
    headers = {"eventType": "user_leave_org", "eventId": "e1", "eventBornTime": str(CREATED)}
    ack = await socket.asked("EVENT", "*", {"userId": ["u1", "u2"]}, **headers)
    assert ack["data"]["status"] == "SUCCESS"
    assert house.taken[0].fields == {"userId": ("u1", "u2")}
    assert house.taken[0].delivery_id == "e1"


@pytest.mark.parametrize("error", [Overloaded("full"), RuntimeError("a bug")])
async def test_what_was_not_kept_comes_again(socket: Socket, house: House, error: Exception) -> None:
    house.error = error
    await socket.push("CALLBACK", ROBOT, robot(), "m1")
    event = await socket.asked("EVENT", "*", {}, "m2", eventType="x", eventId="e1")
    card = await socket.asked("CALLBACK", CARD, press({"action": "a"}), "m3")
    assert event["data"]["status"] == "LATER"
    assert card["code"] == 500
    assert [ack["headers"]["messageId"] for ack in socket.answered] == ["m2", "m3"]


async def test_an_answer_that_says_busy_is_not_kept_either(socket: Socket, house: House) -> None:
    house.answer = Answer(busy=True)
    ack = await socket.asked("EVENT", "*", {}, eventType="x", eventId="e1")
    assert ack["data"]["status"] == "LATER"


async def test_an_unknown_topic_is_told_so(socket: Socket) -> None:
    assert (await socket.asked("CALLBACK", "/v1.0/graph/api/invoke", {}))["code"] == 404


async def test_a_body_that_is_no_message_is_refused(socket: Socket) -> None:
    assert (await socket.asked("CALLBACK", ROBOT, ["no", "object"]))["code"] == 400
    assert (await socket.asked("CALLBACK", ROBOT, {"text": "no id"}))["code"] == 400
    assert (await socket.asked("CALLBACK", CARD, {"outTrackId": "g1"}))["code"] == 400


@pytest.mark.parametrize("junk", ["", "nonsense", "[]", '{"type":"EVENT"}', '{"headers":{"topic":"x"}}'])
async def test_junk_does_not_stop_the_connection(socket: Socket, junk: str) -> None:
    await socket.ws.send_str(junk)
    assert (await socket.asked("SYSTEM", "ping", {}))["code"] == 200


async def test_the_next_connection_is_there_before_the_old_one_goes(
    gateway: Gateway, stream: StreamClient, house: House, time: Time
) -> None:
    time.skip = 0
    stream.start()
    old = await gateway.next()
    time.forward(30)
    await old.asked("SYSTEM", "ping", {})
    house.gate.clear()
    await old.push("CALLBACK", ROBOT, robot(msg_id="on the way"), "m1")
    await old.disconnect()
    new = await gateway.next()
    assert {old, new} == set(gateway.live)
    house.gate.set()
    assert (await old.ack())["headers"]["messageId"] == "m1"
    await old.push("CALLBACK", ROBOT, robot(msg_id="late"), "m2")
    assert (await old.ack())["headers"]["messageId"] == "m2"
    assert (await new.asked("CALLBACK", ROBOT, robot(msg_id="new"), "m3"))["code"] == 200
    time.forward(10)
    await old.closed()
    assert gateway.live == [new]
    assert [one.delivery_id for one in house.taken] == ["on the way", "late", "new"]


async def test_a_server_that_closes_at_once_is_asked_less_and_less_often(
    gateway: Gateway, stream: StreamClient, time: Time
) -> None:
    stream.start()
    for _ in range(9):
        await (await gateway.next()).drop()
    await gateway.next()
    assert [seconds for seconds in time.slept if seconds <= 60] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_the_first_frame_begins_the_back_off_anew(
    gateway: Gateway, stream: StreamClient, time: Time
) -> None:
    stream.start()
    for _ in range(4):
        await (await gateway.next()).drop()
    heard = await gateway.next()
    await heard.asked("SYSTEM", "ping", {})
    await heard.drop()
    await gateway.next()
    assert [seconds for seconds in time.slept if seconds <= 60] == [1, 2, 4, 8, 1]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.json_response({"code": "system.busy"}, status=500),
        lambda: web.json_response({"code": "authFailed"}, status=401),
        lambda: web.Response(text="<xml/>", content_type="application/xml"),
        lambda: web.Response(text="<html>", status=502),
        lambda: web.json_response({"endpoint": "file:///etc", "ticket": "t"}),
        lambda: web.json_response({"endpoint": "ws://127.0.0.1:1/connect", "ticket": "t"}),
        lambda: web.json_response(["odd"]),
    ],
)
async def test_a_gateway_that_refuses_is_asked_again(
    gateway: Gateway, stream: StreamClient, answer: object
) -> None:
    gateway.script.append(answer)  # type: ignore[arg-type]  # made by the parameters above
    stream.start()
    socket = await gateway.next()
    assert (await socket.asked("SYSTEM", "ping", {}))["code"] == 200
    assert len(gateway.opens) == 2


async def test_a_silent_connection_is_replaced(gateway: Gateway, stream: StreamClient, time: Time) -> None:
    stream.start()
    silent = await gateway.next()
    await silent.asked("SYSTEM", "ping", {})
    time.forward(119)
    assert (await silent.asked("SYSTEM", "ping", {}))["code"] == 200
    time.forward(119)
    assert gateway.live == [silent]
    time.forward(121)
    fresh = await gateway.next()
    await silent.closed()
    assert (await fresh.asked("CALLBACK", ROBOT, robot()))["code"] == 200


async def test_a_server_that_never_pings_is_trusted_longer_each_time(
    gateway: Gateway, stream: StreamClient, time: Time
) -> None:
    stream.start()
    for _ in range(5):
        socket = await gateway.next()
        await socket.asked("CALLBACK", ROBOT, robot())
        time.forward(2000)
    assert [seconds for seconds in time.slept if seconds > 60] == [120, 240, 480, 960, 960]


async def test_stopping_finishes_what_is_under_way(
    gateway: Gateway, stream: StreamClient, house: House
) -> None:
    stream.start()
    socket = await gateway.next()
    house.gate.clear()
    await socket.push("CALLBACK", ROBOT, robot(), "m1")
    async with asyncio.timeout(PATIENCE):
        await house.arrived.wait()
    stopping = asyncio.create_task(stream.stop())
    await until(lambda: not stream.connected)
    late = await socket.asked("EVENT", "*", {}, "late", eventType="x", eventId="e9")
    assert late["data"]["status"] == "LATER"
    house.gate.set()
    assert (await socket.ack())["headers"]["messageId"] == "m1"
    await stopping
    await socket.closed()
    assert not stream.connected
    assert [one.delivery_id for one in house.taken] == ["msg1"]


async def test_stopping_does_not_wait_for_a_connection_that_lingers(
    gateway: Gateway, stream: StreamClient, time: Time
) -> None:
    time.skip = 0
    stream.start()
    old = await gateway.next()
    time.forward(30)
    await old.asked("SYSTEM", "ping", {})
    await old.disconnect()
    await gateway.next()
    async with asyncio.timeout(PATIENCE):
        await stream.stop()
    await old.closed()


async def test_stopping_while_there_is_no_connection(
    session: ClientSession, house: House, time: Time
) -> None:
    time.skip = 0
    app = StreamApp("main", CLIENT_ID, "wrong")
    client = StreamClient(
        session, "http://127.0.0.1:1", app, house.accept, time.clock, sleep=time.sleep, jitter=lambda: 0.0
    )
    client.start()
    await until(lambda: time.slept)
    await client.stop()
    assert not client.connected


def test_an_endpoint_without_tls_is_not_taken_from_a_safe_api() -> None:
    with pytest.raises(Unreachable):
        address({"endpoint": "ws://evil.example/connect", "ticket": "t"}, is_secure=True)
    safe = address({"endpoint": "wss://a.example/c", "ticket": "a/b+="}, is_secure=True)
    assert str(safe) == "wss://a.example/c?ticket=a%2Fb%2B%3D"


@given(st.integers(0, 100), st.floats(0, 1))
def test_a_pause_is_never_longer_than_a_minute_nor_shorter_than_half(failures: int, jitter: float) -> None:
    whole = min(60.0, 2.0 ** min(max(failures, 1) - 1, 10))
    assert whole / 2 <= backoff(failures, jitter) <= whole
