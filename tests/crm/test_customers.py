"""Customers: added once, found again."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select
from sqlmodel import Session

from crm import customers
from crm.customers import NewCustomer
from crm.errors import Conflict, UserMistake
from store.database import Database
from store.tables import Customer
from tests.crm.team import Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    """The team with a few customers."""
    team = make_team(session)
    team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    team.customer("zhang", "华润燃气集团", "华润燃气")
    team.customer("wu", "恒瑞医药股份有限公司", "恒瑞")
    return team


def test_numbers_run_on(team: Team) -> None:
    one = customers.add(team.as_("zhang"), NewCustomer("美的集团"))
    two = customers.add(team.as_("wu"), NewCustomer("格力电器"))
    assert (one.number, two.number) == ("C0004", "C0005")


@pytest.mark.parametrize("name", ["恒瑞医药", "恒瑞医药有限公司", " 恒瑞 医药 ", "恒瑞"])
def test_the_same_name_is_refused_with_its_owner(team: Team, name: str) -> None:
    with pytest.raises(Conflict, match="已存在，负责人吴婷"):
        customers.add(team.as_("zhang"), NewCustomer(name))


@pytest.mark.parametrize("name", ["", "A", "。。", "长" * 61])
def test_a_name_that_is_none(team: Team, name: str) -> None:
    with pytest.raises(UserMistake, match="例如"):
        customers.add(team.as_("zhang"), NewCustomer(name))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("华润置地", "华润置地（华东）有限公司"),
        ("华润置地华东", "华润置地（华东）有限公司"),
        ("润燃气", "华润燃气集团"),
    ],
)
def test_one_that_is_sure(team: Team, said: str, name: str) -> None:
    found = customers.look_up(team.as_("zhang"), said)
    assert found.sure
    assert found.proposals[0].name == name


@pytest.mark.parametrize("said", ["华润", "华仁置地"])
def test_others_are_proposed(team: Team, said: str) -> None:
    found = customers.look_up(team.as_("zhang"), said)
    assert not found.sure
    assert "华润置地（华东）有限公司" in [p.name for p in found.proposals]


def test_ones_own_come_first(team: Team) -> None:
    customers.add(team.as_("wu"), NewCustomer("华润医药"))
    found = customers.look_up(team.as_("wu"), "华润")
    assert found.proposals[0].name == "华润医药"
    assert [p.mine for p in found.proposals] == sorted((p.mine for p in found.proposals), reverse=True)


def test_an_alias_finds_it_and_means_one_customer(team: Team) -> None:
    ctx = team.as_("zhang")
    gas = customers.get(ctx, customers.look_up(ctx, "华润燃气").proposals[0].id)
    customers.add_alias(ctx, gas, "华燃")
    assert customers.look_up(ctx, "华燃").proposals[0].id == gas.id
    with pytest.raises(Conflict, match="已经是"):
        customers.add_alias(ctx, gas, "恒瑞")


def test_what_people_call_it(team: Team) -> None:
    ctx = team.as_("zhang")
    plain = customers.add(ctx, NewCustomer("ABB机器人有限公司"))
    land = customers.look_up(ctx, "华润置地").proposals[0].id
    assert customers.short_names(ctx, [plain.id, land]) == {plain.id: "ABB机器人", land: "华润置地"}


def test_two_who_add_the_same_customer_at_once_make_one(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as first:
        team = make_team(first)
        first.commit()
        members = dict(team.members)
        customers.add(team.as_("zhang"), NewCustomer("苏州汇川技术"))
        outcome: list[str] = []

        def add_too() -> None:
            with Session(database.writer, expire_on_commit=False) as second:
                other = Team(second, members=members)
                try:
                    customers.add(other.as_("wu"), NewCustomer("苏州汇川技术有限公司"))
                    second.commit()
                except Conflict as refusal:
                    outcome.append(refusal.message)

        thread = threading.Thread(target=add_too)
        thread.start()
        thread.join(0.3)
        first.commit()
        thread.join(10)
    assert len(outcome) == 1
    assert "没有重复新增" in outcome[0]
    with Session(database.reader) as check:
        assert len(check.scalars(select(Customer)).all()) == 1
