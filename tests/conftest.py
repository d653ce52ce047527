"""Fixtures shared by all rooms."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlmodel import Session

from store.database import Database, connect
from tests import statements  # noqa: F401
from tests.databases import Databases, quick_folder
from tests.ground import Ground

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A slow machine takes longer, and finds the same."""
settings.register_profile("same", PATIENT, derandomize=True, database=None)
settings.register_profile("explore", PATIENT, print_blob=True)
settings.load_profile("same")  # what passes here passes everywhere; `make explore` looks further
gc.disable()  # while the tests are collected: what is made then stays


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for garbage from here on, and only in what the tests make: the rest stays anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50)
    gc.enable()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The maker of databases, one for each test process.

    Its folder is not one of pytest's: those are cleaned by other runs, and a server lives in this one.
    """
    place = quick_folder()
    with tempfile.TemporaryDirectory(prefix="genjin-", dir=place, ignore_cleanup_errors=True) as folder:
        made = Databases(Path(folder))
        yield made
        made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """The URL of an empty, migrated database; each test that asks runs on both kinds."""
    with databases.fresh(request.param) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated database; each test that asks runs on both kinds."""
    opened = connect(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def quiet_database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A migrated database of each kind that nothing is ever committed to."""
    with databases.fresh(request.param) as url:
        opened = connect(url)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def ground(quiet_database: Database) -> Iterator[Ground]:
    """The transaction in which what many tests begin with stands."""
    with quiet_database.writer.connect() as connection:
        made = Ground(connection)
        yield made
        made.close()


@pytest.fixture
def session(ground: Ground) -> Iterator[Session]:
    """A session on an empty database; its commits are savepoints, and all is rolled back at the end."""
    with ground.empty() as opened:
        yield opened
