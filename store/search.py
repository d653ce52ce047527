"""Customers found by a part of a name or despite a typo: one bigram index, the same on both databases.

SQLite keeps the bigrams in an FTS5 table (rowid is the customer's id), PostgreSQL in a `text[]` column
under a GIN index. Trigrams would not do: they cannot match a name of two characters. Candidates that
share all bigrams come first; failing that, those that share the rarest few; rapidfuzz ranks them.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import col

from store.names import bigrams, fold, norm
from store.tables import Customer, CustomerAlias

MOST_CANDIDATES = 300
MOST_GRAMS = 24
LIKELY = 60.0  # ratio of 0..100 from which a name is worth proposing


@dataclass(frozen=True, slots=True)
class Match:
    """A customer that may be meant; `score` 0..100, 100 for the very name."""

    customer_id: int
    name: str
    owner_id: int
    score: float


_FTS_PUT = text("INSERT INTO customer_search(rowid, grams) VALUES (:id, :grams)")
_FTS_DROP = text("DELETE FROM customer_search WHERE rowid = :id")
_FTS_FIND = text("SELECT rowid FROM customer_search WHERE customer_search MATCH :query LIMIT :most")
_PG_PUT = text(
    "INSERT INTO customer_search(customer_id, grams) VALUES (:id, :grams)"
    " ON CONFLICT (customer_id) DO UPDATE SET grams = excluded.grams"
)
_PG_DROP = text("DELETE FROM customer_search WHERE customer_id = :id")
_PG_ALL = text("SELECT customer_id FROM customer_search WHERE grams @> :grams LIMIT :most")


def index(session: OrmSession, customer_id: int, names: Iterable[str]) -> None:
    """Make a customer findable by `names`, in place of what it was found by before."""
    grams = list(dict.fromkeys(itertools.chain.from_iterable(bigrams(n) for n in names)))
    if _is_sqlite(session):
        session.execute(_FTS_DROP, {"id": customer_id})
        session.execute(_FTS_PUT, {"id": customer_id, "grams": " ".join(grams)})
    else:
        session.execute(_PG_PUT, {"id": customer_id, "grams": grams})


def fill(session: OrmSession, names: Iterable[tuple[int, str]]) -> None:
    """Index many customers by their names at once, of which the index knows none yet."""
    rows = [(one, bigrams(name)) for one, name in names]
    if _is_sqlite(session):
        session.execute(_FTS_PUT, [{"id": one, "grams": " ".join(grams)} for one, grams in rows])
    else:
        session.execute(_PG_PUT, [{"id": one, "grams": grams} for one, grams in rows])


def forget(session: OrmSession, customer_id: int) -> None:
    """Make a customer unfindable."""
    session.execute(_FTS_DROP if _is_sqlite(session) else _PG_DROP, {"id": customer_id})


def exact(session: OrmSession, name: str) -> list[Match]:
    """Customers with this very name or alias (legal form, width, case and punctuation aside).

    Two queries, each along its index: together they would be one that reads every customer.
    """
    wanted = norm(name)
    what = select(col(Customer.id), col(Customer.name), col(Customer.owner_id)).where(
        col(Customer.archived_at).is_(None)
    )
    by_name = what.where(col(Customer.name_norm) == wanted)
    by_alias = what.join(CustomerAlias, col(CustomerAlias.customer_id) == col(Customer.id)).where(
        col(CustomerAlias.alias_norm).in_([wanted, fold(name)])
    )
    found = {
        one: Match(one, full, owner, 100.0)
        for query in (by_name, by_alias)
        for one, full, owner in session.execute(query)
    }
    return [found[one] for one in sorted(found)]


def find(session: OrmSession, name: str, *, most: int = 5) -> list[Match]:
    """The customers that `name` may mean, best first: the very name, a part of it, or a typo."""
    found = exact(session, name)
    return found[:most] if found else alike(session, name, most=most)


def alike(session: OrmSession, name: str, *, most: int = 5) -> list[Match]:
    """The customers whose names hold `name` or are much like it, best first, the very name among them."""
    grams = bigrams(name)[:MOST_GRAMS]
    if not grams:
        return []
    ids = _holding(session, grams) or _sharing(session, grams)
    return _ranked(session, name, ids)[:most] if ids else []


def _holding(session: OrmSession, grams: Sequence[str]) -> list[int]:
    if _is_sqlite(session):
        return _fts(session, " AND ".join(_quoted(g) for g in grams))
    rows = session.execute(_PG_ALL, {"grams": list(grams), "most": MOST_CANDIDATES})
    return [row[0] for row in rows]


def _sharing(session: OrmSession, grams: Sequence[str]) -> list[int]:
    """Candidates for a name with one wrong character, which spoils at most two neighbouring bigrams.

    What is left stands in runs before and after it, so that a candidate holds some pair of grams; one
    common gram alone would match half the country.
    """
    if len(grams) <= 3:  # too short for two intact grams in a row
        wanted: list[tuple[str, ...]] = [(g,) for g in grams]
    else:
        wanted = [*itertools.pairwise(grams), (grams[0], grams[-1])]
    ids: dict[int, None] = {}
    for some in wanted:
        ids.update(dict.fromkeys(_holding(session, some)))
        if len(ids) >= MOST_CANDIDATES:
            break
    return list(ids)


def _fts(session: OrmSession, query: str) -> list[int]:
    rows = session.execute(_FTS_FIND, {"query": query, "most": MOST_CANDIDATES})
    return [row[0] for row in rows]


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'


def _ranked(session: OrmSession, name: str, ids: Sequence[int]) -> list[Match]:
    wanted = norm(name)
    aliases: dict[int, list[str]] = {}
    for customer_id, alias in session.execute(
        select(col(CustomerAlias.customer_id), col(CustomerAlias.alias_norm)).where(
            col(CustomerAlias.customer_id).in_(bindparam("ids", expanding=True))
        ),
        {"ids": list(ids)},
    ):
        aliases.setdefault(customer_id, []).append(alias)
    query = select(
        col(Customer.id), col(Customer.name), col(Customer.name_norm), col(Customer.owner_id)
    ).where(
        col(Customer.id).in_(bindparam("ids", expanding=True)),
        col(Customer.archived_at).is_(None),
    )
    matches = []
    for customer_id, full, name_norm, owner_id in session.execute(query, {"ids": list(ids)}):
        score = max(_score(wanted, other) for other in [name_norm, *aliases.get(customer_id, [])])
        if score >= LIKELY:
            matches.append(Match(customer_id, full, owner_id, score))
    return sorted(matches, key=lambda m: (-m.score, len(m.name), m.customer_id))


def _score(wanted: str, name: str) -> float:
    """How alike: 100 only for the same; a part counts for as much as it says."""
    if wanted == name:
        return 100.0
    if wanted in name or name in wanted:
        return 80.0 + 19.0 * min(len(wanted), len(name)) / max(len(wanted), len(name))
    return min(float(fuzz.ratio(wanted, name)), 95.0)


def _is_sqlite(session: OrmSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"
