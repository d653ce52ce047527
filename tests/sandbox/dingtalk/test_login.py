"""Signing in to a page, and custom group robots."""

from __future__ import annotations

from dataclasses import replace

import pytest
from yarl import URL

from sandbox.dingtalk.crypto import robot_sign
from tests.sandbox.dingtalk.stage import CLIENT, GROUP, SECRET, Json, Stage

BACK = "https://crm.example.com/back?next=1"


async def consent(on: Stage, **changes: str) -> tuple[int, str]:
    """Open the sign-in page; status and where it leads."""
    query = {"redirect_uri": BACK, "response_type": "code", "client_id": CLIENT, "scope": "openid corpid"}
    url = f"{on.ding.server.address}/login/oauth2/auth"
    params = {**query, "state": "s1", "prompt": "consent", **changes}
    async with on.http.get(url, params=params, allow_redirects=False) as response:
        return response.status, response.headers.get("Location", "")


async def token(on: Stage, **changes: str) -> tuple[int, Json]:
    """Exchange a code or a refresh token."""
    body = {"clientId": CLIENT, "clientSecret": SECRET, "grantType": "authorization_code", **changes}
    return await on.call("POST", "v1.0/oauth2/userAccessToken", body)


async def test_colleague_signs_in(on: Stage) -> None:
    on.ding.server.login.visitor = "li"
    status, location = await consent(on)
    back = URL(location)
    assert (status, back.host, back.query["next"], back.query["state"]) == (302, "crm.example.com", "1", "s1")
    status, answer = await token(on, code=back.query["authCode"])
    assert (status, answer["expireIn"], answer["corpId"]) == (200, 7200, "dingcorp")
    on.token = answer["accessToken"]
    _, me = await on.call("GET", "v1.0/contact/users/me")
    assert (me["nick"], me["unionId"]) == ("李经理", "unionLi")
    assert (await token(on, code=back.query["authCode"]))[0] == 400
    _, again = await token(on, grantType="refresh_token", refreshToken=answer["refreshToken"])
    on.later(hours=2)
    assert (await on.call("GET", "v1.0/contact/users/me"))[1]["code"] == "InvalidAuthentication"
    assert again["accessToken"] != answer["accessToken"]


async def test_app_token_is_no_user_token(on: Stage) -> None:
    assert (await on.call("GET", "v1.0/contact/users/me"))[1]["code"] == "InvalidAuthentication"


async def test_late_code_is_refused(on: Stage) -> None:
    on.ding.server.login.visitor = "li"
    code = URL((await consent(on))[1]).query["authCode"]
    on.later(minutes=5)
    assert (await token(on, code=code))[0] == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "x"},
        {"response_type": "token"},
        {"scope": "corpid"},
        {"redirect_uri": "https://evil.example.com"},
        {"redirect_uri": ""},
    ],
)
async def test_wrong_sign_in_leads_nowhere(on: Stage, changes: dict[str, str]) -> None:
    on.ding.server.login.visitor = "li"
    space = on.ding.space
    hosts = frozenset({"crm.example.com"})
    apps = tuple(replace(one, redirect_hosts=hosts) for one in space.organisation.apps)
    space.organisation = replace(space.organisation, apps=apps)
    assert (await consent(on, **changes))[0] == 400
    assert (await consent(on))[0] == 302


async def robot(on: Stage, words: str = "日报", **query: str) -> Json:
    """Write by a custom robot."""
    body = {"msgtype": "text", "text": {"content": words}, "msgUuid": query.pop("uuid", "")}
    return await on.old("robot/send", body, **query)


async def test_custom_robot_writes_to_its_group(on: Stage) -> None:
    access = on.ding.server.group_robots.add(GROUP)
    assert (await robot(on, access_token=access))["errcode"] == 0
    for _ in range(2):
        await robot(on, "一次", access_token=access, uuid="u1")
    assert [one.text for one in on.ding.chat("li", GROUP)] == ["日报", "一次"]
    assert (await robot(on, access_token="x"))["errcode"] == 300001
    assert on.ding.quota.pushes_used == 2


async def test_custom_robot_checks_signature_and_words(on: Stage) -> None:
    access = on.ding.server.group_robots.add(GROUP, "SEC1", ("日报",))
    stamp = str(on.ding.space.now_ms())
    good = {"access_token": access, "timestamp": stamp, "sign": robot_sign(stamp, "SEC1")}
    assert (await robot(on, **good))["errcode"] == 0
    assert (await robot(on, "周报", **good))["errcode"] == 310000
    assert (await robot(on, **{**good, "sign": "x"}))["errcode"] == 310000
    on.later(hours=1, seconds=1)
    assert (await robot(on, **good))["errcode"] == 310000


async def test_twenty_a_minute_then_ten_minutes_of_silence(on: Stage) -> None:
    access = on.ding.server.group_robots.add(GROUP)
    codes = [(await robot(on, access_token=access))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [410100]
    on.later(minutes=9)
    assert (await robot(on, access_token=access))["errcode"] == 410100
    on.later(minutes=1)
    assert (await robot(on, access_token=access))["errcode"] == 0
