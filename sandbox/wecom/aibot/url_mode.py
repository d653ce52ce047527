"""Smart bots that are called at an address instead of holding a connection (pages 101027, 101031, 101033).

What the bot is told is sealed JSON with an empty receiver; what it answers comes back in the same request,
and a growing answer is asked for again and again. Later answers go once through `response_url` (101138).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
import orjson

from sandbox.company import SmartBot
from sandbox.state import Exchange, World
from sandbox.wecom.aibot import frames, limits
from sandbox.wecom.aibot.codes import Malformed
from sandbox.wecom.aibot.frames import Frame, inside
from sandbox.wecom.aibot.origins import Kind, Origin
from sandbox.wecom.aibot.replies import Replies
from sandbox.wecom.content import Content
from sandbox.wecom.crypto import BadEnvelope, Envelope
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.limits import REPLY_TIMEOUT, URL_VERIFY_TIME
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import JsonObject, bad, flag, needed, rows, text

PATH = "aibot/response"
ANSWER_CAP = 200 * 1024 * 1024
BOTH = "stream_with_template_card"
WAY = "智能机器人（回调）"


@dataclass(slots=True)
class _Later:
    """The right to one later answer."""

    origin: Origin
    used: bool = False


class UrlMode:
    """The platform's side. `address` is where it is reached, `base` its API; timeouts in real seconds."""

    def __init__(self, world: World, media: MediaStore, replies: Replies) -> None:
        self._world, self._media, self._replies = world, media, replies
        self.address, self.base = "http://127.0.0.1", "http://127.0.0.1/cgi-bin"
        self.reply_timeout, self.verify_timeout = REPLY_TIMEOUT, URL_VERIFY_TIME
        self._growing: dict[str, tuple[SmartBot, Origin, JsonObject]] = {}
        self._later: dict[str, _Later] = {}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def verify_url(self, bot: SmartBot) -> bool:
        """What the console does when the address is saved."""
        word = str(secrets.randbits(63)).encode()
        envelope = _envelope(bot)
        sealed = envelope.seal(word)
        query = {**self._signed(envelope, sealed), "echostr": sealed}
        try:
            async with self._http().get(
                bot.callback_url, params=query, timeout=_within(self.verify_timeout), allow_redirects=False
            ) as response:
                return response.status == 200 and await response.read() == word
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def deliver(self, bot: SmartBot, origin: Origin, body: JsonObject, title: str) -> Exchange:
        """Tell the bot something, once, and apply what it answers; `ok` when it has taken it."""
        if origin.kind is Kind.MESSAGE:
            code = secrets.token_urlsafe(32)
            self._later[code] = _Later(origin)
            body = {**body, "response_url": f"{self.base}/{PATH}?response_code={code}"}
        return await self._post(bot, origin, body, title)

    async def poll(self) -> int:
        """Ask once for every answer that still grows; how many go on growing."""
        for stream_id, (bot, origin, head) in list(self._growing.items()):
            if self._world.seconds() - origin.time > self._replies.stream_life:
                del self._growing[stream_id]
                continue
            body = {**head, "msgid": frames.new_id(), "msgtype": "stream", "stream": {"id": stream_id}}
            await self._post(bot, origin, body, "取流式回复")
        return len(self._growing)

    def respond(self, query: Mapping[str, str], body: JsonObject) -> JsonObject:
        """aibot/response: once, within an hour. Raises Refused (60140, 40008, 40058)."""
        later = self._later.get(query.get("response_code", ""))
        old = later is None or later.origin.time + limits.RESPONSE_URL_LIFE <= self._world.seconds()
        if later is None or old or later.used:
            raise Refused(Code.BAD_RESPONSE_CODE, "unknown, used, or older than an hour")
        self._replies.later(later.origin, body)
        later.used = True
        return {"errcode": 0, "errmsg": "ok"}

    async def _post(self, bot: SmartBot, origin: Origin, body: JsonObject, title: str) -> Exchange:
        envelope, plain = _envelope(bot), orjson.dumps(body)
        sealed = envelope.seal(plain)
        query = self._signed(envelope, sealed)
        request: dict[str, object] = {"method": "POST", "path": bot.callback_url, "query": query}
        exchange = self._world.open_exchange("callback", title, {**request, "plain": plain}, way=WAY)
        exchange.ok, problem = False, ""
        try:
            async with self._http().post(
                bot.callback_url,
                params=query,
                json={"encrypt": sealed},
                timeout=_within(self.reply_timeout),
                allow_redirects=False,
            ) as response:
                answer = await response.content.read(ANSWER_CAP)
                exchange.ok = response.status == 200
                exchange.response = {"status": response.status, "body": answer}
                if exchange.ok and answer.strip():
                    self._apply(bot, origin, _opened(envelope, query["nonce"], answer), body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            problem = type(error).__name__
        except (BadEnvelope, Refused, ValueError, KeyError) as error:
            problem = f"the answer is not applied: {error}"
        if problem:
            exchange.response["problem"] = problem
        self._world.close_exchange(exchange)
        return exchange

    def _apply(self, bot: SmartBot, origin: Origin, answer: JsonObject, asked: JsonObject) -> None:
        frame = Frame("", origin.req_id, answer)
        if origin.kind is Kind.ENTER:
            self._replies.welcome(bot, frame)
        elif origin.kind is Kind.CARD:
            self._replies.update(bot, frame)
        elif origin.kind is Kind.MESSAGE:
            self._answer(bot, origin, frame, asked)

    def _answer(self, bot: SmartBot, origin: Origin, frame: Frame, asked: JsonObject) -> None:
        kind = text(frame.body, "msgtype")
        if kind not in ("stream", "template_card", BOTH):
            raise Refused(Code.BAD_MSGTYPE, f"msgtype: {kind!r}")
        if kind == "template_card":
            self._replies.respond(bot, frame)
            return
        stream = inside(frame.body, "stream")
        pictures = self._pictures(stream)
        growing: JsonObject = {"msgtype": "stream", "stream": stream}
        self._replies.respond(bot, Frame("", origin.req_id, growing))
        stream_id = text(stream, "id")
        if flag(stream, "finish"):
            self._growing.pop(stream_id, None)
        else:
            head = {name: value for name, value in asked.items() if name in _HEAD}
            self._growing[stream_id] = (bot, origin, head)
        for one in pictures:
            origin.place.show(self._world, one)
        if kind == BOTH and frame.body.get("template_card"):
            card = {"msgtype": "template_card", "template_card": frame.body["template_card"]}
            self._replies.respond(bot, Frame("", origin.req_id, card))

    def _pictures(self, stream: JsonObject) -> list[Content]:
        """The pictures of the last part. Raises Refused (40058, 301019, 40004, 40009)."""
        items = rows(stream, "msg_item", (0, limits.STREAM_IMAGES), "stream.")
        if items and not flag(stream, "finish"):
            raise bad("stream.msg_item", "only in the last part")
        shown = []
        for one in items:
            part = inside(one, "image")
            try:
                data = base64.b64decode(needed(part, "base64", "stream.msg_item."), validate=True)
            except (ValueError, binascii.Error) as error:
                raise bad("stream.msg_item.base64", "no base64") from error
            if hashlib.md5(data, usedforsecurity=False).hexdigest() != text(part, "md5").lower():
                raise Refused(Code.BAD_MD5)
            shown.append(Content("image", media=self._media.put("image", "图片", "image/png", data).view()))
        return shown

    def _signed(self, envelope: Envelope, sealed: str) -> dict[str, str]:
        stamp, nonce = str(int(self._world.seconds())), str(secrets.randbelow(10**10))
        return {"msg_signature": envelope.sign(stamp, nonce, sealed), "timestamp": stamp, "nonce": nonce}

    def _http(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session


_HEAD = frozenset({"aibotid", "chatid", "chattype", "from"})


def _envelope(bot: SmartBot) -> Envelope:
    return Envelope(bot.token, bot.encoding_aes_key, "")


def _opened(envelope: Envelope, nonce: str, answer: bytes) -> JsonObject:
    """What the bot has answered. Raises BadEnvelope, ValueError, KeyError."""
    packet = orjson.loads(answer)
    sealed, stamp = packet["encrypt"], packet["timestamp"]
    if not isinstance(stamp, int) or packet["nonce"] != nonce:
        raise BadEnvelope("timestamp must be a number, nonce that of the request")
    if not envelope.verify(packet["msgsignature"], str(stamp), nonce, sealed):
        raise BadEnvelope("wrong signature")
    found = orjson.loads(envelope.open(sealed))
    if not isinstance(found, dict):
        raise Malformed("msgtype")
    return found


def _within(seconds: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=seconds)
