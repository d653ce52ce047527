"""Hand-over: everything listed, split by rule, carried out and taken back as one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from crm import accounts, approvals, leaving, quotes, tasks
from crm.approvals import Step, Verdict
from crm.errors import Conflict, UserMistake
from crm.handover import plans, splitting, undoing
from crm.handover.carrying import carry_out
from crm.handover.inventory import Kind, belongings
from crm.handover.splitting import Candidate, Case, split
from crm.handover.views import view
from crm.journal import changed
from crm.moments import Grain, Moment
from store.tables import (
    Activity,
    ApprovalMode,
    ApprovalTask,
    Collaborator,
    Customer,
    Handover,
    Identity,
    Member,
    Quote,
    Role,
)
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

TEN = Moment(datetime.fromisoformat("2026-11-25T10:00"), Grain.MINUTE)


@standing
def team(session: Session) -> Team:
    """张伟 with a colleague 孙丽 under 李娜, two customers, a task and a quote that waits for 李娜."""
    team = make_team(session)
    sun = Member(
        name="孙丽", role=Role.SALES, superior_id=team.members["li"].id, created_at=NOW, updated_at=NOW
    )
    session.add(sun)
    session.flush()
    team.members["sun"] = sun
    return team


def leaves(team: Team, who: str) -> None:
    member = team.members[who]
    changed(team.as_("chen"), member, active=False)


def quote_of(team: Team, who: str, customer: Customer) -> quotes.QuoteView:
    ctx = team.as_(who)
    made = quotes.draft(ctx, quotes.QuoteDraft(customer.id, 58_000_000))
    return quotes.submit(ctx, made.id)


def proposed(team: Team, who: str, by: str = "li") -> Handover:
    row = plans.propose(team.as_(by), team.members[who])
    assert row is not None
    return row


def test_everything_goes_with_its_customer_and_the_approval_goes_up(team: Team) -> None:
    first, second = team.customer("li", "华星科技"), team.customer("li", "安居物业")
    task = tasks.create(team.as_("li"), tasks.NewTask("演示", TEN, customer_id=first.id))
    theirs = team.customer("zhang", "美的集团")
    asked = quote_of(team, "zhang", theirs)
    leaves(team, "li")
    ctx = team.as_("chen", inbox_id=7)
    row = proposed(team, "li", "chen")
    shown = view(ctx, row)
    assert shown.counts == {Kind.CUSTOMER: 2, Kind.TASK: 1, Kind.APPROVAL: 1}
    assert [(one.name, one.customer_count, one.reasons) for one in shown.shares] == [
        ("赵磊", 2, (splitting.LEAST,))
    ]
    assert shown.approvals == ((asked.number, "陈建国"),)
    done = carry_out(ctx, row.id, row.version)
    assert belongings(team.session, team.members["li"].id) == []
    zhao = team.members["zhao"].id
    assert {one.owner_id for one in (first, second)} == {zhao}
    assert task.assignee_id == zhao
    assert [one.to_id for one in done.moved] == [team.members["chen"].id]
    decided = quotes.decide(team.as_("chen"), asked.id, Verdict.APPROVE)
    assert decided.status == "approved"


def test_a_quote_belongs_to_the_receiver_who_may_withdraw_it(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    asked = quote_of(team, "zhang", customer)
    leaves(team, "zhang")
    ctx = team.as_("li", inbox_id=7)
    carry_out(ctx, proposed(team, "zhang").id)
    assert team.session.get_one(Quote, asked.id).owner_id == team.members["sun"].id
    back = quotes.withdraw(team.as_("sun"), asked.id, asked.version)
    assert back.status == "withdrawn"


def test_who_takes_over_what_he_is_asked_about_does_not_ask_himself(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    asked = quote_of(team, "zhang", customer)
    ctx = team.as_("li", inbox_id=7)
    row = proposed(team, "zhang")
    plans.give(ctx, row, team.members["li"])
    carry_out(ctx, row.id)
    assert team.session.get_one(Quote, asked.id).owner_id == team.members["li"].id
    assert quotes.decide(ctx, asked.id, Verdict.APPROVE).status == "approved"


def test_taken_back_everything_is_as_before(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    task = tasks.create(team.as_("zhang"), tasks.NewTask("演示", TEN, customer_id=customer.id))
    asked = quote_of(team, "zhang", customer)
    zhang = team.members["zhang"].id
    leaves(team, "zhang")
    row = proposed(team, "zhang")
    carry_out(team.as_("li", inbox_id=7), row.id)
    assert customer.owner_id != zhang
    back = undoing.take_back(team.as_("li", inbox_id=8), row.id)
    assert (back.finished, back.conflicts) == (True, ())
    quote = team.session.get_one(Quote, asked.id)
    assert (customer.owner_id, task.assignee_id, quote.owner_id) == (zhang, zhang, zhang)
    assert (row.state, row.inbox_id) == (plans.PROPOSED, None)
    with pytest.raises(Conflict, match="已经撤回"):
        undoing.take_back(team.as_("li", inbox_id=9), row.id)
    assert carry_out(team.as_("li", inbox_id=10), row.id).view.state == plans.DONE


def test_what_was_changed_since_is_shown_and_stays(team: Team) -> None:
    first, second = team.customer("zhang", "华星科技"), team.customer("zhang", "安居物业")
    row = proposed(team, "zhang")
    carry_out(team.as_("li", inbox_id=7), row.id)
    changed(team.as_("chen", inbox_id=8), first, owner_id=team.members["zhao"].id)
    shown = undoing.take_back(team.as_("li", inbox_id=9), row.id)
    assert not shown.finished
    assert shown.conflicts == ("客户“华星科技”陈建国在11月19日 10:30改过",)
    assert second.owner_id == team.members["sun"].id
    done = undoing.take_back(team.as_("li", inbox_id=10), row.id, rest=True)
    assert (done.finished, done.count) == (True, 1)
    assert first.owner_id == team.members["zhao"].id
    assert second.owner_id == team.members["zhang"].id


def test_the_rule_prefers_who_works_on_it_then_who_followed_up_then_the_same_field() -> None:
    lina = Candidate(1, 9, regions=frozenset({"华东"}), industries=frozenset({"地产"}))
    sunli = Candidate(2, 0, regions=frozenset({"华南"}), industries=frozenset({"地产"}))
    other = Candidate(3, 0, peer=False)
    cases = [
        Case(1, collaborators=(3,), follow_ups={1: 5}),
        Case(2, "华南", follow_ups={1: 2, 2: 1}),
        Case(3, "华东", "地产"),
        Case(4, "华东", "医药"),
        Case(5, "西南", "地产"),
        Case(6),
    ]
    chosen = split(cases, [lina, sunli, other])
    assert {one: (choice.to_id, choice.reason) for one, choice in chosen.items()} == {
        1: (3, splitting.COLLABORATES),
        2: (1, splitting.FOLLOWED),
        3: (1, splitting.BOTH),
        4: (1, splitting.REGION),
        5: (2, splitting.INDUSTRY),
        6: (2, splitting.LEAST),
    }
    assert split(cases[:1], []) == {}


def test_equals_share_by_what_they_have_already() -> None:
    chosen = split([Case(n) for n in range(6)], [Candidate(1, 3), Candidate(2, 0)])
    assert [chosen[n].to_id for n in range(6)] == [2, 2, 2, 1, 2, 1]


def test_who_knows_a_customer_is_found_in_the_records(team: Team) -> None:
    shared, followed = team.customer("zhang", "华星科技"), team.customer("zhang", "安居物业")
    wu, sun = team.members["wu"].id, team.members["sun"].id
    grant = Collaborator(object="customer", object_id=shared.id, member_id=wu, created_at=NOW)
    visit = Activity(
        kind="visit", customer_id=followed.id, author_id=sun, raw="拜访", happened_at=NOW, created_at=NOW
    )
    team.session.add_all([grant, visit])
    team.session.flush()
    shown = view(team.as_("li"), proposed(team, "zhang"))
    assert {one.name: one.reasons for one in shown.shares} == {
        "吴婷": (splitting.COLLABORATES,),
        "孙丽": (splitting.FOLLOWED,),
    }


def test_what_came_since_the_card_goes_along(team: Team) -> None:
    team.customer("zhang", "华星科技")
    row = proposed(team, "zhang")
    later = team.customer("zhang", "安居物业")
    carry_out(team.as_("li", inbox_id=7), row.id, row.version)
    assert later.owner_id == team.members["sun"].id


def test_a_receiver_who_has_left_meanwhile_gets_nothing(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    row = proposed(team, "zhang")
    leaves(team, "sun")
    carry_out(team.as_("li", inbox_id=7), row.id)
    assert customer.owner_id == team.members["li"].id


def test_nothing_to_hand_over_is_said(team: Team) -> None:
    assert plans.propose(team.as_("li"), team.members["zhang"]) is None
    customer = team.customer("zhang", "华星科技")
    row = proposed(team, "zhang")
    changed(team.as_("li"), customer, owner_id=team.members["sun"].id)
    with pytest.raises(UserMistake, match="没有要交接的"):
        carry_out(team.as_("li", inbox_id=7), row.id)


def test_in_a_step_of_all_the_next_up_who_is_not_asked_yet_takes_the_part(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    made = quotes.draft(team.as_("zhang"), quotes.QuoteDraft(customer.id, 58_000_000))
    people = tuple(team.members[one].id for one in ("li", "chen"))
    approvals.request(team.as_("zhang"), ("quote", made.id), [Step(people, ApprovalMode.ALL)])
    admin = Member(name="系统管理员", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
    team.session.add(admin)
    team.session.flush()
    leaves(team, "li")
    carry_out(team.as_("chen", inbox_id=7), proposed(team, "li", "chen").id)
    asked = approvals.standing(team.session, ("quote", made.id))
    assert asked is not None
    assert {one.id for one in asked.waiting} == {admin.id, team.members["chen"].id}


def test_a_decision_made_meanwhile_is_not_taken_back(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    asked = quote_of(team, "zhang", customer)
    leaves(team, "li")
    row = proposed(team, "li", "chen")
    carry_out(team.as_("chen", inbox_id=7), row.id)
    quotes.decide(team.as_("chen", inbox_id=8), asked.id, Verdict.APPROVE)
    shown = undoing.take_back(team.as_("chen", inbox_id=9), row.id)
    assert not shown.finished
    assert len(shown.conflicts) == 1
    undoing.take_back(team.as_("chen", inbox_id=10), row.id, rest=True)
    (part,) = _parts(team)
    assert part.assignee_id == team.members["chen"].id


def test_it_is_too_late_after_the_window(team: Team) -> None:
    team.customer("zhang", "华星科技")
    row = proposed(team, "zhang")
    carry_out(team.as_("li", inbox_id=7), row.id)
    with pytest.raises(UserMistake, match="小时内"):
        undoing.take_back(team.as_("li", team.now + timedelta(days=60), inbox_id=8), row.id)


def _parts(team: Team) -> list[ApprovalTask]:
    return list(team.session.execute(select(ApprovalTask)).scalars())


def test_who_comes_back_keeps_what_nobody_has_handed_over(team: Team) -> None:
    customer = team.customer("zhang", "华星科技")
    member = team.members["zhang"]
    identity = Identity(
        platform="wecom",
        app="main",
        external_id="zhang",
        member_id=member.id,
        synced_at=NOW,
        left_at=None,
        created_at=NOW,
    )
    team.session.add(identity)
    team.session.flush()
    left = leaving.end(team.as_("chen"), identity, everywhere=True)
    assert left is not None
    assert left.handover is not None
    assert left.told == (team.members["li"].id,)
    accounts.revive(team.as_("chen"), accounts.Account(identity, member))
    assert plans.open_of(team.session, member.id) is None
    with pytest.raises(Conflict, match="已经取消"):
        carry_out(team.as_("li", inbox_id=7), left.handover.id)
    assert customer.owner_id == member.id
