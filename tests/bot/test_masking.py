"""What one member wrote is masked for another who may not see phone numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session

from bot.masking import card_for, words_for
from cards.card import Button, Card, Fact
from crm import pool
from tests.crm.team import NOW, Team, make_team

PHONE, MASKED = "13800138000", "138****8000"
CARD = Card("已更新联系人", body=f"王总 {PHONE}", facts=(Fact("电话", PHONE), Fact("生日", "3月5日")))


@pytest.fixture
def team(session: Session) -> Team:
    """The team."""
    return make_team(session)


@pytest.mark.parametrize(("who", "phone"), [("zhang", PHONE), ("chen", PHONE), ("zheng", MASKED)])
def test_each_reader_sees_what_his_role_may(team: Team, who: str, phone: str) -> None:
    member = team.members[who].id
    seen = card_for(team.session, member, CARD, NOW)
    assert (seen.body, seen.facts[0].value, seen.facts[1].value) == (f"王总 {phone}", phone, "3月5日")
    assert words_for(team.session, member, f"打{PHONE}", NOW) == f"打{phone}"


def test_without_a_number_nothing_is_asked_or_changed(team: Team) -> None:
    card = Card("明天 10:00", body="合同编号 20261119001", buttons=(Button("好", url="https://example.com"),))
    assert card_for(team.session, 0, card, NOW) is card


@pytest.mark.parametrize("said", ["138 0013 8000", "138-0013-8000", "+86 13800138000", "8613800138000"])
def test_a_number_is_found_however_it_is_written(team: Team, said: str) -> None:
    assert words_for(team.session, team.members["zheng"].id, f"电话{said}。", NOW) == f"电话{MASKED}。"


def test_a_card_of_a_customer_in_the_pool_shows_numbers_to_nobody_who_might_claim_it(team: Team) -> None:
    customer = team.customer("wu", "恒瑞医药")
    card = replace(CARD, about=("customer", str(customer.id)))
    zhang, chen = team.members["zhang"].id, team.members["chen"].id
    assert card_for(team.session, zhang, card, NOW).body == f"王总 {PHONE}"
    pool.release(team.as_("wu"), [customer.id])
    assert card_for(team.session, zhang, card, NOW).body == f"王总 {MASKED}"
    assert card_for(team.session, chen, card, NOW).body == f"王总 {PHONE}"
