"""Lists by own fields that many records meet: a bounded number is looked at, and nothing is passed over."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from crm.context import Context
from crm.custom import fields, filters, values, walking
from crm.custom.fields import NewField
from crm.custom.filters import Condition, Listed, Op
from crm.custom.kinds import Kind
from crm.custom.walking import NEWEST
from store.tables import Member, Role
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

MANY = 30


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows of 7 records, pages of 3."""
    monkeypatch.setattr(walking, "WINDOW", 7)
    monkeypatch.setattr(filters, "MOST_FEW", 0)
    monkeypatch.setattr(filters, "PAGE", 3)


@standing
def team(session: Session) -> Team:
    """30 customers of two people, every fifth without a choice."""
    team = make_team(session)
    admin = Member(name="孙工", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
    session.add(admin)
    session.flush()
    team.members["admin"] = admin
    fields.add(team.as_("admin"), "customer", NewField("偏好", Kind.CHOICE, ("A", "B")))
    for n in range(MANY):
        who = ("zhang", "wu")[n % 2]
        customer = team.customer(who, f"第{n}建设")
        if n % 5:
            values.put(team.as_(who), customer, {key(team.as_(who)): "AB"[n % 3 % 2]})
    return team


def key(ctx: Context) -> str:
    """The key of the field."""
    return next(one.key for one in fields.columns(ctx, "customer") if one.label == "偏好")


def pages(ctx: Context, op: Op, value: str = "", *, mine: bool = False) -> list[Listed]:
    """All pages, one after the other."""
    asked, skip, before = [Condition(key(ctx), op, value)], 0, NEWEST
    found: list[Listed] = []
    while not found or found[-1].after is not None:
        found.append(filters.find(ctx, "customer", asked, skip, before=before, mine=mine))
        skip, before = found[-1].after or 0, found[-1].before
    return found


@pytest.mark.parametrize("narrow", [0, 100])  # members whose records are looked through as theirs
@pytest.mark.parametrize(("who", "remainders"), [("chen", {0, 1}), ("zhang", {0}), ("zhao", {1})])
def test_every_record_is_found_once(
    team: Team, monkeypatch: pytest.MonkeyPatch, narrow: int, who: str, remainders: set[int]
) -> None:
    monkeypatch.setattr(walking, "NARROW", narrow)
    seen = [n for n in range(MANY) if n % 2 in remainders]
    for op, value, wanted in (
        (Op.EMPTY, "", [n for n in seen if not n % 5]),
        (Op.FILLED, "", [n for n in seen if n % 5]),
        (Op.IS, "B", [n for n in seen if n % 5 and n % 3 == 1]),
    ):
        found = pages(team.as_(who), op, value)
        titles = [row.title for page in found for row in page.rows]
        assert titles == [f"第{n}建设" for n in reversed(wanted)]
        assert found[-1].count == len(wanted)
        assert found[-1].exact
        assert not any(page.exact for page in found if page.count < len(wanted))


def test_ones_own_are_looked_through_as_ones_own(team: Team) -> None:
    """Whoever sees everybody's finds his own without walking through all."""
    chen = team.as_("chen")
    oldest = team.customer("chen", "陈氏建设")
    assert oldest.owner_id == chen.actor.id
    for n in range(10):
        team.customer("wu", f"后来{n}建设")
    (page,) = pages(chen, Op.EMPTY, mine=True)
    assert [row.title for row in page.rows] == ["陈氏建设"]
    assert page.rows[0].owner == chen.actor.name
