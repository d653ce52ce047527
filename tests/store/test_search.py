"""Customers found by name, alias, part and typo, the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from store import search
from store.names import bigrams, fold, norm
from store.tables import Customer, CustomerAlias, Member

NOW = datetime(2026, 11, 20, tzinfo=UTC)
COMPANIES = [
    "华润置地（华东）有限公司",
    "华润燃气集团",
    "苏州汇川技术有限公司",
    "招商银行深圳分行",
    "云帆网络科技有限公司",
    "BYD汽车工业有限公司",
]


@pytest.fixture
def filled(session: Session) -> Session:
    owner = Member(name="张伟", created_at=NOW, updated_at=NOW)
    session.add(owner)
    session.flush()
    for place, name in enumerate(COMPANIES):
        row = Customer(
            number=f"C{place}",
            name=name,
            name_norm=norm(name),
            owner_id=owner.id,
            created_at=NOW,
            updated_at=NOW,
        )
        session.add(row)
        session.flush()
        names = [name]
        if "置地" in name:
            session.add(
                CustomerAlias(customer_id=row.id, alias="润地", alias_norm=norm("润地"), created_at=NOW)
            )
            names.append("润地")
        search.index(session, row.id, names)
    session.flush()
    return session


def found(session: Session, name: str) -> list[str]:
    return [match.name for match in search.find(session, name)]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("华润置地（华东）有限公司", COMPANIES[0]),
        ("华润置地(华东)", COMPANIES[0]),
        ("润地", COMPANIES[0]),
        ("华润置地", COMPANIES[0]),
        ("汇川", COMPANIES[2]),
        ("苏州汇川", COMPANIES[2]),
        ("华仁置地华东", COMPANIES[0]),
        ("招商银行深训分行", COMPANIES[3]),
        ("byd", COMPANIES[5]),
        ("云帆", COMPANIES[4]),
    ],
)
def test_the_customer_that_is_meant_comes_first(filled: Session, asked: str, first: str) -> None:
    assert found(filled, asked)[0] == first


def test_a_part_that_fits_several_finds_them_all(filled: Session) -> None:
    assert set(found(filled, "华润")) == {COMPANIES[0], COMPANIES[1]}


@pytest.mark.parametrize(
    "asked", ["", " ", "完全不同的名字", "%", "'; DROP TABLE customer; --", '"', "*", "NEAR(", "有"]
)
def test_strange_questions_find_nothing_and_break_nothing(filled: Session, asked: str) -> None:
    assert found(filled, asked) == []


def test_the_legal_form_leads_nowhere_else(filled: Session) -> None:
    """Everybody is a 有限公司: what stands before it decides."""
    assert found(filled, "汇川技术股份有限公司")[0] == COMPANIES[2]
    assert COMPANIES[4] not in found(filled, "汇川股份有限公司")


def test_of_a_name_that_very_many_hold_ones_own_is_found(
    filled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_CANDIDATES", 1)
    owner = Member(name="李娜", created_at=NOW, updated_at=NOW)
    filled.add(owner)
    filled.flush()
    gas = search.exact(filled, COMPANIES[1])[0].customer_id
    filled.get_one(Customer, gas).owner_id = owner.id
    filled.flush()
    assert COMPANIES[1] in [one.name for one in search.find(filled, "华润", owner_id=owner.id)]


def test_what_is_forgotten_or_archived_is_not_found(filled: Session) -> None:
    match = search.find(filled, "云帆")[0]
    search.forget(filled, match.customer_id)
    assert found(filled, "云帆") == []


def test_a_renamed_customer_is_found_by_its_new_name(filled: Session) -> None:
    match = search.find(filled, "云帆")[0]
    search.index(filled, match.customer_id, ["海阔网络", "云帆网络科技有限公司"])
    assert match.customer_id in [m.customer_id for m in search.find(filled, "云帆")]


@given(st.text())
def test_names_compare_the_same_twice(name: str) -> None:
    assert norm(norm(name)) == norm(name)
    assert fold(fold(name)) == fold(name)


@given(st.text(min_size=2, max_size=20))
def test_every_pair_of_neighbours_is_a_gram(name: str) -> None:
    folded = fold(name)
    assert set(bigrams(name)) == ({folded[i : i + 2] for i in range(len(folded) - 1)} or ({folded} - {""}))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("华润置地（华东）有限公司", "华润置地华东"),
        ("万科企业股份有限公司", "万科"),
        ("美的集团", "美的"),
        ("公司", "公司"),
        (" Ａ Ｂ Ｃ 公司 ", "abc"),
    ],
)
def test_the_legal_form_does_not_count(name: str, plain: str) -> None:
    assert norm(name) == plain
