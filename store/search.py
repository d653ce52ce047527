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
from sqlalchemy import select, text
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import col

from store.among import by_ids
from store.names import bigrams, fold, norm
from store.tables import Customer, CustomerAlias

MOST_CANDIDATES = 300
MOST_FOUND = 2 * MOST_CANDIDATES  # those of everybody and those of one owner
MOST_GRAMS = 24
LIKELY = 60.0  # ratio of 0..100 from which a name is worth proposing
PART = 80.0  # from which one name holds the other, or is very much like it


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
_PG_ANY = "SELECT customer_id FROM customer_search WHERE {} LIMIT :most"


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

    Two conditions, each along its index: as one they would read every customer.
    """
    wanted = norm(name)
    what = select(col(Customer.id), col(Customer.name), col(Customer.owner_id)).where(
        col(Customer.archived_at).is_(None)
    )
    by_name = what.where(col(Customer.name_norm) == wanted)
    by_alias = what.join(CustomerAlias, col(CustomerAlias.customer_id) == col(Customer.id)).where(
        col(CustomerAlias.alias_norm).in_([wanted, fold(name)])
    )
    rows = session.execute(by_name.union_all(by_alias))
    found = {one: Match(one, full, owner, 100.0) for one, full, owner in rows}
    return [found[one] for one in sorted(found)]


def find(session: OrmSession, name: str, *, most: int = 5, owner_id: int = 0) -> list[Match]:
    """The customers that `name` may mean, best first: the very name, a part of it, or a typo.

    Of a name that very many hold, those of `owner_id` are found for certain.
    """
    found = exact(session, name)
    return found[:most] if found else alike(session, name, most=most, owner_id=owner_id)


def alike(session: OrmSession, name: str, *, most: int = 5, owner_id: int = 0) -> list[Match]:
    """The customers whose names hold `name` or are much like it, best first, the very name among them.

    The legal form is left aside: nearly everybody shares it.
    """
    grams = bigrams(norm(name))[:MOST_GRAMS]
    if not grams:
        return []
    ids = _holding(session, grams) or _sharing(session, grams)
    if owner_id and len(ids) >= MOST_CANDIDATES:
        ids = list(dict.fromkeys([*_of_owner(session, name, owner_id), *ids]))
    return _ranked(session, name, ids)[:most] if ids else []


def _of_owner(session: OrmSession, name: str, owner_id: int) -> list[int]:
    """The customers of one owner whose names hold `name`."""
    query = (
        select(col(Customer.id))
        .where(
            col(Customer.owner_id) == owner_id,
            col(Customer.archived_at).is_(None),
            col(Customer.name_norm).contains(norm(name), autoescape=True),
        )
        .limit(MOST_CANDIDATES)
    )
    return list(session.execute(query).scalars())


def _holding(session: OrmSession, grams: Sequence[str]) -> list[int]:
    if _is_sqlite(session):
        return _fts(session, _all(grams))
    rows = session.execute(_PG_ALL, {"grams": list(grams), "most": MOST_CANDIDATES})
    return [row[0] for row in rows]


def _sharing(session: OrmSession, grams: Sequence[str]) -> list[int]:
    """Candidates for a name with one wrong character, which spoils at most two neighbouring bigrams.

    What is left stands in runs before and after it, so that a candidate holds some pair of grams; one
    common gram alone would match half the country.
    """
    if len(grams) <= 3:  # too short for two intact grams in a row
        return _holding_some(session, [(gram,) for gram in grams])
    around = _holding(session, (grams[0], grams[-1]))
    return list(dict.fromkeys([*_holding_some(session, list(itertools.pairwise(grams))), *around]))


def _holding_some(session: OrmSession, wanted: Sequence[tuple[str, ...]]) -> list[int]:
    """Candidates that hold any of these; where that is very many, each has its say."""
    found = _holding_any(session, wanted)
    if len(found) < MOST_CANDIDATES:
        return found
    return list(dict.fromkeys(_holding_each(session, wanted)))


def _holding_each(session: OrmSession, wanted: Sequence[Sequence[str]]) -> Iterable[int]:
    """The candidates of each of these, one after the other; on PostgreSQL in one statement."""
    if _is_sqlite(session):
        return itertools.chain.from_iterable(_holding(session, some) for some in wanted)
    return _pg(session, " UNION ALL ".join(f"({_PG_ANY.format(one)})" for one in _places(wanted)), wanted)


def _holding_any(session: OrmSession, wanted: Sequence[Sequence[str]]) -> list[int]:
    """Candidates that hold all grams of any of these."""
    if _is_sqlite(session):
        return _fts(session, " OR ".join(f"({_all(grams)})" for grams in wanted))
    return _pg(session, _PG_ANY.format(" OR ".join(_places(wanted))), wanted)


def _places(wanted: Sequence[Sequence[str]]) -> list[str]:
    """The condition for each of these, as PostgreSQL takes it."""
    return [f"grams @> :g{place}" for place in range(len(wanted))]


def _pg(session: OrmSession, query: str, wanted: Sequence[Sequence[str]]) -> list[int]:
    values = {f"g{place}": list(grams) for place, grams in enumerate(wanted)}
    return [row[0] for row in session.execute(text(query), {**values, "most": MOST_CANDIDATES})]


def _fts(session: OrmSession, query: str) -> list[int]:
    rows = session.execute(_FTS_FIND, {"query": query, "most": MOST_CANDIDATES})
    return [row[0] for row in rows]


def _all(grams: Sequence[str]) -> str:
    return " AND ".join(_quoted(gram) for gram in grams)


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'


def _ranked(session: OrmSession, name: str, ids: Sequence[int]) -> list[Match]:
    wanted = norm(name)
    aliases: dict[int, list[str]] = {}
    known = select(col(CustomerAlias.customer_id), col(CustomerAlias.alias_norm))
    for customer_id, alias in session.execute(known.where(by_ids(col(CustomerAlias.customer_id), ids))):
        aliases.setdefault(customer_id, []).append(alias)
    query = select(
        col(Customer.id), col(Customer.name), col(Customer.name_norm), col(Customer.owner_id)
    ).where(by_ids(col(Customer.id), ids), col(Customer.archived_at).is_(None))
    matches = []
    for customer_id, full, name_norm, owner_id in session.execute(query):
        score = max(_score(wanted, other) for other in [name_norm, *aliases.get(customer_id, [])])
        if score >= LIKELY:
            matches.append(Match(customer_id, full, owner_id, score))
    return sorted(matches, key=lambda m: (-m.score, len(m.name), m.customer_id))


def _score(wanted: str, name: str) -> float:
    """How alike: 100 only for the same; a part counts for as much as it says."""
    if wanted == name:
        return 100.0
    if wanted in name or name in wanted:
        return PART + 19.0 * min(len(wanted), len(name)) / max(len(wanted), len(name))
    return min(float(fuzz.ratio(wanted, name)), 95.0)


def _is_sqlite(session: OrmSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"
