"""The tick that fills the index of follow-ups: in portions, from where it stopped, whatever else goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from bot import indexing
from bot.indexing import Indexer
from store import activity_search
from store.activity_search import NEWEST
from store.database import Database
from store.tables import Activity, Member
from store.writer import Writer

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def tell(database: Database, *ids: int) -> None:
    """Records that were made long ago."""
    with Session(database.writer) as session:
        member = session.get(Member, 1) or Member(id=1, name="张伟", created_at=NOW, updated_at=NOW)
        session.add(member)
        session.flush()
        for one in ids:
            row = Activity(id=one, kind="visit", author_id=1, raw="聊了二期", happened_at=NOW, created_at=NOW)
            session.add(row)
        session.commit()


def indexed(database: Database) -> list[int]:
    """What the index finds."""
    with Session(database.reader) as session:
        portions = list(activity_search.newest(session, ["二期"], NEWEST, 1000))
    return [one for portion in portions for one in portion]


async def test_it_goes_on_from_where_it_stopped(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    monkeypatch.setattr(indexing, "MOST", 4)
    writer = Writer(database.writer)
    tick = Indexer(database, writer)
    try:
        tell(database, *range(1, 8))
        await tick.run()
        assert indexed(database) == [4, 3, 2, 1], "one run goes only so far"
        await tick.run()
        assert indexed(database) == [7, 6, 5, 4, 3, 2, 1]
        tell(database, 8)
        await asyncio.gather(tick.run(), Indexer(database, writer).run())
        assert indexed(database)[0] == 8
        assert len(indexed(database)) == 8
    finally:
        writer.close()
