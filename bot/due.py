"""The jobs of the clock, each in a transaction with the letters that it causes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby

import structlog
from sqlmodel import Session

from bot import asked
from bot.letters import Post, addresses
from bot.voice import Voices
from cards.digest import digest_card
from config.business import Business
from config.clock import Clock
from scheduler.outgoing import Job, Outgoing
from store.writer import Writer

MOST_AT_ONCE = 3  # cards for one member from one look at the clock; more come as one digest
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Due:
    """Runs jobs. `wake` tells the relay that something waits."""

    writer: Writer
    voices: Voices
    clock: Clock
    business: Business
    wake: Callable[[], None]

    async def tick(self, name: str, job: Job) -> None:
        """Run a job until nothing is due."""
        now = self.clock.now()
        while await self.writer.run(partial(self._write, name, job, now)):
            self.wake()

    def _write(self, name: str, job: Job, now: datetime, session: Session) -> int:
        outgoing = job(session, now, self.business)
        where = addresses(session, {one.member_id for one in outgoing}, self.voices)
        post = Post(session, self.voices, f"tick:{name}", now)
        for one in merged(outgoing):
            to = where.get(one.member_id)
            if to is None:
                log.warning("tick.nowhere", job=name, member=one.member_id)
                continue
            post.show(
                to, asked.ask(session, self.voices[to.platform, to.app], to, one.card, now), key=one.key
            )
        return len(outgoing)


def merged(outgoing: Sequence[Outgoing]) -> Iterator[Outgoing]:
    """The same, with a digest in place of more than three cards for one member: of those that are late, or of
    all where too many are due right now."""
    by_member = sorted(outgoing, key=_member)
    for member, found in groupby(by_member, key=_member):
        cards = list(found)
        fresh = [one for one in cards if not one.late]
        if len(cards) <= MOST_AT_ONCE:
            yield from cards
        elif len(fresh) > MOST_AT_ONCE:
            yield _digest(member, cards)
        else:
            late = [one for one in cards if one.late]
            yield from (late if len(late) == 1 else [_digest(member, late)])
            yield from fresh


def _member(one: Outgoing) -> int:
    return one.member_id


def _digest(member: int, found: Sequence[Outgoing]) -> Outgoing:
    together = hashlib.sha256("\n".join(sorted(one.key for one in found)).encode()).hexdigest()[:24]
    return Outgoing(f"digest:{member}:{together}", member, digest_card([one.card for one in found]))
