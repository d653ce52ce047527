"""What stands before a test begins: built once, in a transaction that stays open, and used by many tests.

Each test works on it in a session of its own, behind a savepoint, and leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, Self, TypeVar

import pytest
from _pytest.fixtures import FixtureFunctionDefinition
from sqlalchemy.engine import Connection
from sqlmodel import Session


class Standing(Protocol):
    """Something that is built with a session: a team, a conversation."""

    def moved(self, session: Session) -> Self:
        """The same, as another session sees it; what is done to it does not change this one."""


T = TypeVar("T", bound=Standing)


class Ground:
    """One connection with an open transaction; at most one thing stands on it at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._whole = connection.begin()
        self._build: Callable[[Session], Standing] | None = None
        self._made: Standing | None = None
        self._is_in_use = False

    @contextmanager
    def empty(self) -> Iterator[Session]:
        """A session on an empty database."""
        self._clear()
        with self._work() as session:
            yield session

    @contextmanager
    def on(self, build: Callable[[Session], T]) -> Iterator[T]:
        """What `build` makes of an empty database, in a session of its own: made anew only after another."""
        if self._build is not build:
            self._clear()
            with self._session() as session:
                self._made = build(session)
                session.commit()
            self._build = build
        made: T = self._made  # type: ignore[assignment]  # this very build has made it
        with self._work() as session:
            yield made.moved(session)

    def close(self) -> None:
        """Undo everything."""
        self._whole.rollback()

    def _clear(self) -> None:
        assert not self._is_in_use, "ask what stands for its session"
        self._whole.rollback()
        self._whole = self._connection.begin()
        self._build = self._made = None

    @contextmanager
    def _work(self) -> Iterator[Session]:
        """A session all of whose work is undone."""
        assert not self._is_in_use, "ask what stands for its session"
        self._is_in_use = True
        before = self._connection.begin_nested()
        try:
            with self._session() as session:
                yield session
        finally:
            before.rollback()
            self._is_in_use = False

    def _session(self) -> Session:
        return Session(self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


def standing(build: Callable[[Session], T]) -> FixtureFunctionDefinition:
    """A fixture of the name of `build`: what it makes, made once for the tests that follow each other."""

    def stood(ground: Ground) -> Iterator[T]:
        with ground.on(build) as made:
            yield made

    stood.__doc__ = build.__doc__
    return pytest.fixture(name=build.__name__)(stood)
