"""The platform's end of the long connection (page 101463): who is connected, frames in, callbacks out."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from sandbox.company import SmartBot
from sandbox.state import Exchange, World
from sandbox.wecom.aibot import frames, limits
from sandbox.wecom.aibot.attachments import PATH, Attachments
from sandbox.wecom.aibot.codes import BotCode, Malformed, worded
from sandbox.wecom.aibot.connection import Connection
from sandbox.wecom.aibot.faults import BotFaults
from sandbox.wecom.aibot.frames import Frame, accepted
from sandbox.wecom.aibot.origins import Origin, Origins
from sandbox.wecom.aibot.replies import Replies
from sandbox.wecom.aibot.uploads import Uploads
from sandbox.wecom.aibot.url_mode import UrlMode
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import JsonObject, text

Handler = Callable[[SmartBot, Frame], JsonObject | None]
OPENWS = "/openws"
WAY = "智能机器人"
CHUNK_SHOWN = 60


class BotServer:
    """All smart bots of one organisation. `idle` is the longest silence in real seconds; `repeated` counts
    the callbacks that were sent again. `in_flight` is how many messages of a member may wait for an answer
    (page 100719 says 3, not what happens then; 0 lets all of them through).
    """

    def __init__(self, world: World, media: MediaStore) -> None:
        self.world, self.media = world, media
        self.origins = Origins(world)
        self.replies = Replies(world, media, self.origins)
        self.attachments = Attachments(world)
        self.urls = UrlMode(world, media, self.replies)
        self.faults = BotFaults()
        self.idle = limits.IDLE
        self.in_flight = 0
        self.live: dict[str, Connection] = {}
        self._all: set[Connection] = set()
        self.repeated = 0
        self._unsure: dict[str, list[JsonObject]] = {}
        self._news = asyncio.Condition()
        uploads = Uploads(world, media)
        self._handlers: dict[str, Handler] = {
            frames.WELCOME: self.replies.welcome,
            frames.RESPOND: self.replies.respond,
            frames.UPDATE: self.replies.update,
            frames.SEND: self.replies.push,
            frames.UPLOAD_INIT: uploads.begin,
            frames.UPLOAD_CHUNK: uploads.chunk,
            frames.UPLOAD_FINISH: uploads.finish,
        }

    def routes(self) -> list[web.AbstractRouteDef]:
        """The WebSocket and the downloads."""
        return [web.get(OPENWS, self._serve), web.get(PATH + "/{name}", self.attachments.handle)]

    async def connected(self, bot_id: str, timeout: float = 60.0) -> None:  # noqa: ASYNC109 (as wait_for)
        """Return once the bot is subscribed. Raises TimeoutError after `timeout` real seconds."""
        async with asyncio.timeout(timeout), self._news:
            await self._news.wait_for(lambda: bot_id in self.live)

    async def deliver(self, origin: Origin, cmd: str, body: JsonObject, title: str) -> Exchange:
        """Send a callback, once. Not `ok` when nobody is connected: it is not sent again then."""
        bot_id = origin.place.bot_id
        frame = frames.callback(cmd, origin.req_id, {"msgid": frames.new_id(), "aibotid": bot_id, **body})
        bot = self.world.corp.bot(bot_id)
        if bot.callback_url:
            whole = {"msgid": frames.new_id(), "aibotid": bot_id, **body}
            return await self.urls.deliver(bot, origin, whole, title)
        exchange = self.world.open_exchange("callback", title, _shown(cmd, frame), way=WAY)
        connection = self.live.get(bot_id)
        sent = False
        for _ in range(self.faults.copies if connection is not None else 0):
            sent = connection is not None and (connection.deaf or await connection.put(frame))
        if sent and connection is not None:
            connection.sent.append(frame)
        exchange.ok = sent
        if not sent:
            exchange.response["problem"] = "the bot is not connected"
        self.world.close_exchange(exchange)
        return exchange

    def origin(self, bot_id: str) -> str:
        """How the bot reaches the platform; any address where it is not connected."""
        connection = self.live.get(bot_id)
        return self.urls.address if connection is None else connection.origin

    async def hang_up(self, bot_id: str, code: int = WSCloseCode.OK) -> None:
        """Close the bot's connection properly. Raises KeyError when there is none."""
        connection = self.live.pop(bot_id)
        self._broke(connection)
        await connection.close(code)

    def drop(self, bot_id: str) -> None:
        """Cut the bot's connection without a word. Raises KeyError when there is none."""
        connection = self.live.pop(bot_id)
        self._broke(connection)
        connection.drop()

    def freeze(self, bot_id: str, *, pongs: bool = False) -> None:
        """Let the bot's present connection stay open and dead; with `pongs` its pings are still answered."""
        connection = self.live[bot_id]
        connection.deaf, connection.mute = True, not pongs

    async def close(self) -> None:
        """Close every connection."""
        await self.urls.close()
        await asyncio.gather(*(one.close(WSCloseCode.GOING_AWAY) for one in tuple(self._all)))

    def _leave(self, connection: Connection) -> None:
        if self.live.get(connection.bot_id) is connection:
            del self.live[connection.bot_id]
            self._broke(connection)

    def _broke(self, connection: Connection) -> None:
        """Nobody can tell what of this connection's callbacks was read."""
        if self.faults.again:
            self._unsure.setdefault(connection.bot_id, []).extend(connection.sent)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.faults.down:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=limits.FRAME_BYTES, timeout=1.0)
        await socket.prepare(request)
        connection = Connection(socket, request, mute=self.faults.half_dead)
        self._all.add(connection)
        try:
            await self._listen(connection)
        finally:
            self._all.discard(connection)
            self._leave(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        while True:
            try:
                said = await connection.socket.receive(timeout=self.idle)
            except TimeoutError:
                if connection.mute:
                    continue
                self._leave(connection)
                await connection.close()
                return
            if said.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                if not connection.mute:
                    await self._take(connection, said.data)
            else:
                return

    async def _take(self, connection: Connection, data: str | bytes) -> None:
        try:
            frame = Frame.read(data)
        except Refused as refused:
            await connection.put(worded(refused, connection.address))
            return
        if frame.cmd == frames.PING:
            await connection.put(accepted(frame.req_id))
        elif frame.cmd == frames.SUBSCRIBE:
            await self._subscribe(connection, frame)
        else:
            await self._answer(connection, frame)

    async def _subscribe(self, connection: Connection, frame: Frame) -> None:
        exchange = self.world.open_exchange("api", frame.cmd, {"method": "WS", "path": OPENWS}, way=WAY)
        bot_id = text(frame.body, "bot_id") if isinstance(frame.body.get("bot_id"), str) else ""
        try:
            self.faults.raise_injected(frame.cmd)
            self._check_secret(bot_id, frame)
            answer = accepted(frame.req_id)
        except Refused as refused:
            answer = {"headers": {"req_id": frame.req_id}, **worded(refused, connection.address)}
        exchange.request["body"], exchange.response = {"bot_id": bot_id}, {"body": answer}
        exchange.ok = answer["errcode"] == 0
        self.world.close_exchange(exchange)
        old = await self._take_over(connection, bot_id) if exchange.ok else connection
        await connection.put(answer)
        if exchange.ok:
            async with self._news:
                self._news.notify_all()
            for unsure in self._unsure.pop(bot_id, []):
                self.repeated += await connection.put(unsure)
        if old is not None:
            await old.close()

    def _check_secret(self, bot_id: str, frame: Frame) -> None:
        known = [one for one in self.world.corp.bots if one.bot_id == bot_id]
        secret = frame.body.get("secret")
        given = secret.encode() if isinstance(secret, str) else b""
        right = bool(known) and hmac.compare_digest(known[0].secret.encode(), given)
        if not right or known[0].callback_url:  # one way or the other, not both
            raise Refused(BotCode.BAD_BOT)

    async def _take_over(self, connection: Connection, bot_id: str) -> Connection | None:
        """Make the connection the bot's only one; returns the one to be closed."""
        old = self.live.get(bot_id)
        if connection.bot_id != bot_id:
            self.live.pop(connection.bot_id, None)
        connection.bot_id, self.live[bot_id] = bot_id, connection
        if old is None or old is connection:
            return None
        body: JsonObject = {"msgid": frames.new_id(), "create_time": int(self.world.seconds())}
        body |= {"aibotid": bot_id, "msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        await old.put(frames.callback(frames.EVENT, frames.new_id(), body))
        return None if self.faults.keeps_old else old

    async def _answer(self, connection: Connection, frame: Frame) -> None:
        exchange = self.world.open_exchange("api", frame.cmd, _shown(frame.cmd, frame.body), way=WAY)
        answer: JsonObject
        try:
            self.faults.raise_injected(frame.cmd)
            answer = accepted(frame.req_id, self._do(connection, frame))
        except Malformed as malformed:
            answer = worded(malformed, connection.address)
        except Refused as refused:
            answer = {"headers": {"req_id": frame.req_id}, **worded(refused, connection.address)}
        exchange.response, exchange.ok = {"body": answer}, answer["errcode"] == 0
        exchange.errcode = int(str(answer["errcode"]))
        self.world.close_exchange(exchange)
        if self.faults.latency:
            await asyncio.sleep(self.faults.latency)
        if not self.faults.loses(frame.cmd):
            await connection.put(answer)

    def _do(self, connection: Connection, frame: Frame) -> JsonObject | None:
        if not connection.bot_id or self.live.get(connection.bot_id) is not connection:
            raise Refused(BotCode.NOT_SUBSCRIBED)
        handler = self._handlers.get(frame.cmd)
        if handler is None:
            raise Refused(Code.BAD_PARAM, f"cmd: {frame.cmd!r}")
        return handler(self.world.corp.bot(connection.bot_id), frame)


def _shown(cmd: str, body: JsonObject) -> JsonObject:
    if cmd == frames.UPLOAD_CHUNK:
        body = {**body, "base64_data": str(body.get("base64_data"))[:CHUNK_SHOWN] + "…"}
    return {"method": "WS", "path": OPENWS, "body": orjson.dumps(body)}
