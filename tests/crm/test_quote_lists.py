"""Quotes by number and one's own: no more than one may see, and the one that is meant."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from crm import quote_lists, quotes
from crm.errors import NotAllowed, UserMistake
from crm.quotes import QuoteDraft
from store.tables import QuoteStatus
from tests.crm.team import Team, make_team
from tests.ground import standing

AMOUNT = 58_000_000


@standing
def team(session: Session) -> Team:
    """Everybody, and a customer of 张伟 with two drafts and one that waits."""
    team = make_team(session)
    customer = team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    for message in (1, 2, 3):
        quotes.draft(team.as_("zhang", inbox_id=message), QuoteDraft(customer.id, AMOUNT))
    quotes.submit(team.as_("zhang"), quotes.by_number(team.as_("zhang"), "Q0002"))
    return team


def test_ones_own_come_the_latest_first(team: Team) -> None:
    assert [one.number for one in quote_lists.mine(team.as_("zhang"))] == ["Q0003", "Q0002", "Q0001"]
    drafts = quote_lists.mine(team.as_("zhang"), (QuoteStatus.DRAFT,))
    assert [one.number for one in drafts] == ["Q0003", "Q0001"]
    assert quote_lists.mine(team.as_("li")) == []


def test_one_is_seen_by_those_who_may(team: Team) -> None:
    for who in ("zhang", "li", "chen"):
        assert quote_lists.one(team.as_(who), "q2").number == "Q0002"
    with pytest.raises(NotAllowed):
        quote_lists.one(team.as_("wu"), "Q0002")


def test_the_one_that_is_meant(team: Team) -> None:
    ctx = team.as_("zhang")
    assert quote_lists.only(ctx, QuoteStatus.PENDING, "撤回").number == "Q0002"
    assert quote_lists.only(ctx, QuoteStatus.DRAFT, "提交", 1).number == "Q0001"
    with pytest.raises(UserMistake, match="Q0003 华润置地、Q0001 华润置地"):
        quote_lists.only(ctx, QuoteStatus.DRAFT, "提交", 2)
    with pytest.raises(UserMistake, match="没有可以提交的报价"):
        quote_lists.only(team.as_("wu"), QuoteStatus.DRAFT, "提交")
