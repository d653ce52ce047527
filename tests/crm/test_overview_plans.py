"""No chat path reads a large table from end to end: asserted from the plans of both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import customers, history, overview, task_lists, timeline, undo, visits
from crm.context import Context
from crm.visits import ActivityKind, Draft
from store.tables import Activity, Customer
from tests.crm.crowd import fill
from tests.crm.plans import scans, watch
from tests.crm.team import Team, make_team
from tests.ground import standing

Path = Callable[[Context, int], object]

PATHS: dict[str, Path] = {
    "360": overview.overview,
    "follow-ups": overview.history,
    "people": overview.people,
    "quotes": overview.offers,
    "timeline": timeline.of_customer,
    "past": lambda ctx, c: history.as_of(ctx, c, ctx.local - timedelta(seconds=1)),
    "exact name": lambda ctx, _: customers.look_up(ctx, "华润置地"),
    "part of a name": lambda ctx, _: customers.look_up(ctx, "润置"),
    "typo": lambda ctx, _: customers.look_up(ctx, "华仁置地华东"),
    "today": lambda ctx, _: task_lists.today(ctx),
    "week": lambda ctx, _: task_lists.week(ctx),
    "tasks of a customer": task_lists.open_of_customer,
    "latest": lambda ctx, _: customers.latest(ctx, 5),
    "what can be undone": lambda ctx, _: undo.last_messages(ctx, 1),
}


@standing
def team(session: Session) -> Team:
    """The team among many customers."""
    team = make_team(session)
    fill(team)
    return team


def _customer(team: Team) -> int:
    """A customer with a few follow-ups, a quote and a plan."""
    customer = team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    before = team.as_("zhang", team.now - timedelta(days=1))
    customer.created_at = before.now
    for raw in ("聊了报价", "看了样品"):
        visits.record(before, Draft(ActivityKind.VISIT, raw, customer.id, "王总"))
    return customer.id


@pytest.mark.parametrize("who", ["zhang", "li", "chen", "zheng"])
def test_no_large_table_is_read_from_end_to_end(
    team: Team, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer_id = _customer(team)
    ctx = team.as_(who)
    found = {}
    for name, path in PATHS.items():
        with watch(team.session, monkeypatch) as watched:
            path(ctx, customer_id)
        assert watched.statements, name
        whole = scans(team.session, watched)
        if whole:
            found[name] = whole
    assert found == {}


def test_a_table_that_is_read_from_end_to_end_is_noticed(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    with watch(team.session, monkeypatch) as watched:
        team.session.scalars(select(Customer).where(col(Customer.note) == "x")).all()
        team.session.scalars(select(Activity).order_by(col(Activity.id)).limit(5)).all()
    assert [one.partition(":")[0] for one in scans(team.session, watched)] == ["customer", "activity"]
