"""Faults by name, as a page switches them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from sandbox.asks import BadAsk
from sandbox.dingtalk.switches import DingSwitches
from tests.sandbox.dingtalk.stage import CLIENT, Json, Stage

BATCH = "v1.0/robot/oToMessages/batchSend"
BODY: Json = {
    "robotCode": CLIENT,
    "userIds": ["zhang"],
    "msgKey": "sampleText",
    "msgParam": '{"content":"x"}',
}


async def test_api_faults(on: Stage) -> None:
    switches = DingSwitches(on.ding)
    await switches.set("inject", {"path": BATCH, "code": "send.too.fast", "status": 400, "times": 1})
    assert (await on.call("POST", BATCH, BODY))[1]["code"] == "send.too.fast"
    await switches.set("reset", {"path": BATCH})
    with pytest.raises(aiohttp.ClientError):
        await on.call("POST", BATCH, BODY)
    await switches.set("flow_controlled", {"id": "zhang"})
    assert (await on.call("POST", BATCH, BODY))[1]["flowControlledStaffIdList"] == ["zhang"]
    await switches.set("undeliverable", {"id": "zhang", "reason": "不行"})
    assert (await on.card())[1]["result"]["deliverResults"][0]["errorMsg"] == "不行"
    await switches.set("use_up_calls", None)
    assert (await on.call("POST", BATCH, BODY))[0] == 403
    for name in ("expire_tokens", "revoke_tokens"):
        await on.login()
        await switches.set(name, None)
        assert (await on.call("POST", BATCH, BODY))[1]["code"] == "InvalidAuthentication"
    await switches.set("ban_page", value=True)
    assert (await on.call("POST", BATCH, BODY))[1]["status"] == 1111
    await switches.set("down", value=True)
    with pytest.raises(aiohttp.ClientError):
        await on.call("POST", BATCH, BODY)
    await switches.set("latency", 1)
    await switches.set("clear", None)
    await on.login()
    assert (await on.call("POST", BATCH, BODY))[1]["code"].endswith("ApiCountLimitForOrg")


async def test_push_faults(on: Stage) -> None:
    switches = DingSwitches(on.ding)
    await on.bot.connect()
    await switches.set("copies", 2)
    await switches.set("use_up_pushes", None)
    await on.ding.says("zhang", "你好")
    assert [one["errorCode"] for one in on.bot.said()] == ["20001"] * 2
    await switches.set("clear", None)
    await switches.set("lost_acks", 1)
    assert (await on.ding.says("zhang", "你好")).delivery == "comes_again"
    await switches.set("expire_sessions", None)
    reply = {"msgtype": "text", "text": {"content": "x"}}
    async with on.http.post(on.bot.said()[0]["sessionWebhook"], json=reply) as response:
        assert (await response.json())["errcode"] == 300001


@pytest.mark.parametrize("name", ["drop", "disconnect"])
async def test_connections_end(on: Stage, name: str) -> None:
    await on.bot.connect()
    (connection,) = await on.ding.gateway.connected(CLIENT)
    switching = asyncio.create_task(DingSwitches(on.ding).set(name, None))
    if name == "disconnect":
        await on.bot.arrived.wait()
        await on.bot.sockets[0].close()
    await switching
    await on.bot.tasks[0]
    assert connection.draining
    assert on.ding.gateway.of(CLIENT) == []


async def test_zombies_wake_up_again(on: Stage) -> None:
    on.ding.pushes.stream_timeout = 0.05
    await on.bot.connect()
    await on.ding.gateway.connected(CLIENT)
    await DingSwitches(on.ding).set("zombie", None)
    assert (await on.ding.says("zhang", "在吗")).delivery == "comes_again"
    await DingSwitches(on.ding).set("clear", None)
    assert (await on.ding.says("zhang", "在吗")).delivery == "pushed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nothing", 1),
        ("copies", -1),
        ("latency", "x"),
        ("inject", {"errcode": "x"}),
        ("reset", {"times": True}),
    ],
)
async def test_nonsense_is_refused(on: Stage, name: str, value: object) -> None:
    with pytest.raises(BadAsk):
        await DingSwitches(on.ding).set(name, value)
