"""The names that messages are searched for follow what the database is told."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.names import Names
from crm import customers, merging, undo
from tests.crm.team import Team, make_team


@pytest.fixture
def team(session: Session) -> Team:
    """The team."""
    return make_team(session)


def meant(names: Names, words: str) -> list[str]:
    """The names of the customers that the words mean."""
    return sorted(one.name for one in names.lexicon.exactly(words))


def test_a_merge_and_its_undoing_are_followed(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技", "老华"), team.customer("zhang", "蓝海贸易")
    names = Names()
    names.load(team.session)
    merging.merge(team.as_("zhang", inbox_id=71), loser.id, winner.id)
    names.follow(team.session)
    assert meant(names, "华星科技") == meant(names, "老华") == ["蓝海贸易"]
    undo.undo(team.as_("zhang", inbox_id=72), 71)
    names.follow(team.session)
    assert meant(names, "华星科技") == meant(names, "老华") == ["华星科技"]


def test_an_alias_that_is_taken_back_is_forgotten(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    names = Names()
    names.load(team.session)
    customers.add_alias(team.as_("zhang", inbox_id=71), customer, "老华")
    names.follow(team.session)
    assert meant(names, "老华") == ["华星科技"]
    undo.undo(team.as_("zhang", inbox_id=72), 71)
    names.follow(team.session)
    assert meant(names, "老华") == []
