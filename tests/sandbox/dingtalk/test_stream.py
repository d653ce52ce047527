"""Stream mode: opening, pushing, acknowledging, dying, coming again."""

from __future__ import annotations

import asyncio

import aiohttp
import orjson
import pytest

from sandbox.dingtalk import frames
from tests.sandbox.dingtalk.stage import CLIENT, GROUP, Bot, Json, Stage, ack_of


async def test_message_arrives_and_is_acknowledged(on: Stage) -> None:
    await on.bot.connect()
    bubble = await on.ding.says("zhang", "你好")
    assert bubble.delivery == "pushed"
    (said,) = on.bot.said()
    assert said["text"] == {"content": "你好"}
    assert (said["conversationType"], said["msgtype"], said["senderStaffId"]) == ("1", "text", "zhang")
    assert said["msgId"] == bubble.id
    assert said["sessionWebhookExpiredTime"] - said["createAt"] == 90 * 60 * 1000
    headers = on.bot.frames[0]["headers"]
    assert headers["topic"] == frames.ROBOT_TOPIC
    assert headers["time"].isdigit()
    assert isinstance(on.bot.frames[0]["data"], str)
    assert on.ding.gateway.complaints == []


async def test_group_hears_only_what_is_addressed_to_the_robot(on: Stage) -> None:
    await on.bot.connect()
    quiet = await on.ding.says("zhang", "中午吃什么", GROUP, at_bot=False)
    loud = await on.ding.says("zhang", "今天", GROUP)
    assert (quiet.delivery, loud.delivery) == ("not_pushed", "pushed")
    (said,) = on.bot.said()
    assert said["conversationType"] == "2"
    assert said["conversationId"] == GROUP
    assert said["text"]["content"] == " 今天"
    assert said["conversationTitle"] == "销售一群"


async def test_external_people_and_unpublished_robots_have_no_staff_id(on: Stage) -> None:
    await on.bot.connect()
    await on.ding.says("guest", "你好", GROUP)
    (said,) = on.bot.said()
    assert "senderStaffId" not in said
    assert said["senderId"].startswith("$:LWCP")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"clientSecret": "wrong"}, 401),
        ({"clientId": ""}, 400),
        ({"subscriptions": []}, 400),
        ({"subscriptions": [{"type": "EVENT", "topic": "user_add_org"}]}, 400),
        ({"subscriptions": [{"type": "SYSTEM", "topic": "ping"}]}, 400),
    ],
)
async def test_wrong_opening_is_refused(on: Stage, changes: Json, status: int) -> None:
    got, answer = await on.bot.open(**changes)
    assert got == status
    assert answer["code"]


async def test_client_that_forgets_to_accept_json_gets_xml(on: Stage) -> None:
    url = f"{on.ding.api_base}/v1.0/gateway/connections/open"
    body = {"clientId": CLIENT, "clientSecret": "x", "subscriptions": []}
    async with on.http.post(url, json=body) as response:
        assert response.content_type == "application/xml"
        assert response.status == 401


async def test_ticket_is_good_for_one_connection_within_90_seconds(on: Stage) -> None:
    _, first = await on.bot.open()
    url = f"{first['endpoint']}?ticket={first['ticket']}"
    socket = await on.http.ws_connect(url)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
        await on.http.ws_connect(url)
    _, second = await on.bot.open()
    on.later(seconds=90)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
        await on.http.ws_connect(f"{second['endpoint']}?ticket={second['ticket']}")
    await socket.close()


async def test_pushes_go_only_where_the_topic_is_subscribed(on: Stage) -> None:
    await on.bot.connect(subscriptions=[{"type": "EVENT", "topic": "*"}])
    bubble = await on.ding.says("zhang", "你好")
    assert bubble.delivery == "lost"
    assert on.bot.frames == []


async def test_several_connections_share_the_pushes(on: Stage) -> None:
    other = Bot(on.http, on.ding.api_base)
    await on.bot.connect()
    await other.connect()
    turns = iter([0, 1, 1, 0])
    on.ding.gateway.pick = lambda fit: fit[next(turns)]
    for words in ("一", "二", "三", "四"):
        await on.ding.says("zhang", words)
    assert [one["text"]["content"] for one in on.bot.said()] == ["一", "四"]
    assert [one["text"]["content"] for one in other.said()] == ["二", "三"]
    await other.close()


