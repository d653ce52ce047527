"""Who may see and change whose records."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import customers
from crm.errors import NotAllowed
from crm.rights import can_edit, can_see, is_above, visible_customers
from store.tables import Customer
from tests.crm.team import Team, make_team
from tests.ground import standing


@standing
def team(session: Session) -> Team:
    """The team; 恒瑞医药 belongs to 吴婷."""
    team = make_team(session)
    team.customer("wu", "恒瑞医药")
    team.customer("zhang", "美的集团")
    return team


def seen(team: Team, who: str) -> list[str]:
    """The names of the customers that somebody may see."""
    query = select(col(Customer.name)).where(visible_customers(team.as_(who))).order_by(col(Customer.id))
    return list(team.session.scalars(query))


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("wu", ["恒瑞医药"]),
        ("zhao", ["恒瑞医药"]),
        ("li", ["美的集团"]),
        ("zhang", ["美的集团"]),
        ("chen", ["恒瑞医药", "美的集团"]),
        ("zheng", ["恒瑞医药", "美的集团"]),
    ],
)
def test_whose_customers_are_seen(team: Team, who: str, names: list[str]) -> None:
    assert seen(team, who) == names


@pytest.mark.parametrize(
    ("who", "see", "edit"),
    [
        ("wu", True, True),
        ("zhao", True, True),
        ("chen", True, True),
        ("zheng", True, False),
        ("li", False, False),
        ("zhang", False, False),
    ],
)
def test_one_customer(team: Team, who: str, see: bool, edit: bool) -> None:
    customer = team.session.scalars(select(Customer).where(col(Customer.name) == "恒瑞医药")).one()
    ctx = team.as_(who)
    assert (can_see(ctx, customer), can_edit(ctx, customer)) == (see, edit)


def test_outside_ones_scope_only_the_owner_is_named(team: Team) -> None:
    customer = team.session.scalars(select(Customer).where(col(Customer.name) == "恒瑞医药")).one()
    with pytest.raises(NotAllowed, match="已存在，负责人吴婷"):
        customers.get(team.as_("zhang"), customer.id)


def test_a_ring_of_superiors_ends(team: Team) -> None:
    chen, li = team.members["chen"], team.members["li"]
    chen.superior_id = li.id
    team.session.add(chen)
    team.session.flush()
    assert is_above(team.as_("li"), chen.id)
    assert is_above(team.as_("chen"), li.id)
