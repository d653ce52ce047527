"""Searching what was told: the follow-ups that hold some words, within one's rights, the newest first.

Who sees few customers has those looked through; for others the index gives the candidates. The index is
filled behind recording: what it does not hold yet is looked through as it stands, up to `FRESH` rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from crm.colleagues import names_of
from crm.context import Context
from crm.customers import few_of, get, short_names
from crm.errors import UserMistake
from crm.rights import Reach, reach, visible, words_of
from store import activity_search
from store.activity_search import NEWEST, plain
from store.among import among, by_ids
from store.tables import Activity

PAGE = 5
MANY = 200  # members whose follow-ups are not looked through one by one
MOST = 20_000  # activities of theirs
CANDIDATES = 10_000  # activities that the index gives for one page
FRESH = 2_000  # activities newer than the index
SHORTEST = 2
LONGEST = 60
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of `words` must be in the text; of one customer alone where it is given."""

    words: tuple[str, ...]
    customer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One follow-up. `happened` is local; `found` the place of the first word in `raw`: start and end."""

    id: int
    kind: str
    raw: str
    customer_id: int | None
    called: str
    author: str
    happened: datetime
    found: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A page. `before` is where the next one begins, None after the last.

    `thorough` is False where the words are so common that only the newest were looked through for it;
    `behind` where some of the newest records were in neither the index nor what was looked through.
    """

    hits: tuple[Hit, ...]
    before: int | None = None
    thorough: bool = True
    behind: bool = False
    customer: str = ""


def wanted(said: str, customer_id: int | None = None) -> Wanted:
    """What to look for, from what was typed. Raises `UserMistake` where that is too little."""
    words = tuple(dict.fromkeys(said[:LONGEST].split()))[:MOST_WORDS]
    if not any(len(plain(word)) >= SHORTEST for word in words):
        raise UserMistake("要搜的词至少两个字，例如：搜跟进 二期报价")
    return Wanted(words, customer_id)


def find(ctx: Context, what: Wanted, before: int = NEWEST) -> Found:
    """The follow-ups below the id `before` that hold the words. Raises `NotAllowed`."""
    search = _Search(ctx, what, [key for key in map(plain, what.words) if key], visible(ctx, Activity))
    if what.customer_id is not None:
        customer = get(ctx, what.customer_id)
        hits = search.kept(_about(ctx, [customer.id], before))
        return search.page(hits, called=short_names(ctx, [customer.id])[customer.id])
    within = reach(ctx, "activity")
    many = within.everything or len(within.members) > MANY
    few = None if many else few_of(ctx)
    if few is None:
        return search.by_index(before)
    return search.page(search.kept(_of_people(ctx, within, few, before)))


def _standing(before: int) -> Select[int, str]:
    return select(col(Activity.id), col(Activity.raw)).where(
        col(Activity.id) < before, col(Activity.voided_at).is_(None)
    )


def _about(ctx: Context, customers: Sequence[int], before: int) -> list[tuple[int, str]]:
    """The texts about these customers, the newest first."""
    return _texts(ctx, _standing(before).where(by_ids(col(Activity.customer_id), customers)), MOST)


def _of_people(
    ctx: Context, within: Reach, customers: Sequence[int], before: int
) -> Iterator[tuple[int, str]]:
    """The texts about these customers, and those of one's people about others and none, the newest first."""
    found = dict(_about(ctx, customers, before))
    elsewhere = col(Activity.customer_id).is_(None) | ~by_ids(col(Activity.customer_id), customers)
    theirs = _standing(before).where(among(col(Activity.author_id), within.members), elsewhere)
    found.update(_texts(ctx, theirs, MOST))
    if within.records:
        granted = _standing(before).where(by_ids(col(Activity.id), within.records))
        found.update(_texts(ctx, granted, MOST))
    return iter(sorted(found.items(), reverse=True))


