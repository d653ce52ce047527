"""Members, departments and external contacts kept in step with the platforms' directories.

Everything is read by night and on `genjin sync`; what events have told of is looked up within a minute.
"""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session

from bot.errors import Misconfigured, VendorFault
from bot.external_contacts import ExternalReader, Read
from bot.letters import Post, addresses
from bot.readers import Reader
from bot.voice import Voices
from cards.leavers import leaver_card, leaver_words
from config.business import Business
from config.clock import Clock
from crm import externals, once, sync
from crm.context import SYSTEM, Context
from crm.directory import Colleague, Department, Directory, Source, Subject
from crm.externals import External, Imported
from crm.leaving import Leaver
from crm.sync import News, Synced
from scheduler.claims import claimed
from scheduler.clockwork import Tick
from store.writer import Writer

NIGHT: Final = time(3, 7)
"""Never on the hour or the half: 90454 asks to keep away from them."""
SPREAD: Final = 20
"""Minutes over which the apps are spread."""
UNTIL: Final = time(7, 0)
NEWS_EVERY: Final = 60.0
"""Seconds between two looks at what events have told of."""
NIGHT_EVERY: Final = 300.0

log = structlog.get_logger()


@dataclass(slots=True)
class _Found:
    """What was looked up of the news from `read_at` on; what could not be is tried again."""

    read_at: datetime
    people: list[Colleague] = field(default_factory=list)
    tree: list[Department] = field(default_factory=list)
    outside: list[External] = field(default_factory=list)
    gone: list[tuple[Subject, str]] = field(default_factory=list)
    done: list[News] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Registrar:
    """Keeps members in step. `readers` are the directories that may be read, `outside` the external
    contacts; `wake` tells the relay that something waits."""

    writer: Writer
    voices: Voices
    clock: Clock
    business: Business
    wake: Callable[[], None]
    readers: Sequence[Reader] = ()
    outside: Sequence[ExternalReader] = ()

    async def sync(self, reader: Reader, *, certain: bool = False) -> Synced:
        """Bring everything in step with a directory. Raises the faults of `bot.errors`.

        `certain`: a person says that whoever is missing has left, however many they are.
        """
        read_at = self.clock.now()
        directory = await reader.whole()
        work = partial(self._take, reader.source, directory, certain=certain, read_at=read_at)
        done = await self.writer.run(work)
        self.wake()
        log.info(
            "directory.synced",
            platform=reader.source.platform,
            app=reader.source.app,
            people=done.people,
            added=done.added,
            left=len(done.left),
            held_back=done.held_back,
        )
        return done

    async def import_externals(self, reader: ExternalReader) -> Imported:
        """Take over all external contacts. Raises the faults of `bot.errors`."""
        read_at = self.clock.now()
        read = await reader.whole()
        return await self.writer.run(partial(self._take_externals, reader.source, read, read_at=read_at))

    async def look_up(self) -> None:
        """Look up what events have told of."""
        for reader in self.readers:
            now = self.clock.now()
            news = await self.writer.run(partial(sync.news, source=reader.source, now=now))
            if news:
                found = await self._fetch(reader, news, now)
                await self.writer.run(partial(self._take_some, reader.source, found))
                self.wake()

    async def by_night(self) -> None:
        """Everything, once a night; where that fails, again an hour later."""
        for reader in self.readers:
            await self._once_a_night("sync", reader.source, partial(self.sync, reader))
        for outside in self.outside:
            await self._once_a_night("externals", outside.source, partial(self._externals, outside))

    async def _externals(self, reader: ExternalReader) -> None:
        """Import, where the organisation uses 客户联系 and the app may read it."""
        try:
            await self.import_externals(reader)
        except Misconfigured as fault:
            log.info("directory.externals_unread", app=reader.source.app, code=fault.code)

    async def _once_a_night(self, what: str, source: Source, work: Callable[[], Awaitable[object]]) -> None:
        now = self.clock.now()
        local = now.astimezone(ZoneInfo(self.business.zone)).replace(tzinfo=None)
        name = f"{what}:{source.platform}:{source.app}"
        begin = datetime.combine(local.date(), NIGHT) + timedelta(minutes=zlib.crc32(name.encode()) % SPREAD)
        if not begin <= local < datetime.combine(local.date(), UNTIL):
            return
        tonight, hour = f"{name}:{local.date()}", (local - begin) // timedelta(hours=1)
        if not await self.writer.run(partial(_claim, tonight=tonight, hour=hour, now=now)):
            return
        try:
            await work()
        except VendorFault as fault:
            log.warning("directory.unread", job=name, fault=str(fault))
            return
        await self.writer.run(partial(once.first, name=f"{tonight}:done", now=now))

    async def _fetch(self, reader: Reader, news: Iterable[News], now: datetime) -> _Found:
        found = _Found(now)
        outside = next((one for one in self.outside if one.source == reader.source), None)
        for one in news:
            try:
                await _fetch_one(reader, outside, (one.subject, one.external_id), found)
            except VendorFault as fault:
                log.warning("directory.not_looked_up", app=reader.source.app, fault=str(fault))
            else:
                found.done.append(one)
        return found

    def _take(
        self, source: Source, directory: Directory, session: Session, *, certain: bool, read_at: datetime
    ) -> Synced:
        done = sync.take(self._context(session), directory, source, certain=certain, read_at=read_at)
        self._tell(session, source, done.left)
        return done

    def _take_some(self, source: Source, found: _Found, session: Session) -> None:
        ctx = self._context(session)
        sync.settle(session, found.done)
        if found.people or found.tree or found.gone:
            done = sync.take_some(
                ctx, found.people, found.tree, source, gone=found.gone, read_at=found.read_at
            )
            self._tell(session, source, done.left)
        externals.take(ctx, source.platform, found.outside, whole=True)

    def _take_externals(self, source: Source, read: Read, session: Session, *, read_at: datetime) -> Imported:
        ctx = self._context(session)
        done = externals.take(ctx, source.platform, read.people)
        seen = {(one.external_id, follow.userid) for one in read.people for follow in one.follows}
        done.parted += externals.missing(ctx, source.platform, read.owners, seen)
        sync.over(session, source, (Subject.EXTERNAL,), read_at)
        return done

    def _tell(self, session: Session, source: Source, left: Iterable[Leaver]) -> None:
        """Whoever must decide hears of what a leaver leaves."""
        now = self.clock.now()
        today = self._context(session).local.date()
        for one in left:
            post = Post(session, self.voices, f"left:{one.member_id}:{now.isoformat()}", now)
            where = addresses(session, one.told, self.voices, (source.platform, source.app))
            for to in where.values():
                card = leaver_card(one, today)
                if card is not None:
                    post.show(to, card)
                else:
                    post.say(to, leaver_words(one))

    def _context(self, session: Session) -> Context:
        return Context(session, SYSTEM, self.clock.now(), None, self.business)


def sync_ticks(registrar: Registrar) -> list[Tick]:
    """What the clock calls."""
    return [
        Tick("directory.news", registrar.look_up, NEWS_EVERY),
        Tick("directory.night", registrar.by_night, NIGHT_EVERY),
    ]


async def _fetch_one(
    reader: Reader, outside: ExternalReader | None, about: tuple[Subject, str], found: _Found
) -> None:
    """Look one thing up. What is there no more is gone."""
    subject, external_id = about
    if subject is Subject.USER:
        person = await reader.user(external_id)
        found.people += [person] if person is not None else []
        found.gone += [about] if person is None else []
    elif subject is Subject.DEPARTMENT:
        department = await reader.department(external_id)
        found.tree += [department] if department is not None else []
        found.gone += [about] if department is None else []
    elif outside is not None:
        contact = await outside.one(external_id)
        found.outside.append(contact if contact is not None else External(external_id))


def _claim(session: Session, tonight: str, hour: int, now: datetime) -> bool:
    """Whether this replica does it in this hour: nobody else has it, and nobody has done it."""
    done = f"{tonight}:done"
    return done not in claimed(session, [done]) and once.first(session, f"{tonight}:{hour}", now)
