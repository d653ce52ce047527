"""Smart bots that are called at an address: sealed JSON, answers that grow, one later answer."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from sandbox import Sandbox, StandingClock
from sandbox.wecom.aibot import limits
from sandbox.wecom.crypto import Envelope
from tests.sandbox.aibot.line import BOT, BOT_SECRET, GROUP, Scene, corp
from tests.sandbox.world import AES_KEY, START, TOKEN, Json, button_card

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
Answer = Callable[[Json], Json | None]


@dataclass
class Bot:
    """A bot at an address. `answer` makes of what it hears what it says."""

    answer: Answer = lambda _heard: None
    heard: list[Json] = field(default_factory=list)
    envelope: Envelope = field(default_factory=lambda: Envelope(TOKEN, AES_KEY, ""))
    status: int = 200
    nonce: str = ""

    async def verify(self, request: web.Request) -> web.StreamResponse:
        """The console's question."""
        return web.Response(body=self.envelope.open(request.query["echostr"]))

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Something was said or done."""
        query, sealed = request.query, (await request.json())["encrypt"]
        assert self.envelope.verify(query["msg_signature"], query["timestamp"], query["nonce"], sealed)
        self.heard.append(orjson.loads(self.envelope.open(sealed)))
        said = self.answer(self.heard[-1])
        if said is None or self.status != 200:
            return web.Response(status=self.status)
        nonce = self.nonce or query["nonce"]
        sealed = self.envelope.seal(orjson.dumps(said))
        signature = self.envelope.sign("1700000000", nonce, sealed)
        packet = {"encrypt": sealed, "msgsignature": signature, "timestamp": 1700000000, "nonce": nonce}
        return web.json_response(packet)


@dataclass
class Place(Scene):
    """A scene with a bot at an address instead of a line."""

    bot: Bot

    def shown(self, userid: str = "Zhang") -> list[str]:
        """What the member's chat with the bot shows."""
        return self.texts(self.sandbox.bots.chat(userid, BOT))

    async def answers(self, url: str, body: Json) -> int:
        """Use a response_url."""
        where = urlsplit(url)
        target = f"{self.url}{where.path}?{where.query}"
        async with self.session.post(target, data=orjson.dumps(body)) as response:
            return int((await response.json())["errcode"])


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    """The sandbox and the bot on loopback servers."""
    bot, clock = Bot(), StandingClock(START)
    served = web.Application(client_max_size=64 * 1024 * 1024)
    served.add_routes([web.get("/bot", bot.verify), web.post("/bot", bot.take)])
    async with TestServer(served) as at:
        url = str(at.make_url("/bot"))
        sandbox = Sandbox(corp(callback_url=url, token=TOKEN, encoding_aes_key=AES_KEY), clock)
        async with TestServer(sandbox.app()) as server, aiohttp.ClientSession() as session:
            base = str(server.make_url("")).rstrip("/")
            sandbox.openws.urls.address = base
            yield Place(sandbox, clock, base, session, bot)


@pytest.fixture
async def there() -> AsyncIterator[Place]:
    """Everything running."""
    async with place() as made:
        yield made


def stream(words: str, *, finish: bool = False, **more: Any) -> Json:
    """A part of a growing answer."""
    return {"msgtype": "stream", "stream": {"id": "s-1", "content": words, "finish": finish, **more}}


def _always(said: Json) -> Answer:
    return lambda _heard: said


async def test_the_address_is_verified(there: Place) -> None:
    """With an empty receiver, and the exact word within a second."""
    bot, urls = there.sandbox.world.corp.bot(BOT), there.sandbox.openws.urls
    assert await urls.verify_url(bot)
    there.bot.envelope = Envelope(TOKEN, AES_KEY, "somebody")
    assert not await urls.verify_url(bot)


async def test_no_line_for_a_bot_at_an_address(there: Place) -> None:
    """One way or the other."""
    async with there.dialled() as line:
        assert await line.code("aibot_subscribe", {"bot_id": BOT, "secret": BOT_SECRET}) != 0


async def test_a_message_and_its_answer(there: Place) -> None:
    """The same shape as on the line, with an address for later."""
    there.bot.answer = lambda _heard: stream("收到", finish=True)
    said = await there.sandbox.bots.says("Zhang", "你好")
    (heard,) = there.bot.heard
    assert said.status == "sent"
    assert (heard["aibotid"], heard["chattype"], heard["text"]) == (BOT, "single", {"content": "你好"})
    assert heard["response_url"].startswith("http")
    assert there.shown() == ["你好", "收到"]


async def test_an_answer_grows_as_long_as_it_is_asked_for(there: Place) -> None:
    """Until it is finished, or six minutes after the message."""
    parts = iter([stream("想"), stream("想一"), stream("想一想", finish=True), stream("再想")])
    there.bot.answer = lambda _heard: next(parts)
    urls = there.sandbox.openws.urls
    await there.sandbox.bots.says("Zhang", "问题")
    assert await urls.poll() == 1
    assert there.shown() == ["问题", "想一"]
    assert await urls.poll() == 0
    assert there.shown() == ["问题", "想一想"]
    assert [one["msgtype"] for one in there.bot.heard] == ["text", "stream", "stream"]
    assert there.bot.heard[1]["stream"] == {"id": "s-1"}
    await there.sandbox.bots.says("Li", "问题")
    there.later(limits.STREAM_LIFE + 1)
    assert await urls.poll() == 0
    assert len(there.bot.heard) == 4


