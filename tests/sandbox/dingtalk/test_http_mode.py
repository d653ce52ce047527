"""HTTP mode: signed robot messages, encrypted events, and answers that count or not."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from aiohttp import web

from sandbox.dingtalk.crypto import Seal, robot_sign
from tests.sandbox.dingtalk.stage import (
    AES_KEY,
    GROUP,
    HTTP_CLIENT,
    HTTP_SECRET,
    TOKEN,
    Json,
    Stage,
)

SEAL = Seal(TOKEN, AES_KEY, HTTP_CLIENT)


def sealed(words: bytes = b"success", seal: Seal = SEAL) -> web.Response:
    """An answer to an event."""
    encrypted = seal.close(words)
    body = {"timeStamp": "1", "nonce": "n", "encrypt": encrypted}
    return web.json_response({**body, "msg_signature": seal.sign("1", "n", encrypted)})


async def test_message_is_signed_and_the_reply_shown(on: Stage) -> None:
    async def answer(_request: web.Request, _body: bytes) -> web.StreamResponse:
        return web.json_response({"msgtype": "text", "text": {"content": "记下了"}})

    on.replies["/robot"] = answer
    bubble = await on.ding.says("zhang", "你好", client_id=HTTP_CLIENT)
    assert bubble.delivery == "pushed"
    (request,) = on.received
    stamp = request.headers["timestamp"]
    assert stamp == str(int(on.clock.now().timestamp() * 1000))
    assert request.headers["sign"] == robot_sign(stamp, HTTP_SECRET)
    body = orjson.loads(on.bodies[0])
    assert (body["text"]["content"], body["robotCode"]) == ("你好", HTTP_CLIENT)
    assert [one.text for one in on.ding.chat("zhang", client_id=HTTP_CLIENT)] == ["你好", "记下了"]


@pytest.mark.parametrize("reply", [{"msgtype": "empty"}, {}, {"msgtype": "wrong"}])
async def test_silent_and_wrong_replies_show_nothing(on: Stage, reply: Json) -> None:
    async def answer(_request: web.Request, _body: bytes) -> web.StreamResponse:
        return web.json_response(reply)

    on.replies["/robot"] = answer
    await on.ding.says("zhang", "你好", GROUP, client_id=HTTP_CLIENT)
    assert len(on.ding.chat("zhang", GROUP)) == 1
    assert len(on.ding.gateway.complaints) == int(reply == {"msgtype": "wrong"})


async def test_slow_and_failing_answers_bring_the_message_again(on: Stage) -> None:
    held = asyncio.Event()

    async def slow(_request: web.Request, _body: bytes) -> web.StreamResponse:
        await held.wait()
        return web.Response()

    async def broken(_request: web.Request, _body: bytes) -> web.StreamResponse:
        return web.Response(status=500)

    on.ding.pushes.http_timeout = 0.05
    for reply in (slow, broken):
        on.replies["/robot"] = reply
        assert (await on.ding.says("zhang", "你好", client_id=HTTP_CLIENT)).delivery == "comes_again"
    held.set()
    on.replies.clear()
    on.later(seconds=60)
    assert await on.ding.tick() == 2
    ids = [orjson.loads(one)["msgId"] for one in on.bodies]
    assert len(ids) == 4
    assert len(set(ids)) == 2


async def test_event_address_is_checked(on: Stage) -> None:
    plain: list[Json] = []

    async def answer(request: web.Request, body: bytes) -> web.StreamResponse:
        encrypted = orjson.loads(body)["encrypt"]
        query = request.query
        assert SEAL.verify(query["msg_signature"], query["timestamp"], query["nonce"], encrypted)
        plain.append(orjson.loads(SEAL.open(encrypted)))
        return sealed()

    on.replies["/event"] = answer
    assert await on.ding.check_event_url(HTTP_CLIENT)
    await on.ding.leaves_org("wang")
    await on.ding.event("bpms_instance_change", {"type": "start"}, [on.ding.space.app(HTTP_CLIENT)])
    assert plain[0] == {"EventType": "check_url"}
    assert plain[1]["EventType"] == "user_leave_org"
    assert plain[1]["UserId"] == ["wang"]
    assert plain[1]["CorpId"] == "dingcorp"
    assert plain[2] == {"EventType": "bpms_instance_change", "corpId": "dingcorp", "type": "start"}


@pytest.mark.parametrize(
    "answer",
    [
        web.Response,
        lambda: web.Response(text="success"),
        lambda: sealed(b"failure"),
        lambda: sealed(seal=Seal("other", AES_KEY, HTTP_CLIENT)),
        lambda: sealed(seal=Seal(TOKEN, AES_KEY, "other")),
        lambda: web.Response(status=500),
    ],
)
async def test_answer_that_is_not_an_encrypted_success_does_not_count(on: Stage, answer: type) -> None:
    async def reply(_request: web.Request, _body: bytes) -> web.StreamResponse:
        made: web.Response = answer()
        return made

    on.replies["/event"] = reply
    assert not await on.ding.check_event_url(HTTP_CLIENT)
    (push,) = await on.ding.event("user_add_org", {"userId": ["x"]}, [on.ding.space.app(HTTP_CLIENT)])
    assert not push.ok
    assert on.ding.pushes.waiting == 1
