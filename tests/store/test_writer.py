"""The writer: one commit for many jobs, each in a savepoint of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from store.database import Database
from store.tables import TickRun
from store.writer import NotDurable, Writer

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def writer(database: Database) -> Iterator[Writer]:
    opened = Writer(database.writer)
    yield opened
    opened.close()


def put(name: str, session: Session) -> str:
    session.add(TickRun(name=name, claimed_at=NOW))
    session.flush()
    return name


def names(database: Database) -> list[str]:
    with Session(database.reader) as session:
        return list(session.execute(select(col(TickRun.name)).order_by(col(TickRun.name))).scalars())


async def test_answers_after_the_commit(database: Database, writer: Writer) -> None:
    assert await writer.run(lambda s: put("a", s)) == "a"
    assert names(database) == ["a"]


async def test_a_patient_job_shares_the_commit_of_the_next(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_linger", 60.0)
    commits: list[object] = []
    event.listen(database.writer, "commit", commits.append)
    first = asyncio.create_task(writer.run(lambda s: put("a", s), patient=True))
    await asyncio.sleep(0)  # it is queued
    await asyncio.gather(first, writer.run(lambda s: put("b", s)))
    assert names(database) == ["a", "b"]
    assert len(commits) == 1


async def test_a_patient_job_does_not_wait_for_ever(database: Database, writer: Writer) -> None:
    assert await asyncio.wait_for(writer.run(lambda s: put("a", s), patient=True), 30) == "a"
    assert names(database) == ["a"]


async def test_a_failing_job_leaves_its_neighbours_alone(database: Database, writer: Writer) -> None:
    def broken(session: Session) -> None:
        put("broken", session)
        raise RuntimeError("no")

    results = await asyncio.gather(
        writer.run(lambda s: put("a", s)),
        writer.run(broken),
        writer.run(lambda s: put("b", s)),
        return_exceptions=True,
    )
    assert [type(r) for r in results] == [str, RuntimeError, str]
    assert names(database) == ["a", "b"]


async def test_a_clash_is_the_jobs_own_fault(database: Database, writer: Writer) -> None:
    await writer.run(lambda s: put("a", s))
    with pytest.raises(IntegrityError):
        await writer.run(lambda s: put("a", s))
    assert names(database) == ["a"]


async def test_many_waiting_jobs_share_few_commits(database: Database) -> None:
    commits = 0
    gate = threading.Event()

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1

    event.listen(database.writer, "commit", count)
    writer = Writer(database.writer)
    held = asyncio.ensure_future(writer.run(lambda _s: gate.wait(10)))
    jobs = [asyncio.ensure_future(writer.run(partial(put, f"{n:03d}"))) for n in range(100)]
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(held, *jobs)
    writer.close()
    assert len(names(database)) == 100
    assert commits <= 30


async def test_when_the_transaction_fails_each_job_is_run_again_alone(database: Database) -> None:
    gate = threading.Event()
    failures = iter([True])

    def fail_once(_connection: object) -> None:
        if next(failures, False):
            raise OSError("the disk went away")

    writer = Writer(database.writer)
    held = asyncio.ensure_future(writer.run(lambda _s: gate.wait(10)))
    jobs = [asyncio.ensure_future(writer.run(partial(put, str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    event.listen(database.writer, "commit", fail_once)
    gate.set()
    await asyncio.gather(held, *jobs)
    writer.close()
    assert names(database) == [str(n) for n in range(5)]


async def test_says_so_when_the_database_takes_nothing(database: Database) -> None:
    def fail(_connection: object) -> None:
        raise OSError("disk full")

    event.listen(database.writer, "commit", fail)
    writer = Writer(database.writer)
    with pytest.raises(NotDurable):
        await writer.run(lambda s: put("a", s))
    event.remove(database.writer, "commit", fail)
    assert await writer.run(lambda s: put("b", s)) == "b"
    writer.close()
    assert names(database) == ["b"]


async def test_too_much_waiting_is_refused(database: Database) -> None:
    gate, begun = threading.Event(), threading.Event()

    def hold(_session: Session) -> bool:
        begun.set()
        return gate.wait(10)

    writer = Writer(database.writer, limit=2)
    held = asyncio.ensure_future(writer.run(hold))
    await asyncio.to_thread(begun.wait, 10)
    jobs = [asyncio.ensure_future(writer.run(lambda s: s.execute(select(func.count())))) for _ in range(3)]
    done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    assert isinstance(next(iter(done)).exception(), NotDurable)
    gate.set()
    await asyncio.wait([held, *jobs])
    writer.close()


async def test_a_closed_writer_takes_nothing(writer: Writer) -> None:
    writer.close()
    with pytest.raises(NotDurable):
        await writer.run(lambda s: put("a", s))


def test_sqlite_is_durable_and_does_not_wait_too_long(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("SQLite's own settings")
    with database.writer.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert asked["journal_mode"] == "wal"
    assert asked["synchronous"] == 2
    assert asked["busy_timeout"] < 4000
    assert asked["foreign_keys"] == 1
