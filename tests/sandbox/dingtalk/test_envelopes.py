"""Every refusal that can come at any time, on both hosts, and the ways in which it is written."""

from __future__ import annotations

import aiohttp
import pytest

from sandbox.dingtalk.envelopes import ENVELOPES
from sandbox.dingtalk.server import OPEN
from sandbox.dingtalk.switches import DingSwitches
from tests.sandbox.dingtalk.stage import CLIENT, SECRET, Json, Stage

BATCH, USER = "v1.0/robot/oToMessages/batchSend", "topapi/v2/user/get"
BODY: Json = {
    "robotCode": CLIENT,
    "userIds": ["zhang"],
    "msgKey": "sampleText",
    "msgParam": '{"content":"x"}',
}
DENIED = "Forbidden.AccessDenied."


@pytest.mark.parametrize(
    ("name", "status", "code", "errcode"),
    [
        ("bad_token", 400, "InvalidAuthentication", "40014"),
        ("expired_token", 400, "InvalidAuthentication", "42001"),
        ("permission", 403, DENIED + "AccessTokenPermissionDenied", "60011"),
        ("address", 403, DENIED + "IpNotInWhiteList", "60020"),
        ("app_qps", 403, DENIED + "QpsLimitForAppkeyAndApi", "90018"),
        ("api_qps", 403, DENIED + "QpsLimitForApi", "90002"),
        ("app_qpm", 403, DENIED + "QpmLimitForAppkeyAndApi", "-1"),
        ("suite_qps", 403, DENIED + "QpsLimitForSuitekeyAndOrgAndApi", "-1"),
        ("month", 403, DENIED + "ApiCountLimitForOrg", "90020"),
    ],
)
async def test_gate_refuses_in_both_envelopes(
    on: Stage, name: str, status: int, code: str, errcode: str
) -> None:
    switches = DingSwitches(on.ding)
    for path in (BATCH, USER):
        await switches.set("envelope", {"path": path, "name": name})
    got, answer = await on.call("POST", BATCH, BODY)
    assert (got, answer["code"]) == (status, code)
    assert {"code", "message", "requestid"} <= set(answer)
    assert ("accessdenieddetail" in answer) is (name == "permission")
    old = await on.old(USER, {"userid": "zhang"})
    assert (old["errcode"], old["sub_code"]) == (88, errcode)
    assert on.ding.chat("zhang") == []
    assert on.ding.quota.api_used == 0, "what is throttled does not count"
    assert (await on.call("POST", BATCH, BODY))[0] == 200


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("unauthorized", 401, "InvalidAuthentication"),
        ("too_many_requests", 429, "Throttling"),
        ("busy", 500, "system.busy"),
        ("send_too_fast", 400, "send.too.fast"),
        ("no_chat", 400, "robot.oto.notExist"),
        ("not_allowed", 400, "chatbotId.notAllow.sendOTO"),
        ("stopped", 400, "bot.stopped"),
        ("unsafe", 400, "param.contentUnsafe"),
    ],
)
async def test_other_refusals(on: Stage, name: str, status: int, code: str) -> None:
    await DingSwitches(on.ding).set("envelope", {"path": BATCH, "name": name, "times": 2})
    for _ in range(2):
        got, answer = await on.call("POST", BATCH, BODY)
        assert (got, answer["code"]) == (status, code)
    assert (await on.call("POST", BATCH, BODY))[0] == 200


async def test_every_envelope_can_be_switched_on(on: Stage) -> None:
    for name in ENVELOPES:
        await DingSwitches(on.ding).set("envelope", {"path": BATCH, "name": name})
        assert (await on.call("POST", BATCH, BODY))[0] >= 400


async def test_busy_platform_says_minus_one_on_the_old_host(on: Stage) -> None:
    await DingSwitches(on.ding).set("envelope", {"path": USER, "name": "busy"})
    assert (await on.old(USER, {"userid": "zhang"}))["errcode"] == -1


