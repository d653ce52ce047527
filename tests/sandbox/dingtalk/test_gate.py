"""Tokens, envelopes, permissions, quotas, faults."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest

from sandbox.dingtalk import limits
from sandbox.dingtalk.gateway import CONNECT
from tests.sandbox.dingtalk.stage import CLIENT, SECRET, Json, Stage

BATCH = "v1.0/robot/oToMessages/batchSend"
BODY: Json = {
    "robotCode": CLIENT,
    "userIds": ["zhang"],
    "msgKey": "sampleText",
    "msgParam": '{"content":"x"}',
}
ME: Json = {"userid": "zhang"}


async def test_one_token_for_both_kinds_of_calls_the_same_while_it_lives(on: Stage) -> None:
    first = on.token
    old = await on.old("gettoken", method="GET", appkey=CLIENT, appsecret=SECRET)
    assert old == {"errcode": 0, "errmsg": "ok", "access_token": first, "expires_in": 7200}
    body = {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}
    _, unified = await on.call("POST", "v1.0/oauth2/dingcorp/token", body)
    assert unified == {"access_token": first, "expires_in": 7200}
    assert (await on.call("POST", BATCH, BODY))[0] == 200
    assert (await on.old("topapi/v2/user/get", ME))["errcode"] == 0
    on.later(seconds=7200)
    await on.login()
    assert on.token != first


async def test_wrong_secret(on: Stage) -> None:
    status, answer = await on.call("POST", "v1.0/oauth2/accessToken", {"appKey": CLIENT, "appSecret": "x"})
    assert (status, answer["code"]) == (400, "invalidClientIdOrSecret")
    assert (await on.old("gettoken", method="GET", appkey=CLIENT, appsecret="x"))["errcode"] == 40089


@pytest.mark.parametrize("how", ["expire", "revoke"])
async def test_bad_token_has_two_envelopes(on: Stage, how: str) -> None:
    getattr(on.ding.server.tokens, how)()
    status, answer = await on.call("POST", BATCH, BODY)
    assert (status, answer["code"]) == (400, "InvalidAuthentication")
    answer = await on.old("topapi/v2/user/get", ME)
    assert answer["errcode"] == 88
    assert answer["sub_code"] == ("42001" if how == "expire" else "40014")
    answer = await on.old("media/downloadFile", method="GET", media_id="x")
    assert answer["errcode"] in (40014, 42001)


async def test_missing_permission_is_named(on: Stage) -> None:
    space = on.ding.space
    apps = tuple(replace(one, scopes=frozenset()) for one in space.organisation.apps)
    space.organisation = replace(space.organisation, apps=apps)
    status, answer = await on.call("POST", BATCH, BODY)
    assert status == 403
    assert answer["code"] == "Forbidden.AccessDenied.AccessTokenPermissionDenied"
    assert answer["accessdenieddetail"] == {"requiredScopes": ["qyapi_robot_sendmsg"]}
    assert (await on.card())[1]["accessdenieddetail"] == {"requiredScopes": ["Card.Instance.Write"]}
    assert (await on.old("topapi/v2/user/get", ME))["sub_code"] == "60011"


async def test_address_that_is_not_on_the_list(on: Stage) -> None:
    space = on.ding.space
    apps = tuple(replace(one, trusted_ips=frozenset({"10.0.0.1"})) for one in space.organisation.apps)
    space.organisation = replace(space.organisation, apps=apps)
    assert (await on.call("POST", BATCH, BODY))[1]["code"] == "Forbidden.AccessDenied.IpNotInWhiteList"


async def test_twenty_calls_a_second_per_api(on: Stage) -> None:
    on.ding.quota._beat = lambda: 100.0
    answers = [await on.call("POST", BATCH, BODY) for _ in range(21)]
    assert [status for status, _ in answers] == [200] * 20 + [403]
    assert answers[-1][1]["code"] == "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
    assert (await on.call("POST", "v1.0/robot/groupMessages/send", BODY))[0] == 400
    on.ding.quota._beat = lambda: 101.0
    assert (await on.call("POST", BATCH, BODY))[0] == 200
    assert on.ding.quota.api_used == 22


async def test_month_of_calls_ends_and_begins_again(on: Stage) -> None:
    on.ding.quota.use_up(api=True)
    status, answer = await on.call("POST", BATCH, BODY)
    assert (status, answer["code"]) == (403, "Forbidden.AccessDenied.ApiCountLimitForOrg")
    assert (await on.old("topapi/v2/user/get", ME))["errcode"] == 0, "contacts are exempt"
    on.later(days=31)
    await on.login()
    assert (await on.call("POST", BATCH, BODY))[0] == 200
    assert on.ding.quota.api_used == 1


async def test_only_what_counts_is_counted(on: Stage) -> None:
    await on.bot.connect()
    await on.old("topapi/v2/user/get", ME)
    await on.ding.leaves_org("wang")
    assert (on.ding.quota.api_used, on.ding.quota.pushes_used) == (0, 0)
    await on.ding.says("zhang", "你好")
    await on.call("POST", BATCH, BODY)
    assert (on.ding.quota.api_used, on.ding.quota.pushes_used) == (1, 1)
    assert on.ding.calls(BATCH, CLIENT) == 1


async def test_too_many_calls_ban_the_address(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BURST_CALLS", 3)
    for _ in range(4):
        _, answer = await on.call("POST", BATCH, BODY)
    assert answer["status"] == 1111
    on.ding.quota._beat = lambda: 10.0**9
    assert (await on.call("POST", BATCH, BODY))[0] == 200


@pytest.mark.parametrize(
    ("code", "status"), [("system.busy", 500), ("send.too.fast", 400), ("Throttling", 429)]
)
async def test_injected_refusal_does_nothing(on: Stage, code: str, status: int) -> None:
    on.ding.faults.inject(BATCH, code, 2, status=status)
    for _ in range(2):
        got, answer = await on.call("POST", BATCH, BODY)
        assert (got, answer["code"]) == (status, code)
    assert on.ding.chat("zhang") == []
    assert (await on.call("POST", BATCH, BODY))[0] == 200


async def test_injected_refusal_of_an_old_call(on: Stage) -> None:
    on.ding.faults.inject("topapi/v2/user/get", errcode=-1)
    assert (await on.old("topapi/v2/user/get", ME))["errcode"] == -1


async def test_lost_answer_was_done(on: Stage) -> None:
    on.ding.faults.reset_after_commit(BATCH)
    with pytest.raises(aiohttp.ClientError):
        await on.call("POST", BATCH, BODY)
    assert len(on.ding.chat("zhang")) == 1


async def test_platform_that_is_down(on: Stage) -> None:
    on.ding.faults.down = True
    with pytest.raises(aiohttp.ClientError):
        await on.call("POST", BATCH, BODY)
    on.ding.faults.clear()
    on.ding.faults.ban_page = True
    assert (await on.call("POST", BATCH, BODY))[1]["status"] == 1111
    on.ding.faults.clear()
    assert (await on.call("POST", BATCH, BODY))[0] == 200


async def test_unknown_calls(on: Stage) -> None:
    assert (await on.call("POST", "v1.0/robot/nothing", {}))[0] == 404
    assert (await on.call("GET", BATCH))[0] == 404
    assert (await on.old("topapi/nothing", {}))["errcode"] == 22
    async with on.http.get(on.ding.server.address + CONNECT) as response:
        assert response.status == 401


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b'{"robotCode": 1}'])
async def test_nonsense_is_refused_cleanly(on: Stage, raw: bytes) -> None:
    headers = {"x-acs-dingtalk-access-token": on.token}
    async with on.http.post(f"{on.ding.api_base}/{BATCH}", data=raw, headers=headers) as response:
        assert response.status == 400
        assert "code" in await response.json()


async def test_no_secret_is_recorded(on: Stage) -> None:
    await on.bot.open()
    await on.old("gettoken", method="GET", appkey=CLIENT, appsecret=SECRET)
    assert SECRET not in str([one.request for one in on.ding.space.world.exchanges])
