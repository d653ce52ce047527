"""The menu of an app: what the platform takes, and what a member's choice tells the app."""

from __future__ import annotations

import pytest

from sandbox.phones import CannotPress
from tests.sandbox.world import AGENT, Json, Stage

CLICK: Json = {"name": "今天", "type": "click", "key": "today"}


async def create(on: Stage, *entries: Json, agent: int = AGENT) -> int:
    """menu/create; the errcode."""
    return int((await on.api.post(f"menu/create?agentid={agent}", {"button": list(entries)}))["errcode"])


async def test_a_choice_tells_the_app(on: Stage) -> None:
    below: Json = {"name": "更多", "sub_button": [{"name": "帮助", "type": "click", "key": "help"}]}
    assert await create(on, CLICK, below) == 0
    assert on.sandbox.wecom.menus.of(AGENT) == {"今天": "today", "帮助": "help"}
    assert on.sandbox.phones.menu_of() == [
        {"name": "今天", "url": "", "below": []},
        {"name": "更多", "url": "", "below": [{"name": "帮助", "url": ""}]},
    ]
    assert (await on.sandbox.phones.chooses("Zhang", "帮助")).ok
    with pytest.raises(CannotPress, match="今天、帮助"):
        await on.sandbox.phones.chooses("Zhang", "明天")


async def test_a_new_menu_takes_the_old_ones_place(on: Stage) -> None:
    assert await create(on, CLICK) == 0
    assert await create(on, {**CLICK, "name": "明天"}) == 0
    assert list(on.sandbox.wecom.menus.of(AGENT)) == ["明天"]


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [CLICK] * 4,
        [{**CLICK, "name": "一二三四五六"}],
        [{**CLICK, "key": ""}],
        [{**CLICK, "key": "k" * 129}],
        [{**CLICK, "type": "press"}],
        [{"name": "网页", "type": "view"}],
        [{"name": "更多", "sub_button": [CLICK] * 6}],
    ],
)
async def test_what_the_platform_would_refuse(on: Stage, entries: list[Json]) -> None:
    assert await create(on, *entries) == 40058


async def test_a_menu_is_the_apps_own(on: Stage) -> None:
    assert await create(on, CLICK, agent=AGENT + 1) == 301002
