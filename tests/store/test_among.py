"""Many ids as one value mean what the same ids in a list mean, and an index still finds them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, not_, select, text
from sqlmodel import Session, col

from store.among import FEW, among, by_ids
from store.tables import Member

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def members(session: Session) -> Session:
    """Members 1 to 40."""
    session.add_all(Member(id=n, name=f"同事{n}", created_at=NOW, updated_at=NOW) for n in range(1, 41))
    session.flush()
    return session


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.frozensets(st.integers(-3, 60), max_size=60), st.sampled_from([0, FEW]))
def test_it_is_the_same_as_a_list(members: Session, ids: frozenset[int], others: int) -> None:
    many = ids | set(range(1000, 1000 + others + 1))
    for asked in (among(col(Member.id), many), by_ids(col(Member.id), ids)):
        assert_same(members, asked, ids)


def assert_same(members: Session, asked: ColumnElement[bool], ids: frozenset[int]) -> None:
    found = set(members.scalars(select(col(Member.id)).where(asked)))
    assert found == {one for one in ids if 1 <= one <= 40}
    others = set(members.scalars(select(col(Member.id)).where(not_(asked))))
    assert others == set(range(1, 41)) - found


def test_it_joins_with_other_conditions(members: Session) -> None:
    for some in (by_ids(col(Member.id), [1, 2, 3]), among(col(Member.id), [1, 2, 3, *range(1000, 2000)])):
        both = select(col(Member.id)).where(some | (col(Member.id) == 7), col(Member.name) != "同事2")
        assert set(members.scalars(both)) == {1, 3, 7}


def test_the_statement_does_not_grow_with_the_ids(members: Session) -> None:
    dialect = members.get_bind().dialect
    made = {
        str(select(Member).where(among(col(Member.id), range(n))).compile(dialect=dialect))
        for n in (300, 2000)
    }
    assert len(made) == 1


def test_an_index_finds_them(members: Session) -> None:
    dialect = members.get_bind().dialect
    query = select(col(Member.id)).where(by_ids(col(Member.id), [1, 2, 3]))
    made = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    sqlite = dialect.name == "sqlite"
    if not sqlite:
        members.execute(text("SET LOCAL enable_seqscan = off"))
    rows = members.execute(text(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{made}")).all()
    plan = "\n".join(str(row[-1]) for row in rows)
    assert ("SEARCH member USING INTEGER PRIMARY KEY" if sqlite else "Index Cond") in plan
