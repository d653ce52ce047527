"""The gateway of stream mode: credentials for a ticket, a ticket for a WebSocket (the protocol page)."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from sandbox.dingtalk import limits
from sandbox.dingtalk.company import DingApp
from sandbox.dingtalk.connection import Connection, Subscription
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.frames import CALLBACK, EVENT
from sandbox.dingtalk.shape import JsonObject, needed, objects
from sandbox.dingtalk.state import Space
from sandbox.dingtalk.tokens import Tokens

CONNECT = "/connect"


@dataclass(slots=True)
class _Ticket:
    client_id: str
    topics: frozenset[Subscription]
    expires: float


class Gateway:
    """All connections of all apps. `pick` chooses which of several gets a push (at random).

    `ping_interval` in real seconds, None for never, by frames of the topic `ping_topic` (ping or KEEPALIVE);
    `greets` sends CONNECTED and REGISTERED first, as the vendor's client for Node sees them. New
    connections are asked to go after `lifetime` real seconds, since the server closes them now and then.
    `complaints` are breaches of the protocol by clients.
    """

    def __init__(self, space: Space, tokens: Tokens) -> None:
        self._space, self._tokens = space, tokens
        self.pick: Callable[[Sequence[Connection]], Connection] = random.choice
        self.ping_interval: float | None = limits.PING_INTERVAL
        self.ping_topic, self.greets = "ping", False
        self.lifetime: float | None = None
        self.complaints: list[str] = []
        self.connections: list[Connection] = []
        self.opened = 0
        self._tickets: dict[str, _Ticket] = {}
        self._changed = asyncio.Event()

    def open(self, body: JsonObject, endpoint: str) -> JsonObject:
        """connections/open: a ticket for `endpoint`. Raises Refused."""
        client_id = needed(body, "clientId", "invalidParameter.clientId")
        app = self._tokens.login(client_id, needed(body, "clientSecret", "invalidParameter.clientSecret"))
        if app is None:
            raise Refused("authFailed", "鉴权失败", status=401)
        topics = frozenset(_subscription(one) for one in objects(body, "subscriptions", "invalidParameter"))
        if not topics:
            raise Refused("invalidParameter.subscriptions", "subscriptions 不能为空")
        ticket = str(uuid.uuid4())
        self._tickets[ticket] = _Ticket(client_id, topics, self._space.world.seconds() + limits.TICKET_LIFE)
        self.opened += 1
        return {"endpoint": endpoint, "ticket": ticket}

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """The WebSocket; 401 without a fresh ticket."""
        ticket = self._tickets.pop(request.query.get("ticket", ""), None)
        if ticket is None or ticket.expires <= self._space.world.seconds():
            raise web.HTTPUnauthorized(text="invalid ticket")
        socket = web.WebSocketResponse(autoping=False, timeout=1.0)
        await socket.prepare(request)
        app_id = str(uuid.uuid5(uuid.NAMESPACE_OID, ticket.client_id))
        connection = Connection(
            app_id, ticket.client_id, ticket.topics, socket, self._space.now_ms, self.complaints.append
        )
        self._enter(connection)
        tasks = [
            asyncio.create_task(self._keep_alive(connection)),
            asyncio.create_task(self._end(connection)),
        ]
        try:
            if self.greets:
                await connection.greet()
            await connection.run(request)
        finally:
            for task in tasks:
                task.cancel()
            self._leave(connection)
        return socket

    def choose(self, app: DingApp, kind: str, topic: str) -> Connection | None:
        """One of the live connections that subscribed to a topic, or None."""
        wanted = (kind, "*" if kind == EVENT else topic)
        fit = [one for one in self.of(app.client_id) if wanted in one.topics]
        return self.pick(fit) if fit else None

    def of(self, client_id: str) -> list[Connection]:
        """The connections of an app that pushes may go to, oldest first."""
        return [
            one
            for one in self.connections
            if one.client_id == client_id and not one.draining and not one.closed
        ]

    async def connected(self, client_id: str, count: int = 1, timeout: float = 60.0) -> list[Connection]:  # noqa: ASYNC109
        """Wait for at least `count` connections of an app, `timeout` real seconds. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while len(self.of(client_id)) < count:
                self._changed.clear()
                await self._changed.wait()
        return self.of(client_id)

    async def close(self) -> None:
        """Close every connection."""
        await asyncio.gather(*(one.close() for one in list(self.connections)))

    async def _keep_alive(self, connection: Connection) -> None:
        while self.ping_interval is not None:
            await asyncio.sleep(self.ping_interval)
            if not connection.draining and not await connection.ping(topic=self.ping_topic):
                self.complaints.append("a ping was not answered")

    async def _end(self, connection: Connection) -> None:
        if self.lifetime is not None:
            await asyncio.sleep(self.lifetime)
            await connection.disconnect()

    def _enter(self, connection: Connection) -> None:
        self.connections.append(connection)
        self._changed.set()

    def _leave(self, connection: Connection) -> None:
        self.connections.remove(connection)
        self._changed.set()


def _subscription(one: JsonObject) -> Subscription:
    kind = needed(one, "type", "invalidParameter.subscriptions")
    topic = needed(one, "topic", "invalidParameter.subscriptions")
    if kind not in (EVENT, CALLBACK) or (kind == EVENT and topic != "*"):
        raise Refused("invalidParameter.subscriptions", f"不支持的订阅：{kind} {topic}")
    return kind, topic
