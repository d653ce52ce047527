"""The condition of rights is found by indexes on both databases, whatever opens the rows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select, event, select, text
from sqlmodel import Session, col

from crm import collaborators, pool
from crm.collaborators import READ
from crm.context import Context
from crm.rights import POOL, Scope, Verb, can_see, visible
from crm.rights.change import set_scope
from store.tables import Activity, Contact, Customer, Member, Quote, Role, Table, Task
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

BIG = ("customer", "contact", "activity", "task", "quote")


@standing
def team(session: Session) -> Team:
    """李娜 works on 吴婷's customer besides her people's."""
    team = make_team(session)
    admin = Member(name="孙工", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
    session.add(admin)
    session.flush()
    team.members["admin"] = admin
    customer = team.customer("wu", "恒瑞医药")
    collaborators.share(team.as_("wu"), customer, team.members["li"], READ)
    return team


def plan(session: Session, query: Select[Any]) -> str:
    """How the database means to find the rows."""
    dialect = session.get_bind().dialect
    made = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    if dialect.name == "sqlite":
        rows = session.execute(text(f"EXPLAIN QUERY PLAN {made}"))
        return "\n".join(str(row[3]) for row in rows)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    return "\n".join(str(row[0]) for row in session.execute(text(f"EXPLAIN {made}")))


@pytest.mark.parametrize("model", [Customer, Contact])
@pytest.mark.parametrize("who", ["zhang", "li"])
def test_a_list_of_all_that_one_sees_scans_no_large_table(team: Team, model: type[Table], who: str) -> None:
    table: Any = model
    query = select(col(table.id)).where(visible(team.as_(who), model)).limit(20)
    unscanned(plan(team.session, query))


@pytest.mark.parametrize("model", [Activity, Task, Quote])
@pytest.mark.parametrize("who", ["zhang", "li"])
def test_what_was_found_otherwise_is_sifted_without_a_scan(team: Team, model: type[Table], who: str) -> None:
    table: Any = model
    seen = visible(team.as_(who), model)
    for found in (col(table.id).in_([1, 2, 3]), col(table.customer_id) == 1):
        unscanned(plan(team.session, select(col(table.id)).where(found, seen).limit(20)))


def unscanned(found: str) -> None:
    """No large table is read from its beginning to its end."""
    for name in BIG:
        assert f"SCAN {name}" not in found, found
        assert f"Seq Scan on {name}" not in found, found


@pytest.mark.parametrize("scope", [Scope.BRANCH, Scope.DEPARTMENT, Scope.OWN])
def test_departments_do_not_change_that(team: Team, scope: Scope) -> None:
    set_scope(team.as_("admin"), Role.MANAGER, "customer", Verb.READ, scope)
    query = select(col(Customer.id)).where(visible(team.as_("li"), Customer)).limit(20)
    unscanned(plan(team.session, query))


def test_ones_own_customer_costs_no_statement(team: Team) -> None:
    """The way of every message: whoever records his own visit is asked for nothing."""
    customer = team.session.get_one(Customer, team.customer("zhang", "美的集团").id)
    assert statements(team.as_("zhang"), customer) == 0


def test_somebody_elses_costs_a_handful(team: Team) -> None:
    customer = team.session.get_one(Customer, team.customer("zhang", "美的集团").id)
    assert statements(team.as_("chen"), customer) <= 1
    ctx = team.as_("zhao")
    can_see(ctx, customer)
    assert statements(ctx, customer) <= 2


def statements(ctx: Context, customer: Customer) -> int:
    """How many statements the question whether somebody sees a customer takes, what is kept left aside."""
    can_see(ctx, customer)
    seen: list[str] = []
    engine = ctx.session.get_bind().engine

    def count(*given: Any) -> None:  # what SQLAlchemy hands over
        seen.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", count)
    try:
        can_see(ctx, customer)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(seen)


def test_the_pool_is_looked_through_without_a_scan(team: Team) -> None:
    pool.release(team.as_("wu"), [team.customer("wu", "美的集团").id])
    for who in ("zhang", "chen"):
        seen = visible(team.as_(who), Customer)
        query = select(col(Customer.id)).where(col(Customer.owner_id) == POOL, seen)
        unscanned(plan(team.session, query.order_by(col(Customer.id).desc()).limit(9)))
