"""The platform's end of the long connection, on loopback, by the rules of its page [101463].

One connection per bot; windows of five seconds and six minutes; pushes only into conversations in which
somebody has spoken. Whatever was not answered is delivered again to the next connection.
"""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b64decode
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from tests.patience import PATIENCE

BOT_ID = "aib-1"
SECRET = "a-very-secret-secret"
Json = dict[str, Any]


@dataclass
class Delivered:
    """One callback as the platform remembers it."""

    frame: Json
    at: float
    kind: str
    answered: bool = False


@dataclass
class Shelf:
    """One upload under way."""

    init: Json
    chunks: dict[int, bytes] = field(default_factory=dict)


@dataclass
class OpenWs:
    """Checks what it is sent. `script` holds error codes by command, used up first; None loses the ack."""

    now: Callable[[], float]
    redeliver: bool = True
    deaf: bool = False
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    holder: web.WebSocketResponse | None = None
    subscribes: int = 0
    requests: list[web.Request] = field(default_factory=list)
    seen: list[Json] = field(default_factory=list)
    count: Counter[str] = field(default_factory=Counter)
    script: dict[str, deque[int | None]] = field(default_factory=lambda: defaultdict(deque))
    deliveries: dict[str, Delivered] = field(default_factory=dict)
    replies: dict[str, str] = field(default_factory=dict)
    welcomes: list[Json] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    pushes: list[Json] = field(default_factory=list)
    active: set[str] = field(default_factory=set)
    shelves: dict[str, Shelf] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    moved: asyncio.Condition = field(default_factory=asyncio.Condition)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", self._serve)
        return app

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE), self.moved:
            await self.moved.wait_for(holds)

    async def tell(self) -> None:
        async with self.moved:
            self.moved.notify_all()

    async def says(
        self, text: str, msgid: str, *, user: str = "ZhaoChen", chat: str = "", **more: Any
    ) -> None:
        """Somebody writes to the bot."""
        where = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        body = {
            "msgid": msgid,
            "aibotid": BOT_ID,
            **where,
            "from": {"userid": user},
            "msgtype": "text",
            "text": {"content": text},
            **more,
        }
        self.active.add(chat or user)
        await self.deliver("aibot_msg_callback", body, "message")

    async def happens(self, name: str, msgid: str, inner: Json | None = None, user: str = "ZhaoChen") -> None:
        """An event of somebody's."""
        event = {"eventtype": name, **({name: inner} if inner is not None else {})}
        body = {
            "msgid": msgid,
            "aibotid": BOT_ID,
            "chattype": "single",
            "from": {"userid": user},
            "create_time": 1772415000,
            "msgtype": "event",
            "event": event,
        }
        await self.deliver("aibot_event_callback", body, name)

    async def deliver(self, cmd: str, body: Json, kind: str) -> None:
        req_id = f"r-{body['msgid']}"
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        self.deliveries[req_id] = Delivered(frame, self.now(), kind)
        await self._put(frame)

    async def drop(self, *, cleanly: bool) -> None:
        """End the connection: with a close of code 1000, or with nothing."""
        holder, self.holder = self.holder, None
        assert holder is not None
        request = self.requests[self.sockets.index(holder)]
        if cleanly:
            await holder.close(code=1000)
        elif request.transport is not None:
            request.transport.abort()

    async def _put(self, frame: Json) -> None:
        if self.holder is not None and not self.deaf:
            with suppress(ConnectionError):
                await self.holder.send_str(orjson.dumps(frame).decode())

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        self.sockets.append(socket)
        self.requests.append(request)
        await self.tell()
        async for message in socket:
            if message.type is WSMsgType.TEXT and not self.deaf:
                await self._hear(socket, orjson.loads(message.data))
            await self.tell()
        if self.holder is socket:
            self.holder = None
        await self.tell()
        return socket

    async def _hear(self, socket: web.WebSocketResponse, frame: Json) -> None:
        cmd, req_id = frame["cmd"], frame["headers"]["req_id"]
        self.seen.append(frame)
        self.count[cmd] += 1
        scripted = self.script[cmd].popleft() if self.script[cmd] else 0
        answer: Json = {}
        code = scripted or 0
        if not code:
            code, answer = self._do(socket, cmd, req_id, frame.get("body", {}))
        if scripted is None:
            return
        ack: Json = {"headers": {"req_id": req_id}, "errcode": code, "errmsg": "ok" if not code else "no"}
        with suppress(ConnectionError):
            await socket.send_str(orjson.dumps({**ack, **({"body": answer} if answer else {})}).decode())
            if cmd == "aibot_subscribe":
                await self._subscribed(socket, code)

    async def _subscribed(self, socket: web.WebSocketResponse, code: int) -> None:
        if code:
            await socket.close()
            return
        old, self.holder = self.holder, socket
        self.subscribes += 1
        if old is not None and old is not socket:
            gone = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            event = {"cmd": "aibot_event_callback", "headers": {"req_id": "gone"}, "body": gone}
            await old.send_str(orjson.dumps(event).decode())
        for delivery in list(self.deliveries.values()) if self.redeliver else []:
            if not delivery.answered:
                await self._put(delivery.frame)

    def _do(self, socket: web.WebSocketResponse, cmd: str, req_id: str, body: Json) -> tuple[int, Json]:
        if cmd == "aibot_subscribe":
            return (0 if body == {"bot_id": BOT_ID, "secret": SECRET} else 853000), {}
        if socket is not self.holder:
            return 846609, {}
        if cmd == "ping":
            return 0, {}
        if cmd == "aibot_send_msg":
            return self._push(body), {}
        if cmd.startswith("aibot_upload"):
            return self._upload(cmd, body)
        return self._respond(cmd, req_id, body), {}

    def _respond(self, cmd: str, req_id: str, body: Json) -> int:
        delivery = self.deliveries.get(req_id)
        wanted = {
            "aibot_respond_msg": ("message", 360.0),
            "aibot_respond_welcome_msg": ("enter_chat", 5.0),
            "aibot_respond_update_msg": ("template_card_event", 5.0),
        }
        kind, window = wanted[cmd]
        if delivery is None or delivery.kind != kind:
            return 846605
        if self.now() - delivery.at > window:
            return 846608 if kind == "message" else 846605
        delivery.answered = True
        if kind == "message":
            if body["msgtype"] != "stream" or not body["stream"]["finish"]:
                return 40058
            if len(body["stream"]["content"].encode()) > 20480:
                return 40058
            self.replies[req_id] = body["stream"]["content"]
        elif kind == "enter_chat":
            self.welcomes.append(body)
        elif body["response_type"] != "update_template_card" or not body["template_card"]["task_id"]:
            return 40058
        else:
            self.updates.append(body)
        return 0

    def _push(self, body: Json) -> int:
        if body["msgtype"] not in ("markdown", "template_card", "file", "image", "voice", "video"):
            return 40008
        if set(body) != {"chatid", "msgtype", body["msgtype"]}:
            return 40058
        if body["chatid"] not in self.active:
            return 846607
        self.pushes.append(body)
        return 0

    def _upload(self, cmd: str, body: Json) -> tuple[int, Json]:
        if cmd == "aibot_upload_media_init":
            if not body["total_size"] >= 5 or not 1 <= body["total_chunks"] <= 100:
                return 40058, {}
            self.shelves["u1"] = Shelf(body)
            return 0, {"upload_id": "u1"}
        shelf = self.shelves[body["upload_id"]]
        if cmd == "aibot_upload_media_chunk":
            part = b64decode(body["base64_data"])
            if len(part) > 512 * 1024:
                return 40058, {}
            shelf.chunks[body["chunk_index"]] = part
            return 0, {}
        whole = b"".join(part for _, part in sorted(shelf.chunks.items()))
        right = len(shelf.chunks) == shelf.init["total_chunks"] and len(whole) == shelf.init["total_size"]
        if not right or hashlib.md5(whole).hexdigest() != shelf.init["md5"]:
            return 40058, {}
        self.files["m1"] = whole
        return 0, {"type": shelf.init["type"], "media_id": "m1", "created_at": 1772415000}
