"""The callback over a real server on loopback."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import BaseTestServer as Server
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.answer import Answer
from bot.errors import Overloaded
from bot.wecom.callback import CallbackApp, callback_routes
from bot.wecom.xml import parse
from handlers.incoming import Incoming, Kind
from sandbox.wecom.crypto import Envelope
from tests.bot.wecom.platform import (
    AES_KEY,
    CORP_ID,
    NONCE,
    NOW,
    SEALER,
    STAMP,
    TOKEN,
    crypto,
    event,
    post,
    text,
)
from tests.bot.wecom.test_crypto import ATTACKS
from tests.patience import PATIENCE

_PATH = "/callback/wecom/crm"
_END = " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
SECRET_WORDS = "王总13800138000的报价"


class Desk:
    """The dispatcher's place: keeps what came and answers as told."""

    def __init__(self) -> None:
        self.taken: list[Incoming] = []
        self.answer: Callable[[Incoming], Awaitable[Answer]] = self._nothing

    async def accept(self, incoming: Incoming) -> Answer:
        self.taken.append(incoming)
        return await self.answer(incoming)

    async def _nothing(self, _: Incoming) -> Answer:
        return Answer()

    def says(self, answer: Answer) -> None:
        async def say(_: Incoming) -> Answer:
            return answer

        self.answer = say

    def fails(self, error: Exception) -> None:
        async def fail(_: Incoming) -> Answer:
            raise error

        self.answer = fail


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def server(desk: Desk) -> AsyncIterator[Server]:
    app = web.Application()
    app.add_routes(callback_routes({"crm": CallbackApp(CORP_ID, crypto())}, desk.accept, lambda: NOW))
    async with TestServer(app) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def url(server: Server, app: str = "crm") -> str:
    return str(server.make_url(f"/callback/wecom/{app}"))


async def deliver(client: ClientSession, server: Server, inner: str, app: str = "crm") -> tuple[int, str]:
    posted = post(inner)
    async with client.post(url(server, app), params=posted.query, data=posted.body) as response:
        return response.status, await response.text()


async def test_a_message_gets_an_empty_yes(client: ClientSession, server: Server, desk: Desk) -> None:
    assert await deliver(client, server, text("华润置地")) == (200, "")
    assert [incoming.text for incoming in desk.taken] == ["华润置地"]
    assert desk.taken[0].app == "crm"


async def test_the_answer_rides_back_encrypted(client: ClientSession, server: Server, desk: Desk) -> None:
    desk.says(Answer(text="已记录]]></Content>" + "长" * 2000))
    status, body = await deliver(client, server, text("华润置地"))
    envelope = parse(body.encode())
    encrypted, stamp, nonce = (envelope.get(name) for name in ("Encrypt", "TimeStamp", "Nonce"))
    assert status == 200
    assert SEALER.verify(envelope.get("MsgSignature"), stamp, nonce, encrypted)
    reply = parse(SEALER.open(encrypted))
    assert reply.get("ToUserName") == "ZhaoChen"
    assert reply.get("FromUserName") == CORP_ID
    assert reply.get("Content").startswith("已记录]]></Content>长")
    assert len(reply.get("Content").encode()) <= 2048


async def test_a_pressed_button_changes_its_card(client: ClientSession, server: Server, desk: Desk) -> None:
    desk.says(Answer(card_update={"button": {"replace_name": "已同意"}}))
    _, body = await deliver(client, server, event("template_card_event", "<TaskId>t</TaskId>"))
    reply = parse(SEALER.open(parse(body.encode()).get("Encrypt")))
    assert desk.taken[0].kind is Kind.ACTION
    assert reply.get("MsgType") == "update_button"


async def test_an_answer_that_cannot_be_shown_is_still_a_yes(
    client: ClientSession, server: Server, desk: Desk
) -> None:
    """The message is kept: a no would bring it again."""
    desk.says(Answer(card_update={}))
    assert await deliver(client, server, text("好")) == (200, "")


@pytest.mark.parametrize("error", [Overloaded(), RuntimeError(SECRET_WORDS), TimeoutError()])
async def test_what_could_not_be_kept_is_to_come_again(
    client: ClientSession, server: Server, desk: Desk, error: Exception
) -> None:
    desk.fails(error)
    with capture_logs() as logs:
        assert await deliver(client, server, text(SECRET_WORDS)) == (503, "")
    assert "wecom.callback.not_kept" in {entry["event"] for entry in logs}
    assert SECRET_WORDS not in str(logs)


async def test_busy_is_to_come_again(client: ClientSession, server: Server, desk: Desk) -> None:
    desk.says(Answer(busy=True))
    assert await deliver(client, server, text("好")) == (503, "")


async def test_an_unknown_app_is_not_found(client: ClientSession, server: Server) -> None:
    assert (await deliver(client, server, text("好"), app="other"))[0] == 404
    async with client.get(url(server, "other")) as response:
        assert response.status == 404


async def test_an_ignored_event_is_a_yes_and_goes_no_further(
    client: ClientSession, server: Server, desk: Desk
) -> None:
    assert await deliver(client, server, event("LOCATION")) == (200, "")
    assert desk.taken == []


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS.keys())
async def test_an_attack_is_forbidden_without_a_word(
    client: ClientSession, server: Server, desk: Desk, body: bytes
) -> None:
    for query in ({}, post("<xml/>").query, {"msg_signature": "x" * 5000, "timestamp": "x", "nonce": "\x00"}):
        async with client.post(url(server), params=query, data=body) as response:
            assert (response.status, await response.text()) == (403, "")
    assert desk.taken == []


