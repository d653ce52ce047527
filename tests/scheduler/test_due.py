"""Reminders: each once, to the right person, and honest about being late."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import tasks
from crm.moments import Grain, Moment
from scheduler.due import due_reminders
from scheduler.outgoing import Outgoing
from store.database import Database
from store.tables import EventLog, Task
from tests.crm.team import Team, make_team

TEN = Moment(datetime.fromisoformat("2026-11-25T10:00"), Grain.MINUTE)  # Wednesday
TOLD = datetime.fromisoformat("2026-11-25T01:50:00+00:00")  # ten minutes ahead, UTC


@pytest.fixture
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


def test_somebody_who_has_left_is_not_told(team: Team) -> None:
    plan(team)
    team.members["zhang"].active = False
    team.session.flush()
    assert due(team, TOLD) == []


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
