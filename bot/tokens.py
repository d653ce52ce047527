"""An app's access token: fetched once for however many callers, renewed before its end.

WeCom [91039], DingTalk [obtain-the-access-token-of-an-internal-app]; on both a new token may be the same
as the old one, and fetching too often is refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.errors import Misconfigured, VendorFault

_log = structlog.get_logger("token")

REFRESH_AHEAD: Final = timedelta(minutes=5)
"""Renew this long before the end, so that no call is refused for it; both platforms give two hours."""
HOLD_REFUSED: Final = timedelta(seconds=60)
"""After a refused secret, ask again no sooner: WeCom bans an address for an hour for repeated wrong ones."""
HOLD_FAILED: Final = timedelta(seconds=2)
"""After a fetch that got no answer, ask again no sooner."""

Fetch = Callable[[], Awaitable[tuple[str, timedelta]]]
"""Asks the platform: token and how long it lives. Raises VendorFault."""


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A token and how many fetches came before it. Never printed."""

    value: str
    generation: int
    renew_at: datetime
    ends_at: datetime


class Tokens:
    """Keeps the current token of one app. Callers that find it spent together cause one fetch.

    `platform` names it in the log.
    """

    def __init__(self, platform: str, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._log = _log.bind(platform=platform)
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._fault: tuple[VendorFault, datetime] | None = None

    async def current(self) -> Token:
        """A token that should be good. Raises VendorFault when none can be had."""
        token = self._token
        if token is None:
            return await self._renewed(0)
        if self._clock() < token.renew_at:
            return token
        try:
            return await self._renewed(token.generation)
        except VendorFault:
            if self._clock() < token.ends_at:
                return token  # not renewed ahead of time: the old one still does
            raise

    async def after(self, spent: Token) -> Token:
        """A token younger than `spent`, which the platform refused."""
        return await self._renewed(spent.generation)

    async def _renewed(self, generation: int) -> Token:
        async with self._lock:
            if self._token is not None and self._token.generation > generation:
                return self._token
            if self._fault is not None and self._clock() < self._fault[1]:
                raise self._fault[0].with_traceback(None)
            return await self._refresh(generation)

    async def _refresh(self, generation: int) -> Token:
        try:
            value, life = await self._fetch()
        except VendorFault as fault:
            hold = HOLD_REFUSED if isinstance(fault, Misconfigured) else HOLD_FAILED
            self._fault = (fault, self._clock() + hold)
            self._log.error("token.failed", fault=type(fault).__name__, code=fault.code)
            raise
        self._fault = None
        ends_at = self._clock() + life
        self._token = Token(value, generation + 1, ends_at - min(REFRESH_AHEAD, life / 2), ends_at)
        self._log.info("token.fetched", life_s=int(life.total_seconds()))
        return self._token
