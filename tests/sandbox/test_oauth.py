"""Who opened a page: codes, tickets, and what the authorisation's address must be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sandbox.wecom import limits
from sandbox.wecom.errors import Refused
from tests.sandbox.world import AGENT, CORP_ID, Stage, stage

PAGE = "https://crm.example.com/open?from=chat"


def address(**changes: str) -> str:
    """The address that an app sends members to."""
    query = {
        "appid": CORP_ID,
        "redirect_uri": PAGE,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": "abc123",
        "agentid": str(AGENT),
        **changes,
    }
    given = {name: value for name, value in query.items() if value}
    return f"https://open.weixin.qq.com/connect/oauth2/authorize?{urlencode(given)}#wechat_redirect"


def code_of(url: str) -> str:
    """The code that the page is opened with."""
    return parse_qs(urlsplit(url).query)["code"][0]


async def test_a_member_opens_a_page(on: Stage) -> None:
    """The page's own query stays, the state comes back, and the code says who it is."""
    opened = on.sandbox.wecom.oauth.open(address(), "zhang")
    query = parse_qs(urlsplit(opened).query)
    assert (query["from"], query["state"]) == (["chat"], ["abc123"])
    assert len(query["code"][0].encode()) <= 512
    found = await on.api.get("auth/getuserinfo", code=query["code"][0])
    assert found == {"errcode": 0, "errmsg": "ok", "userid": "Zhang"}


async def test_a_code_works_once_and_for_five_minutes(on: Stage) -> None:
    """40029 for a used or unknown one, 42003 for an old one."""
    code, late = (on.sandbox.wecom.oauth.code("Zhang") for _ in range(2))
    assert (await on.api.get("auth/getuserinfo", code=code))["errcode"] == 0
    assert (await on.api.get("auth/getuserinfo", code=code))["errcode"] == 40029
    assert (await on.api.get("auth/getuserinfo", code="guess"))["errcode"] == 40029
    assert (await on.api.get("auth/getuserinfo"))["errcode"] == 40029
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.OAUTH_CODE_LIFE))
    assert (await on.api.get("auth/getuserinfo", code=late))["errcode"] == 42003


async def test_a_code_of_another_app(on: Stage) -> None:
    """40029, and it stays good for the right one."""
    code = on.sandbox.wecom.oauth.code("Zhang", AGENT)
    right = on.api.token
    await on.api.login(secret="secret-of-other")
    assert (await on.api.get("auth/getuserinfo", code=code))["errcode"] == 40029
    on.api.token = right
    assert (await on.api.get("auth/getuserinfo", code=code))["userid"] == "Zhang"


async def test_somebody_outside(on: Stage) -> None:
    """Has an openid and no userid."""
    code = on.sandbox.wecom.oauth.code(openid="oOutside")
    assert await on.api.get("auth/getuserinfo", code=code) == {
        "errcode": 0,
        "errmsg": "ok",
        "openid": "oOutside",
    }


async def test_more_than_the_id_needs_a_ticket(on: Stage) -> None:
    """For half an hour, and only what the member has agreed to."""
    oauth = on.sandbox.wecom.oauth
    oauth.details["Zhang"] = {"mobile": "13800138000"}
    opened = oauth.open(address(scope="snsapi_privateinfo"), "Zhang")
    ticket = (await on.api.get("auth/getuserinfo", code=code_of(opened)))["user_ticket"]
    found = await on.api.post("auth/getuserdetail", {"user_ticket": ticket})
    assert (found["userid"], found["mobile"], found["email"]) == ("Zhang", "13800138000", "")
    assert (await on.api.post("auth/getuserdetail", {}))["errcode"] == 84090
    assert (await on.api.post("auth/getuserdetail", {"user_ticket": "guess"}))["errcode"] == 84015
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.USER_TICKET_LIFE))
    assert (await on.api.post("auth/getuserdetail", {"user_ticket": ticket}))["errcode"] == 84014


async def test_the_old_call_names_its_fields_differently(on: Stage) -> None:
    """As older libraries expect it."""
    code = on.sandbox.wecom.oauth.code("Zhang")
    assert (await on.api.get("user/getuserinfo", code=code))["UserId"] == "Zhang"
    outside = on.sandbox.wecom.oauth.code(openid="oOutside")
    assert (await on.api.get("user/getuserinfo", code=outside))["OpenId"] == "oOutside"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"appid": "wwother"}, 40013),
        ({"agentid": "7"}, 40056),
        ({"agentid": "", "scope": "snsapi_privateinfo"}, 40056),
        ({"scope": "snsapi_userinfo"}, 40058),
        ({"response_type": "token"}, 40058),
        ({"redirect_uri": "https://evil.example.com/"}, 50001),
        ({"redirect_uri": "https://crm.example.com:8443/"}, 50001),
        ({"redirect_uri": "javascript:alert(1)"}, 50001),
        ({"state": "a-b"}, 84025),
        ({"state": "a" * 129}, 84025),
    ],
)
async def test_addresses_the_client_refuses(on: Stage, changes: dict[str, str], code: int) -> None:
    """Each by its own code; the whole host counts, with its port."""
    oauth = on.sandbox.wecom.oauth
    oauth.domains.of[AGENT] = frozenset({"crm.example.com"})
    assert code_of(oauth.open(address(), "Zhang"))
    with pytest.raises(Refused) as refused:
        oauth.open(address(**changes), "Zhang")
    assert refused.value.code == code


async def test_who_cannot_see_the_app_opens_nothing() -> None:
    """50002, also when the range shrinks between the code and the question."""
    async with stage(visible=frozenset({"Zhang", "Li"})) as on:
        oauth, world = on.sandbox.wecom.oauth, on.sandbox.world
        with pytest.raises(Refused) as refused:
            oauth.open(address(), "Wang")
        assert refused.value.code == 50002
        code = oauth.code("Li", AGENT)
        narrower = replace(world.app(AGENT), visible=frozenset({"Zhang"}))
        world.change_corp(replace(world.corp, apps=(narrower, *world.corp.apps[1:])))
        assert (await on.api.get("auth/getuserinfo", code=code))["errcode"] == 50002


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/connect/oauth2/authorize", {"response_type": "code", "scope": "snsapi_base"}),
        ("/wwlogin/sso/login", {"login_type": "CorpApp"}),
    ],
)
async def test_the_page_in_place_of_a_client(on: Stage, path: str, query: dict[str, str]) -> None:
    """It asks who opens the address, and goes on as that member."""
    url, http = f"{on.url}/qyapi{path}", on.api.session
    query = {"appid": CORP_ID, "agentid": str(AGENT), "redirect_uri": PAGE, "state": "s", **query}
    async with http.get(url, params=query) as response:
        shown = await response.text()
        assert response.status == 200
    assert "张伟" in shown
    async with http.get(url, params={**query, "as": "Zhang"}, allow_redirects=False) as response:
        assert response.status == 302
        code = code_of(response.headers["Location"])
    assert (await on.api.get("auth/getuserinfo", code=code))["userid"] == "Zhang"
    async with http.get(url, params={**query, "appid": "wwother"}) as response:
        assert response.status == 400
