"""What a bot on a vendor's stream library must be able to do with the simulated DingTalk."""

from __future__ import annotations

from typing import ClassVar

from tests.contract.programs import PATIENCE
from tests.sandbox.dingtalk.stage import CLIENT, GROUP, Stage

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 1000


class Day:
    """Inherited once for each library, beside a fixture `on`: the stage, with the bot connected.

    `of_events` are the breaches of the protocol that the library commits when it takes an event.
    """

    of_events: ClassVar[list[str]] = []

    async def test_answers_where_it_was_asked(self, on: Stage) -> None:
        assert (await on.ding.says("zhang", "你好")).delivery == "pushed"
        await shows(on, "收到：你好")
        assert (await on.ding.says("zhang", "早报")).delivery == "pushed"
        await shows(on, "**今天**两件事")
        assert (await on.ding.says("zhang", "大家好", GROUP)).delivery == "pushed"
        await shows(on, "收到：大家好", GROUP)
        assert (await on.ding.people.sends_picture("zhang", PNG)).delivery == "pushed"
        await shows(on, f"{len(PNG)} 字节")
        in_order(on)

    async def test_card_is_pressed_and_changes_for_everybody(self, on: Stage) -> None:
        await on.ding.says("zhang", "卡片", GROUP)
        bubble = await on.ding.wait_for("zhang", lambda one: one.kind == "card", PATIENCE, group=GROUP)
        assert [one.label for one in on.ding.people.buttons("zhang", bubble)] == ["同意"]
        click = await on.ding.presses("zhang", bubble, "agree")
        assert click.status == "answered"
        assert "zhang agree" in bubble.shows("zhang")
        assert "报价已审批" in bubble.shows("li")
        assert on.ding.people.buttons("li", bubble) == []
        await on.ding.says("zhang", "卡片")
        own = await on.ding.wait_for("zhang", lambda one: one.kind == "card", PATIENCE)
        assert (await on.ding.presses("zhang", own, "agree")).status == "answered"
        in_order(on)

    async def test_answers_pings_and_takes_events(self, on: Stage) -> None:
        (line,) = on.ding.gateway.of(CLIENT)
        assert await line.ping(PATIENCE)
        assert on.ding.gateway.complaints == []
        (push,) = await on.ding.event("user_leave_org", {"userId": ["wang"]}, [on.ding.space.app(CLIENT)])
        assert push.ok
        assert on.ding.gateway.complaints == self.of_events

    async def test_comes_back_when_the_connection_is_handed_over(self, on: Stage) -> None:
        (old,) = on.ding.gateway.of(CLIENT)
        await old.disconnect(grace=0.1)
        (new,) = await on.ding.gateway.connected(CLIENT, timeout=PATIENCE)
        assert new is not old
        assert (await on.ding.says("zhang", "还在吗")).delivery == "pushed"
        await shows(on, "收到：还在吗")
        in_order(on)


async def connected(on: Stage) -> None:
    """Wait for the bot. How fast the machine is that it runs on is not judged."""
    on.ding.pushes.stream_timeout = on.ding.pushes.card_timeout = PATIENCE
    await on.ding.gateway.connected(CLIENT, timeout=PATIENCE)


async def shows(on: Stage, words: str, group: str | None = None) -> None:
    """Wait until zhang can read the robot's words."""
    await on.ding.wait_for(
        "zhang", lambda one: one.sender == "robot" and one.text == words, PATIENCE, group=group
    )


def in_order(on: Stage) -> None:
    """Nothing was refused and nothing went against the protocol."""
    assert [one.title for one in on.ding.space.world.exchanges if not one.ok] == []
    assert on.ding.gateway.complaints == []
