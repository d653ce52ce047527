"""The index of follow-ups: the newest first, added once, found by an index on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from store import activity_search
from store.activity_search import NEWEST, add, grams, plain, position, waiting
from store.ids import earlier, new_id
from store.tables import Activity, Member

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def put(session: Session, *texts: str) -> list[int]:
    """Index texts under ids 1, 2, 3 … beyond those that are there."""
    first = position(session) + 1
    add(session, [(first + n, grams(one)) for n, one in enumerate(texts)])
    return [first + n for n in range(len(texts))]


def newest(session: Session, wanted: list[str], before: int, most: int) -> list[int]:
    """All portions together."""
    return [one for portion in activity_search.newest(session, wanted, before, most) for one in portion]


def test_the_newest_come_first_and_in_pages(session: Session) -> None:
    put(session, "二期报价", "二期的事", "再谈二期报价", "报价", "二 期")
    assert newest(session, grams("二期"), NEWEST, 10) == [5, 3, 2, 1]
    assert newest(session, grams("二期报价"), NEWEST, 10) == [3, 1]
    assert newest(session, grams("二期"), 5, 2) == [3, 2]
    assert newest(session, grams("三期"), NEWEST, 10) == []


def test_width_case_and_punctuation_do_not_matter(session: Session) -> None:
    put(session, "型号ＧＡ37，停产")
    for said in ("ga37", "GA-37", "Ga 37", "37停"):
        assert newest(session, grams(said), NEWEST, 10) == [1], said


def test_adding_again_changes_nothing(session: Session) -> None:
    put(session, "二期报价")
    add(session, [(1, grams("别的"))])
    assert newest(session, grams("二期"), NEWEST, 10) == [1]
    assert newest(session, grams("别的"), NEWEST, 10) == []
    put(session, "")
    assert position(session) == 2


def test_what_was_recorded_just_now_waits(session: Session) -> None:
    member = Member(name="张伟", created_at=NOW, updated_at=NOW)
    session.add(member)
    session.flush()
    old, new = earlier(new_id(), 120), new_id()
    for row_id in (old, new):
        session.add(
            Activity(
                id=row_id, kind="visit", author_id=member.id, raw="聊了二期", happened_at=NOW, created_at=NOW
            )
        )
    session.flush()
    assert [row_id for row_id, _ in waiting(session, 10)] == [old]
    add(session, [(row_id, grams(raw)) for row_id, raw in waiting(session, 10)])
    assert position(session) == old
    assert waiting(session, 10) == []


def test_it_is_found_by_the_index(session: Session) -> None:
    put(session, "二期报价", "三期报价")
    if session.get_bind().dialect.name == "sqlite":
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {activity_search._FTS_FIND}"), _values("sqlite"))
        assert "VIRTUAL TABLE INDEX" in str(plan.all())
        return
    session.execute(text("SET LOCAL enable_seqscan = off"))  # two rows are read faster without any index
    plan = session.execute(text(f"EXPLAIN {activity_search._PG_FIND}"), _values("postgresql"))
    assert "ix_activity_search_grams" in str(plan.all())


def _values(kind: str) -> dict[str, object]:
    if kind == "sqlite":
        return {"query": '"二期"', "before": NEWEST, "most": 10}
    return {"grams": ["二期"], "buckets": ["#0"], "before": NEWEST, "most": 10}


@pytest.mark.parametrize("size", [1, 2, 5])
def test_buckets_of_any_size_give_the_same(
    session: Session, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_search, "BUCKET", size)
    for number in range(20):
        put(session, "预算" if number % 3 == 0 else "交期")
    wanted = [number + 1 for number in reversed(range(20)) if number % 3 == 0]
    assert newest(session, ["预算"], NEWEST, 100) == wanted
    assert newest(session, ["预算"], wanted[2], 2) == wanted[3:5]


@given(st.text(max_size=60))
def test_grams_are_pairs_of_letters_and_digits(words: str) -> None:
    kept = plain(words)
    assert kept.isalnum() or not kept
    assert all(len(gram) == 2 and gram in kept for gram in grams(words))


def test_a_very_long_text_is_indexed_in_part() -> None:
    assert len(grams("".join(chr(0x4E00 + n % 5000) for n in range(20_000)))) == activity_search.MOST_GRAMS


def test_portions_grow_and_end_where_enough_was_found(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity_search, "FIRST_PORTION", 2)
    monkeypatch.setattr(activity_search, "WIDER_PORTION", 3)
    put(session, *["预算"] * 20)
    portions = [len(one) for one in activity_search.newest(session, ["预算"], NEWEST, 100)]
    assert portions == [2, 6, 12]
    assert [len(one) for one in activity_search.newest(session, ["预算"], NEWEST, 5)] == [2, 3]
