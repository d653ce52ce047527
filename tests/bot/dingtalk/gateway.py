"""A small Stream gateway on loopback that pushes what a test tells it to, and a time that a test moves."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import WSMsgType, web

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
CREATED = int(NOW.timestamp() * 1000)
CLIENT_ID = "dingclient"
CLIENT_SECRET = "client-secret"
ROBOT = "/v1.0/im/bot/messages/get"
CARD = "/v1.0/card/instances/callback"
PATIENCE = 60.0
"""Real seconds before a test gives up."""


async def until(condition: Callable[[], object]) -> None:
    """Let others run until it is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - any state at all, not only ours to signal
            await asyncio.sleep(0)


@dataclass(eq=False)
class Socket:
    """The server's end of one connection."""

    ws: web.WebSocketResponse
    request: web.Request
    acks: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    answered: list[dict[str, Any]] = field(default_factory=list)

    async def push(self, kind: str, topic: str, data: object, message_id: str = "m1", **more: str) -> None:
        """Send a frame; `data` is written as JSON text."""
        headers = {"messageId": message_id, "topic": topic, "contentType": "application/json", **more}
        frame = {"specVersion": "1.0", "type": kind, "headers": headers, "data": json.dumps(data)}
        await self.ws.send_str(json.dumps(frame))

    async def ack(self) -> dict[str, Any]:
        """The next acknowledgement, its data read."""
        async with asyncio.timeout(PATIENCE):
            ack = await self.acks.get()
        return {**ack, "data": json.loads(ack["data"])}

    async def asked(self, kind: str, topic: str, data: object, message_id: str = "m1", **more: str) -> Any:
        """Push and wait for the acknowledgement."""
        await self.push(kind, topic, data, message_id, **more)
        return await self.ack()

    async def disconnect(self) -> None:
        """Announce the end."""
        await self.push("SYSTEM", "disconnect", {"reason": "connection is expired"})

    async def drop(self) -> None:
        """Close from this side."""
        await self.ws.close()

    def abort(self) -> None:
        """Cut the line without a word."""
        if self.request.transport is not None:
            self.request.transport.abort()

    async def closed(self) -> None:
        """Wait until the other side has gone."""
        async with asyncio.timeout(PATIENCE):
            await self.gone.wait()


class Gateway:
    """Opens connections for the right credentials. `script` holds answers to opens, used up first."""

    def __init__(self) -> None:
        self.script: deque[Callable[[], web.StreamResponse]] = deque()
        self.opens: list[dict[str, Any]] = []
        self.accepts: list[str] = []
        self.sockets: asyncio.Queue[Socket] = asyncio.Queue()
        self.live: list[Socket] = []
        self.address = ""
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1.0/gateway/connections/open", self._open)
        app.router.add_get("/connect", self._connect)
        return app

    async def next(self) -> Socket:
        """The next connection that comes."""
        async with asyncio.timeout(PATIENCE):
            return await self.sockets.get()

    async def _open(self, request: web.Request) -> web.StreamResponse:
        wanted = await request.json()
        self.opens.append(wanted)
        self.accepts.append(request.headers.get("Accept", ""))
        if self.script:
            return self.script.popleft()()
        if (wanted["clientId"], wanted["clientSecret"]) != (CLIENT_ID, CLIENT_SECRET):
            return web.json_response({"code": "authFailed", "message": "鉴权失败"}, status=401)
        ticket = f"t/{next(self._numbers)}+="
        self._tickets.add(ticket)
        return web.json_response({"endpoint": f"{self.address}/connect", "ticket": ticket})

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("ticket", "") not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(request.query["ticket"])
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        socket = Socket(ws, request)
        self.live.append(socket)
        self.sockets.put_nowait(socket)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    ack = json.loads(message.data)
                    socket.answered.append(ack)
                    socket.acks.put_nowait(ack)
        finally:
            self.live.remove(socket)
            socket.gone.set()
        return ws


class Time:
    """A clock that stands still, and sleeps that end at once where they are short, else when told."""

    def __init__(self, skip: float = 60.0) -> None:
        self.now = 1000.0
        self.skip = skip
        self.slept: list[float] = []
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []

    def monotonic(self) -> float:
        return self.now

    def clock(self) -> datetime:
        return NOW

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if seconds <= self.skip:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((self.now + seconds, future))
        await future

    def forward(self, seconds: float) -> None:
        """Let time pass, and those whose sleep is over go on."""
        self.now += seconds
        over = [future for due, future in self._waiting if due <= self.now]
        self._waiting = [(due, future) for due, future in self._waiting if due > self.now]
        for future in over:
            if not future.done():
                future.set_result(None)


def robot(text: str = "今天拜访了华润置地", msg_id: str = "msg1", **more: object) -> dict[str, object]:
    """A text message in a single chat."""
    return {
        "conversationId": "cid1==",
        "conversationType": "1",
        "robotCode": "dingrobot",
        "msgId": msg_id,
        "createAt": CREATED,
        "senderId": "$:LWCP_v1:$abc",
        "senderStaffId": "ZhaoChen",
        "senderNick": "赵晨",
        "sessionWebhook": "https://oapi.dingtalk.com/robot/sendBySession?session=s1",
        "sessionWebhookExpiredTime": CREATED + 90 * 60_000,
        "msgtype": "text",
        "text": {"content": text},
        **more,
    }


def press(params: object, track: str = "g1", user: str = "ZhaoChen") -> dict[str, object]:
    """A pressed button."""
    content = {"cardPrivateData": {"actionIds": ["press"], "params": params}}
    return {
        "type": "actionCallback",
        "outTrackId": track,
        "corpId": "dingcorp",
        "userId": user,
        "content": json.dumps(content),
    }
