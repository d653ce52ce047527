"""SQLite's log is taken over into the database beside the writer, which would wait for the disk otherwise.

sqlite.org/wal.html: a passive checkpoint waits for nobody and holds nobody up. The log begins anew with the
first write after a checkpoint that has caught up; while somebody goes on writing it takes a few of them.
Where it never catches up, the writer does it by itself at `BACKSTOP_PAGES`.
"""

from __future__ import annotations

import threading

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

EVERY = 0.5  # seconds
AT_ONCE = 4  # checkpoints in a row: the first has the most to do, the last may catch up
BACKSTOP_PAGES = 32_000  # of 4 KiB
_CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)"
log = structlog.get_logger()


class Checkpoints:
    """A thread that works after each write, at most every `EVERY` seconds. Only for SQLite."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._written, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="checkpoints", daemon=True)
        self._thread.start()

    def wrote(self) -> None:
        """Something was committed."""
        self._written.set()

    def close(self) -> None:
        """Stop; what is in the log stays there until the database is opened again."""
        self._over.set()
        self._written.set()
        self._thread.join()

    def _work(self) -> None:
        while self._written.wait() and not self._over.wait(EVERY):
            self._written.clear()
            try:
                self.run()
            except (DBAPIError, self._engine.dialect.loaded_dbapi.Error) as error:
                log.warning("checkpoint.failed", kind=type(error).__name__)

    def run(self) -> None:
        """Take over what is in the log, as far as nobody still reads what was before."""
        connection = self._engine.raw_connection()  # no transaction: that is what the engine would begin
        try:
            cursor = connection.cursor()
            for _ in range(AT_ONCE):
                _, held, done = cursor.execute(_CHECKPOINT).fetchone()
                if done < held:
                    break  # somebody still reads what is older
            cursor.close()
        finally:
            connection.close()