async def test_refusals_written_as_xml(on: Stage) -> None:
    await DingSwitches(on.ding).set("xml_errors", value=True)
    headers = {"x-acs-dingtalk-access-token": "nonsense"}
    async with on.http.post(f"{on.ding.api_base}/{BATCH}", json=BODY, headers=headers) as response:
        assert (response.status, response.content_type) == (400, "application/xml")
        assert "<Code>InvalidAuthentication</Code>" in await response.text()
    params = {"access_token": "nonsense"}
    async with on.http.post(f"{on.ding.oapi_base}/{USER}", json={}, params=params) as response:
        assert (response.status, response.content_type) == (200, "application/xml")
    assert (await on.call("POST", BATCH, BODY))[0] == 200, "what goes well is JSON"


async def test_opening_without_accepting_json_is_answered_recorded_and_refused_in_xml(on: Stage) -> None:
    topics = [{"type": "EVENT", "topic": "*"}]
    body = {"clientId": CLIENT, "clientSecret": SECRET, "subscriptions": topics}
    url = f"{on.ding.api_base}/{OPEN}"
    async with on.http.post(url, json=body) as response:
        assert (response.status, response.content_type) == (200, "application/xml")
        assert "<ticket>" in await response.text()
    assert SECRET not in str([one.request for one in on.ding.space.world.exchanges])
    on.ding.faults.inject(OPEN, "system.busy")
    async with on.http.post(url, json=body) as response:
        assert (response.status, response.content_type) == (500, "application/xml")
    assert [one.title for one in on.ding.space.world.exchanges].count(OPEN) == 2


async def test_ban_is_told_as_json_or_as_a_page(on: Stage) -> None:
    switches = DingSwitches(on.ding)
    await switches.set("ban_page", value=True)
    assert (await on.call("POST", BATCH, BODY))[1] == {
        "status": 1111,
        "wait": 5,
        "source": "x5",
        "punish": "deny",
        "uuid": "0",
    }
    await switches.set("ban_html", value=True)
    async with on.http.post(f"{on.ding.api_base}/{BATCH}", json=BODY) as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert "1111" in await response.text()
    async with on.http.post(f"{on.ding.api_base}/{OPEN}", json={}) as response:
        assert response.content_type == "text/html", "the gateway stands behind the same door"
    await switches.set("clear", None)
    assert (await on.call("POST", BATCH, BODY))[0] == 200


async def test_nobody_connects_to_a_platform_that_is_down(on: Stage) -> None:
    _, opened = await on.bot.open()
    url = f"{opened['endpoint']}?ticket={opened['ticket']}"
    on.ding.faults.down = True
    with pytest.raises(aiohttp.ClientError):
        await on.http.ws_connect(url)
    on.ding.faults.clear()
    socket = await on.http.ws_connect(url)
    await socket.close()


async def test_slow_opening_outlasts_an_impatient_client(on: Stage) -> None:
    await DingSwitches(on.ding).set("slow", {"path": OPEN, "ms": 5000})
    with pytest.raises(TimeoutError):
        await on.http.post(f"{on.ding.api_base}/{OPEN}", json={}, timeout=aiohttp.ClientTimeout(total=0.05))
    assert on.ding.gateway.opened == 0
    assert (await on.call("POST", BATCH, BODY))[0] == 200, "other calls are as fast as ever"


async def test_token_dies_in_the_middle_of_the_day(on: Stage) -> None:
    assert (await on.call("POST", BATCH, BODY))[0] == 200
    await DingSwitches(on.ding).set("expire_tokens", None)
    status, answer = await on.call("POST", BATCH, BODY)
    assert (status, answer["code"]) == (400, "InvalidAuthentication")
    first = on.token
    await on.login()
    assert on.token != first
    assert (await on.call("POST", BATCH, BODY))[0] == 200


async def test_asking_for_the_token_again_makes_it_live_anew(on: Stage) -> None:
    first = on.token
    on.later(seconds=7000)
    await on.login()
    assert on.token == first
    on.later(seconds=7000)
    assert (await on.call("POST", BATCH, BODY))[0] == 200
    on.later(seconds=200)
    assert (await on.call("POST", BATCH, BODY))[1]["code"] == "InvalidAuthentication"
