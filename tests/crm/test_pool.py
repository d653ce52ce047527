"""A customer of the pool goes to one of those who reach for it at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import pool, undo
from crm.deputies import reached
from crm.errors import Conflict, UserMistake
from crm.rights import POOL
from store.database import Database
from store.tables import Customer, Member
from tests.crm.team import Team, make_team


def put(session: Session) -> tuple[Team, Customer]:
    """The team, and 吴婷's customer, which she has put into the pool."""
    team = make_team(session)
    customer = team.customer("wu", "恒瑞医药")
    pool.release(team.as_("wu", inbox_id=7), [customer.id])
    return team, session.get_one(Customer, customer.id)


def test_many_reach_for_it_and_one_has_it(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team, customer = put(session)
        session.commit()
    who = ("zhang", "wu", "li", "zhao", "zhang", "wu")
    start = Barrier(len(who))

    def reach(one: str) -> bool:
        with Session(database.writer) as session:
            ctx = Team(session, members=team.members).as_(one)
            start.wait()
            try:
                pool.claim(ctx, customer.id)
                session.commit()
            except (Conflict, UserMistake):
                session.rollback()
                return False
            return True

    with ThreadPoolExecutor(len(who)) as threads:
        results = list(threads.map(reach, who))
    assert results.count(True) == 1
    with Session(database.reader) as session:
        owner = session.get_one(Customer, customer.id).owner_id
    assert owner == team.members[who[results.index(True)]].id


def test_many_who_fill_the_pool_at_once_make_one_holder(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        ids = [team.customer("wu", f"第{n}精密机械").id for n in range(4)]
        session.commit()
    start = Barrier(len(ids))

    def release(customer_id: int) -> None:
        with Session(database.writer) as session:
            ctx = Team(session, members=team.members).as_("wu")
            start.wait()
            pool.release(ctx, [customer_id])
            session.commit()

    with ThreadPoolExecutor(len(ids)) as threads:
        list(threads.map(release, ids))
    with Session(database.reader) as session:
        owners = set(session.scalars(select(col(Customer.owner_id)).where(col(Customer.id).in_(ids))))
        assert owners == {POOL}
        assert session.get_one(Member, POOL).active is False


def test_putting_back_is_undone_until_somebody_has_claimed(session: Session) -> None:
    team, customer = put(session)
    undo.undo(team.as_("wu", inbox_id=8), 7)
    session.refresh(customer)
    assert customer.owner_id == team.members["wu"].id
    pool.release(team.as_("wu", inbox_id=9), [customer.id])
    pool.claim(team.as_("zhang", inbox_id=10), customer.id)
    with pytest.raises(Conflict):
        undo.undo(team.as_("wu", inbox_id=11), 9)
    session.refresh(customer)
    assert customer.owner_id == team.members["zhang"].id


def test_a_page_of_the_pool_goes_on_where_it_ended(session: Session) -> None:
    team = make_team(session)
    made = [team.customer("wu", f"第{n}精密机械").id for n in range(pool.PAGE + 3)]
    for one in made:
        pool.release(team.as_("wu"), [one])
    first = pool.page(team.as_("zhang"))
    assert (len(first.rows), first.after, first.claims) == (pool.PAGE, pool.PAGE, True)
    rest = pool.page(team.as_("zhang"), pool.PAGE)
    assert (len(rest.rows), rest.after) == (3, None)
    assert {row.id for row in (*first.rows, *rest.rows)} == set(made)


def test_nobody_is_told_what_would_be_for_an_owner(session: Session) -> None:
    team, _ = put(session)
    assert reached(session, [session.get_one(Member, POOL)], team.now) == {POOL: ()}