def _texts(ctx: Context, query: Select[int, str], most: int) -> list[tuple[int, str]]:
    """Ids and texts, the newest first. Ordered by what no index has, so that the condition chooses it."""
    rows = ctx.session.execute(query.order_by((col(Activity.id) + 0).desc()).limit(most))
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class _Search:
    """One search: `keys` are the words as they are compared, `allowed` what the actor may see."""

    ctx: Context
    what: Wanted
    keys: Sequence[str]
    allowed: ColumnElement[bool]

    def by_index(self, before: int) -> Found:
        """The newest that the index does not hold, then what it gives, in growing portions."""
        session = self.ctx.session
        top = activity_search.position(session)
        fresh = self._fresh(top, before)
        behind = len(fresh) >= FRESH
        hits = self._seen([row for row in fresh if self._holds(row[1])])[: PAGE + 1]
        grams = list(dict.fromkeys(gram for key in self.keys for gram in activity_search.grams(key)))
        looked, last = 0, 0
        if len(hits) <= PAGE:
            for ids in activity_search.newest(session, grams, min(before, top + 1), CANDIDATES):
                hits += islice(self.kept(self._rows(ids)), PAGE + 1 - len(hits))
                if len(hits) > PAGE:
                    break
                looked, last = looked + len(ids), ids[-1]
        page = self.page(hits, behind=behind)
        if len(hits) > PAGE or looked < CANDIDATES:
            return page
        return Found(page.hits, last, thorough=False, behind=behind)

    def kept(self, rows: Iterable[tuple[int, str]]) -> Iterator[int]:
        """The ids of the texts that really hold all the words."""
        return (row_id for row_id, raw in rows if self._holds(raw))

    def page(self, hits: Iterable[int], *, behind: bool = False, called: str = "") -> Found:
        """The first page of these, with what is shown of each; nothing that the actor may not see."""
        ids = list(islice(hits, PAGE + 1))
        query = select(Activity).where(col(Activity.id).in_(ids), self.allowed)
        rows = list(self.ctx.session.scalars(query.order_by(col(Activity.id).desc())))[:PAGE] if ids else []
        names = short_names(self.ctx, [row.customer_id for row in rows if row.customer_id])
        authors = names_of(self.ctx, (row.author_id for row in rows))
        words = words_of(self.ctx, rows)
        shown = tuple(_hit(row, words[row.id], names, authors, self) for row in rows)
        return Found(shown, ids[PAGE - 1] if len(ids) > PAGE else None, behind=behind, customer=called)

    def _holds(self, raw: str) -> bool:
        text = plain(raw)
        return all(key in text for key in self.keys)

    def _fresh(self, top: int, before: int) -> list[tuple[int, str]]:
        """Texts newer than the index, the newest first."""
        query = _standing(before).where(col(Activity.id) > top).order_by(col(Activity.id).desc())
        return [(row[0], row[1]) for row in self.ctx.session.execute(query.limit(FRESH))]

    def _seen(self, rows: Sequence[tuple[int, str]]) -> list[int]:
        """The ids of those that the actor may see, in the same order."""
        ids = [row_id for row_id, _ in rows]
        if not ids:
            return []
        query = select(col(Activity.id)).where(col(Activity.id).in_(ids), self.allowed)
        seen = set(self.ctx.session.scalars(query))
        return [one for one in ids if one in seen]

    def _rows(self, ids: Sequence[int]) -> list[tuple[int, str]]:
        """The texts of these that stand and may be seen, the newest first."""
        query = _standing(NEWEST).where(by_ids(col(Activity.id), ids), self.allowed)
        return _texts(self.ctx, query, len(ids))


def _hit(
    row: Activity,
    words: str,
    names: Mapping[int, str],
    authors: Mapping[int | None, str],
    search: _Search,
) -> Hit:
    return Hit(
        id=row.id,
        kind=row.kind,
        raw=words,
        customer_id=row.customer_id,
        called=names.get(row.customer_id or 0, ""),
        author=authors[row.author_id],
        happened=search.ctx.wall(row.happened_at),
        found=place_of(words, search.what.words),
    )


def place_of(raw: str, words: Sequence[str]) -> tuple[int, int]:
    """Where the first of the words stands in a text, whatever its width, case and punctuation."""
    letters: list[str] = []
    places: list[int] = []
    for place, one in enumerate(raw):
        for letter in plain(one):
            letters.append(letter)
            places.append(place)
    text = "".join(letters)
    starts = [(at, len(key)) for key in map(plain, words) if key and (at := text.find(key)) >= 0]
    if not starts:
        return 0, 0
    start, length = min(starts)
    return places[start], places[start + length - 1] + 1
