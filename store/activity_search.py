"""Follow-ups found by any words in them: a bigram index of their text, the same on both databases.

SQLite keeps the bigrams in an FTS5 table without the text itself (rowid is the activity's id, so that the
newest come first by themselves); PostgreSQL in a `text[]` column under a GIN index. A GIN index knows no
order: each row also holds the token of its bucket of `BUCKET` neighbours, so that a common word is looked
for among the newest first. Rows are only ever added, as activities are; the index is filled behind
recording, by a tick that goes on from the newest row it has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from store.ids import earlier, new_id
from store.tables import Activity

LAG = 60.0  # seconds; ids are made before they are committed, so the newest ones may not all be there yet
BUCKET = 32_768  # rows
FIRST_BUCKETS, WIDER = 1, 4  # how many are looked through first, and how much wider it gets each time
FIRST_PORTION, WIDER_PORTION = 200, 8  # ids
MOST_GRAMS = 400  # of one activity
LONGEST_TEXT = 4_000  # characters of one activity

_FTS_TOP = text("SELECT max(id) FROM activity_search_docsize")
_FTS_ADD = text("INSERT INTO activity_search(rowid, grams) VALUES (:id, :grams)")
_FTS_FIND = text(
    "SELECT rowid FROM activity_search WHERE activity_search MATCH :query AND rowid < :before"
    " ORDER BY rowid DESC LIMIT :most"
)
_PG_TOP = text("SELECT max(activity_id) FROM activity_search")
_PG_LAST = text(
    "SELECT ordinal FROM activity_search WHERE activity_id < :before ORDER BY activity_id DESC LIMIT 1"
)
_PG_ADD = text(
    "INSERT INTO activity_search(activity_id, ordinal, grams) VALUES (:id, :ordinal, :grams)"
    " ON CONFLICT (activity_id) DO NOTHING"
)
_PG_FIND = text(
    "WITH hit AS MATERIALIZED (SELECT activity_id FROM activity_search"
    " WHERE grams @> :grams AND grams && :buckets)"
    " SELECT activity_id FROM hit WHERE activity_id < :before ORDER BY activity_id DESC LIMIT :most"
)
_OTHER = re.compile(r"[\W_]+")
NEWEST = 2**63 - 1
"""An id above all others."""


def plain(words: str) -> str:
    """Letters and digits alone, half-width and lower case: what is compared."""
    return _OTHER.sub("", unicodedata.normalize("NFKC", words).lower())


def grams(words: str) -> list[str]:
    """Neighbouring characters in pairs, each once, in order; none of a single character."""
    kept = plain(words[:LONGEST_TEXT])
    return list(dict.fromkeys(kept[i : i + 2] for i in range(len(kept) - 1)))[:MOST_GRAMS]


def position(session: Session) -> int:
    """The id of the newest activity in the index; 0 while it is empty. What is newer is not in it."""
    return session.execute(_FTS_TOP if _is_sqlite(session) else _PG_TOP).scalar() or 0


def waiting(session: Session, most: int) -> list[tuple[int, str]]:
    """The next activities to be added, oldest first: id and text."""
    settled = earlier(new_id(), LAG)
    query = (
        select(col(Activity.id), col(Activity.raw))
        .where(col(Activity.id) > position(session), col(Activity.id) <= settled)
        .order_by(col(Activity.id))
        .limit(most)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def add(session: Session, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Add activities with their grams, oldest first. Those that are there already are passed over."""
    if not rows:
        return
    if _is_sqlite(session):
        top = position(session)
        fresh = [{"id": i, "grams": " ".join(found)} for i, found in rows if i > top]
        if fresh:
            session.execute(_FTS_ADD, fresh)
        return
    last = session.execute(_PG_LAST, {"before": NEWEST}).scalar()
    first = 0 if last is None else last + 1
    session.execute(
        _PG_ADD,
        [
            {"id": i, "ordinal": n, "grams": [*found, _bucket(n // BUCKET)]}
            for n, (i, found) in enumerate(rows, start=first)
        ],
    )


def newest(session: Session, wanted: Sequence[str], before: int, most: int) -> Iterator[list[int]]:
    """The ids below `before` of activities that hold all these grams, the newest first, at most `most`.

    In portions that grow: whoever has enough asks no further.
    """
    search = _by_fts if _is_sqlite(session) else _by_gin
    return search(session, wanted, before, most)


def _by_fts(session: Session, wanted: Sequence[str], before: int, most: int) -> Iterator[list[int]]:
    query = " AND ".join(f'"{gram}"' for gram in wanted)
    size = FIRST_PORTION
    while most > 0:
        asked = min(size, most)
        values = {"query": query, "before": before, "most": asked}
        found = [row[0] for row in session.execute(_FTS_FIND, values)]
        if found:
            yield found
        if len(found) < asked:
            return
        before, most, size = found[-1], most - len(found), size * WIDER_PORTION


def _by_gin(session: Session, wanted: Sequence[str], before: int, most: int) -> Iterator[list[int]]:
    for buckets in _windows(session, before):
        values = {"grams": list(wanted), "buckets": buckets, "before": before, "most": most}
        found = [row[0] for row in session.execute(_PG_FIND, values)]
        size, start = FIRST_PORTION, 0
        while start < len(found):
            yield found[start : start + size]
            start, size = start + size, size * WIDER_PORTION
        most -= len(found)
        if most <= 0:
            return


def _windows(session: Session, before: int) -> Iterator[list[str]]:
    """The tokens of buckets to look through, from the newest on, more of them each time."""
    last = session.execute(_PG_LAST, {"before": before}).scalar()
    if last is None:
        return
    top, wide = last // BUCKET, FIRST_BUCKETS
    while top >= 0:
        yield [_bucket(n) for n in range(top, max(top - wide, -1), -1)]
        top, wide = top - wide, wide * WIDER


def _bucket(number: int) -> str:
    return f"#{number}"


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
