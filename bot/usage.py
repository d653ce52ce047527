"""Counting what DingTalk charges for: in memory as it happens, written down every few seconds.

The administrators are told once when four fifths of the month's quota are used, and once when all is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog
from sqlmodel import Session

from bot.alarms import administrators
from bot.answer import Answer
from bot.dingtalk.events import PLATFORM
from bot.dingtalk.quota import Quota, counts_as_call, counts_as_push, month_of, notices
from bot.dingtalk.quota import Usage as Used
from bot.letters import Post, addresses
from bot.voice import Voices
from config.clock import Clock
from handlers.incoming import Incoming, Kind
from store import usage
from store.usage import CALLS, PUSHES, Count
from store.writer import NotDurable, Writer

Accept = Callable[[Incoming], Awaitable[Answer]]
log = structlog.get_logger()


class Meter:
    """Counts calls and pushes of DingTalk's apps until they are written down."""

    def __init__(self, writer: Writer, voices: Voices, clock: Clock, quota: Quota) -> None:
        self._writer = writer
        self._voices = voices
        self._clock = clock
        self._quota = quota
        self._counts: Counter[Count] = Counter()

    def calls_of(self, app: str) -> Callable[[str], None]:
        """What an app's transport tells of each call, by its path."""
        return partial(self._called, app)

    def hearing(self, accept: Accept) -> Accept:
        """The dispatcher, with each push counted before it is handled."""

        async def counted(incoming: Incoming) -> Answer:
            if counts_as_push(incoming.event if incoming.kind is Kind.EVENT else ""):
                self._count(incoming.app, PUSHES)
            return await accept(incoming)

        return counted

    async def flush(self) -> None:
        """Write down what was counted, and tell the administrators what there is to tell."""
        if not self._counts:
            return
        counts, self._counts = self._counts, Counter()
        try:
            await self._writer.run(partial(self._write, counts))
        except Exception:
            self._counts.update(counts)
            raise

    async def close(self) -> None:
        """Write down the last; what cannot be is not worth failing a stop."""
        try:
            await self.flush()
        except NotDurable as error:
            log.warning("usage.lost", kind=type(error).__name__, count=self._counts.total())

    def _called(self, app: str, path: str) -> None:
        if counts_as_call(path):
            self._count(app, CALLS)

    def _count(self, app: str, kind: str) -> None:
        self._counts[Count(PLATFORM, app, month_of(self._clock.now()), kind)] += 1

    def _write(self, counts: Mapping[Count, int], session: Session) -> None:
        usage.add(session, counts)
        now = self._clock.now()
        found = notices(used(session, month_of(now)), self._quota)
        if not found:
            return
        told = addresses(session, administrators(session), self._voices)
        post = Post(session, self._voices, "quota", now)
        for notice in found:
            for member, to in told.items():
                post.say(to, notice.text, key=f"{notice.key}:{member}")


def used(session: Session, month: str) -> Used:
    """What all apps of the organisation have used together: the quota is one for all of them."""
    counts = usage.of_month(session, PLATFORM, month)
    totals: Counter[str] = Counter()
    for one, number in counts.items():
        totals[one.kind] += number
    return Used(month, totals[CALLS], totals[PUSHES])