async def test_ping_wants_its_own_data_back(on: Stage) -> None:
    await on.bot.connect()
    (connection,) = await on.ding.gateway.connected(CLIENT)
    assert await connection.ping()
    assert await connection.ping(topic="KEEPALIVE")

    async def wrong(_frame: Json) -> Json:
        return {"opaque": "something else"}

    on.bot.answers["ping"] = wrong
    assert not await connection.ping()
    assert on.ding.gateway.complaints == ["a ping is answered by its own data"]


async def test_after_disconnect_nothing_is_pushed_and_the_socket_closes(on: Stage) -> None:
    first = await on.bot.connect()
    (connection,) = await on.ding.gateway.connected(CLIENT)
    closing = asyncio.create_task(connection.disconnect(grace=0.05))
    await on.bot.arrived.wait()
    assert orjson.loads(on.bot.frames[0]["data"]) == {"reason": "connection is expired"}
    lost = await on.ding.says("zhang", "丢了吗")
    assert lost.delivery == "lost"
    other = Bot(on.http, on.ding.api_base)
    await other.connect()
    kept = await on.ding.says("zhang", "接上了")
    assert kept.delivery == "pushed"
    await closing
    await on.bot.tasks[0]
    assert first.closed
    await other.close()


async def test_acknowledgement_while_draining_still_counts(on: Stage) -> None:
    await on.bot.connect()
    (connection,) = await on.ding.gateway.connected(CLIENT)
    release = asyncio.Event()

    async def slow(_frame: Json) -> Json:
        await release.wait()
        return {"response": None}

    on.bot.answers[frames.ROBOT_TOPIC] = slow
    saying = asyncio.create_task(on.ding.says("zhang", "慢一点"))
    await on.bot.arrived.wait()
    closing = asyncio.create_task(connection.disconnect(grace=0.1))
    release.set()
    assert (await saying).delivery == "pushed"
    await closing


async def test_unacknowledged_message_comes_again_after_a_minute(on: Stage) -> None:
    on.ding.pushes.stream_timeout = 0.05
    on.bot.silent = True
    await on.bot.connect()
    bubble = await on.ding.says("zhang", "在吗")
    assert bubble.delivery == "comes_again"
    on.later(seconds=59)
    assert await on.ding.tick() == 0
    on.bot.silent = False
    on.later(seconds=1)
    assert await on.ding.tick() == 1
    assert [one["msgId"] for one in on.bot.said()] == [bubble.id] * 2
    assert on.ding.pushes.waiting == 0


async def test_message_never_comes_again_where_the_protocol_page_is_right(on: Stage) -> None:
    on.ding.pushes.stream_timeout, on.ding.pushes.robot_again = 0.05, ()
    on.bot.silent = True
    await on.bot.connect()
    assert (await on.ding.says("zhang", "在吗")).delivery == "lost"
    assert on.ding.pushes.waiting == 0


async def test_lost_acknowledgement_makes_a_duplicate(on: Stage) -> None:
    await on.bot.connect()
    on.ding.push_faults.lost_acks = 1
    await on.ding.says("zhang", "在吗")
    on.later(seconds=60)
    await on.ding.tick()
    assert len({one["msgId"] for one in on.bot.said()}) == 1
    assert len(on.bot.said()) == 2


async def test_copies_arrive_although_acknowledged(on: Stage) -> None:
    await on.bot.connect()
    on.ding.push_faults.copies = 3
    assert (await on.ding.says("zhang", "在吗")).delivery == "pushed"
    assert len(on.bot.said()) == 3


async def test_zombie_takes_pushes_and_tells_nobody(on: Stage) -> None:
    on.ding.pushes.stream_timeout = 0.05
    await on.bot.connect()
    (connection,) = await on.ding.gateway.connected(CLIENT)
    connection.zombie = True
    bubble = await on.ding.says("zhang", "在吗")
    assert bubble.delivery == "comes_again"
    assert not on.bot.frames
    assert not on.bot.sockets[0].closed


