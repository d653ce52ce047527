"""Searching follow-ups: within one's rights, the newest first, in pages, indexed or not yet."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, select
from sqlmodel import Session

from crm import customers, finding, visits
from crm.errors import NotAllowed, UserMistake
from crm.finding import Found, place_of, wanted
from crm.visits import ActivityKind, Draft
from store import activity_search
from store.activity_search import grams, plain
from store.tables import Activity, Customer
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

IN_THE_PAST = itertools.count(1)
"""Ids that were made long ago, so that the index takes them at once."""


@standing
def team(session: Session) -> Team:
    """The team; 华星 belongs to 张伟, 恒瑞 to 吴婷."""
    team = make_team(session)
    team.customer("zhang", "华星科技有限公司", "华星")
    team.customer("wu", "恒瑞医药", "恒瑞")
    return team


@pytest.fixture(params=["looked through", "index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to the same hits: for who sees few customers, and for everybody else."""
    if request.param == "index":
        monkeypatch.setattr(customers, "FEW", 0)
    return str(request.param)


def tell(team: Team, who: str, customer: str | None, raw: str) -> Activity:
    """A record that was made long ago."""
    ids = {"华星": 0, "恒瑞": 1}
    known = sorted(team.session.scalars(_customers()), key=lambda c: c.id)
    row = Activity(
        id=next(IN_THE_PAST),
        kind="visit",
        customer_id=known[ids[customer]].id if customer else None,
        author_id=team.members[who].id,
        raw=raw,
        happened_at=NOW,
        created_at=NOW,
    )
    team.session.add(row)
    team.session.flush()
    return row


def _customers() -> Select[Customer]:
    return select(Customer)


def index(team: Team) -> int:
    """Let the index catch up; how many were added."""
    rows = activity_search.waiting(team.session, 1000)
    activity_search.add(team.session, [(i, grams(raw)) for i, raw in rows])
    return len(rows)


def texts(found: Found) -> list[str]:
    """What was found."""
    return [hit.raw for hit in found.hits]


def test_the_newest_come_first_and_only_what_holds_all_words(team: Team, way: str) -> None:
    tell(team, "zhang", "华星", "聊了二期报价，预算58万")
    tell(team, "zhang", "华星", "聊了二期的事，报价还没给")
    tell(team, "zhang", "华星", "又聊了 二期-报价")
    index(team)
    found = finding.find(team.as_("zhang"), wanted("二期报价"))
    assert texts(found) == ["又聊了 二期-报价", "聊了二期报价，预算58万"]
    assert texts(finding.find(team.as_("zhang"), wanted("二期 预算"))) == ["聊了二期报价，预算58万"]
    assert found.before is None
    assert found.thorough


def test_what_the_index_does_not_hold_yet_is_found_as_well(team: Team, way: str) -> None:
    tell(team, "zhang", "华星", "型号GA37已经停产")
    index(team)
    told = visits.record(
        team.as_("zhang"), Draft(ActivityKind.CALL, raw="客户又问ＧＡ37", customer_id=_first(team))
    )
    assert index(team) == 0  # too new: others may still be written with smaller ids
    found = finding.find(team.as_("zhang"), wanted("ga37"))
    assert found.hits[0].id == told.activity.id
    assert len(found.hits) == 2


def _first(team: Team) -> int:
    return min(c.id for c in team.session.scalars(_customers()))


def test_nothing_outside_ones_rights_is_found(team: Team, way: str) -> None:
    tell(team, "zhang", "华星", "预算58万")
    tell(team, "wu", "恒瑞", "预算90万")
    tell(team, "wu", None, "自己记一下预算的事")
    index(team)
    assert texts(finding.find(team.as_("zhang"), wanted("预算"))) == ["预算58万"]
    assert texts(finding.find(team.as_("li"), wanted("预算"))) == ["预算58万"]
    assert len(finding.find(team.as_("chen"), wanted("预算")).hits) == 3
    other = max(c.id for c in team.session.scalars(_customers()))
    with pytest.raises(NotAllowed):
        finding.find(team.as_("zhang"), wanted("预算", other))


def test_pages_go_on_where_the_last_one_ended(team: Team, way: str) -> None:
    for n in range(12):
        tell(team, "zhang", "华星", f"第{n:02}次说预算")
    index(team)
    seen: list[str] = []
    found = finding.find(team.as_("zhang"), wanted("预算"))
    while True:
        seen += texts(found)
        if found.before is None:
            break
        found = finding.find(team.as_("zhang"), wanted("预算"), found.before)
    assert seen == [f"第{n:02}次说预算" for n in reversed(range(12))]


def test_what_was_taken_back_is_not_found(team: Team, way: str) -> None:
    row = tell(team, "zhang", "华星", "预算58万")
    index(team)
    row.voided_at = NOW + timedelta(hours=1)
    team.session.flush()
    assert not finding.find(team.as_("zhang"), wanted("预算")).hits


def test_of_one_customer_only_its_own(team: Team) -> None:
    tell(team, "zhang", "华星", "预算58万")
    tell(team, "wu", "恒瑞", "预算90万")
    found = finding.find(team.as_("chen"), wanted("预算", _first(team)))
    assert (texts(found), found.customer) == (["预算58万"], "华星")


def test_a_common_word_is_looked_for_among_the_newest(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "FEW", 0)
    monkeypatch.setattr(finding, "CANDIDATES", 4)
    tell(team, "zhang", "华星", "预算58万")
    for _ in range(6):
        tell(team, "wu", "恒瑞", "预算90万")
    index(team)
    first = finding.find(team.as_("zhang"), wanted("预算"))
    assert (texts(first), first.thorough) == ([], False)
    assert first.before is not None
    assert texts(finding.find(team.as_("zhang"), wanted("预算"), first.before)) == ["预算58万"]


def test_buckets_do_not_hide_anything(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "FEW", 0)
    monkeypatch.setattr(activity_search, "BUCKET", 2)
    for n in range(30):
        tell(team, "zhang", "华星", f"第{n:02}次说{'预算' if n % 3 == 0 else '交期'}")
        index(team)
    found = finding.find(team.as_("zhang"), wanted("预算"))
    assert texts(found) == [f"第{n:02}次说预算" for n in (27, 24, 21, 18, 15)]
    rest = finding.find(team.as_("zhang"), wanted("预算"), found.before or 0)
    assert texts(rest) == [f"第{n:02}次说预算" for n in (12, 9, 6, 3, 0)]


def test_a_single_character_is_too_little() -> None:
    for said in ("价", " ", "！！"):
        with pytest.raises(UserMistake, match="至少两个字"):
            wanted(said)


@given(
    st.text(max_size=40), st.text(alphabet="二期报价aＡ3 ，", min_size=2, max_size=4), st.text(max_size=40)
)
def test_the_words_are_quoted_where_they_stand(before: str, words: str, after: str) -> None:
    raw = before + words + after
    start, end = place_of(raw, [words])
    if plain(words) and plain(words) in plain(raw):
        assert plain(words) in plain(raw[start:end])
    assert 0 <= start <= end <= len(raw)


@given(st.text(max_size=60))
def test_grams_are_pairs_that_the_text_holds(text: str) -> None:
    kept = plain(text)
    assert all(len(gram) == 2 and gram in kept for gram in grams(text))
