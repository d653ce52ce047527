"""The page of a customer: what is on it, for whom, and at what cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from crm import contacts, overview, quotes, tasks, visits
from crm.errors import NotAllowed
from crm.moments import Moment
from crm.overview import LinkState
from crm.overview.chain import Known, LastQuote, chain, trouble
from crm.quotes import QuoteDraft
from crm.tasks import NewTask
from crm.visits import ActivityKind, Draft
from store.tables import Asset, Collaborator, Customer, Tag, Tagging
from tests.crm.plans import watch
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing
from tests.local import local

TODAY = local("2026-11-19T10:30")
LONG_AGO = TODAY - timedelta(days=13)


@standing
def team(session: Session) -> Team:
    """The small team."""
    return make_team(session)


def busy(team: Team, customer: Customer, times: int) -> None:
    """So many of everything around a customer."""
    ctx = team.as_("zhang")
    for n in range(times):
        visits.record(ctx, Draft(ActivityKind.VISIT, f"第{n}次", customer.id, f"联系人{n}"))
        tasks.create(ctx, NewTask(f"事{n}", Moment(local("2026-11-25T10:00")), customer_id=customer.id))
        made = quotes.draft(ctx, QuoteDraft(customer.id, 10_000 * (n + 1)))
        quotes.submit(ctx, made.id)
        tag = Tag(name=f"标签{n}", name_norm=f"{customer.id}-{n}", created_at=NOW)
        team.session.add(tag)
        team.session.flush()
        row: dict[str, Any] = {"customer_id": customer.id, "created_at": NOW}
        team.session.add(Tagging(**row, tag_id=tag.id, reason="因为"))
        team.session.add(Asset(**row, number=f"E{customer.id}-{n}", name="设备", updated_at=NOW))
    team.session.flush()


def statements(team: Team, customer: Customer, patch: pytest.MonkeyPatch) -> int:
    """How many statements the page of a customer takes."""
    team.session.expire_all()
    with watch(team.session, patch) as watched:
        overview.overview(team.as_("li"), customer.id)
    return len(watched.statements)


def test_the_number_of_statements_does_not_grow_with_the_customer(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = team.customer("zhang", "华润置地"), team.customer("zhang", "美的集团")
    busy(team, small, 1)
    busy(team, large, 12)
    overview.overview(team.as_("li"), small.id)  # who reaches how far is kept from now on
    assert statements(team, small, monkeypatch) == statements(team, large, monkeypatch) <= 30


def test_everything_around_a_customer_is_there(team: Team) -> None:
    customer = team.customer("zhang", "华润置地", "华润")
    busy(team, customer, 2)
    row: dict[str, Any] = {"object": "customer", "object_id": customer.id, "created_at": NOW}
    wu, zheng = team.members["wu"].id, team.members["zheng"].id
    team.session.add(Collaborator(**row, member_id=wu, right="write", expires_at=NOW + timedelta(days=3)))
    team.session.add(Collaborator(**row, member_id=zheng, expires_at=NOW - timedelta(days=3)))
    customer.parent_id = team.customer("zhang", "香港控股").id
    team.session.flush()
    seen = overview.overview(team.as_("zhang"), customer.id)
    assert [f.state for f in seen.figures] == ["待审批"]
    assert (seen.figures[0].count, seen.figures[0].fen) == (2, 30_000)
    assert [(w.number, w.asked) for w in seen.waiting] == [("Q0001", "李经理"), ("Q0002", "李经理")]
    assert [(t.name, t.reason) for t in seen.tags] == [("标签0", "因为"), ("标签1", "因为")]
    assert [(h.name, h.right) for h in seen.helpers] == [("吴婷", "write")]
    assert seen.assets == 2
    assert seen.related == (("上级单位", "香港控股"),)
    assert [c.name for c in seen.contacts] == ["联系人0", "联系人1"]
    assert seen.mine


def test_phones_are_shown_as_the_role_may_see_them(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    contacts.find_or_add(team.as_("zhang"), customer, "王总", phone="13800138000")
    phones = {
        who: overview.overview(team.as_(who), customer.id).contacts[0].phone
        for who in ("zhang", "li", "zheng")
    }
    assert phones == {"zhang": "13800138000", "li": "13800138000", "zheng": "138****8000"}


def test_who_may_not_see_the_customer_sees_no_page_of_it(team: Team) -> None:
    customer = team.customer("zhang", "华润置地")
    for page in (overview.overview, overview.history, overview.people, overview.offers):
        with pytest.raises(NotAllowed):
            page(team.as_("wu"), customer.id)


def known(**parts: object) -> Known:
    """A customer of long ago, followed up yesterday."""
    given: dict[str, object] = {
        "now": TODAY,
        "created": TODAY - timedelta(days=100),
        "last_follow": TODAY - timedelta(days=1),
        "planned": False,
        "quote": None,
    }
    return Known(**(given | parts))  # type: ignore[arg-type]  # the parts are the fields of Known


def quote(status: str, days: int) -> LastQuote:
    """A quote that has stood like this for so many days."""
    return LastQuote("Q0001", status, TODAY - timedelta(days=days), "李经理")


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, []),
        ({"last_follow": TODAY - timedelta(days=45)}, ["45天没有跟进，也没有安排下一步"]),
        ({"last_follow": TODAY - timedelta(days=45), "planned": True}, []),
        ({"last_follow": None}, ["建档100天还没有跟进过"]),
        ({"last_follow": None, "created": TODAY}, []),
        ({"quote": quote("draft", 5)}, ["Q0001草稿放了5天，还没有提交"]),
        ({"quote": quote("draft", 1)}, []),
        ({"quote": quote("pending", 3)}, ["Q0001等李经理审批3天了"]),
        ({"quote": quote("rejected", 4)}, ["Q0001驳回4天，还没有重报"]),
        (
            {"quote": quote("approved", 12), "last_follow": TODAY - timedelta(days=13)},
            ["Q0001通过12天没有下文"],
        ),
        ({"quote": quote("approved", 12)}, []),
        ({"quote": quote("approved", 12), "last_follow": None, "planned": True}, []),
    ],
)
def test_what_is_stalled_or_missing_is_said(parts: dict[str, object], words: list[str]) -> None:
    links = chain(known(**parts))
    assert [one.words for one in trouble(links)] == words
    assert [one.name for one in links] == ["跟进", "报价"]
    assert all(isinstance(one.state, LinkState) for one in links)
