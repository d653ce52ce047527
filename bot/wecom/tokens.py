"""The app's access token: fetched once for however many callers, renewed before its end [91039]."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.errors import Misconfigured, VendorFault
from bot.wecom import limits

_log = structlog.get_logger("wecom.token")


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A token and how many fetches came before it. Never printed."""

    value: str
    generation: int
    renew_at: datetime
    ends_at: datetime


Fetch = Callable[[], Awaitable[tuple[str, timedelta]]]
"""Asks the platform: token and how long it lives. Raises VendorFault."""


class Tokens:
    """Keeps the current token. Callers that find it spent together cause one fetch."""

    def __init__(self, fetch: Fetch, clock: Callable[[], datetime]) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._fault: VendorFault | None = None
        self._held_until: datetime | None = None

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
            if self._fault and self._held_until and self._clock() < self._held_until:
                raise self._fault.with_traceback(None)
            return await self._refresh(generation)

    async def _refresh(self, generation: int) -> Token:
        try:
            value, life = await self._fetch()
        except VendorFault as fault:
            refused = isinstance(fault, Misconfigured)
            hold = limits.TOKEN_HOLD_REFUSED if refused else limits.TOKEN_HOLD_FAILED
            self._fault, self._held_until = fault, self._clock() + hold
            _log.error("wecom.token.failed", fault=type(fault).__name__, code=fault.code)
            raise
        ahead = min(limits.TOKEN_REFRESH_AHEAD, life / 2)
        self._fault = None
        ends_at = self._clock() + life
        self._token = Token(value, generation + 1, ends_at - ahead, ends_at)
        _log.info("wecom.token.fetched", life_s=int(life.total_seconds()))
        return self._token
