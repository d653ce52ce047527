"""One socket's life: what is sent is matched with its acknowledgement, and silence is noticed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import ClientWebSocketResponse, WSMsgType

from bot.errors import Unreachable
from bot.timing import Timing
from bot.wecom.aibot import codes, limits
from bot.wecom.aibot.frames import PING, Frame, compose, parse

_log = structlog.get_logger("wecom.aibot")
_DATA: Final = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})


class Link:
    """An open socket. `on_callback` is called for each callback frame, in the order of arrival."""

    def __init__(
        self, socket: ClientWebSocketResponse, on_callback: Callable[[Frame], None], timing: Timing
    ) -> None:
        self._socket = socket
        self._on_callback = on_callback
        self._timing = timing
        self._heard = timing.now()
        self._waiting: dict[str, asyncio.Future[Frame | None]] = {}
        self._ended = asyncio.Event()

    async def live(self) -> None:
        """Read, ping and watch until the socket is at its end, whichever side ends it."""
        tasks = [
            asyncio.create_task(part()) for part in (self._read, self._beat, self._watch, self._ended.wait)
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._give_up()
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await self._close()
        for result in results:
            if isinstance(result, Exception):
                _log.warning("wecom.aibot.link_broke", kind=type(result).__name__)

    def end(self) -> None:
        """Let it go."""
        self._ended.set()

    async def request(
        self, cmd: str, body: Mapping[str, Any] | bytes | None, req_id: str = "", *, patience: float
    ) -> Frame:
        """Send a frame and return its acknowledgement, whatever that says; `patience` in seconds.

        Under one `req_id` one frame is under way at a time. Raises Unreachable: it may have arrived.
        """
        name = req_id or f"{cmd}_{secrets.token_hex(8)}"
        try:
            return await self._timing.within(patience, self._exchange(cmd, body, name))
        except TimeoutError:
            raise Unreachable(cmd, cause="timeout") from None
        except OSError as error:
            raise Unreachable(cmd, cause=type(error).__name__) from None

    async def _exchange(self, cmd: str, body: Mapping[str, Any] | bytes | None, req_id: str) -> Frame:
        while before := self._waiting.get(req_id):
            await asyncio.wait((before,))
        if self._ended.is_set():
            raise Unreachable(cmd, cause="connection_lost")
        acknowledged: asyncio.Future[Frame | None] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = acknowledged
        try:
            await self._socket.send_str(compose(cmd, req_id, body))
            frame = await acknowledged
        finally:
            acknowledged.cancel()
            del self._waiting[req_id]
        if frame is None:
            raise Unreachable(cmd, cause="connection_lost")
        return frame

    async def _read(self) -> None:
        while True:
            message = await self._socket.receive()
            if message.type not in _DATA:
                _log.info("wecom.aibot.closed", code=self._socket.close_code, kind=message.type.name)
                return
            self._heard = self._timing.now()
            frame = parse(message.data)
            if frame is None:
                _log.warning("wecom.aibot.no_frame", bytes=len(message.data))
            elif frame.cmd:
                self._on_callback(frame)
            elif not self._settled(frame):
                return

    def _settled(self, frame: Frame) -> bool:
        """Give an acknowledgement to whoever waits for it; False when it says that we are not subscribed."""
        waiting = self._waiting.get(frame.req_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)
        return frame.code != codes.NOT_SUBSCRIBED

    async def _beat(self) -> None:
        while True:
            await self._timing.sleep(limits.PING_EVERY)
            await self._socket.send_str(compose(PING, f"{PING}_{secrets.token_hex(8)}"))

    async def _watch(self) -> None:
        """Return when nothing was heard for too long. Half-dead sockets take every ping and say nothing."""
        while (left := self._heard + limits.SILENCE - self._timing.now()) > 0:
            await self._timing.sleep(left)
        _log.warning("wecom.aibot.silent", seconds=limits.SILENCE)

    def _give_up(self) -> None:
        self._ended.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(None)

    async def _close(self) -> None:
        """Say goodbye, as far as the other side listens."""
        try:
            await self._timing.within(limits.CLOSE_TIMEOUT, self._socket.close())
        except (TimeoutError, OSError):
            _log.info("wecom.aibot.close_unanswered")
