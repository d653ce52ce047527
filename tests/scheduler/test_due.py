"""Reminders: each once, to the right person, and honest about being late."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from crm import away, tasks
from crm.moments import Grain, Moment
from scheduler.due import due_reminders
from scheduler.outgoing import Outgoing
from store.database import Database
from store.tables import EventLog, Task, TaskStatus
from tests.crm.team import Team, make_team
from tests.ground import standing

TEN = Moment(datetime.fromisoformat("2026-11-25T10:00"), Grain.MINUTE)  # Wednesday
TOLD = datetime.fromisoformat("2026-11-25T01:50:00+00:00")  # ten minutes ahead, UTC


@standing
def team(session: Session) -> Team:
    """A team on a fresh database."""
    return make_team(session)


def plan(team: Team, title: str = "演示", who: str = "zhang") -> Task:
    """An appointment next Wednesday at ten."""
    return tasks.create(team.as_(who), tasks.NewTask(title, TEN))


def due(team: Team, now: datetime) -> list[Outgoing]:
    """What the tick gives."""
    return due_reminders(team.session, now, team.business)


def test_nothing_comes_before_its_hour(team: Team) -> None:
    plan(team)
    assert due(team, TOLD - timedelta(seconds=1)) == []


def test_a_reminder_comes_once_to_its_person_with_its_buttons(team: Team) -> None:
    task = plan(team)
    (one,) = due(team, TOLD)
    assert one.member_id == team.members["zhang"].id
    assert [b.text for b in one.card.buttons] == ["完成", "推迟", "改期"]
    assert one.card.about == ("task", str(task.id))
    assert "原定" not in one.card.body
    assert due(team, TOLD) == []
    assert due(team, TOLD + timedelta(days=1)) == []


def test_telling_changes_neither_the_version_nor_the_history(team: Team) -> None:
    task = plan(team)
    before = task.version
    (one,) = due(team, TOLD)
    action = one.card.buttons[0].action
    assert action is not None
    team.session.expire_all()
    assert team.session.get_one(Task, task.id).version == before == action.version
    query = select(EventLog).where(col(EventLog.object) == "task", col(EventLog.type) == "changed")
    assert team.session.execute(query).first() is None


def test_a_late_reminder_says_when_it_was_meant(team: Team) -> None:
    plan(team)
    (one,) = due(team, TOLD + timedelta(hours=3))
    assert one.card.body.startswith("原定 今天 09:50 提醒")


def test_a_task_put_off_is_told_again_under_another_key(team: Team) -> None:
    task = plan(team)
    (first,) = due(team, TOLD)
    later = team.as_("zhang", TOLD)
    tasks.postpone(later, task.id, Moment(later.local + timedelta(hours=1)))
    assert due(team, TOLD) == []
    (second,) = due(team, TOLD + timedelta(hours=1))
    assert second.key != first.key


def test_what_is_done_or_dropped_is_not_told(team: Team) -> None:
    tasks.finish(team.as_("zhang"), plan(team, "发合同").id)
    tasks.cancel(team.as_("zhang"), plan(team, "送样").id)
    assert due(team, TOLD) == []


def weekly(team: Team, repeat: str = "FREQ=WEEKLY;BYDAY=WE") -> Task:
    """The same every Wednesday at ten."""
    return tasks.create(team.as_("zhang"), tasks.NewTask("发周报", TEN, repeat=repeat))


def open_tasks(team: Team) -> list[Task]:
    """What is still to be done, soonest first."""
    query = select(Task).where(col(Task.status) == TaskStatus.OPEN).order_by(col(Task.due_at))
    return list(team.session.execute(query).scalars())


def test_a_series_goes_on_though_nobody_answers(team: Team) -> None:
    weekly(team)
    week = timedelta(days=7)
    for number in range(4):
        (one,) = due(team, TOLD + number * week)
        assert one.card.about == ("task", str(open_tasks(team)[number].id))
        assert due(team, TOLD + number * week) == []
    wanted = [TOLD + timedelta(minutes=10) + number * week for number in range(5)]
    assert [task.due_at for task in open_tasks(team)] == wanted


def test_a_told_series_has_one_next_task_however_it_ends(team: Team) -> None:
    task = weekly(team)
    due(team, TOLD)
    tasks.finish(team.as_("zhang", TOLD), task.id)
    assert len(open_tasks(team)) == 1


def test_a_series_that_slept_goes_on_from_today(team: Team) -> None:
    weekly(team)
    assert len(due(team, TOLD + timedelta(days=30))) == 1
    assert [t.due_at.isoformat()[:10] for t in open_tasks(team)] == ["2026-11-25", "2026-12-30"]


def test_a_series_without_a_next_time_ends_and_the_others_are_told(team: Team) -> None:
    weekly(team, "FREQ=YEARLY;INTERVAL=50")
    plan(team)
    assert len(due(team, TOLD)) == 2
    assert len(open_tasks(team)) == 2


def test_what_is_for_somebody_who_has_left_goes_to_the_manager(team: Team) -> None:
    plan(team)
    team.members["zhang"].active = False
    team.session.flush()
    (one,) = due(team, TOLD)
    assert one.member_id == team.members["li"].id
    assert one.card.title.startswith("张伟（已离开）的任务")


def test_what_is_for_somebody_away_goes_to_the_deputy_too(team: Team) -> None:
    plan(team)
    until = TOLD + timedelta(days=1)
    zhang, wu = team.members["zhang"], team.members["wu"]
    away.start(team.as_("zhang"), zhang, wu, (team.now, until))
    both = due(team, TOLD)
    assert [one.member_id for one in both] == [zhang.id, wu.id]
    assert both[1].card.title.startswith("张伟的任务")
    plan(team)
    assert [one.member_id for one in due(team, until)] == [zhang.id]


def test_more_than_a_hundred_come_in_turns(team: Team) -> None:
    for number in range(105):
        plan(team, f"回访{number}")
    assert [len(due(team, TOLD)) for _ in range(3)] == [100, 5, 0]


def test_two_replicas_share_what_is_due(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        for number in range(3):
            plan(team, f"回访{number}")
        session.commit()
    found: list[Outgoing] = []
    with Session(database.writer, expire_on_commit=False) as one:
        found += due_reminders(one, TOLD, team.business)
        if not database.is_sqlite:  # SQLite has one writer: the other could not even begin
            with Session(database.writer, expire_on_commit=False) as other:
                assert due_reminders(other, TOLD, team.business) == []
        one.commit()
    with Session(database.writer, expire_on_commit=False) as after:
        assert due_reminders(after, TOLD, team.business) == []
    assert len({card.key for card in found}) == 3
