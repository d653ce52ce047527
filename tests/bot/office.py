"""A small bot for tests: the real dispatch, writer and store, with handlers made for the test."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.dispatch import Dispatcher
from bot.model import Advisor
from bot.names import Names
from bot.plan import Planner
from bot.turns import Turns
from bot.voice import Voices
from bot.wecom.aibot.speech import AiBotVoice
from bot.wecom.speech import WeComVoice
from config.business import Business
from config.clock import JumpingClock
from handlers.incoming import Incoming, Kind
from handlers.router import Router
from store.database import Database
from store.tables import Identity, Inbox, Member, Outbox
from store.writer import Writer
from tests.patience import PATIENCE

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
BOT = "bot"
SECRET = b"a secret for tests, long enough"
_numbers = itertools.count(1)


@dataclass(slots=True)
class Office:
    """A running dispatcher over a database with two members."""

    database: Database
    writer: Writer
    dispatcher: Dispatcher
    clock: JumpingClock
    voices: Voices
    woken: list[int] = field(default_factory=list)

    async def close(self) -> None:
        """Stop."""
        await self.dispatcher.close()
        self.writer.close()

    def inbox(self) -> list[Inbox]:
        """All deliveries, in the order in which they came."""
        with Session(self.database.reader, expire_on_commit=False) as session:
            return list(session.execute(select(Inbox).order_by(col(Inbox.id))).scalars())

    def outbox(self) -> list[Outbox]:
        """All letters, in order."""
        with Session(self.database.reader, expire_on_commit=False) as session:
            return list(session.execute(select(Outbox).order_by(col(Outbox.id))).scalars())


def open_office(
    database: Database, router: Router, advise: Callable[[Planner], Advisor] | None = None
) -> Office:
    """An office whose members are zhangwei and lina, his manager; `advise` makes its advisor."""
    with Session(database.writer, expire_on_commit=False) as session:
        boss = _member(session, "李娜", "lina", None)
        _member(session, "张伟", "zhangwei", boss.id)
        session.commit()
    clock = JumpingClock(NOW)
    voices: Voices = {("wecom", "main"): WeComVoice(1000002, SECRET), ("wecom", BOT): AiBotVoice(SECRET)}
    names = Names()
    with Session(database.reader) as session:
        names.load(session)
    writer = Writer(database.writer)
    planner = Planner(router, SECRET, Business(), lambda: names.lexicon)
    woken: list[int] = []
    advisor = advise(planner) if advise else None
    turns = Turns(planner, voices, frozenset({("wecom", BOT)}))
    dispatcher = Dispatcher(database, writer, turns, names, clock, lambda: woken.append(1), advisor)
    return Office(database, writer, dispatcher, clock, voices, woken)


def _member(session: Session, name: str, userid: str, superior: int | None) -> Member:
    row = Member(name=name, superior_id=superior, created_at=NOW, updated_at=NOW)
    session.add(row)
    session.flush()
    session.add(Identity(platform="wecom", app="main", external_id=userid, member_id=row.id, created_at=NOW))
    session.flush()
    return row


def text(words: str, sender: str = "ZhangWei", delivery: str = "") -> Incoming:
    """A message, by default one that was never delivered before."""
    return Incoming(
        platform="wecom",
        app="main",
        conversation=sender,
        sender=sender,
        kind=Kind.TEXT,
        delivery_id=delivery or f"d{next(_numbers)}",
        sent_at=NOW,
        text=words,
    )


async def until(condition: asyncio.Event) -> None:
    """Wait for something, not for ever."""
    async with asyncio.timeout(PATIENCE):
        await condition.wait()