async def test_broken_network_ends_without_a_close_frame(on: Stage) -> None:
    socket = await on.bot.connect()
    (connection,) = await on.ding.gateway.connected(CLIENT)
    connection.drop()
    await on.bot.tasks[0]
    assert socket.close_code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
    assert on.ding.gateway.of(CLIENT) == []


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        ("nonsense", "no JSON object"),
        ('{"code": 200}', "no headers.messageId"),
        ('{"code": "200", "headers": {"messageId": "x"}}', "code is not a number"),
        ('{"code": 200, "headers": {"messageId": "x"}, "data": "{}"}', "an answer to nothing"),
    ],
)
async def test_nonsense_from_the_client_is_noted_and_survived(on: Stage, raw: str, complaint: str) -> None:
    socket = await on.bot.connect()
    await socket.send_str(raw)
    assert (await on.ding.says("zhang", "还在吗")).delivery == "pushed"
    assert any(complaint in one for one in on.ding.gateway.complaints)


async def test_refusing_acknowledgement_is_no_acknowledgement(on: Stage) -> None:
    socket = await on.bot.connect()

    async def refuse(frame: Json) -> None:
        await socket.send_str(ack_of(frame, {"response": None}, 500))

    on.bot.answers[frames.ROBOT_TOPIC] = refuse
    assert (await on.ding.says("zhang", "在吗")).delivery == "comes_again"


async def test_events_come_again_after_10_and_30_seconds_then_wait_in_the_failed_list(on: Stage) -> None:
    async def later(_frame: Json) -> Json:
        return {"status": "LATER"}

    on.bot.answers["*"] = later
    await on.bot.connect()
    (push,) = await on.ding.event("user_modify_org", {"userId": ["zhang"]}, [on.ding.space.app(CLIENT)])
    assert not push.ok
    for seconds in (10, 30):
        on.later(seconds=seconds)
        assert await on.ding.tick() == 1
    assert len({one["headers"]["eventId"] for one in on.bot.frames}) == 1
    assert len(on.bot.frames) == 3
    failed = await on.old("call_back/get_call_back_failed_result", method="GET")
    assert [one["call_back_tag"] for one in failed["failed_list"]] == ["user_modify_org"]
    assert failed["has_more"] is False
    assert (await on.old("call_back/get_call_back_failed_result", method="GET"))["failed_list"] == []


async def test_event_has_its_own_headers_and_only_the_inner_data(on: Stage) -> None:
    await on.bot.connect()
    await on.ding.leaves_org("zhang")
    (frame,) = on.bot.frames
    assert frame["type"] == "EVENT"
    assert frame["headers"]["eventType"] == "user_leave_org"
    assert frame["headers"]["eventCorpId"] == "dingcorp"
    assert frame["headers"]["eventBornTime"].isdigit()
    assert orjson.loads(frame["data"])["userId"] == ["zhang"]
    with pytest.raises(KeyError):
        await on.ding.says("zhang", "我还在吗")


async def test_event_answered_by_its_own_data_is_taken_and_noted(on: Stage) -> None:
    async def echo(frame: Json) -> Json:
        data: Json = orjson.loads(frame["data"])
        return data

    on.bot.answers["*"] = echo
    await on.bot.connect()
    pushes = await on.ding.event("user_modify_org", {"userId": ["zhang"]}, [on.ding.space.app(CLIENT)])
    assert pushes[0].ok
    assert on.ding.gateway.complaints == ["an event is answered by data.status SUCCESS or LATER"]


async def test_over_quota_message_arrives_without_its_text(on: Stage) -> None:
    await on.bot.connect()
    on.ding.quota.use_up(pushes=True)
    await on.ding.says("zhang", "你好")
    (said,) = on.bot.said()
    assert said["errorCode"] == "20001"
    assert "text" not in said
    on.later(days=31)
    await on.ding.says("zhang", "新的一个月")
    assert on.bot.said()[1]["text"] == {"content": "新的一个月"}


async def test_two_hundred_reconnects_lose_nothing_when_the_next_connection_is_opened_first(
    on: Stage,
) -> None:
    await on.bot.connect()
    said = []
    for number in range(200):
        (old,) = await on.ding.gateway.connected(CLIENT)
        saying = asyncio.create_task(on.ding.says("zhang", str(number)))
        await on.bot.connect()
        closing = asyncio.create_task(old.disconnect(grace=0.0))
        said.append(await saying)
        await closing
    assert {one.delivery for one in said} == {"pushed"}
    assert sorted(int(one["text"]["content"]) for one in on.bot.said()) == list(range(200))
