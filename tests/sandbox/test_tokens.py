"""gettoken and the checks at the gate."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest

from sandbox.wecom import limits
from tests.sandbox.world import AGENT, Stage, stage


async def test_the_same_token_while_it_lives(on: Stage) -> None:
    """A second gettoken gives the first token with what is left of its life."""
    first = await on.api.login()
    on.clock.jump(on.clock.now() + timedelta(seconds=100))
    second = await on.api.login()
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] == limits.TOKEN_LIFE - 100


async def test_a_wrong_corpid_and_a_wrong_secret(on: Stage) -> None:
    """40013 and 40001, 41002 and 41004 when missing."""
    assert (await on.api.login(corpid="wwother"))["errcode"] == 40013
    assert (await on.api.login(secret="guess"))["errcode"] == 40001
    assert (await on.api.login(corpid=""))["errcode"] == 41002
    assert (await on.api.login(secret=""))["errcode"] == 41004


async def test_guessing_secrets_bans_the_address_for_an_hour(on: Stage) -> None:
    """Every call is refused, good ones too; after an hour all is well."""
    for _ in range(limits.WRONG_SECRETS_BEFORE_BAN):
        assert (await on.api.login(secret="guess"))["errcode"] == 40001
    assert (await on.api.login())["errcode"] == 45009
    assert (await on.api.say("你好"))["errcode"] == 45009
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.WRONG_SECRET_BAN))
    assert (await on.api.login())["errcode"] == 0


async def test_missing_unknown_and_expired_tokens(on: Stage) -> None:
    """41001, 40014, 42001."""
    good = on.api.token
    on.api.token = ""
    assert (await on.api.say("你好"))["errcode"] == 41001
    on.api.token = "nonsense"
    assert (await on.api.say("你好"))["errcode"] == 40014
    on.api.token = good
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.TOKEN_LIFE))
    assert (await on.api.say("你好"))["errcode"] == 42001
    assert (await on.api.login())["access_token"] != good
    assert (await on.api.say("你好"))["errcode"] == 0


async def test_tokens_can_be_expired_and_revoked_early(on: Stage) -> None:
    """The hooks give 42001 and 40014, and a new token helps."""
    on.sandbox.wecom.tokens.expire()
    assert (await on.api.say("你好"))["errcode"] == 42001
    await on.api.login()
    on.sandbox.wecom.tokens.revoke()
    assert (await on.api.say("你好"))["errcode"] == 40014
    await on.api.login()
    assert (await on.api.say("你好"))["errcode"] == 0


async def test_an_address_that_is_not_trusted() -> None:
    """60020, with the caller's address in the text as the platform words it."""
    async with stage(trusted_ips=frozenset({"10.0.0.1"})) as on:
        answer = await on.api.say("你好")
        assert answer["errcode"] == 60020
        assert "from ip: 127.0.0.1" in answer["errmsg"]
        assert "devtool/query?e=60020" in answer["errmsg"]


async def test_wrong_methods(on: Stage) -> None:
    """43002 for GET where POST is needed and 43001 the other way round."""
    assert (await on.api.get("message/send"))["errcode"] == 43002
    assert (await on.api.post("user/get", {}))["errcode"] == 43001


async def test_injected_errors_come_as_often_as_asked(on: Stage) -> None:
    """Nothing is done while they come."""
    on.sandbox.wecom.faults.inject("message/send", -1, times=2)
    on.sandbox.wecom.faults.inject("message/send", 45033)
    codes = [(await on.api.say("你好"))["errcode"] for _ in range(4)]
    assert codes == [-1, -1, 45033, 0]
    assert len(on.sandbox.chat("Zhang")) == 1


async def test_a_lost_yes(on: Stage) -> None:
    """The message is delivered, the caller sees a broken connection."""
    on.sandbox.wecom.faults.reset_after_commit("message/send")
    with pytest.raises(aiohttp.ClientError):
        await on.api.say("你好")
    assert [one.text for one in on.sandbox.chat("Zhang")] == ["你好"]


async def test_a_platform_that_is_down(on: Stage) -> None:
    """Every connection breaks, nothing is done."""
    on.sandbox.wecom.faults.down = True
    with pytest.raises(aiohttp.ClientError):
        await on.api.say("你好")
    on.sandbox.wecom.faults.clear()
    assert not on.sandbox.chat("Zhang")
    assert (await on.api.say("你好"))["errcode"] == 0


async def test_calls_are_counted_per_path_and_app(on: Stage) -> None:
    """gettoken has no app."""
    await on.api.say("一")
    await on.api.say("二")
    assert on.sandbox.calls("message/send", AGENT) == 2
    assert on.sandbox.calls("gettoken", 0) == 1


async def test_too_many_calls_of_one_api(on: Stage) -> None:
    """45009 until the minute is over; sending is not counted."""
    now = on.clock.now().timestamp()
    for _ in range(limits.API_PER_MINUTE):
        on.sandbox.wecom.flow.check_api("user/get", now)
    assert (await on.api.get("user/get", userid="Li"))["errcode"] == 45009
    assert (await on.api.say("你好"))["errcode"] == 0
    on.clock.jump(on.clock.now() + timedelta(minutes=1))
    assert (await on.api.get("user/get", userid="Li"))["errcode"] == 0


async def test_too_many_calls_of_one_api_in_an_hour(on: Stage) -> None:
    """45009 until the hour is over, by whatever app; other calls go on."""
    most, now = limits.API_PER_HOUR, on.clock.now().timestamp()
    on.sandbox.wecom.flow.check_rate("user/get", most, 3600, now, most)
    on.clock.jump(on.clock.now() + timedelta(minutes=30))
    assert (await on.api.get("user/get", userid="Li"))["errcode"] == 45009
    assert (await on.api.get("department/list"))["errcode"] == 0
    on.clock.jump(on.clock.now() + timedelta(minutes=30))
    assert (await on.api.get("user/get", userid="Li"))["errcode"] == 0


async def test_a_slow_platform(on: Stage) -> None:
    """The answer comes late, but it comes."""
    on.sandbox.wecom.faults.latency = 0.05
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(on.api.say("你好"), 0.01)
    assert (await on.api.say("你好"))["errcode"] == 0
