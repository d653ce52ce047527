"""Records: written as told, corrected by a new row, with the next step as a task."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import tasks, undo, visits
from crm.contacts import matching
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.moments import Grain, Moment
from crm.visits import ActivityKind, Draft
from store.tables import Activity, Contact, Customer, EventLog, Task, TaskStatus
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing
from tests.local import local

STEP = Moment(local("2026-11-25T10:00"))


@standing
def team(session: Session) -> Team:
    """The team; 华润置地 belongs to 张伟."""
    team = make_team(session)
    team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    return team


def customer(team: Team) -> Customer:
    """The one customer."""
    return team.session.scalars(select(Customer)).one()


def visit(team: Team, **parts: object) -> Draft:
    """A visit at the customer with a next step."""
    given: dict[str, object] = {
        "kind": ActivityKind.VISIT,
        "raw": "拜访了王总",
        "customer_id": customer(team).id,
        "contact": "王总",
        "contact_title": "总",
        "amount": (58_000_000, 58_000_000),
        "next_action": "演示",
        "next_time": STEP,
    }
    return Draft(**(given | parts))  # type: ignore[arg-type]  # the parts are the draft's own fields


def test_a_visit_sets_the_follow_up_times(team: Team) -> None:
    ctx = team.as_("zhang", inbox_id=1)
    recorded = visits.record(ctx, visit(team))
    assert recorded.task is not None
    held = customer(team)
    assert held.last_follow_at == NOW
    assert held.next_follow_at == ctx.at(STEP.value)
    tasks.finish(ctx, recorded.task.id)
    assert held.next_follow_at is None


def test_nobody_else_may_record(team: Team) -> None:
    with pytest.raises(NotAllowed, match="由张伟负责"):
        visits.record(team.as_("wu"), visit(team))


def test_a_correction_is_a_new_row(team: Team) -> None:
    first = visits.record(team.as_("zhang", inbox_id=1), visit(team))
    fix = Draft(ActivityKind.VISIT, raw="金额56万", amount=(56_000_000, 56_000_000))
    second = visits.correct(team.as_("zhang", inbox_id=2), first.activity.id, fix)
    assert second.activity.corrects_id == first.activity.id
    assert second.root_id == first.activity.id
    assert first.activity.voided_at == NOW
    assert second.contact is not None
    assert second.contact.name == "王总"
    assert second.task is not None
    assert first.task is not None
    assert second.task.id == first.task.id
    assert "更正：金额56万" in second.activity.raw


def test_a_correction_of_the_old_card_corrects_the_newest(team: Team) -> None:
    first = visits.record(team.as_("zhang", inbox_id=1), visit(team))
    fix = Draft(ActivityKind.VISIT, raw="金额56万", amount=(56_000_000, 56_000_000))
    second = visits.correct(team.as_("zhang", inbox_id=2), first.activity.id, fix)
    third = visits.correct(team.as_("zhang", inbox_id=3), first.activity.id, fix)
    assert third.activity.corrects_id == second.activity.id


def test_a_correction_that_was_taken_back_can_be_made_again(team: Team) -> None:
    first = visits.record(team.as_("zhang", inbox_id=1), visit(team))
    fix = Draft(ActivityKind.VISIT, raw="金额56万", amount=(56_000_000, 56_000_000))
    visits.correct(team.as_("zhang", inbox_id=2), first.activity.id, fix)
    undo.undo(team.as_("zhang", inbox_id=3), 2)
    assert visits.get(team.as_("zhang"), first.activity.id).activity.id == first.activity.id
    again = visits.correct(team.as_("zhang", inbox_id=4), first.activity.id, fix)
    assert again.activity.corrects_id == first.activity.id


def test_what_was_taken_back_cannot_be_corrected(team: Team) -> None:
    first = visits.record(team.as_("zhang", inbox_id=1), visit(team))
    undo.undo(team.as_("zhang", inbox_id=2), 1)
    with pytest.raises(Conflict, match="已经撤销"):
        visits.correct(team.as_("zhang", inbox_id=3), first.activity.id, visit(team))


def test_undo_restores_what_stood_before(team: Team) -> None:
    visits.record(team.as_("zhang", inbox_id=1), visit(team))
    later = team.as_("zhang", NOW + timedelta(hours=1), inbox_id=2)
    visits.record(later, visit(team, raw="又去了", next_time=None))
    undo.undo(team.as_("zhang", NOW + timedelta(hours=2), inbox_id=3), 2)
    assert customer(team).last_follow_at == NOW
    stand = team.session.scalars(select(col(Activity.raw)).where(col(Activity.voided_at).is_(None))).all()
    assert stand == ["拜访了王总"]


def test_undo_is_journalled_and_marks_what_it_undid(team: Team) -> None:
    visits.record(team.as_("zhang", inbox_id=1), visit(team))
    undo.undo(team.as_("zhang", inbox_id=2), 1)
    undone = team.session.scalars(select(EventLog).where(col(EventLog.inbox_id) == 1)).all()
    assert {e.undone_by for e in undone} == {2}
    assert team.session.scalars(select(EventLog).where(col(EventLog.inbox_id) == 2)).all()


def test_undo_respects_what_others_did_since(team: Team) -> None:
    recorded = visits.record(team.as_("zhang", inbox_id=1), visit(team))
    assert recorded.task is not None
    manager = team.as_("li", NOW + timedelta(minutes=5), inbox_id=2)
    tasks.reschedule(manager, recorded.task.id, Moment(local("2026-11-26T10:00")))
    with pytest.raises(Conflict, match="11月19日 10:35被李娜改过"):
        undo.undo(team.as_("zhang", inbox_id=3), 1)
    assert team.session.scalars(select(col(Activity.voided_at))).all() == [None]


def test_undo_of_a_change_that_was_changed_again(team: Team) -> None:
    task = tasks.create(team.as_("zhang", inbox_id=1), tasks.NewTask("演示", STEP))
    tasks.reschedule(team.as_("zhang", inbox_id=2), task.id, Moment(local("2026-11-26T10:00")))
    tasks.reschedule(team.as_("zhang", inbox_id=3), task.id, Moment(local("2026-11-27T10:00")))
    with pytest.raises(Conflict, match="又改过"):
        undo.undo(team.as_("zhang", inbox_id=4), 2)
    undo.undo(team.as_("zhang", inbox_id=5), 3)
    assert team.as_("zhang").wall(task.due_at) == local("2026-11-26T10:00")


def test_undo_after_a_finished_next_step(team: Team) -> None:
    recorded = visits.record(team.as_("zhang", inbox_id=1), visit(team))
    assert recorded.task is not None
    tasks.finish(team.as_("zhang", inbox_id=2), recorded.task.id)
    with pytest.raises(Conflict, match="已经完成"):
        undo.undo(team.as_("zhang", inbox_id=3), 1)


def test_a_task_is_for_its_person(team: Team) -> None:
    task = tasks.create(team.as_("zhang"), tasks.NewTask("演示", STEP))
    with pytest.raises(NotAllowed, match="张伟的任务"):
        tasks.finish(team.as_("wu"), task.id)
    tasks.finish(team.as_("li"), task.id)
    with pytest.raises(Conflict, match="李娜在11月19日 10:30已经完成"):
        tasks.finish(team.as_("zhang"), task.id)


def test_putting_off_moves_the_time_only_when_it_must(team: Team) -> None:
    ctx = team.as_("zhang")
    day = tasks.create(ctx, tasks.NewTask("打电话", Moment(local("2026-11-19T00:00"), Grain.DAY)))
    tasks.postpone(ctx, day.id, Moment(local("2026-11-19T16:00")))
    assert day.due_grain == Grain.DAY
    assert ctx.wall(day.remind_at) == local("2026-11-19T16:00")
    tasks.postpone(ctx, day.id, Moment(local("2026-11-20T09:00")))
    assert ctx.wall(day.due_at) == local("2026-11-20T09:00")
    assert day.snooze_count == 2


def test_a_time_that_has_passed_is_refused(team: Team) -> None:
    with pytest.raises(UserMistake, match="已经过了"):
        tasks.create(team.as_("zhang"), tasks.NewTask("演示", Moment(local("2026-11-19T09:00"))))


def test_a_series_gives_one_next_task(team: Team) -> None:
    ctx = team.as_("zhang")
    weekly = tasks.NewTask("发周报", Moment(local("2026-11-23T09:00")), repeat="FREQ=WEEKLY;BYDAY=MO")
    task = tasks.create(ctx, weekly)
    one, two = tasks.next_of_series(ctx, task), tasks.next_of_series(ctx, task)
    assert one is not None
    assert two is not None
    assert one.id == two.id
    assert ctx.wall(one.due_at) == local("2026-11-30T09:00")
    tasks.finish(ctx, task.id)
    assert len(team.session.scalars(select(Task).where(col(Task.status) == TaskStatus.OPEN)).all()) == 1


def test_who_is_addressed() -> None:
    people = [
        Contact(customer_id=1, name="王建国", title="总经理", created_at=NOW, updated_at=NOW),
        Contact(customer_id=1, name="王芳", title="采购经理", created_at=NOW, updated_at=NOW),
        Contact(customer_id=1, name="赵敏", title="总监", created_at=NOW, updated_at=NOW),
    ]
    assert matching(people, "王总", "总") is people[0]
    assert matching(people, "赵敏") is people[2]
    assert matching(people, "王经理", "经理") is None  # 总经理 and 采购经理 both end in it
    assert matching(people, "李总", "总") is None
