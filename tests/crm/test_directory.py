"""Whose manager is who, as directories tell it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crm.directory import Colleague, Department, Directory, heads, superiors, tells_leaders

ROOT = Department("1", "远望科技", leaders=("chen",))
SALES = Department("2", "销售中心", "1", leaders=("wang",))
TEAM = Department("3", "销售一部", "2", leaders=("li",))
PEOPLE = (
    Colleague("chen", "陈总", ("1",), "1"),
    Colleague("wang", "王强", ("2",), "2"),
    Colleague("li", "李静", ("3",), "3"),
    Colleague("zhao", "赵晨", ("3",), "3"),
)


def company(*people: Colleague, departments: tuple[Department, ...] = (ROOT, SALES, TEAM)) -> Directory:
    changed = {one.userid: one for one in people}
    rest = tuple(one for one in PEOPLE if one.userid not in changed)
    return Directory(departments, (*rest, *people))


def test_the_direct_leader_comes_first() -> None:
    zhao = Colleague("zhao", "赵晨", ("3",), "3", leaders=("wang", "li"))
    assert superiors(company(zhao))["zhao"] == "wang"


def test_without_one_it_is_the_leader_of_the_department() -> None:
    assert superiors(company())["zhao"] == "li"


def test_a_leader_answers_to_the_one_above_and_not_to_himself() -> None:
    assert superiors(company()) == {"zhao": "li", "li": "wang", "wang": "chen"}


def test_two_leaders_of_a_department_are_not_each_others_managers() -> None:
    both = replace(TEAM, leaders=("li", "zhao"))
    found = superiors(company(departments=(ROOT, SALES, both)))
    assert (found["li"], found["zhao"]) == ("wang", "wang")


def test_a_department_without_leader_looks_up_the_tree() -> None:
    team, sales = replace(TEAM, leaders=()), replace(SALES, leaders=())
    assert superiors(company(departments=(ROOT, sales, team)))["zhao"] == "chen"


def test_leader_flags_of_members_count_as_well() -> None:
    li = Colleague("li", "李静", ("3",), "3", leads=("3",))
    assert superiors(company(li, departments=(ROOT, SALES, replace(TEAM, leaders=()))))["zhao"] == "li"


def test_the_setting_is_the_last_resort_and_never_oneself() -> None:
    outside = Department("7", "监事会")
    found = superiors(
        company(Colleague("xu", "徐监事", ("7",), "7"), departments=(ROOT, SALES, TEAM, outside)), "Zhao"
    )
    assert found["xu"] == "zhao"
    assert "chen" not in superiors(company(), "chen")


def test_the_setting_puts_nobody_below_their_own_people() -> None:
    assert "chen" not in superiors(company(), "zhao")


def test_whoever_cannot_act_is_nobodys_manager() -> None:
    gone = Colleague("li", "李静", ("3",), "3", active=False)
    found = superiors(company(gone))
    assert found["zhao"] == "wang"
    assert "li" not in found
    hidden = Colleague("zhao", "赵晨", ("3",), "3", leaders=("outside-the-range",))
    assert superiors(company(hidden))["zhao"] == "li"


def test_another_department_helps_where_the_first_leads_nowhere() -> None:
    cut_off = Department("9", "项目组", "8")
    zhao = Colleague("zhao", "赵晨", ("9", "3"), "9")
    assert superiors(company(zhao, departments=(ROOT, SALES, TEAM, cut_off)))["zhao"] == "li"


def test_a_ring_of_departments_ends() -> None:
    ring = (Department("2", "甲", "3"), Department("3", "乙", "2"))
    assert superiors(company(departments=ring)) == {}


def test_who_leads_is_known() -> None:
    zhao = Colleague("zhao", "赵晨", leaders=("mo",))
    assert heads(company(zhao)) == {"chen", "wang", "li", "mo"}
    assert tells_leaders(company())
    assert not tells_leaders(Directory((Department("1", "甲"),), (Colleague("a", "A", ("1",), "1"),)))


_IDS = st.sampled_from(["a", "b", "c", "d"])
_DEPARTMENTS = st.sampled_from(["1", "2", "3"])
_PEOPLE = st.builds(
    Colleague,
    userid=_IDS,
    name=st.just("某人"),
    departments=st.lists(_DEPARTMENTS, max_size=2).map(tuple),
    main=_DEPARTMENTS,
    leads=st.lists(_DEPARTMENTS, max_size=2).map(tuple),
    leaders=st.lists(_IDS, max_size=2).map(tuple),
    active=st.booleans(),
)
_TREES = st.tuples(
    *(
        st.builds(
            Department,
            id=st.just(name),
            name=st.just(name),
            parent=st.sampled_from(["", "1", "2", "3"]),
            leaders=st.lists(_IDS, max_size=2).map(tuple),
        )
        for name in "123"
    )
)


@given(_TREES, st.lists(_PEOPLE, unique_by=lambda one: one.userid).map(tuple), _IDS)
def test_nobody_is_their_own_manager_whatever_the_directory_says(
    departments: tuple[Department, ...], people: tuple[Colleague, ...], default: str
) -> None:
    directory = Directory(departments, people)
    active = {one.userid for one in people if one.active}
    found = superiors(directory, default)
    assert all(who != manager for who, manager in found.items())
    assert set(found) <= active
    assert set(found.values()) <= active | {default}
