"""Who among the replicas holds a bot's connection: whoever has its lease, as long as it is renewed.

The lease is ours; the platform knows nothing of it. When somebody outside takes the connection over, the
lease is kept, so that no other replica of ours starts a tug of war, and nothing happens until
`take_back` is called or the service starts anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from bot.timing import Timing
from bot.wecom.aibot.connection import Connection, State

LIFE: Final = timedelta(seconds=12)
"""How long a lease lasts without being renewed: the longest time without any holder after a crash. The
replicas' clocks must agree to within a few seconds, and a database that stands still for longer costs the
connection: the next holder opens another, and the platform closes the first."""
RENEW_EVERY: Final = 4.0
"""Seconds between renewals: two may fail before the lease is over."""

_log = structlog.get_logger("wecom.aibot")


@dataclass(frozen=True, slots=True)
class LeaseCalls:
    """The two calls on `store.lease` for one bot and this process, run by the writer.

    `hold` tells whether the lease is ours for another `LIFE`. Either may raise when the database fails.
    """

    hold: Callable[[], Awaitable[bool]]
    release: Callable[[], Awaitable[None]]


class Keeper:
    """Holds a connection while the lease is ours, and lets it go when it is not."""

    def __init__(self, connection: Connection, lease: LeaseCalls, *, timing: Timing | None = None) -> None:
        self._connection = connection
        self._lease = lease
        self._timing = timing or Timing()
        self._held = False
        self._renewed = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def held(self) -> bool:
        """Whether the lease is ours."""
        return self._held

    def start(self) -> None:
        """Begin to ask for the lease."""
        self._task = asyncio.create_task(self._run(), name="wecom-aibot-keeper")

    def take_back(self) -> bool:
        """Take the connection back from whoever took it over; False where the lease is not ours."""
        if self._held and self._connection.state is State.TAKEN_OVER:
            self._connection.take()
        return self._held

    async def stop(self) -> None:
        """Stop asking. Call `give_back` once the connection is closed."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    async def give_back(self) -> None:
        """Let another replica hold the connection at once."""
        if not self._held:
            return
        self._held = False
        try:
            await self._lease.release()
        except Exception as error:  # noqa: BLE001 - stopping goes on, and the lease ends by itself
            _log.warning("wecom.aibot.lease_not_released", kind=type(error).__name__)

    async def _run(self) -> None:
        while True:
            await self._renew()
            await self._timing.sleep(RENEW_EVERY)

    async def _renew(self) -> None:
        asked = self._timing.now()
        try:
            held = await self._timing.within(RENEW_EVERY, self._lease.hold())
        except Exception as error:  # noqa: BLE001 - the boundary of a tick: the next one may succeed
            _log.warning("wecom.aibot.lease_unknown", kind=type(error).__name__)
            left = self._renewed + LIFE.total_seconds() - self._timing.now()
            held = self._held and left > RENEW_EVERY
        else:
            self._renewed = asked
        if held == self._held:
            return
        self._held = held
        _log.info("wecom.aibot.lease", held=held)
        if held:
            self._connection.take()
        else:
            self._connection.stand_by()