async def test_pictures_come_with_the_last_part(there: Place) -> None:
    """Ten at most, each with its digest."""
    digest = hashlib.md5(PNG, usedforsecurity=False).hexdigest()
    one = {"msgtype": "image", "image": {"base64": base64.b64encode(PNG).decode(), "md5": digest}}
    wrong = {"msgtype": "image", "image": {**one["image"], "md5": "0"}}  # type: ignore[dict-item]  # a dict
    for items, finish, pictures in (
        ([one] * 10, True, 10),
        ([one] * 11, True, 0),
        ([one], False, 0),
        ([wrong], True, 0),
    ):
        there.bot.answer = _always(stream("图", finish=finish, msg_item=items))
        before = len(there.sandbox.chat(there.sandbox.bots.chat("Zhang")))
        assert (await there.sandbox.bots.says("Zhang", "发图")).status == "sent"
        shown = there.sandbox.chat(there.sandbox.bots.chat("Zhang"))[before:]
        assert [message.kind for message in shown].count("image") == pictures
        there.bot.answer = lambda _heard: None


async def test_a_card_is_sent_pressed_and_updated(there: Place) -> None:
    """In the answer to the press; both at once is possible here."""
    there.bot.answer = lambda _heard: {
        **stream("看卡片", finish=True),
        "msgtype": "stream_with_template_card",
        "template_card": button_card(),
    }
    await there.sandbox.bots.says("Zhang", "卡片")
    card = there.sandbox.chat(there.sandbox.bots.chat("Zhang"))[-1]
    assert card.kind == "card"
    there.bot.answer = lambda _heard: {
        "response_type": "update_template_card",
        "template_card": button_card(replace_text="已同意"),
    }
    await there.sandbox.bots.tap("Zhang", card, "同意")
    assert there.bot.heard[-1]["event"]["template_card_event"]["event_key"] == "yes"
    assert card.state is not None
    assert card.state.replace_text == "已同意"


async def test_a_welcome(there: Place) -> None:
    """In the answer to the first opening of a day."""
    there.bot.answer = lambda _heard: {"msgtype": "text", "text": {"content": "您好"}}
    assert await there.sandbox.bots.enters("Zhang")
    assert there.shown() == ["您好"]
    assert "response_url" not in there.bot.heard[0]


@pytest.mark.parametrize(
    "body",
    [
        {"msgtype": "markdown", "markdown": {"content": "| 甲 | 乙 |"}},
        {"msgtype": "template_card", "template_card": button_card("late-1")},
    ],
)
async def test_one_later_answer_within_an_hour(there: Place, body: Json) -> None:
    """A refused one can be mended; a second one, or one too late, is 60140."""
    await there.sandbox.bots.says("Zhang", "一")
    await there.sandbox.bots.at_bot(GROUP, "Zhang", "二")
    first, second = (one["response_url"] for one in there.bot.heard)
    assert await there.answers(first, {"msgtype": "text", "text": {"content": "不行"}}) == 40008
    long = {"msgtype": "markdown", "markdown": {"content": "a" * (limits.MARKDOWN_BYTES + 1)}}
    assert await there.answers(first, long) == 40058
    assert await there.answers(first, body) == 0
    assert len(there.sandbox.chat(there.sandbox.bots.chat("Zhang"))) == 2
    assert await there.answers(first, body) == 60140
    there.later(limits.RESPONSE_URL_LIFE)
    assert await there.answers(second, body) == 60140
    assert await there.answers(f"{first}x", body) == 60140


async def test_files_are_sealed_by_the_bots_own_key(there: Place) -> None:
    """And come without one."""
    media = there.sandbox.wecom.media.put("image", "a.png", "image/png", PNG)
    await there.sandbox.bots.sends("Zhang", media)
    offered = there.bot.heard[0]["image"]
    assert set(offered) == {"url"}
    async with there.session.get(offered["url"]) as response:
        sealed = await response.read()
    key = base64.b64decode(AES_KEY + "=")
    opener = Cipher(AES(key), CBC(key[:16])).decryptor()
    padded = opener.update(sealed) + opener.finalize()
    assert padded[: -padded[-1]] == PNG


async def test_answers_that_are_not_applied(there: Place) -> None:
    """The message has arrived all the same; the exchange says why."""
    for said, nonce in (
        ({"msgtype": "markdown", "markdown": {"content": "不行"}}, ""),
        ({"msgtype": "stream"}, ""),
        (stream("好"), "another"),
    ):
        there.bot.answer = _always(said)
        there.bot.nonce = nonce
        assert (await there.sandbox.bots.says("Zhang", "一")).status == "sent"
        assert there.sandbox.world.exchanges[-1].response["problem"]
    assert set(there.shown()) == {"一"}


async def test_a_bot_that_does_not_take_it(there: Place) -> None:
    """A status other than 200, or nobody there."""
    there.bot.status = 500
    assert (await there.sandbox.bots.says("Zhang", "一")).status == "failed"
    there.sandbox.openws.urls.reply_timeout = 0.000001
    assert (await there.sandbox.bots.says("Zhang", "一")).status == "failed"
