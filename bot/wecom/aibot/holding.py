"""A bot from start to stop: its connection is held while this process has the lease, and handed over well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlmodel import Session

from bot.letters import Address, Post
from bot.timing import Timing
from bot.voice import Voices
from bot.wecom.aibot.answering import Late
from bot.wecom.aibot.bot import AiBot
from bot.wecom.aibot.keeper import LIFE, Keeper, LeaseCalls
from handlers.incoming import Incoming
from store import lease
from store.writer import Writer


def lease_calls(writer: Writer, name: str, holder: str, clock: Callable[[], datetime]) -> LeaseCalls:
    """The lease `name` for the process `holder`. `clock` gives aware UTC."""

    def take(session: Session) -> bool:
        return lease.hold(session, name, holder, clock(), LIFE)

    def give(session: Session) -> None:
        lease.release(session, name, holder)

    async def hold() -> bool:
        return await writer.run(take, urgent=True)  # under load others must not make it late

    async def release() -> None:
        await writer.run(give)

    return LeaseCalls(hold, release)


def late_letters(
    writer: Writer, voices: Voices, clock: Callable[[], datetime], wake: Callable[[], None]
) -> Late:
    """Late answers as letters: one for a delivery, however often it is asked for. `wake` wakes the relay."""

    async def queue(incoming: Incoming, words: str) -> None:
        to = Address(incoming.platform, incoming.app, incoming.conversation, member_id=0)
        key = f"late:{incoming.platform}:{incoming.app}:{incoming.delivery_id}"

        def put(session: Session) -> None:
            Post(session, voices, key, clock()).say(to, words)

        await writer.run(put)
        wake()

    return queue


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
