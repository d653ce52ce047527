"""The demo company for tests: filled in once for each time that it is told at, then copied."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime

from bot.demo.fill import fill
from config.business import Business
from tests.databases import Databases


def company(databases: Databases, kind: str, now: datetime) -> AbstractContextManager[str]:
    """The URL of a database of this kind with the demo company as of `now` (aware), gone afterwards."""
    return databases.filled(kind, f"company {now}", lambda session: fill(session, now, Business()))
