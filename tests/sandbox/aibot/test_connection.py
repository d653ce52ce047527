"""Who may connect, who is connected, and how a connection ends."""

from __future__ import annotations

import aiohttp
import pytest

from tests.sandbox.aibot.line import BOT, BOT_SECRET, Scene


async def test_a_wrong_secret_is_refused_and_the_line_closed(on: Scene) -> None:
    """Unknown bot, wrong secret, no secret."""
    for body in (
        {"bot_id": BOT, "secret": "guess"},
        {"bot_id": "nobody", "secret": BOT_SECRET},
        {"bot_id": BOT},
        {"bot_id": 7, "secret": None},
    ):
        async with on.dialled() as line:
            answer = await line.ask("aibot_subscribe", body)
            assert (answer["errcode"], "cmd" in answer) == (853000, False)
            assert await line.gone() == 1000
    assert not on.sandbox.openws.live


async def test_the_secret_is_not_in_the_record(on: Scene) -> None:
    """The drawer shows that a bot subscribed, not with what."""
    async with on.line():
        found = [one for one in on.sandbox.world.exchanges if one.title == "aibot_subscribe"]
    assert found[0].ok
    assert BOT_SECRET not in repr(found[0])


async def test_pings_are_answered_before_and_after_subscribing(on: Scene) -> None:
    """With the same req_id and no cmd."""
    async with on.dialled() as line:
        assert await line.ask("ping", req_id="p-1") == {
            "headers": {"req_id": "p-1"},
            "errcode": 0,
            "errmsg": "ok",
        }
    async with on.line() as line:
        assert await line.code("ping") == 0


async def test_nothing_else_works_before_subscribing(on: Scene) -> None:
    """846609 for everything."""
    async with on.dialled() as line:
        for cmd in ("aibot_send_msg", "aibot_respond_msg", "aibot_upload_media_init"):
            assert await line.code(cmd, {}) == 846609


async def test_a_second_connection_takes_over(on: Scene) -> None:
    """The old one is told and closed; the new one gets what comes next."""
    async with on.line() as old, on.line() as new:
        told = await old.event()
        assert told["body"]["event"] == {"eventtype": "disconnected_event"}
        assert "from" not in told["body"]
        assert await old.gone() == 1000
        assert (await on.sandbox.bots.says("Zhang", "在吗")).status == "sent"
        assert (await new.hear())["body"]["text"]["content"] == "在吗"
        assert await new.code("ping") == 0


async def test_subscribing_twice_on_one_connection_is_no_take_over(on: Scene) -> None:
    """It stays the bot's own."""
    async with on.line() as line:
        assert await line.code("aibot_subscribe", {"bot_id": BOT, "secret": BOT_SECRET}) == 0
        assert await line.code("ping") == 0
        assert not line.kept


async def test_two_bots_have_a_connection_each(on: Scene) -> None:
    """They do not disturb each other."""
    async with on.line() as one, on.line("aib-other", "secret-of-other-bot") as other:
        await on.sandbox.bots.says("Zhang", "给别的", "aib-other")
        assert (await other.hear())["body"]["aibotid"] == "aib-other"
        assert await one.code("ping") == 0
        assert not one.kept


async def test_a_connection_that_was_taken_over_may_linger(on: Scene) -> None:
    """Then its pings are answered and nothing else works on it."""
    on.sandbox.openws.faults.keeps_old = True
    async with on.line() as old, on.line() as new:
        await on.sandbox.bots.says("Zhang", "在吗")
        await new.hear()
        assert await old.code("ping") == 0
        assert await old.code("aibot_send_msg", {}) == 846609
        assert [one["cmd"] for one in old.kept] == ["aibot_event_callback"]


async def test_a_silent_connection_is_dropped(on: Scene) -> None:
    """After `idle` real seconds."""
    on.sandbox.openws.idle = 0.2
    async with on.line() as line:
        assert await line.gone() == 1000
    assert not on.sandbox.openws.live


