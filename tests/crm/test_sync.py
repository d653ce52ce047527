"""Members and departments in step with a directory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from config.business import Business
from crm import changes, superiors, sync
from crm.context import SYSTEM, Context
from crm.directory import Colleague, Department, Directory, Source, Subject
from crm.members import Person
from crm.members import take as take_list
from store.conversations import speaker
from store.tables import Department as Row
from store.tables import DepartmentIdentity, DirectoryNews, Identity, Member, MemberDepartment, Role

NOW = datetime(2026, 11, 20, tzinfo=UTC)
WECOM, SECOND, DING = Source("wecom", "main"), Source("wecom", "second"), Source("dingtalk", "main")
TREE = (
    Department("1", "远望科技"),
    Department("2", "销售一部", "1", ("lijing",)),
    Department("3", "财务部", "1"),
)
LI = Colleague("lijing", "李静", ("2",), "2", ("2",), position="经理")
ZHAO = Colleague("zhaochen", "赵晨", ("2",), "2", position="客户经理")
COMPANY = Directory(TREE, (LI, ZHAO))


@pytest.fixture
def ctx(session: Session) -> Context:
    return Context(session, SYSTEM, NOW)


def by_name(session: Session) -> dict[str, Member]:
    return {m.name: m for m in session.execute(select(Member).order_by(col(Member.id))).scalars()}


def knows(session: Session, userid: str, source: Source = WECOM) -> bool:
    return speaker(session, (source.platform, source.app, userid), userid) is not None


def test_a_directory_makes_members_departments_and_managers(ctx: Context) -> None:
    done = sync.take(ctx, COMPANY, WECOM)
    people = by_name(ctx.session)
    assert (done.people, done.added, done.superiors, done.left) == (2, 2, 1, [])
    assert people["赵晨"].superior_id == people["李静"].id
    assert (people["赵晨"].department, people["赵晨"].position) == ("销售一部", "客户经理")
    assert (people["李静"].role, people["赵晨"].role) == (Role.MANAGER, Role.SALES)
    (team,) = ctx.session.execute(select(Row).where(col(Row.name) == "销售一部")).scalars()
    root = ctx.session.get_one(Row, team.parent_id)
    assert root.name == "远望科技"
    links = list(ctx.session.execute(select(MemberDepartment)).scalars())
    assert {(one.member_id, one.department_id, one.leads) for one in links} == {
        (people["李静"].id, team.id, True),
        (people["赵晨"].id, team.id, False),
    }
    assert knows(ctx.session, "ZhaoChen")


def test_the_same_again_changes_nothing(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    versions = {name: one.version for name, one in by_name(ctx.session).items()}
    done = sync.take(ctx, COMPANY, WECOM)
    assert (done.added, done.changed, done.superiors, done.back) == (0, 0, 0, 0)
    assert {name: one.version for name, one in by_name(ctx.session).items()} == versions
    assert superiors.kept(ctx.session, WECOM).people == COMPANY.people


def test_a_list_and_a_directory_speak_of_the_same_person(ctx: Context) -> None:
    take_list(ctx.session, [Person("ZhaoChen", "小赵", Role.FINANCE)], "wecom", "main", NOW)
    done = sync.take(ctx, COMPANY, WECOM)
    assert (done.added, done.changed) == (1, 1)
    assert by_name(ctx.session)["赵晨"].role == Role.FINANCE


def test_withdrawn_fields_leave_what_is_there(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    bare = Directory((), (Colleague("zhaochen", ""), Colleague("lijing", "")))
    done = sync.take(ctx, bare, WECOM)
    people = by_name(ctx.session)
    assert done.changed == 0
    assert (people["赵晨"].department, people["赵晨"].superior_id) == ("销售一部", people["李静"].id)


def test_another_department_and_another_manager(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    moved = replace(ZHAO, departments=("3", "2"), main="3")
    sync.take(ctx, Directory((TREE[0], TREE[1], replace(TREE[2], leaders=())), (LI, moved)), WECOM)
    people = by_name(ctx.session)
    assert people["赵晨"].department == "财务部"
    assert people["赵晨"].superior_id == people["李静"].id  # his second department leads to her still
    sync.take(ctx, Directory(TREE, (LI, replace(moved, departments=("3",)))), WECOM)
    assert people["赵晨"].superior_id is None


def test_the_setting_stands_in_for_a_missing_manager(ctx: Context) -> None:
    business = Business(default_manager="LiJing")
    alone = Colleague("sunli", "孙丽", ("3",), "3")
    sync.take(Context(ctx.session, SYSTEM, NOW, None, business), Directory(TREE, (LI, ZHAO, alone)), WECOM)
    people = by_name(ctx.session)
    assert people["孙丽"].superior_id == people["李静"].id
    assert people["李静"].superior_id is None


def test_whoever_is_missing_has_left_and_may_come_back(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    done = sync.take(ctx, Directory(TREE, (LI,)), WECOM)
    assert [one.name for one in done.left] == ["赵晨"]
    assert not by_name(ctx.session)["赵晨"].active
    assert not knows(ctx.session, "zhaochen")
    assert sync.take(ctx, COMPANY, WECOM).back == 1
    assert knows(ctx.session, "zhaochen")


@pytest.mark.parametrize("active", [True, False])
def test_disabled_accounts_are_leavers_and_never_new_members(ctx: Context, active: bool) -> None:
    if active:
        sync.take(ctx, COMPANY, WECOM)
    done = sync.take(ctx, Directory(TREE, (LI, replace(ZHAO, active=False))), WECOM)
    assert len(done.left) == int(active)
    assert not knows(ctx.session, "zhaochen")


def test_a_directory_that_lost_many_is_not_believed(ctx: Context) -> None:
    many = tuple(Colleague(f"u{n}", f"同事{n}", ("2",), "2") for n in range(20))
    sync.take(ctx, Directory(TREE, many), WECOM)
    fewer = Directory(TREE, many[:10])
    assert sync.take(ctx, fewer, WECOM).held_back == 10
    assert knows(ctx.session, "u15")
    assert sync.take(ctx, replace(COMPANY, people=()), WECOM).held_back == 20
    assert sync.take(ctx, Directory(TREE, many[:19], complete=False), WECOM).held_back == 1
    assert len(sync.take(ctx, fewer, WECOM, certain=True).left) == 10


def test_one_colleague_on_two_platforms_is_one_member(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    other = Directory(
        (Department("1", "远望"), Department("77", "销售一部", "1", ("0188",))),
        (Colleague("0188", "李静", ("77",), "77"), Colleague("0199", "赵晨", ("77",), "77")),
    )
    done = sync.take(ctx, other, DING)
    assert (done.added, done.doubtful) == (0, [])
    assert len(by_name(ctx.session)) == 2
    assert len(ctx.session.execute(select(Row)).scalars().all()) == 3
    assert knows(ctx.session, "0199", DING)


def test_a_namesake_elsewhere_stays_somebody_else(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    other = Directory(
        (Department("1", "远望"), Department("9", "客服部", "1")), (Colleague("77", "赵晨", ("9",), "9"),)
    )
    done = sync.take(ctx, other, DING)
    assert (done.added, done.doubtful) == (1, ["赵晨"])


def test_leaving_one_platform_leaves_the_other_alive(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    sync.take(ctx, COMPANY, DING)
    assert len(by_name(ctx.session)) == 2
    assert sync.take(ctx, Directory(TREE, (LI,)), WECOM).left == []
    assert by_name(ctx.session)["赵晨"].active
    assert not knows(ctx.session, "zhaochen")
    assert knows(ctx.session, "zhaochen", DING)


def test_being_out_of_one_apps_sight_is_not_leaving(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    assert sync.take(ctx, COMPANY, SECOND).added == 0
    assert sync.take(ctx, Directory(TREE, (LI,)), SECOND).left == []
    assert knows(ctx.session, "zhaochen")
    assert not knows(ctx.session, "zhaochen", SECOND)


def test_departments_come_go_and_are_renamed(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    sync.take(ctx, Directory((TREE[0], replace(TREE[1], name="大客户部")), (LI, ZHAO)), WECOM)
    rows = {one.name: one for one in ctx.session.execute(select(Row)).scalars()}
    assert set(rows) == {"远望科技", "大客户部", "财务部"}
    assert rows["财务部"].archived_at is not None
    assert by_name(ctx.session)["赵晨"].department == "大客户部"
    assert len(ctx.session.execute(select(DepartmentIdentity)).scalars().all()) == 2


def test_news_are_noted_once_and_given_up_in_the_end(ctx: Context) -> None:
    for _ in range(2):
        sync.note(ctx, WECOM, Subject.USER, ["a", "B"])
    found = sync.news(ctx.session, WECOM, NOW)
    assert [one.external_id for one in found] == ["a", "B"]
    assert sync.news(ctx.session, WECOM, NOW) == []  # another replica passes over them
    sync.settle(ctx.session, found[:1])
    for tries in range(1, sync.MOST_TRIES):
        again = sync.news(ctx.session, WECOM, NOW + tries * sync.LEASE)
        assert [one.external_id for one in again] == ["B"]
    assert sync.news(ctx.session, WECOM, NOW + timedelta(days=1)) == []
    sync.take(ctx, COMPANY, WECOM)
    assert ctx.session.execute(select(DirectoryNews)).first() is None


def test_what_is_told_again_while_it_is_looked_up_is_looked_up_again(ctx: Context) -> None:
    sync.note(ctx, WECOM, Subject.USER, ["a"])
    found = sync.news(ctx.session, WECOM, NOW)
    later = replace(ctx, now=NOW + timedelta(seconds=1))
    sync.note(later, WECOM, Subject.USER, ["a"])
    sync.settle(ctx.session, found)
    assert len(sync.news(ctx.session, WECOM, later.now)) == 1


def test_whoever_leaves_while_the_directory_is_read_stays_gone(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    later = replace(ctx, now=NOW + timedelta(seconds=5))
    assert changes.leave(later, WECOM, "zhaochen") is not None
    done = sync.take(replace(ctx, now=NOW + timedelta(seconds=9)), COMPANY, WECOM, read_at=NOW)
    assert done.back == 0
    assert not knows(ctx.session, "zhaochen")


def test_whoever_comes_while_the_directory_is_read_has_not_left(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    later = replace(ctx, now=NOW + timedelta(seconds=5))
    changes.user(later, WECOM, changes.UserChange("sunli", name="孙丽", departments=("3",)))
    done = sync.take(replace(ctx, now=NOW + timedelta(seconds=9)), COMPANY, WECOM, read_at=NOW)
    assert done.left == []
    assert knows(ctx.session, "sunli")


def test_leaving_ends_bound_accounts_of_the_platform_too(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    zhao = by_name(ctx.session)["赵晨"]
    ctx.session.add(
        Identity(platform="wecom", app="bot", external_id="wo7", member_id=zhao.id, created_at=NOW)
    )
    ctx.session.flush()
    assert knows(ctx.session, "wo7", Source("wecom", "bot"))
    leaver = changes.leave(ctx, WECOM, "ZhaoChen")
    assert leaver is not None
    assert (leaver.name, leaver.waiting, leaver.told) == ("赵晨", (), ())
    assert not knows(ctx.session, "wo7", Source("wecom", "bot"))
    assert changes.leave(ctx, WECOM, "ZhaoChen") is None
    assert sync.take(ctx, COMPANY, WECOM).back == 1
    assert knows(ctx.session, "wo7", Source("wecom", "bot"))


def test_an_event_about_a_stranger_without_a_name_makes_nobody(ctx: Context) -> None:
    changes.user(ctx, WECOM, changes.UserChange("nobody", position="经理"))
    assert by_name(ctx.session) == {}
    assert [one.external_id for one in sync.news(ctx.session, WECOM, NOW)] == ["nobody"]


def test_some_entries_are_looked_up_alone(ctx: Context) -> None:
    sync.take(ctx, COMPANY, WECOM)
    new = Colleague("sunli", "孙丽", ("3",), "3")
    done = sync.take_some(ctx, [new], [replace(TREE[2], leaders=("zhaochen",))], WECOM)
    people = by_name(ctx.session)
    assert (done.added, done.left) == (1, [])
    assert people["孙丽"].superior_id == people["赵晨"].id
    assert len(ctx.session.execute(select(Identity)).scalars().all()) == 3
