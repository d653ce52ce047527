"""The app's access token: fetched once for however many callers, renewed before its end
[obtain-the-access-token-of-an-internal-app]. One token serves both APIs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.dingtalk import limits
from bot.errors import Misconfigured, VendorFault

_log = structlog.get_logger("dingtalk.token")

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
    """Keeps the current token. Callers that find it spent together cause one fetch."""

    def __init__(self, fetch: Fetch, clock: Callable[[], datetime]) -> None:
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
            is_refused = isinstance(fault, Misconfigured)
            hold = limits.TOKEN_HOLD_REFUSED if is_refused else limits.TOKEN_HOLD_FAILED
            self._fault = (fault, self._clock() + hold)
            _log.error("dingtalk.token.failed", fault=type(fault).__name__, code=fault.code)
            raise
        ends_at = self._clock() + life
        self._fault = None
        self._token = Token(
            value, generation + 1, ends_at - min(limits.TOKEN_REFRESH_AHEAD, life / 2), ends_at
        )
        _log.info("dingtalk.token.fetched", life_s=int(life.total_seconds()))
        return self._token