async def test_signed_garbage_is_forbidden(client: ClientSession, server: Server, desk: Desk) -> None:
    for inner in ("", "hello", "<xml>", "<!DOCTYPE x><xml/>", "<a>" * 5000):
        assert await deliver(client, server, inner) == (403, "")
    assert desk.taken == []


async def test_the_url_check_gives_the_bare_echo(client: ClientSession, server: Server) -> None:
    encrypted = SEALER.seal(b"1616140317555161061")
    query = {"msg_signature": SEALER.sign(STAMP, NONCE, encrypted), "timestamp": STAMP, "nonce": NONCE}
    async with client.get(url(server), params={**query, "echostr": encrypted}) as response:
        assert (response.status, await response.read()) == (200, b"1616140317555161061")
    async with client.get(url(server), params={**query, "echostr": encrypted[:-4]}) as response:
        assert (response.status, await response.read()) == (403, b"")


async def test_an_unescaped_plus_in_the_url_check(client: ClientSession, server: Server) -> None:
    encrypted = next(sealed for sealed in iter(lambda: SEALER.seal(b"echo" * 20), "") if "+" in sealed)
    query = f"msg_signature={SEALER.sign(STAMP, NONCE, encrypted)}&timestamp={STAMP}&nonce={NONCE}"
    raw = f"GET {_PATH}?{query}&echostr={encrypted}{_END}"
    assert (await exchange(server, raw.encode())).endswith(b"echo" * 20)


async def exchange(server: Server, raw: bytes) -> bytes:
    """Send raw bytes and read the head of the answer, or up to the close when there is none."""
    assert server.port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(PATIENCE):
            head = await reader.readuntil(b"\r\n\r\n")
            return head + (await reader.read() if b"close" in raw else b"")
    except asyncio.IncompleteReadError as cut_off:
        return cut_off.partial
    finally:
        writer.close()


async def test_a_body_that_claims_too_much_is_refused_unread(server: Server, desk: Desk) -> None:
    head = f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n"
    answer = await exchange(server, head.encode() + b"<xml>")
    assert answer.startswith(b"HTTP/1.1 413")
    assert desk.taken == []


async def test_a_body_that_grows_too_much_is_refused_on_the_way(server: Server) -> None:
    head = f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    answer = await exchange(server, head.encode() + chunk * 5)
    assert answer.startswith(b"HTTP/1.1 413")


async def test_a_compressed_body_is_not_unpacked(client: ClientSession, server: Server) -> None:
    bomb = gzip.compress(b"<a/>" * 1_000_000)
    async with client.post(url(server), data=bomb, headers={"Content-Encoding": "gzip"}) as response:
        assert response.status == 403


@pytest.mark.parametrize(
    "raw",
    [
        f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        f"POST {_PATH}?timestamp=%FF%FE&nonce=%00&msg_signature=%ed%a0%80{_END}",
        f"DELETE {_PATH}{_END}",
        f"HEAD {_PATH}{_END}",
    ],
)
async def test_broken_http_is_no_server_error(server: Server, desk: Desk, raw: str) -> None:
    answer = await exchange(server, raw.encode())
    assert answer.split()[1].startswith(b"4")
    assert b"Traceback" not in answer
    assert desk.taken == []


async def test_a_sender_who_leaves_halfway_is_no_trouble(
    client: ClientSession, server: Server, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    assert server.port is not None
    for _ in range(5):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"POST {_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n<xml>".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await deliver(client, server, text("好")) == (200, "")
    assert len(desk.taken) == 5
    assert "Traceback" not in caplog.text


async def test_another_app_s_keys_do_not_open_this_one(client: ClientSession, server: Server) -> None:
    posted = post(text("好"), sealer=Envelope(TOKEN, AES_KEY[::-1], CORP_ID))
    async with client.post(url(server), params=posted.query, data=posted.body) as response:
        assert response.status == 403


async def test_an_hour_old_replay_is_forbidden(client: ClientSession, server: Server, desk: Desk) -> None:
    posted = post(text("好"), timestamp=str(int((NOW - timedelta(hours=1)).timestamp())))
    async with client.post(url(server), params=posted.query, data=posted.body) as response:
        assert response.status == 403
    assert desk.taken == []


async def test_the_service_goes_on_after_all_that(client: ClientSession, server: Server, desk: Desk) -> None:
    await exchange(server, b"\x00" * 100 + b"\r\n\r\n")
    assert await deliver(client, server, text("😀")) == (200, "")
    assert desk.taken[0].text == "😀"


async def test_no_text_or_signature_is_logged(client: ClientSession, server: Server, desk: Desk) -> None:
    desk.says(Answer(text=SECRET_WORDS))
    posted = post(text(SECRET_WORDS))
    with capture_logs() as logs:
        await deliver(client, server, text(SECRET_WORDS))
        async with client.post(url(server), params=posted.query, data=b"<xml/>"):
            pass
    assert logs
    assert all(word not in str(logs) for word in (SECRET_WORDS, posted.signature, "13800138000", TOKEN))
