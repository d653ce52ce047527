"""The night: tags by rule are worked out again, contacts from before are found by their numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from crm import customers, identities, merging, tags, visits
from crm.context import SYSTEM, Context
from crm.tag_rules import Condition, Ground, Rule
from crm.visits import ActivityKind, Draft
from scheduler.nightly import nightly
from store.tables import Activity, Contact
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

NIGHT = datetime.fromisoformat("2026-11-19T18:00:00+00:00")  # 2:00 in Shanghai, on Friday
RULE = Rule((Condition(Ground.IDLE, days=90),), "90天没跟进")


@standing
def team(session: Session) -> Team:
    """The team."""
    return make_team(session)


def night(team: Team, now: datetime = NIGHT) -> None:
    """All steps of a night."""
    for _ in range(6):
        assert nightly(team.session, now, team.business) == []


def system(team: Team, now: datetime) -> Context:
    """The clock's own context."""
    return Context(team.session, SYSTEM, now, business=team.business)


def test_tags_by_rule_come_and_go(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    tags.set_rule(system(team, NOW), "沉睡", RULE)
    night(team)
    assert tags.of_customer(team.as_("zhang"), customer) == []
    later = NIGHT + timedelta(days=100)
    night(team, later)
    ctx = team.as_("zhang", later)
    assert [(t.name, t.auto, t.reason) for t in tags.of_customer(ctx, customer)] == [
        ("沉睡", True, "100天没跟进")
    ]
    visits.record(ctx, Draft(ActivityKind.CALL, raw="聊了", customer_id=customer.id))
    night(team, later + timedelta(hours=1))
    assert len(tags.of_customer(ctx, customer)) == 1  # that night is done
    night(team, later + timedelta(days=1))
    assert tags.of_customer(ctx, customer) == []


def test_by_day_nothing_is_worked_out(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    tags.set_rule(system(team, NOW), "新客户", Rule((Condition(Ground.NEW, days=30),), "30天内新建"))
    nightly(team.session, NOW, team.business)
    assert tags.of_customer(team.as_("zhang"), customer) == []


def test_contacts_from_before_are_found_by_their_numbers(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    for name, phone in (("王总", "139 1234 5678"), ("李工", "13912345678"), ("赵姐", "")):
        team.session.add(
            Contact(customer_id=customer.id, name=name, phone=phone, created_at=NOW, updated_at=NOW)
        )
    team.session.flush()
    night(team)
    said = identities.read("13912345678")
    assert said is not None
    held = identities.find(team.as_("zhang"), said)
    assert held is not None
    assert held.customer_id == customer.id
    assert len(identities.of_customer(team.as_("zhang"), customer.id)) == 1


def test_what_a_merge_left_behind_follows(team: Team) -> None:
    loser, winner = team.customer("zhang", "华星科技"), team.customer("zhang", "蓝海贸易")
    visits.record(team.as_("zhang"), Draft(ActivityKind.CALL, raw="聊了", customer_id=loser.id))
    late = customers.get(team.as_("zhang"), loser.id).id
    merging.merge(team.as_("zhang"), loser.id, winner.id)
    row = Activity(
        kind="call",
        customer_id=late,
        author_id=team.members["zhang"].id,
        raw="同一时刻写的",
        happened_at=NOW,
        created_at=NOW,
    )
    team.session.add(row)
    team.session.flush()
    night(team)
    team.session.refresh(row)
    assert row.customer_id == winner.id
