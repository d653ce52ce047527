"""The tick that fills the index of follow-ups: read and cut up beside the writer, added in small portions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog
from sqlmodel import Session

from store import activity_search
from store.database import Database
from store.writer import Writer

AT_ONCE = 300  # activities in one transaction: the writer is held for a few milliseconds
MOST = 9_000  # in one run of the tick, so that a big backlog does not hold up the other ticks
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Indexer:
    """Adds to the index what was recorded since. Two replicas at once do no harm."""

    database: Database
    writer: Writer

    async def run(self) -> None:
        """Let the index catch up, as far as one run goes."""
        for _ in range(MOST // AT_ONCE):
            rows = await asyncio.to_thread(self._read)
            if not rows:
                return
            await self.writer.run(partial(_add, rows))
            if len(rows) < AT_ONCE:
                return
        log.info("search.behind", added=MOST)

    def _read(self) -> list[tuple[int, list[str]]]:
        with Session(self.database.reader) as session:
            waiting = activity_search.waiting(session, AT_ONCE)
        return [(row_id, activity_search.grams(raw)) for row_id, raw in waiting]


def _add(rows: list[tuple[int, list[str]]], session: Session) -> None:
    activity_search.add(session, rows)
