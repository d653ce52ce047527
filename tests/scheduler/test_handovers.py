"""Hand-overs that wait come again every working morning until somebody decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from crm.handover import plans
from crm.handover.carrying import carry_out
from crm.journal import changed
from scheduler.handovers import waiting_handovers
from scheduler.outgoing import Outgoing
from tests.crm.team import Team, make_team
from tests.ground import standing

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@standing
def team(session: Session) -> Team:
    """张伟 has left on Thursday, with one customer."""
    team = make_team(session)
    team.customer("zhang", "华星科技")
    changed(team.as_("chen"), team.members["zhang"], active=False)
    assert plans.propose(team.as_("chen"), team.members["zhang"]) is not None
    return team


def due(team: Team, now: datetime) -> list[Outgoing]:
    return waiting_handovers(team.session, now, team.business)


def test_once_each_working_morning_to_the_manager(team: Team) -> None:
    assert due(team, FRIDAY - timedelta(hours=2)) == []
    (one,) = due(team, FRIDAY)
    assert one.member_id == team.members["li"].id
    assert one.card.title == "张伟已离开，请安排交接"
    assert due(team, FRIDAY + timedelta(minutes=5)) == []
    assert due(team, FRIDAY + timedelta(days=1)) == []  # Saturday
    assert len(due(team, FRIDAY + timedelta(days=3))) == 1


def test_what_came_since_is_on_the_card(team: Team) -> None:
    team.customer("zhang", "安居物业")
    (one,) = due(team, FRIDAY)
    assert one.card.subtitle == "客户 2 家"


def test_nobody_is_bothered_once_it_is_done_or_the_day_it_came(team: Team) -> None:
    assert due(team, FRIDAY - timedelta(hours=22)) == []  # Thursday itself
    row = plans.open_of(team.session, team.members["zhang"].id)
    assert row is not None
    carry_out(team.as_("li", inbox_id=7), row.id)
    assert due(team, FRIDAY) == []


def test_when_the_manager_has_left_too_it_goes_to_the_one_above(team: Team) -> None:
    changed(team.as_("chen"), team.members["li"], active=False)
    (one,) = due(team, FRIDAY)
    assert one.member_id == team.members["chen"].id
