"""SQLite's log is taken over into the file beside the writer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.event import listen

from store import checkpoints
from store.checkpoints import Checkpoints

PATIENCE = 30.0  # seconds, before a test gives up


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database whose log nobody takes over by himself."""
    made = create_engine(f"sqlite:///{tmp_path / 'kept.db'}")
    with made.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint = 0")
        connection.exec_driver_sql("CREATE TABLE said (words TEXT)")
        connection.commit()
    yield made
    made.dispose()


def say(engine: Engine, words: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (:words)"), {"words": words})


def in_the_file(engine: Engine) -> list[str]:
    """What stands in the database's file itself, whatever its log holds."""
    with closing(sqlite3.connect(f"file:{engine.url.database}?immutable=1", uri=True)) as connection:
        is_there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'said'").fetchone()
        return [words for (words,) in connection.execute("SELECT words FROM said")] if is_there else []


def test_what_is_in_the_log_comes_into_the_file(engine: Engine) -> None:
    taker = Checkpoints(engine)
    say(engine, "华润置地")
    assert in_the_file(engine) == []
    taker.run()
    assert in_the_file(engine) == ["华润置地"]
    taker.close()


def test_who_still_reads_is_not_disturbed(engine: Engine) -> None:
    taker = Checkpoints(engine)
    say(engine, "before")
    with closing(sqlite3.connect(str(engine.url.database), isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM said").fetchone() == (1,)
        say(engine, "after")
        taker.run()
        assert reader.execute("SELECT count(*) FROM said").fetchone() == (1,)
        reader.execute("COMMIT")
    taker.run()
    assert in_the_file(engine) == ["before", "after"]
    taker.close()


def test_it_is_done_soon_after_somebody_wrote(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 0.0)
    taker = Checkpoints(engine)
    say(engine, "华润置地")
    done = Event()
    listen(engine, "checkin", lambda *_: done.set())
    taker.wrote()
    assert done.wait(PATIENCE)
    assert in_the_file(engine) == ["华润置地"]
    taker.close()
