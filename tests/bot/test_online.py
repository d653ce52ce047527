"""What the administrator sets up and is told, against the simulated platforms."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot import setup, wiring_wecom
from bot.check_online import Online, Told
from bot.demo import others
from bot.demo.run import APP, Demo
from bot.wiring import running
from config.settings import Settings
from sandbox.dingtalk import DingTalk
from tests.patience import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="module")
NO = SecretStr("a-wrong-secret")


async def ask(office: Demo, settings: Settings, *, held: bool = True) -> list[Told]:
    """Every answer, with the settings as given."""
    async with ClientSession() as http:
        return [told async for told in Online(settings, http, office.clock, lambda _: held).ask()]


def public(office: Demo) -> Settings:
    """The settings with the address at which the service is reached."""
    return office.settings.model_copy(update={"public_url": office.callback.split("/callback/")[0]})


def changed(settings: Settings, group: str, name: str, **values: Any) -> Settings:
    """The same, with one app otherwise and no other app."""
    none: dict[str, dict[str, Any]] = {"wecom": {}, "wecom_bots": {}, "dingtalk": {}}
    app = getattr(settings, group)[name].model_copy(update=values)
    return settings.model_copy(update=none | {group: {name: app}})


def problems(told: list[Told]) -> list[str]:
    """What is wrong, in words."""
    return [one.words for one in told if not one.ok]


async def test_all_is_well(everywhere: Demo) -> None:
    told = await ask(everywhere, public(everywhere))
    assert problems(told) == []
    assert {one.app for one in told} == {
        f"企业微信 {APP}",
        f"智能机器人 {others.BOT}",
        f"钉钉 {others.STREAM}",
        f"钉钉 {others.HTTP}",
    }


@pytest.mark.parametrize(
    ("group", "name", "values", "expect"),
    [
        ("wecom", APP, {"secret": NO}, "Secret 不对"),
        ("wecom", APP, {"corp_id": "ww0"}, "企业 ID 不对"),
        ("wecom", APP, {"api_base": "http://127.0.0.1:1"}, "连不上平台"),
        ("wecom_bots", others.BOT, {"secret": NO}, "Bot ID 或 Secret 不对"),
        ("dingtalk", others.STREAM, {"client_secret": NO}, "Client ID 或 Client Secret 不对"),
        ("dingtalk", others.STREAM, {"robot_code": "dingother"}, "机器人编码不对"),
    ],
)
async def test_a_wrong_value_is_named_with_its_place(
    everywhere: Demo, group: str, name: str, values: dict[str, Any], expect: str
) -> None:
    told = await ask(everywhere, changed(public(everywhere), group, name, **values), held=False)
    assert any(expect in words for words in problems(told))


async def test_an_untrusted_address_is_named(everywhere: Demo) -> None:
    everywhere.sandbox.wecom.faults.untrusted = True
    try:
        found = problems(await ask(everywhere, changed(public(everywhere), "wecom", APP)))
    finally:
        everywhere.sandbox.wecom.faults.untrusted = False
    assert any("企业可信IP" in words for words in found)


async def test_a_missing_permission_is_named(everywhere: Demo) -> None:
    ding = everywhere.sandbox.dingtalk
    assert ding is not None
    with_scopes(ding, frozenset())
    try:
        found = problems(await ask(everywhere, changed(public(everywhere), "dingtalk", others.STREAM)))
    finally:
        with_scopes(ding, None)
    assert any("权限管理" in words for words in found)


def with_scopes(ding: DingTalk, scopes: frozenset[str] | None) -> None:
    """Give every app these permissions."""
    organisation = ding.space.organisation
    apps = tuple(replace(one, scopes=scopes) for one in organisation.apps)
    ding.space.organisation = replace(organisation, apps=apps)


@pytest.mark.parametrize(
    ("address", "expect"),
    [("", "GENJIN_PUBLIC_URL"), ("http://127.0.0.1:1", "没有应答"), ("sandbox", "反向代理")],
)
async def test_an_address_that_does_not_lead_here_is_named(
    everywhere: Demo, address: str, expect: str
) -> None:
    url = everywhere.address if address == "sandbox" else address
    settings = everywhere.settings.model_copy(update={"public_url": url})
    found = problems(await ask(everywhere, changed(settings, "wecom", APP)))
    assert any(expect in words for words in found)


async def test_the_menu_is_created_and_its_entries_are_answered(everywhere: Demo) -> None:
    sandbox = everywhere.sandbox
    async with ClientSession() as http:
        client = wiring_wecom.client(everywhere.settings.wecom[APP], http, everywhere.clock)
        await setup.create_menu(client)
        await setup.create_menu(client)
    for label, expect in {
        "记跟进": "例如",
        "今天": "待办",
        "客户": "最近跟进",
        "本周": "待办",
        "帮助": "直接说",
    }.items():
        last = [*sandbox.chat("liuyang")][-1:]
        await sandbox.phones.chooses("liuyang", label)
        await sandbox.wait_for(
            "liuyang",
            lambda m, expect=expect: m.sender == "app" and expect in m.shows(),  # type: ignore[misc]  # a default binds it
            PATIENCE,
            after=last[0] if last else None,
        )


@asynccontextmanager
async def another(everywhere: Demo, settings: Settings) -> AsyncIterator[Any]:
    """The service once more, on the same database."""
    async with running(settings, everywhere.clock) as service:
        yield service


async def test_the_service_starts_without_one_platform(everywhere: Demo) -> None:
    broken = everywhere.settings.dingtalk[others.STREAM].model_copy(update={"client_secret": SecretStr("")})
    settings = everywhere.settings.model_copy(update={"dingtalk": {others.STREAM: broken}, "wecom_bots": {}})
    async with another(everywhere, settings) as service:
        assert service.streams == []
        assert {route.resource.canonical for route in service.web.router.routes() if route.resource} >= {
            "/callback/wecom/{app}",
            "/healthz",
        }


async def test_a_second_replica_leaves_the_smart_bot_to_the_first(everywhere: Demo) -> None:
    if everywhere.service.database.is_sqlite:
        pytest.skip("SQLite has one process: what starts takes over from what crashed")
    everywhere.clock.jump(everywhere.clock.now() + timedelta(seconds=1))
    settings = everywhere.settings.model_copy(update={"dingtalk": {}, "wecom": {}})
    async with another(everywhere, settings) as service:
        assert not service.bots[others.BOT].bot.post.ready
        assert everywhere.service.bots[others.BOT].bot.post.ready
        said = await everywhere.sandbox.bots.says("liuyang", "帮助")
        room = everywhere.sandbox.bots.chat("liuyang")
        await everywhere.sandbox.wait_for(room, lambda m: "直接说" in m.shows(), PATIENCE, after=said)
