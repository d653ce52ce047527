"""Leases: one holder, taken over after the end."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlmodel import Session

from store.database import Database
from store.lease import hold, holder_of, release, release_all
from store.writer import Writer

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIFE = timedelta(seconds=30)


def test_a_process_that_is_alone_takes_all_leases_back(session: Session) -> None:
    assert hold(session, "aibot:a", "dead", NOW, LIFE)
    release_all(session)
    assert hold(session, "aibot:a", "one", NOW, LIFE)


def test_the_first_who_asks_has_it_and_others_have_not(session: Session) -> None:
    assert holder_of(session, "aibot:a", NOW) is None
    assert hold(session, "aibot:a", "one", NOW, LIFE)
    assert not hold(session, "aibot:a", "two", NOW + timedelta(seconds=29), LIFE)
    assert holder_of(session, "aibot:a", NOW) == "one"


def test_renewing_moves_the_end(session: Session) -> None:
    for n in range(10):
        assert hold(session, "aibot:a", "one", NOW + n * timedelta(seconds=20), LIFE)
        assert not hold(session, "aibot:a", "two", NOW + n * timedelta(seconds=20), LIFE)


def test_after_its_end_it_goes_to_another_and_the_old_holder_learns_it(session: Session) -> None:
    assert hold(session, "aibot:a", "one", NOW, LIFE)
    later = NOW + LIFE
    assert holder_of(session, "aibot:a", later) is None
    assert hold(session, "aibot:a", "two", later, LIFE)
    assert not hold(session, "aibot:a", "one", later, LIFE)


def test_what_is_given_back_can_be_taken_at_once(session: Session) -> None:
    assert hold(session, "aibot:a", "one", NOW, LIFE)
    release(session, "aibot:a", "two")
    assert not hold(session, "aibot:a", "two", NOW, LIFE)
    release(session, "aibot:a", "one")
    assert hold(session, "aibot:a", "two", NOW, LIFE)


def test_leases_by_other_names_are_other_leases(session: Session) -> None:
    assert hold(session, "aibot:a", "one", NOW, LIFE)
    assert hold(session, "aibot:b", "two", NOW, LIFE)


async def test_of_many_who_ask_at_once_one_has_it(database: Database) -> None:
    writers = [Writer(database.writer) for _ in range(4)]
    for n in range(5):
        now = NOW + n * LIFE
        asked = [writers[k % 4].run(partial(_ask, holder=f"p{k}", now=now)) for k in range(8)]
        assert (await asyncio.gather(*asked)).count(True) == 1
    for writer in writers:
        writer.close()


def _ask(session: Session, *, holder: str, now: datetime) -> bool:
    return hold(session, "aibot:a", holder, now, LIFE)
