"""Approvals: the right person, exactly once, whatever the database and however many press at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from crm import approvals
from crm.approvals import Step, Verdict, settled
from crm.errors import Conflict, NotAllowed, UserMistake
from store.database import Database
from store.tables import ApprovalMode, ApprovalStatus, ApprovalTask, EventLog
from tests.crm.team import Team, make_team
from tests.ground import standing

ABOUT = ("quote", 7)
STATUSES = st.sampled_from(
    [ApprovalStatus.PENDING, ApprovalStatus.APPROVED, ApprovalStatus.REJECTED, ApprovalStatus.SKIPPED]
)


@standing
def team(session: Session) -> Team:
    """A team on a fresh database."""
    return make_team(session)


def ask(team: Team, *steps: Step) -> approvals.Standing:
    """张伟 asks about the record 7."""
    return approvals.request(team.as_("zhang"), ABOUT, steps)


def one(team: Team, *who: str, mode: ApprovalMode = ApprovalMode.ANY) -> Step:
    """A step with these people."""
    return Step(tuple(team.members[w].id for w in who), mode)


def test_the_person_who_was_asked_decides(team: Team) -> None:
    assert [p.called for p in ask(team, one(team, "li")).waiting] == ["李经理"]
    now = approvals.decide(team.as_("li"), ABOUT, Verdict.APPROVE, "可以")
    assert (now.status, now.comment) == (ApprovalStatus.APPROVED, "可以")
    assert now.by is not None
    assert now.by.called == "李经理"
    assert now.at == team.now
    assert not now.waiting


def test_the_decision_is_in_the_event_log_with_who_and_what_before(team: Team) -> None:
    ask(team, one(team, "li"))
    approvals.decide(team.as_("li", inbox_id=5), ABOUT, Verdict.REJECT, "太低")
    query = select(EventLog).where(col(EventLog.object) == "approval_task", col(EventLog.type) == "changed")
    (line,) = team.session.execute(query).scalars()
    assert (line.before["status"], line.after["status"], line.after["comment"]) == (
        "pending",
        "rejected",
        "太低",
    )
    assert (line.actor_id, line.inbox_id) == (team.members["li"].id, 5)


def test_nobody_else_decides_not_even_the_director_or_the_requester(team: Team) -> None:
    ask(team, one(team, "li"))
    for who in ("chen", "zhao", "zhang", "zheng"):
        with pytest.raises(NotAllowed, match="由李经理处理"):
            approvals.decide(team.as_(who), ABOUT, Verdict.APPROVE)


def test_a_second_decision_is_told_who_was_faster_and_when(team: Team) -> None:
    ask(team, one(team, "li"))
    approvals.decide(team.as_("li"), ABOUT, Verdict.APPROVE)
    with pytest.raises(Conflict, match="已由李经理 10:30 通过"):
        approvals.decide(team.as_("li"), ABOUT, Verdict.REJECT)


def test_somebody_without_a_part_learns_nothing_of_a_decided_approval(team: Team) -> None:
    ask(team, one(team, "li"))
    approvals.decide(team.as_("li"), ABOUT, Verdict.APPROVE)
    with pytest.raises(NotAllowed) as refusal:
        approvals.decide(team.as_("wu"), ABOUT, Verdict.APPROVE)
    assert "李" not in refusal.value.message


def test_only_the_requester_takes_it_back_and_only_in_time(team: Team) -> None:
    ask(team, one(team, "li"))
    with pytest.raises(NotAllowed, match="张伟"):
        approvals.withdraw(team.as_("li"), ABOUT)
    assert approvals.withdraw(team.as_("zhang"), ABOUT).status is ApprovalStatus.WITHDRAWN
    with pytest.raises(Conflict, match="撤回"):
        approvals.decide(team.as_("li"), ABOUT, Verdict.APPROVE)
    with pytest.raises(Conflict):
        approvals.withdraw(team.as_("zhang"), ABOUT)


def test_nobody_is_asked_about_their_own_request(team: Team) -> None:
    with pytest.raises(UserMistake):
        ask(team, one(team, "zhang"))
    with pytest.raises(UserMistake):
        ask(team)
    assert [p.called for p in ask(team, one(team, "zhang", "li")).waiting] == ["李经理"]


def test_any_one_of_several_is_enough(team: Team) -> None:
    ask(team, one(team, "li", "zhao"))
    assert approvals.decide(team.as_("zhao"), ABOUT, Verdict.APPROVE).status is ApprovalStatus.APPROVED
    with pytest.raises(Conflict, match="已由赵经理"):
        approvals.decide(team.as_("li"), ABOUT, Verdict.REJECT)


def test_all_must_agree_where_the_step_says_so(team: Team) -> None:
    ask(team, one(team, "li", "zhao", mode=ApprovalMode.ALL))
    now = approvals.decide(team.as_("zhao"), ABOUT, Verdict.APPROVE)
    assert now.status is ApprovalStatus.PENDING
    assert [p.called for p in now.waiting] == ["李经理"]
    with pytest.raises(Conflict, match="等其他审批人"):
        approvals.decide(team.as_("zhao"), ABOUT, Verdict.REJECT)
    assert approvals.decide(team.as_("li"), ABOUT, Verdict.APPROVE).status is ApprovalStatus.APPROVED


def test_the_next_step_is_asked_only_when_the_one_before_agreed(team: Team) -> None:
    ask(team, one(team, "li"), one(team, "chen"))
    with pytest.raises(NotAllowed):
        approvals.decide(team.as_("chen"), ABOUT, Verdict.APPROVE)
    now = approvals.decide(team.as_("li"), ABOUT, Verdict.APPROVE)
    assert [p.called for p in now.waiting] == ["陈总"]
    assert approvals.decide(team.as_("chen"), ABOUT, Verdict.REJECT).status is ApprovalStatus.REJECTED


def test_a_reason_can_be_added_by_who_decided_alone(team: Team) -> None:
    ask(team, one(team, "li"))
    approvals.decide(team.as_("li"), ABOUT, Verdict.REJECT)
    assert approvals.add_reason(team.as_("li"), ABOUT, "毛利不够").comment == "毛利不够"
    with pytest.raises(NotAllowed):
        approvals.add_reason(team.as_("zhao"), ABOUT, "我也觉得")


@given(st.lists(STATUSES, max_size=5), st.sampled_from(list(ApprovalMode)))
def test_one_no_is_always_enough_and_a_yes_never_outweighs_it(
    statuses: list[ApprovalStatus], mode: ApprovalMode
) -> None:
    result = settled(statuses, mode)
    assert (result is ApprovalStatus.REJECTED) == (ApprovalStatus.REJECTED in statuses)
    if result is ApprovalStatus.APPROVED:
        assert ApprovalStatus.APPROVED in statuses
        assert mode is ApprovalMode.ANY or set(statuses) == {ApprovalStatus.APPROVED}


def together(database: Database, jobs: list[Callable[[Session], object]]) -> list[object]:
    """Run jobs at the same time, each in a transaction of its own; what each gave or raised."""
    start = Barrier(len(jobs))

    def run(job: Callable[[Session], object]) -> object:
        with Session(database.writer, expire_on_commit=False) as session:
            start.wait()
            try:
                value = job(session)
                session.commit()
            except (Conflict, NotAllowed) as refusal:
                session.rollback()
                return refusal
            return value

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.parametrize("mode", list(ApprovalMode))
def test_ten_presses_by_two_people_at_once_are_one_decision(database: Database, mode: ApprovalMode) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        ask(team, one(team, "li", "zhao", mode=mode))
        session.commit()

    def press(who: str) -> Callable[[Session], object]:
        verdict = Verdict.APPROVE if who == "li" else Verdict.REJECT
        return lambda session: approvals.decide(
            Team(session, members=team.members).as_(who), ABOUT, verdict, who
        )

    results = together(database, [press("li"), press("zhao")] * 5)
    with Session(database.reader) as session:
        parts = list(session.execute(select(ApprovalTask)).scalars())
        now = approvals.standing(session, ABOUT)
    assert now is not None
    assert now.status is not ApprovalStatus.PENDING
    done = [r for r in results if not isinstance(r, Exception)]
    decided = [p for p in parts if p.decided_at is not None]
    assert len(done) == len(decided)
    assert all(isinstance(r, Conflict) for r in results if isinstance(r, Exception))
    assert len(decided) == 1 or (mode is ApprovalMode.ALL and len(decided) == 2)
    assert len([r for r in done if getattr(r, "status", None) is not ApprovalStatus.PENDING]) == 1


def test_a_decision_and_a_withdrawal_at_once_are_one_of_the_two(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        ask(team, one(team, "li"))
        session.commit()

    def approve(session: Session) -> object:
        return approvals.decide(Team(session, members=team.members).as_("li"), ABOUT, Verdict.APPROVE)

    def take_back(session: Session) -> object:
        return approvals.withdraw(Team(session, members=team.members).as_("zhang"), ABOUT)

    results = together(database, [approve, take_back] * 5)
    assert len([r for r in results if not isinstance(r, Exception)]) == 1
