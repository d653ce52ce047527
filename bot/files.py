"""Files that came in the chat, fetched from the platforms before they forget them.

Rows of `attachment` wait in the database; a tick, or a wake after a turn, claims a few under a lease,
streams each into the folder of files, and marks it by itself. A file is there under the SHA-256 of its
bytes, once. What will not come any more is told to whoever sent it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlmodel import Session

from bot.answer import Answer
from bot.errors import RateLimited, ReceiverGone, Rejected, VendorFault
from bot.letters import Post, addresses
from bot.sink import FileSink, Kept, TooLarge
from bot.sources import Source
from bot.voice import Voices
from bot.wecom.aibot.media import Undecipherable
from bot.words import lost_file, too_large_file
from config.clock import Clock
from crm import attachments
from crm.attachments import Waiting
from handlers.incoming import Incoming
from store.writer import NotDurable, Writer

MOST_BYTES: Final = 20 * 1024 * 1024
AT_ONCE: Final = 4
LONGEST_WAIT: Final = 1800.0  # seconds between two tries
log = structlog.get_logger()

App = tuple[str, str]
Accept = Callable[[Incoming], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """It is there; `name` where the platform told one."""

    file: Kept
    name: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now; the next try is at `at`."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """It will not come; `large` where it was too big to keep."""

    reason: str
    large: bool = False


Outcome = Fetched | Later | Never


class Files:
    """Fetches for all apps into `folder`. `sent` is called when something waits to be sent."""

    def __init__(
        self,
        folder: Path,
        sources: Mapping[App, Source],
        writer: Writer,
        voices: Voices,
        clock: Clock,
        sent: Callable[[], None],
    ) -> None:
        self._folder = folder
        self._sources = sources
        self._writer = writer
        self._voices = voices
        self._clock = clock
        self._sent = sent
        self._busy = asyncio.Lock()
        self._woken: set[asyncio.Task[None]] = set()

    def hearing(self, accept: Accept) -> Accept:
        """The same dispatcher, after whose turn with a file in it the file is fetched at once."""

        async def heard(incoming: Incoming) -> Answer:
            answer = await accept(incoming)
            if incoming.attachments:
                self.wake()
            return answer

        return heard

    def wake(self) -> None:
        """Something may wait to be fetched. What is missed here, the next tick finds."""
        if len(self._woken) < 2:  # one at work, and one for what came meanwhile
            task = asyncio.create_task(self._safely(), name="files")
            self._woken.add(task)
            task.add_done_callback(self._woken.discard)

    async def run(self) -> None:
        """Fetch all that is due now."""
        async with self._busy:
            while waiting := await self._claim():
                await asyncio.gather(*(self._one(one) for one in waiting))

    async def close(self) -> None:
        """Leave what is under way: its lease runs out, and it is fetched again."""
        for task in self._woken:
            task.cancel()
        await asyncio.gather(*self._woken, return_exceptions=True)

    async def _safely(self) -> None:
        try:
            await self.run()
        except Exception as error:  # the boundary of a wake: the tick tries again
            log.error("files.wake_failed", kind=type(error).__name__, exc_info=error)

    async def _claim(self) -> list[Waiting]:
        now = self._clock.now()
        return await self._writer.run(lambda session: attachments.claim(session, now, AT_ONCE))

    async def _one(self, waiting: Waiting) -> None:
        outcome = await self._outcome(waiting)
        try:
            if await self._writer.run(partial(self._mark, waiting, outcome)):
                self._sent()
        except NotDurable:
            log.error("files.mark_failed", attachment=waiting.id)  # its lease runs out

    async def _outcome(self, waiting: Waiting) -> Outcome:
        source = self._sources.get((waiting.platform, waiting.app))
        if source is None:
            return Never("not connected")
        sink = FileSink(self._folder, MOST_BYTES)
        try:
            name = await source.fetch(waiting.reference, sink)
            return Fetched(await sink.keep(), name)
        except TooLarge:
            return Never("too large", large=True)
        except (Rejected, ReceiverGone, Undecipherable) as fault:
            return Never(type(fault).__name__)
        except (VendorFault, OSError) as fault:
            return self._later(waiting, source.life, fault)
        except Exception as error:  # the boundary of a file: one bad file must not stop the others
            log.error("files.fetch_failed", kind=type(error).__name__, exc_info=error)
            return self._later(waiting, source.life, error)
        finally:
            await sink.discard()

    def _later(self, waiting: Waiting, life: timedelta, fault: Exception) -> Later | Never:
        """The next try, or none where the platform will have forgotten it by then."""
        wait = min(2.0**waiting.attempts, LONGEST_WAIT)
        if isinstance(fault, RateLimited):
            wait = max(wait, fault.retry_after)
        at = self._clock.now() + timedelta(seconds=wait)
        reason = type(fault).__name__
        return Never(reason) if at >= waiting.since + life else Later(at, reason)

    def _mark(self, waiting: Waiting, outcome: Outcome, session: Session) -> bool:
        """Write down what became of it; whether somebody is told."""
        match outcome:
            case Fetched(file, name):
                attachments.keep(session, waiting.id, file.path, file.digest, file.size, name)
                log.info("files.kept", attachment=waiting.id, bytes=file.size, tries=waiting.attempts)
            case Later(at, reason):
                attachments.again(session, waiting.id, at, reason)
                log.warning("files.later", attachment=waiting.id, reason=reason, tries=waiting.attempts)
            case Never(reason, large):
                log.warning("files.lost", attachment=waiting.id, reason=reason, tries=waiting.attempts)
                return self._tell(session, waiting, reason, large=large)
        return False

    def _tell(self, session: Session, waiting: Waiting, reason: str, *, large: bool) -> bool:
        lost = attachments.give_up(session, waiting.id, reason)
        if lost is None:
            return False
        where = addresses(session, [lost.member_id], self._voices, (lost.platform, lost.app))
        to = where.get(lost.member_id)
        if to is None:
            return False
        words = too_large_file(lost.what) if large else lost_file(lost.what)
        Post(session, self._voices, f"file:{waiting.id}", self._clock.now()).say(to, words)
        return True
