"""The faults of the long connection by name, and messages that wait for an answer."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import CannotPress
from sandbox.asks import BadAsk
from sandbox.wecom.aibot import limits
from tests.sandbox.aibot.line import BOT, GROUP, Closed, Scene


async def test_each_switch_does_what_it_says(on: Scene) -> None:
    """Kept until cleared."""
    switches, server = on.sandbox.page.switches, on.sandbox.openws
    for name, value, shown in (
        ("down", True, True),
        ("half_dead", True, True),
        ("keeps_old", True, True),
        ("again", True, True),
        ("copies", 3, 3),
        ("latency", 250, 0.25),
    ):
        await switches.set(f"bot_{name}", value)
        assert getattr(server.faults, name) == shown
    await switches.set("bot_in_flight", limits.IN_FLIGHT)
    assert server.in_flight == 3
    await switches.set("bot_clear", True)
    assert not server.faults.down
    assert (server.faults.copies, server.faults.latency, server.in_flight) == (1, 0.0, 0)


async def test_codes_and_lost_acknowledgements(on: Scene) -> None:
    """By the frame they are for."""
    switches = on.sandbox.page.switches
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "你好")
        await switches.set("bot_inject", {"errcode": 45009, "times": 1})
        assert await line.push("Zhang") == 45009
        assert await line.push("Zhang") == 0
        await switches.set("bot_lose_ack", {"cmd": "aibot_send_msg"})
        await line.socket.send_json(
            {
                "cmd": "aibot_send_msg",
                "headers": {"req_id": "lost"},
                "body": {"chatid": "Zhang", "msgtype": "markdown", "markdown": {"content": "丢"}},
            }
        )
        assert await line.push("Zhang") == 0
        assert on.texts(on.sandbox.bots.chat("Zhang"))[-2:] == ["丢", "该跟进了"]
        assert not any(one.get("headers", {}).get("req_id") == "lost" for one in line.kept)


@pytest.mark.parametrize(("name", "code"), [("hang_up", 1000), ("drop", 1006)])
async def test_a_connection_is_ended(on: Scene, name: str, code: int) -> None:
    """The first one, unless a bot is named."""
    async with on.line() as line:
        await on.sandbox.page.switches.set(f"bot_{name}", BOT if name == "drop" else "")
        assert await line.gone() == code
    with pytest.raises(BadAsk):
        await on.sandbox.page.switches.set(f"bot_{name}", "")


@pytest.mark.parametrize(("name", "pongs"), [("freeze", False), ("zombie", True)])
async def test_a_connection_that_is_dead_inside(on: Scene, name: str, *, pongs: bool) -> None:
    """A zombie still answers pings; neither gets a callback."""
    async with on.line() as line:
        await on.sandbox.page.switches.set(f"bot_{name}", "")
        await on.sandbox.bots.says("Zhang", "在吗")
        assert on.sandbox.openws.live[BOT].deaf
        await line.socket.send_json({"cmd": "ping", "headers": {"req_id": "p"}})
        if pongs:
            assert (await line.receive())["headers"]["req_id"] == "p"
        on.sandbox.openws.drop(BOT)
        with pytest.raises(Closed):
            await line.receive()


@pytest.mark.parametrize(
    ("name", "value"),
    [("bot_nonsense", 1), ("bot_copies", "viele"), ("bot_copies", -1), ("bot_inject", {"errcode": "x"})],
)
async def test_switches_that_are_none(on: Scene, name: str, value: Any) -> None:
    """Say so."""
    with pytest.raises(BadAsk):
        await on.sandbox.page.switches.set(name, value)


async def test_no_more_than_three_messages_wait_for_an_answer(on: Scene) -> None:
    """Where that is switched on: of one member to one bot, until answered or too old."""
    on.sandbox.openws.in_flight = limits.IN_FLIGHT
    async with on.line() as line:
        for words in ("一", "二", "三"):
            await on.sandbox.bots.says("Zhang", words)
        with pytest.raises(CannotPress):
            await on.sandbox.bots.says("Zhang", "四")
        with pytest.raises(CannotPress):
            await on.sandbox.bots.at_bot(GROUP, "Zhang", "四")
        assert (await on.sandbox.bots.says("Li", "我呢")).status == "sent"
        first, second = await line.hear(), await line.hear()
        await line.stream(first, "想一想")
        with pytest.raises(CannotPress):
            await on.sandbox.bots.says("Zhang", "四")
        await line.stream(first, "想好了", finish=True)
        assert (await on.sandbox.bots.says("Zhang", "四")).status == "sent"
        await line.respond(second, {"msgtype": "markdown", "markdown": {"content": "好"}})
        assert (await on.sandbox.bots.says("Zhang", "五")).status == "sent"
        with pytest.raises(CannotPress):
            await on.sandbox.bots.says("Zhang", "六")
        on.later(limits.STREAM_LIFE)
        assert (await on.sandbox.bots.says("Zhang", "六")).status == "sent"
