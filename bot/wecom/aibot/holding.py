"""A bot from start to stop: its connection is held while this process has the lease, and handed over well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlmodel import Session

from bot.wecom.aibot.bot import AiBot
from bot.wecom.aibot.keeper import LIFE, Keeper, LeaseCalls
from bot.wecom.aibot.timing import Timing
from store import lease
from store.writer import Writer


def lease_calls(writer: Writer, name: str, holder: str, clock: Callable[[], datetime]) -> LeaseCalls:
    """The lease `name` for the process `holder`. `clock` gives aware UTC."""

    def take(session: Session) -> bool:
        return lease.hold(session, name, holder, clock(), LIFE)

    def give(session: Session) -> None:
        lease.release(session, name, holder)

    async def hold() -> bool:
        return await writer.run(take)

    async def release() -> None:
        await writer.run(give)

    return LeaseCalls(hold, release)


@asynccontextmanager
async def holding(bot: AiBot, calls: LeaseCalls, *, timing: Timing | None = None) -> AsyncIterator[Keeper]:
    """Run the bot. On leaving, answers under way are finished, the socket closed, the lease given back."""
    keeper = Keeper(bot.connection, calls, timing=timing)
    bot.start()
    keeper.start()
    try:
        yield keeper
    finally:
        await keeper.stop()
        await bot.close()
        await keeper.give_back()
