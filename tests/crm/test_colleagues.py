"""Colleagues by their names, and their names by their ids."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from crm.colleagues import names_of, one_of
from crm.errors import UserMistake
from store.tables import Member
from tests.crm.plans import watch
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    return make_team(session)


def _namesake(team: Team, department: str, *, active: bool = True) -> Member:
    row = Member(name="李娜", department=department, active=active, created_at=NOW, updated_at=NOW)
    team.session.add(row)
    team.session.flush()
    return row


def test_all_names_are_asked_for_at_once(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [one.id for one in team.members.values()]
    ctx = team.as_("zhang")
    with watch(team.session, monkeypatch) as watched:
        names = names_of(ctx, [*ids, *ids, None, 0, 12345])
    assert len(watched.statements) == 1
    assert [names[one] for one in ids] == [one.name for one in team.members.values()]
    assert (names[None], names[0], names[12345]) == ("系统", "系统", "系统")


def test_ones_own_name_and_nobodys_cost_nothing(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    ctx = team.as_("zhang")
    with watch(team.session, monkeypatch) as watched:
        assert names_of(ctx, [ctx.actor.id, None]) == {ctx.actor.id: "张伟", None: "系统"}
        assert names_of(ctx, []) == {}
    assert not watched.statements


def test_a_department_tells_namesakes_apart(team: Team) -> None:
    other = _namesake(team, "销售二部")
    with pytest.raises(UserMistake, match="李娜（销售二部）"):
        one_of(team.session, "李娜")
    assert one_of(team.session, "李娜（销售二部）").id == other.id


def test_namesakes_without_departments_are_for_the_administrator(team: Team) -> None:
    _namesake(team, "")
    with pytest.raises(UserMistake, match="请管理员写上部门"):
        one_of(team.session, "李娜")


def test_who_has_left_is_named_only_where_asked_for(team: Team) -> None:
    team.members["wu"].active = False
    team.session.flush()
    with pytest.raises(UserMistake, match="已经离开了"):
        one_of(team.session, "吴婷")
    assert one_of(team.session, "吴婷", here=False).id == team.members["wu"].id
