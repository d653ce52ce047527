"""One WebSocket of a client: pushes, answers, pings, hand-over, and the ways in which it can die."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from aiohttp import WSMessage, WSMsgType, web

from sandbox.dingtalk import limits
from sandbox.dingtalk.frames import SYSTEM, Ack, BadFrame, Frame, judge, new_message_id, read_ack

Subscription = tuple[str, str]
Complain = Callable[[str], None]


class Connection:
    """The server's end. `topics` are what the ticket subscribed to, as (type, topic).

    A `zombie` is open and dead: nothing goes out, not even pongs, and nothing that comes in is read.
    """

    def __init__(
        self,
        app_id: str,
        client_id: str,
        topics: frozenset[Subscription],
        socket: web.WebSocketResponse,
        now_ms: Callable[[], int],
        complain: Complain,
    ) -> None:
        self.id = secrets.token_hex(12)
        self.client_id, self.topics = client_id, topics
        self.draining = self.zombie = self.closed = False
        self.pushed = 0
        self._app_id, self._socket, self._now_ms, self._complain = app_id, socket, now_ms, complain
        self._waiting: dict[str, deque[asyncio.Future[Ack | None]]] = {}
        self._unanswerable: set[str] = set()
        self._heard = time.monotonic()
        self._gone = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    async def run(self, request: web.Request) -> None:
        """Read until the connection is gone."""
        self._transport = request.transport
        try:
            async for message in self._socket:
                if not self.zombie:
                    await self._take(message)
        finally:
            self.closed = True
            self._gone.set()
            for futures in self._waiting.values():
                for future in futures:
                    if not future.done():
                        future.set_result(None)

    async def push(self, frame: Frame, timeout: float) -> Ack | None:  # noqa: ASYNC109 (the platform's limit)
        """Send a frame and wait for its answer, `timeout` real seconds. None without an answer in time."""
        future: asyncio.Future[Ack | None] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(frame.message_id, deque())
        waiting.append(future)
        self.pushed += 1
        try:
            await self._send(frame)
            return await asyncio.wait_for(future, timeout)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            if future in waiting:
                waiting.remove(future)
            if not waiting:
                self._waiting.pop(frame.message_id, None)

    async def ping(self, timeout: float = limits.STREAM_TIMEOUT, topic: str = "ping") -> bool:  # noqa: ASYNC109
        """Send a ping (or KEEPALIVE); whether its own data came back."""
        frame = Frame(SYSTEM, topic, {"opaque": secrets.token_hex(8)}, new_message_id(), {})
        ack = await self.push(frame, timeout)
        if ack is None:
            return False
        right, problems = judge(frame, ack)
        for problem in problems:
            self._complain(problem)
        return right and not problems

    async def greet(self) -> None:
        """Say CONNECTED and REGISTERED; whether that is answered does not matter."""
        for topic in ("CONNECTED", "REGISTERED"):
            frame = Frame(SYSTEM, topic, {}, new_message_id(), {})
            self._unanswerable.add(frame.message_id)
            await self._send(frame)

    async def disconnect(
        self, reason: str = "connection is expired", grace: float = limits.DISCONNECT_GRACE
    ) -> None:
        """Announce the end, push nothing more, and close after `grace` real seconds of silence."""
        self.draining = True
        frame = Frame(SYSTEM, "disconnect", {"reason": reason}, new_message_id(), {})
        self._unanswerable.add(frame.message_id)
        self._heard = time.monotonic()
        with suppress(ConnectionError):
            await self._send(frame)
        while not self.closed and (left := self._heard + grace - time.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), left)
        await self.close()

    async def close(self) -> None:
        """Close in good order."""
        if not self._socket.closed:
            await self._socket.close()

    def drop(self) -> None:
        """The network breaks: no close frame."""
        self.draining = True
        if self._transport is not None:
            self._transport.abort()

    async def _send(self, frame: Frame) -> None:
        if not self.zombie:
            await self._socket.send_str(frame.text(self._app_id, self.id, self._now_ms()))

    async def _take(self, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            await self._socket.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            self._answer(message.data)
        elif message.type is WSMsgType.BINARY:
            self._complain("binary frames are not understood")

    def _answer(self, raw: str) -> None:
        self._heard = time.monotonic()
        try:
            ack = read_ack(raw)
        except BadFrame as error:
            self._complain(str(error))
            return
        waiting = self._waiting.get(ack.message_id)
        if waiting:
            waiting.popleft().set_result(ack)
        elif ack.message_id not in self._unanswerable:
            self._complain("an answer to nothing that waits here: late, twice, or of another connection")
