"""The Stream client of one app: always one connection, and the next before the last has ended.

    open          gateway → ticket → websocket
    disconnect    the next connection first; the old one reads on, finishes and is closed
    silence       likewise; a server that never pings is waited for longer each time
    broken off    back-off 1, 2, 4 … 60 s with jitter, from the start again once a frame has come

Several replicas may each hold a connection of the same app: the platform gives each push to one of them.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from aiohttp import ClientError, ClientSession, ClientWSTimeout

from bot.dingtalk import limits
from bot.dingtalk.connection import Connection, Ending, Sleep
from bot.dingtalk.gateway import StreamApp, open_connection
from bot.dingtalk.receiver import Accept, Receiver
from bot.errors import Misconfigured, VendorFault

_log = structlog.get_logger("dingtalk.stream")
_CLOSE: Final = ClientWSTimeout(ws_close=2.0)


def backoff(failures: int, jitter: float) -> float:
    """Seconds before the next try after so many in a row; `jitter` is 0..1 and takes off up to half."""
    longest = limits.MOST_BACKOFF.total_seconds()
    whole = min(limits.FIRST_BACKOFF.total_seconds() * 2.0 ** min(max(failures, 1) - 1, 16), longest)
    return whole * (1.0 - jitter / 2.0)


class StreamClient:
    """`base_url` is https://api.dingtalk.com or a sandbox; `clock` gives aware UTC, `sleep` takes seconds."""

    def __init__(
        self,
        session: ClientSession,
        base_url: str,
        app: StreamApp,
        accept: Accept,
        clock: Callable[[], datetime],
        *,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
        ping_interval: float = limits.PING_INTERVAL.total_seconds(),
    ) -> None:
        self._session = session
        self._base_url = base_url
        self._app = app
        self._receiver = Receiver(app.name, accept, clock)
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._calm = 2 * ping_interval
        self._patience = self._calm
        self._current: Connection | None = None
        self._partings: dict[asyncio.Task[None], Connection] = {}
        self._loop: asyncio.Task[None] | None = None

    @property
    def connected(self) -> bool:
        """Whether a connection is open now."""
        return self._current is not None and self._current.is_open

    def start(self) -> None:
        """Begin to connect; it goes on until `stop`."""
        self._loop = asyncio.create_task(self._run(), name=f"dingtalk.stream.{self._app.name}")
        self._loop.add_done_callback(_report)

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, and close."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})
        if self._current is not None:
            self._part(self._current, linger=0.0)
            self._current = None
        for old in self._partings.values():
            old.hurry()
        if self._partings:
            await asyncio.wait(self._partings)

    async def _run(self) -> None:
        failures = 0
        while True:
            began = self._monotonic()
            fresh = await self._open()
            if fresh is None:
                failures += 1
                await self._pause(failures)
                continue
            self._take_over(fresh)
            ending = await fresh.ended()
            _log.info("dingtalk.stream.ended", app=self._app.name, reason=ending.value, heard=fresh.heard)
            self._learn(fresh, ending)
            failures = 0 if fresh.heard else failures + 1
            if ending is Ending.CLOSED:
                self._current = None
                self._part(fresh, linger=0.0)
            if ending is Ending.CLOSED or failures or self._monotonic() - began < _young():
                await self._pause(failures)

    def _take_over(self, fresh: Connection) -> None:
        """The new connection is there: the old one may go."""
        if self._current is not None:
            self._part(self._current, linger=limits.DISCONNECT_GRACE.total_seconds())
        self._current = fresh

    async def _open(self) -> Connection | None:
        """A new connection, or None with the reason in the log."""
        try:
            address = await open_connection(self._session, self._base_url, self._app)
            async with asyncio.timeout(limits.OPEN_TIMEOUT.total_seconds()):
                socket = await self._session.ws_connect(
                    address,
                    heartbeat=limits.HEARTBEAT.total_seconds(),
                    max_msg_size=limits.MAX_FRAME,
                    timeout=_CLOSE,
                )
        except Misconfigured as fault:
            _log.error("dingtalk.stream.refused", app=self._app.name, fault=str(fault), hint=fault.hint)
            return None
        except VendorFault as fault:
            _log.warning("dingtalk.stream.no_gateway", app=self._app.name, fault=str(fault))
            return None
        except (ClientError, OSError, TimeoutError) as error:
            _log.warning("dingtalk.stream.no_socket", app=self._app.name, kind=type(error).__name__)
            return None
        _log.info("dingtalk.stream.connected", app=self._app.name)
        return Connection(
            socket, self._receiver, self._patience, sleep=self._sleep, monotonic=self._monotonic
        )

    def _learn(self, ended: Connection, ending: Ending) -> None:
        """That the server pings us is not documented: after a false alarm silence is trusted for longer."""
        if ended.pinged:
            self._patience = self._calm
        elif ending is Ending.SILENT:
            self._patience = min(2 * self._patience, limits.MOST_PATIENCE.total_seconds())

    def _part(self, old: Connection, linger: float) -> None:
        task = asyncio.create_task(old.retire(linger), name="dingtalk.parting")
        self._partings[task] = old
        task.add_done_callback(self._partings.pop)

    async def _pause(self, failures: int) -> None:
        await self._sleep(backoff(failures, self._jitter()))


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("dingtalk.stream.died", kind=type(error).__name__, exc_info=error)


def _young() -> float:
    return limits.YOUNG.total_seconds()