@pytest.mark.parametrize("how", ["close", "drop"])
async def test_both_ends_of_a_connection(on: Scene, how: str) -> None:
    """A proper close is 1000, a cut line 1006; either way the bot is gone and can come again."""
    async with on.line() as line:
        if how == "close":
            await on.sandbox.openws.hang_up(BOT)
        else:
            on.sandbox.openws.drop(BOT)
        assert await line.gone() == (1000 if how == "close" else 1006)
        assert (await on.sandbox.bots.says("Zhang", "在吗")).status == "failed"
    async with on.line():
        assert (await on.sandbox.bots.says("Zhang", "在吗")).status == "sent"


async def test_a_half_dead_socket_takes_everything_and_answers_nothing(on: Scene) -> None:
    """For new connections; not even the subscription is answered."""
    on.sandbox.openws.faults.half_dead = True
    async with on.dialled() as line:
        await line.socket.send_json({"cmd": "ping", "headers": {"req_id": "p"}})
        with pytest.raises(TimeoutError):
            await line.socket.receive(timeout=0.05)
        assert not line.socket.closed
    on.sandbox.openws.faults.clear()
    async with on.line() as line:
        assert await line.code("ping") == 0


@pytest.mark.parametrize("pongs", [True, False])
async def test_a_connection_that_freezes(on: Scene, *, pongs: bool) -> None:
    """Callbacks vanish in it, pings are answered or not; the next connection works."""
    async with on.line() as line:
        on.sandbox.openws.freeze(BOT, pongs=pongs)
        assert (await on.sandbox.bots.says("Zhang", "在吗")).status == "sent"
        if pongs:
            assert await line.code("ping") == 0
        else:
            await line.socket.send_json({"cmd": "ping", "headers": {"req_id": "p"}})
            with pytest.raises(TimeoutError):
                await line.socket.receive(timeout=0.05)
        assert not line.kept
        async with on.line() as new:
            await on.sandbox.bots.says("Zhang", "还在吗")
            assert (await new.hear())["body"]["text"]["content"] == "还在吗"


async def test_a_platform_that_is_down(on: Scene) -> None:
    """The handshake is refused."""
    on.sandbox.openws.faults.down = True
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await on.session.ws_connect(f"{on.url}/openws")


async def test_frames_that_are_none(on: Scene) -> None:
    """Refused without a req_id, and the connection lives on."""
    async with on.line() as line:
        for text in ("", "{", "[]", '"x"', "{}", '{"cmd":"ping"}', '{"headers":{"req_id":"r"}}'):
            await line.socket.send_str(text)
            answer = await line.receive()
            assert answer["errcode"] in (40058, 47001)
            assert "headers" not in answer
        assert await line.code("aibot_no_such_thing", {}) == 40058
        assert await line.code("ping") == 0


async def test_injected_answers_and_lost_acknowledgements(on: Scene) -> None:
    """A code answers without anything being done; a lost acknowledgement comes after it was done."""
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "在吗")
        on.sandbox.openws.faults.inject("aibot_send_msg", -1)
        assert await line.push("Zhang", "一") == -1
        on.sandbox.openws.faults.lose_ack("aibot_send_msg")
        frame = {"chatid": "Zhang", "msgtype": "markdown", "markdown": {"content": "二"}}
        await line.socket.send_json({"cmd": "aibot_send_msg", "headers": {"req_id": "r"}, "body": frame})
        assert await line.push("Zhang", "三") == 0
        assert on.texts(on.sandbox.bots.chat("Zhang")) == ["在吗", "二", "三"]


async def test_a_callback_may_come_twice(on: Scene) -> None:
    """The same frame, with the same msgid."""
    on.sandbox.openws.faults.copies = 2
    async with on.line() as line:
        await on.sandbox.bots.says("Zhang", "在吗")
        assert await line.hear() == await line.hear()
