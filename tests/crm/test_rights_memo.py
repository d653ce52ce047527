"""How far somebody reaches is worked out once a turn, and again as soon as anything has changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event, text, update
from sqlmodel import Session

from crm import collaborators, tasks
from crm.collaborators import READ
from crm.context import Context
from crm.moments import Moment
from crm.rights import Verb, can_edit, can_see, people, reach
from store.tables import Collaborator, Customer, Member
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    return make_team(session)


def statements(ctx: Context) -> int:
    """How many statements all questions about the actor's reach take."""
    seen: list[str] = []
    engine = ctx.session.get_bind().engine

    def count(*given: Any) -> None:  # what SQLAlchemy hands over
        seen.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", count)
    try:
        for verb in Verb:
            reach(ctx, "customer", verb)
            people(ctx, verb)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)


def test_the_second_time_costs_nothing(team: Team) -> None:
    assert statements(team.as_("li")) > 0
    assert statements(team.as_("li")) == 0
    assert statements(team.as_("zhao")) > 0  # another actor is another question
    later = team.as_("li", NOW + timedelta(minutes=1))
    assert statements(later) > 0


def test_a_grant_of_this_turn_counts_at_once(team: Team) -> None:
    customer = team.customer("wu", "恒瑞医药")
    zhang = team.as_("zhang")
    assert not can_see(zhang, customer)
    collaborators.share(team.as_("wu"), customer, team.members["zhang"], READ)
    assert can_see(zhang, customer)
    collaborators.end(team.as_("wu"), customer, team.members["zhang"])
    assert not can_see(zhang, customer)


def test_a_task_of_this_turn_counts_at_once(team: Team) -> None:
    customer = team.customer("wu", "恒瑞医药")
    zhang = team.as_("zhang")
    assert not can_see(zhang, customer)
    due = Moment(zhang.local + timedelta(days=1), "day")
    new = tasks.NewTask("送样品", due, customer_id=customer.id, assignee_id=zhang.actor.id)
    tasks.create(team.as_("wu"), new)
    assert can_see(zhang, customer)


def test_what_is_written_past_the_journal_counts_too(team: Team) -> None:
    customer, session = team.customer("wu", "恒瑞医药"), team.session
    zhang = team.as_("zhang")
    assert not can_see(zhang, customer)
    row = Collaborator(object="customer", object_id=customer.id, member_id=zhang.actor.id, created_at=NOW)
    session.add(row)
    assert can_see(zhang, customer)
    row.expires_at = NOW - timedelta(days=1)
    assert not can_see(zhang, customer)
    session.execute(update(Collaborator).values(expires_at=None, right="write"))
    assert can_see(zhang, customer)
    assert can_edit(zhang, customer)
    session.execute(text("UPDATE collaborator SET \"right\" = 'read'"))
    assert not can_edit(zhang, customer)


def test_reading_in_words_of_sql_forgets_nothing(team: Team) -> None:
    ctx = team.as_("li")
    assert statements(ctx) > 0
    team.session.execute(text("SELECT 1"))
    assert statements(ctx) == 0


def test_a_new_superior_counts_at_once(team: Team) -> None:
    customer = team.customer("wu", "恒瑞医药")
    li = team.as_("li")
    assert not can_see(li, customer)
    team.session.get_one(Member, team.members["wu"].id).superior_id = li.actor.id
    assert can_see(li, customer)


def test_what_was_taken_back_does_not_count(team: Team) -> None:
    customer = team.customer("wu", "恒瑞医药")
    zhang = team.as_("zhang")
    savepoint = team.session.begin_nested()
    collaborators.share(team.as_("wu"), customer, team.members["zhang"], READ)
    assert can_see(zhang, customer)
    savepoint.rollback()
    row = team.session.get_one(Customer, customer.id)
    assert not can_see(zhang, row)
