"""The connection: subscribed, watched, opened anew, handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.errors import RateLimited, Unreachable
from bot.wecom.aibot import codes, limits
from bot.wecom.aibot.connection import State
from tests.bot.wecom.aibot.clockwork import VirtualTime, breathe
from tests.bot.wecom.aibot.conftest import Desk, Dispatcher
from tests.bot.wecom.aibot.openws import OpenWs

Make = Callable[..., Desk]


async def test_it_subscribes_with_id_and_secret(desk: Desk, server: OpenWs) -> None:
    assert server.seen[0]["cmd"] == "aibot_subscribe"
    assert server.subscribes == 1
    assert desk.states == [State.CONNECTING, State.READY]


async def test_it_begins_in_standby_and_opens_nothing(make: Make, server: OpenWs, time: VirtualTime) -> None:
    standing = make()
    await time.forward(3600)
    assert standing.bot.connection.state is State.STANDBY
    assert server.sockets == []
    with pytest.raises(Unreachable, match="aibot_send_msg"):
        await standing.bot.connection.request("aibot_send_msg", {})


async def test_it_pings_every_thirty_seconds_and_lives(desk: Desk, server: OpenWs, time: VirtualTime) -> None:
    for n in range(1, 11):
        await time.forward(30)
        await server.until(lambda n=n: server.count["ping"] == n)  # type: ignore[misc]
        await breathe()
    assert desk.bot.connection.state is State.READY
    assert server.subscribes == 1


async def test_a_silent_socket_is_noticed_within_ninety_seconds(
    desk: Desk, server: OpenWs, time: VirtualTime
) -> None:
    server.deaf = True
    await time.forward(80)
    assert desk.bot.connection.state is State.READY
    await time.forward(5.5)
    await desk.in_state(State.WAITING)
    server.deaf = False
    await time.forward(1.1)
    await desk.in_state(State.READY)
    assert server.subscribes == 2


@pytest.mark.parametrize("cleanly", [True, False])
async def test_a_lost_connection_is_opened_again(
    desk: Desk, server: OpenWs, time: VirtualTime, cleanly: bool
) -> None:
    await server.drop(cleanly=cleanly)
    await desk.in_state(State.WAITING)
    await time.forward(1.1)
    await desk.in_state(State.READY)
    assert server.subscribes == 2


async def test_pauses_grow_until_a_connection_was_steady(
    desk: Desk, server: OpenWs, time: VirtualTime
) -> None:
    for pause in (1, 2, 4, 8):
        await server.drop(cleanly=True)
        await desk.in_state(State.WAITING)
        await time.forward(pause - 0.1)
        assert desk.bot.connection.state is State.WAITING
        await time.forward(0.2)
        await desk.in_state(State.READY)
        await server.until(lambda: server.holder is not None)
    for n in range(3):
        await time.forward(30)
        await server.until(lambda n=n: server.count["ping"] >= n + 1)  # type: ignore[misc]
    await server.drop(cleanly=True)
    await desk.in_state(State.WAITING)
    await time.forward(1.1)
    await desk.in_state(State.READY)


async def test_a_wrong_secret_is_said_in_words_and_not_tried_again_soon(
    make: Make, server: OpenWs, time: VirtualTime
) -> None:
    wrong = make("wrong")
    wrong.bot.connection.take()
    await wrong.in_state(State.REFUSED)
    assert wrong.bot.connection.hint == codes.KEYS_HINT
    assert "Secret" in wrong.bot.connection.hint
    await time.forward(limits.REFUSED_PAUSE - 10)
    assert server.count["aibot_subscribe"] == 1
    await time.forward(11)
    await server.until(lambda: server.count["aibot_subscribe"] == 2)


@pytest.mark.parametrize("at", ["http://[", "ftp://example.com", "ws://"])
async def test_an_address_that_is_none_is_a_wrong_setting(make: Make, at: str) -> None:
    lost = make(at=at)
    lost.bot.connection.take()
    await lost.in_state(State.REFUSED)
    assert lost.bot.connection.hint == codes.URL_HINT


async def test_a_platform_out_of_reach_is_tried_again(make: Make, time: VirtualTime) -> None:
    lost = make(at="ws://127.0.0.1:1/")
    lost.bot.connection.take()
    await lost.in_state(State.WAITING)
    await time.forward(2)
    await lost.in_state(State.WAITING)
    assert lost.states.count(State.CONNECTING) >= 2


async def test_a_busy_platform_is_no_wrong_secret(make: Make, server: OpenWs, time: VirtualTime) -> None:
    server.script["aibot_subscribe"].extend([-1, 45009])
    busy = make()
    busy.bot.connection.take()
    await busy.in_state(State.WAITING)
    await time.forward(1.1)
    await server.until(lambda: server.count["aibot_subscribe"] == 2)
    await busy.in_state(State.WAITING)
    await time.forward(59)
    assert server.count["aibot_subscribe"] == 2
    await time.forward(2)
    await busy.in_state(State.READY)


async def test_a_connection_taken_over_elsewhere_does_not_fight_back(
    desk: Desk, make: Make, server: OpenWs, time: VirtualTime
) -> None:
    other = make()
    await other.connected(server)
    await desk.in_state(State.TAKEN_OVER)
    assert desk.bot.connection.hint == codes.TAKEN_HINT
    for n in range(1, 21):
        await time.forward(30)
        await server.until(lambda n=n: server.count["ping"] == n)  # type: ignore[misc]
        await breathe()
    assert (server.subscribes, other.bot.connection.state) == (2, State.READY)
    assert desk.bot.connection.state is State.TAKEN_OVER
    desk.bot.connection.take()
    await desk.in_state(State.READY)
    await other.in_state(State.TAKEN_OVER)
    assert desk.bot.connection.hint == ""


async def test_a_connection_that_is_not_ours_any_more_is_opened_again(
    desk: Desk, server: OpenWs, time: VirtualTime
) -> None:
    server.script["ping"].append(codes.NOT_SUBSCRIBED)
    await time.forward(30)
    await desk.in_state(State.WAITING)
    await time.forward(5)
    await desk.in_state(State.READY)


async def test_standing_by_closes_the_socket_and_taking_opens_it(desk: Desk, server: OpenWs) -> None:
    desk.bot.connection.stand_by()
    await desk.in_state(State.STANDBY)
    await server.until(lambda: server.holder is None)
    assert server.sockets[0].closed
    await desk.connected(server)


async def test_standing_by_ends_a_pause(make: Make, server: OpenWs) -> None:
    wrong = make("wrong")
    wrong.bot.connection.take()
    await wrong.in_state(State.REFUSED)
    wrong.bot.connection.stand_by()
    await wrong.in_state(State.STANDBY)
    wrong.bot.connection.take()
    await server.until(lambda: server.count["aibot_subscribe"] == 2)


async def test_closing_is_clean_and_final(desk: Desk, server: OpenWs) -> None:
    await desk.bot.close()
    assert desk.bot.connection.state is State.CLOSED
    await server.until(lambda: server.holder is None)
    assert server.sockets[0].close_code == 1000
    desk.bot.connection.take()
    await breathe()
    assert len(server.sockets) == 1


async def test_closing_while_subscribing_does_not_wait(make: Make, server: OpenWs) -> None:
    server.deaf = True
    hanging = make()
    hanging.bot.connection.take()
    await server.until(lambda: len(server.sockets) == 1)
    await hanging.bot.close()
    assert hanging.bot.connection.state is State.CLOSED


async def test_an_unanswered_request_ends_in_time(desk: Desk, server: OpenWs, time: VirtualTime) -> None:
    server.active.add("u")
    server.script["aibot_send_msg"].append(None)

    asked = asyncio.create_task(
        desk.bot.connection.request("aibot_send_msg", {"chatid": "u", "msgtype": "markdown", "markdown": {}})
    )
    await server.until(lambda: server.count["aibot_send_msg"] == 1)
    await time.forward(limits.ACK_TIMEOUT)
    with pytest.raises(Unreachable) as caught:
        await asked
    assert caught.value.cause == "timeout"


async def test_a_request_under_way_ends_with_the_connection(desk: Desk, server: OpenWs) -> None:

    server.script["aibot_send_msg"].append(None)
    asked = asyncio.create_task(
        desk.bot.connection.request("aibot_send_msg", {"chatid": "u", "msgtype": "text"})
    )
    await server.until(lambda: server.count["aibot_send_msg"] == 1)
    await server.drop(cleanly=False)
    with pytest.raises(Unreachable) as caught:
        await asked
    assert caught.value.cause == "connection_lost"


async def test_acknowledgements_find_their_own_requests(desk: Desk, server: OpenWs) -> None:

    server.active.update(f"u{n}" for n in range(0, 50, 2))
    results = await asyncio.gather(
        *(
            desk.bot.connection.request("aibot_send_msg", {"chatid": f"u{n}", "msgtype": "file", "file": {}})
            for n in range(50)
        ),
        return_exceptions=True,
    )
    assert [isinstance(one, Exception) for one in results] == [n % 2 == 1 for n in range(50)]


async def test_a_refusal_is_told_by_its_kind(desk: Desk, server: OpenWs) -> None:
    server.script["aibot_send_msg"].append(45009)
    with pytest.raises(RateLimited):
        await desk.bot.connection.request("aibot_send_msg", {})


async def test_frames_that_are_none_do_no_harm(desk: Desk, server: OpenWs, dispatcher: Dispatcher) -> None:
    assert server.holder is not None
    for junk in (
        "",
        "{",
        "[]",
        "null",
        '{"cmd":7}',
        '{"headers":{}}',
        '{"errcode":0,"headers":{"req_id":"no"}}',
    ):
        await server.holder.send_str(junk)
    await server.says("在吗", "m1")
    await server.until(lambda: len(server.replies) == 1)
    assert desk.bot.connection.state is State.READY
    assert len(dispatcher.took) == 1
