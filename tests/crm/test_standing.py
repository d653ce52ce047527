"""What stands before a test is the same for each of them, whatever the one before did."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session, col

from store.tables import Member
from tests.crm.team import PEOPLE, Team, make_team
from tests.ground import Ground


def people(session: Session) -> int:
    return session.scalar(select(func.count(col(Member.id)))) or 0


def test_what_was_committed_is_undone(ground: Ground) -> None:
    for _ in range(2):
        with ground.on(make_team) as team:
            assert team.members["zhang"].name == "张伟"
            assert people(team.session) == len(PEOPLE)
            team.members["zhang"].name = "张三"
            team.customer("zhang", "华润置地")
            team.session.delete(team.members["zheng"])
            team.session.commit()
            named = select(col(Member.name)).where(col(Member.id) == team.members["zhang"].id)
            assert team.session.scalars(named).one() == "张三"
            assert people(team.session) == len(PEOPLE) - 1


def test_it_is_built_once_until_something_else_stands(ground: Ground) -> None:
    built = []

    def build(session: Session) -> Team:
        built.append(session)
        return make_team(session)

    for _ in range(3):
        with ground.on(build) as team:
            assert people(team.session) == len(PEOPLE)
    assert len(built) == 1
    with ground.empty() as session:
        assert people(session) == 0
    with ground.on(build) as team:
        assert people(team.session) == len(PEOPLE)
    assert len(built) == 2
