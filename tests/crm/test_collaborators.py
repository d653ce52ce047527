"""Working on somebody else's customer: shared, asked for, granted once, over by itself, taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from crm import collaborators, customers, quotes, tasks, undo
from crm.approvals import Verdict
from crm.collaborators import READ, WRITE
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.moments import Moment
from crm.quotes import QuoteDraft
from crm.rights import can_edit, can_see
from crm.tasks import NewTask
from store.tables import Away, Customer
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    """The team; 恒瑞医药 belongs to 吴婷."""
    return make_team(session)


@pytest.fixture
def hengrui(team: Team) -> Customer:
    """吴婷's customer."""
    return team.customer("wu", "恒瑞医药")


def rights(team: Team, who: str, customer: Customer, **later: float) -> tuple[bool, bool]:
    """Whether somebody sees and may change a customer, so much later."""
    ctx = team.as_(who, now=NOW + timedelta(**later))
    return can_see(ctx, customer), can_edit(ctx, customer)


def test_a_collaborator_reads_or_writes_until_it_is_over(team: Team, hengrui: Customer) -> None:
    ctx, zhang = team.as_("wu"), team.members["zhang"]
    collaborators.share(ctx, hengrui, zhang, READ, NOW + timedelta(days=3))
    assert rights(team, "zhang", hengrui) == (True, False)
    collaborators.share(ctx, hengrui, zhang, WRITE, NOW + timedelta(days=3))
    assert rights(team, "zhang", hengrui) == (True, True)
    assert rights(team, "zhang", hengrui, days=3) == (False, False)
    assert rights(team, "li", hengrui) == (False, False)
    assert [w.name for w in collaborators.of_customer(ctx, hengrui)] == ["张伟"]
    assert collaborators.of_customer(team.as_("wu", now=NOW + timedelta(days=4)), hengrui) == []


def test_sharing_and_ending_are_undone(team: Team, hengrui: Customer) -> None:
    zhang = team.members["zhang"]
    collaborators.share(team.as_("wu", inbox_id=1), hengrui, zhang, READ)
    collaborators.end(team.as_("wu", inbox_id=2), hengrui, zhang)
    assert rights(team, "zhang", hengrui) == (False, False)
    undo.undo(team.as_("wu", inbox_id=3), 2)
    assert rights(team, "zhang", hengrui) == (True, False)
    undo.undo(team.as_("wu", inbox_id=4), 1)
    assert rights(team, "zhang", hengrui) == (False, False)


def test_a_collaborator_does_not_share_further(team: Team, hengrui: Customer) -> None:
    collaborators.share(team.as_("wu"), hengrui, team.members["zhang"], WRITE)
    with pytest.raises(NotAllowed, match="吴婷或上级"):
        collaborators.share(team.as_("zhang"), hengrui, team.members["li"], READ)
    collaborators.share(team.as_("zhao"), hengrui, team.members["li"], READ)
    collaborators.end(team.as_("zhang"), hengrui, team.members["zhang"])
    assert rights(team, "zhang", hengrui) == (False, False)


def test_asking_grants_nothing_until_it_is_granted_once(team: Team, hengrui: Customer) -> None:
    asked = collaborators.ask(team.as_("zhang"), hengrui).worker
    assert rights(team, "zhang", hengrui) == (False, False)
    with pytest.raises(Conflict, match="在等吴婷同意"):
        collaborators.ask(team.as_("zhang"), hengrui)
    with pytest.raises(NotAllowed, match="吴婷或上级批准"):
        collaborators.decide(team.as_("zhang"), asked.id, WRITE)
    collaborators.decide(team.as_("wu", inbox_id=5), asked.id, READ, asked.version)
    assert rights(team, "zhang", hengrui) == (True, False)
    with pytest.raises(Conflict, match="已由吴婷同意"):
        collaborators.decide(team.as_("zhao"), asked.id, None, asked.version)
    undo.undo(team.as_("wu", inbox_id=6), 5)
    assert rights(team, "zhang", hengrui) == (False, False)


def test_a_refusal_holds_for_a_day(team: Team, hengrui: Customer) -> None:
    asked = collaborators.ask(team.as_("zhang"), hengrui).worker
    collaborators.decide(team.as_("zhao"), asked.id, None)
    with pytest.raises(Conflict, match="过一天再申请"):
        collaborators.ask(team.as_("zhang"), hengrui)
    collaborators.ask(team.as_("zhang", now=NOW + timedelta(hours=25)), hengrui)


def test_who_may_already_has_nothing_to_ask(team: Team, hengrui: Customer) -> None:
    for who in ("wu", "zhao", "chen"):
        with pytest.raises(UserMistake, match="不用申请"):
            collaborators.ask(team.as_(who), hengrui)


def test_an_open_task_from_somebody_else_opens_the_customer(team: Team, hengrui: Customer) -> None:
    when = Moment(NOW.replace(tzinfo=None) + timedelta(days=1))
    own = NewTask("自己加的", when, customer_id=hengrui.id, assignee_id=team.members["zhang"].id)
    tasks.create(team.as_("zhang"), own)
    assert rights(team, "zhang", hengrui) == (False, False)
    given = NewTask("送样品", when, customer_id=hengrui.id, assignee_id=team.members["zhang"].id)
    task = tasks.create(team.as_("wu"), given)
    assert rights(team, "zhang", hengrui) == (True, False)
    tasks.finish(team.as_("zhang"), task.id)
    assert rights(team, "zhang", hengrui) == (False, False)


def test_who_is_to_decide_sees_the_customer_while_it_is_open(team: Team, hengrui: Customer) -> None:
    team.members["wu"].superior_id = team.members["li"].id
    team.session.flush()
    quote = quotes.draft(team.as_("wu"), QuoteDraft(hengrui.id, 50_000_000, 8000))
    sent = quotes.submit(team.as_("wu"), quote.id)
    team.members["wu"].superior_id = team.members["zhao"].id
    team.session.flush()
    assert sent.approver is not None
    assert sent.approver.id == team.members["li"].id
    assert rights(team, "li", hengrui) == (True, False)
    quotes.decide(team.as_("li"), quote.id, Verdict.APPROVE)
    assert rights(team, "li", hengrui) == (False, False)


def test_a_deputy_has_the_rights_of_who_is_away(team: Team, hengrui: Customer) -> None:
    team.session.add(
        Away(
            member_id=team.members["zhao"].id,
            deputy_id=team.members["li"].id,
            from_at=NOW,
            until_at=NOW + timedelta(days=2),
            created_at=NOW,
        )
    )
    team.session.flush()
    assert rights(team, "li", hengrui, hours=-1) == (False, False)
    assert rights(team, "li", hengrui) == (True, True)
    assert rights(team, "li", hengrui, days=2) == (False, False)
    assert rights(team, "zhang", hengrui) == (False, False)


def test_outside_ones_scope_the_refusal_names_the_customer_to_ask_for(team: Team, hengrui: Customer) -> None:
    with pytest.raises(NotAllowed, match="已存在，负责人吴婷") as refused:
        customers.get(team.as_("zhang"), hengrui.id)
    assert refused.value.customer_id == hengrui.id
