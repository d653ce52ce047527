"""The writer: jobs of many conversations, few commits.

A writer thread takes everything that waits in its queue into one transaction, a savepoint for each job,
and answers only after the commit: one fsync for many messages, and nothing is acknowledged before it is
durable. Alone a job commits at once; under load the batches grow by themselves. SQLite has one such
thread; PostgreSQL a few, each with its own connection.

When the transaction itself fails (a deadlock, a lost connection, a full disk), every job of the batch is
run again alone, so that one cannot spoil the others; a job must therefore have no effect outside its session.
"""

from __future__ import annotations

import asyncio
import itertools
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from store.checkpoints import Checkpoints
from store.database import is_transient
from store.fast import drive

T = TypeVar("T")
Job = Callable[[Session], T]

BATCH = 5  # jobs in one transaction: more save little and make the first wait for the last
LINGER = 0.02  # seconds in which a job that is in no hurry waits for others to share its commit
FIRST, NORMAL, LAST = 0, 1, 2
TRIES = 3
log = structlog.get_logger()


class NotDurable(Exception):
    """The database would not take it: nothing was written, the platform shall deliver again."""


@dataclass(frozen=True, slots=True)
class _Item:
    job: Callable[[Session], Any]
    future: Future[Any]
    patient: bool = False


@dataclass(slots=True)
class _Result:
    item: _Item
    value: Any = None
    error: BaseException | None = None


class Writer:
    """Runs jobs that write. `limit` bounds how many may wait."""

    def __init__(self, engine: Engine, *, threads: int = 1, limit: int = 5000) -> None:
        self._engine = engine
        self._queue: queue.PriorityQueue[tuple[int, int, _Item | None]] = queue.PriorityQueue()
        self._count = itertools.count()
        self._limit = limit
        self._threads = [
            threading.Thread(target=self._work, name=f"writer-{n}", daemon=True) for n in range(threads)
        ]
        self._checkpoints = Checkpoints(engine) if engine.dialect.name == "sqlite" else None
        self._linger = LINGER if threads == 1 else 0.0  # of several, the others take what comes
        self._closed = False
        for thread in self._threads:
            thread.start()

    async def run(self, job: Job[T], *, urgent: bool = False, patient: bool = False) -> T:
        """Run `job` in a savepoint of a coming transaction; its value once that is committed.

        What is `urgent` goes before what is not: small jobs that somebody waits for, and that make room.
        What is `patient` needs no commit of its own: with one thread it gives others `LINGER` to come along.
        Raises what the job raised (its savepoint is rolled back), or `NotDurable`.
        """
        if self._closed:
            raise NotDurable("the writer is closed")
        if self._queue.qsize() >= self._limit:
            raise NotDurable("too much is waiting to be written")
        future: Future[T] = Future()
        self._queue.put((FIRST if urgent else NORMAL, next(self._count), _Item(job, future, patient)))
        return await asyncio.wrap_future(future)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return self._queue.qsize()

    def close(self) -> None:
        """Finish what waits, then stop."""
        if self._closed:
            return
        self._closed = True
        for _ in self._threads:
            self._queue.put((LAST, next(self._count), None))
        for thread in self._threads:
            thread.join()
        if self._checkpoints is not None:
            self._checkpoints.close()

    def _work(self) -> None:
        connection: Connection | None = None
        while True:
            items, last = self._take()
            if items:
                connection = self._survive(connection, items)
            if last:
                break
        if connection is not None:
            connection.close()

    def _survive(self, connection: Connection | None, items: Sequence[_Item]) -> Connection | None:
        """Settle a batch; whatever happens, everybody gets an answer and the thread lives on."""
        try:
            return self._settle(connection, items)
        except Exception as error:  # the boundary of a batch: a fault of ours must not stop the writing
            log.error("writer.batch_failed", jobs=len(items), kind=type(error).__name__, exc_info=error)
            for item in items:
                if not item.future.done():
                    _answer(_Result(item, error=NotDurable("the batch failed")))
            return None

    def _take(self) -> tuple[list[_Item], bool]:
        items: list[_Item] = []
        _, _, item = self._queue.get()
        until = time.monotonic() + self._linger
        while item is not None:
            items.append(item)
            if len(items) >= BATCH:
                return items, False
            try:
                item = self._next(until if all(one.patient for one in items) else 0.0)
            except queue.Empty:
                return items, False
        return items, True

    def _next(self, until: float) -> _Item | None:
        """What comes by `until` (of the monotonic clock). Raises `queue.Empty` when nothing has come."""
        left = until - time.monotonic()
        return (self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait())[2]

    def _settle(self, connection: Connection | None, items: Sequence[_Item]) -> Connection | None:
        """Run a batch; when the transaction fails, run its jobs one by one."""
        connection, results = self._transaction(connection, items)
        if results is None and len(items) > 1:
            for item in items:
                connection = self._alone(connection, item)
            return connection
        if results is None:
            return self._alone(connection, items[0])
        for result in results:
            _answer(result)
        if self._checkpoints is not None:
            self._checkpoints.wrote()
        return connection

    def _alone(self, connection: Connection | None, item: _Item) -> Connection | None:
        for _ in range(TRIES):
            connection, results = self._transaction(connection, [item])
            if results is not None:
                _answer(results[0])
                return connection
        _answer(_Result(item, error=NotDurable("the database did not take it")))
        return connection

    def _transaction(
        self, connection: Connection | None, items: Sequence[_Item]
    ) -> tuple[Connection | None, list[_Result] | None]:
        """One transaction for `items`; no results when it could not be committed."""
        try:
            connection = connection or self._engine.connect()
            return connection, _all(connection, items)
        except (DBAPIError, OSError, _SpoiledError) as error:
            log.warning("writer.transaction_failed", jobs=len(items), error=type(error).__name__)
            if connection is not None:
                connection.invalidate()
                connection.close()
            return None, None


class _SpoiledError(Exception):
    """A job among others took the transaction with it."""


def _all(connection: Connection, items: Sequence[_Item]) -> list[_Result]:
    """Run the jobs and commit. Raises `_SpoiledError` when one of several took the transaction with it."""
    results: list[_Result] = []
    with connection.begin() as transaction:
        for item in items:
            results.append(_run(connection, item))
            if not transaction.is_active:
                break
        else:
            return results
    if len(items) > 1:
        raise _SpoiledError
    return results


def _run(connection: Connection, item: _Item) -> _Result:
    """One job in its savepoint, set and released by hand: a session's own costs several times as much.

    A flush that fails takes the whole transaction with it; the caller sees that and runs the others again.
    Faults of the database itself end the whole transaction.
    """
    drive(connection, "SAVEPOINT job")
    with Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session:
        try:
            value = item.job(session)
            session.flush()
        except BaseException as error:  # the job's error belongs to whoever asked for the job
            if is_transient(error):
                raise
            transaction = connection.get_transaction()
            if transaction is not None and transaction.is_active:
                drive(connection, "ROLLBACK TO SAVEPOINT job")
            return _Result(item, error=error)
    drive(connection, "RELEASE SAVEPOINT job")
    return _Result(item, value=value)


def _answer(result: _Result) -> None:
    if not result.item.future.set_running_or_notify_cancel():
        return
    if result.error is not None:
        result.item.future.set_exception(result.error)
    else:
        result.item.future.set_result(result.value)
