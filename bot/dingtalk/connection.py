"""One websocket of a Stream client, from its first frame to its last acknowledgement.

Frames are handled side by side, each begun in the order in which it came, and acknowledged on the socket
that brought it. When the server announces its end (`disconnect`), or nothing was heard for too long, the
connection says so and goes on reading until it is retired.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

import structlog
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from bot.dingtalk import frames, limits
from bot.dingtalk.frames import BadFrame, Code, Frame
from bot.dingtalk.receiver import Receiver

_log = structlog.get_logger("dingtalk.stream")

Sleep = Callable[[float], Awaitable[None]]


class Ending(StrEnum):
    """Why a connection is at its end."""

    HANDED_OVER = "handed_over"
    SILENT = "silent"
    CLOSED = "closed"


class Connection:
    """Reads one socket. `patience` is in seconds, `monotonic` in seconds from any start."""

    def __init__(
        self,
        socket: ClientWebSocketResponse,
        receiver: Receiver,
        patience: float,
        *,
        sleep: Sleep,
        monotonic: Callable[[], float],
    ) -> None:
        self.heard = False
        self.pinged = False
        self._socket = socket
        self._receiver = receiver
        self._patience = patience
        self._sleep = sleep
        self._monotonic = monotonic
        self._last = monotonic()
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._working: set[asyncio.Task[None]] = set()
        self._refusing = False
        self._hurried = asyncio.Event()
        self._reader = asyncio.create_task(self._read(), name="dingtalk.reader")
        self._watchdog = asyncio.create_task(self._watch(), name="dingtalk.watchdog")

    @property
    def is_open(self) -> bool:
        """Whether the socket is."""
        return not self._socket.closed

    async def ended(self) -> Ending:
        """Wait until the next connection is to be opened."""
        return await asyncio.shield(self._ending)

    async def retire(self, linger: float = 0.0) -> None:
        """Read on for `linger` seconds or until the server closes, finish what is under way, and close."""
        if linger and not self._hurried.is_set():
            await self._linger(linger)
        self._refusing = True
        if self._working:
            await asyncio.wait(self._working, timeout=limits.STOP_WITHIN.total_seconds())
        await _cancelled(self._watchdog)
        await self._socket.close()
        await _cancelled(self._reader)
        for task in tuple(self._working):
            task.cancel()
        if self._working:
            await asyncio.wait(self._working)

    def hurry(self) -> None:
        """Linger no longer."""
        self._hurried.set()

    async def _linger(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._hurried.wait())]
        await asyncio.wait({self._reader, *waits}, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        await asyncio.wait(waits)

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(message.data)
        finally:
            self._end(Ending.CLOSED)

    async def _take(self, text: str) -> None:
        self._last = self._monotonic()
        try:
            frame = frames.parse(text)
        except BadFrame as bad:
            _log.error("dingtalk.stream.bad_frame", bytes=len(text))
            if bad.message_id:
                await self._send(frames.acknowledge(bad.message_id, "{}", Code.BAD_REQUEST))
            return
        if frame.type == frames.SYSTEM:
            await self._system(frame)
            return
        self.heard = True
        if self._refusing or len(self._working) >= limits.MOST_UNDER_WAY:
            await self._send(self._receiver.refusal(frame))
            return
        task = asyncio.create_task(self._handle(frame), name="dingtalk.frame")
        self._working.add(task)
        task.add_done_callback(self._landed)

    async def _system(self, frame: Frame) -> None:
        if frame.topic == frames.DISCONNECT:
            self._end(Ending.HANDED_OVER)
            return
        self.heard = True
        if frame.topic in frames.PING:
            self.pinged = True
            await self._send(frames.acknowledge(frame.message_id, frame.data))

    async def _handle(self, frame: Frame) -> None:
        await self._send(await self._receiver.answer(frame))

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        _report(task)

    async def _send(self, text: str | None) -> None:
        """Write, unless the socket is gone: what it brought is durable, and comes again at worst."""
        if text is None:
            return
        try:
            await self._socket.send_str(text)
        except (ClientError, OSError):
            _log.warning("dingtalk.stream.ack_lost")

    async def _watch(self) -> None:
        """A socket that has gone silent looks like one on which nobody writes."""
        while (left := self._last + self._patience - self._monotonic()) > 0:
            await self._sleep(left)
        self._end(Ending.SILENT)

    def _end(self, ending: Ending) -> None:
        if not self._ending.done():
            self._ending.set_result(ending)


async def _cancelled(task: asyncio.Future[None]) -> None:
    """Cancel a task of ours and wait for it."""
    task.cancel()
    await asyncio.wait({task})
    _report(task)


def _report(task: asyncio.Future[None]) -> None:
    """Nothing is expected to fail here; what does must not go unseen."""
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("dingtalk.stream.failed", kind=type(error).__name__, exc_info=error)
