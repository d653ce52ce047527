"""The benchmark of a large company, on a small one: what it builds can be asked for."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from bot.bench.crm import measure, probes, turn_of
from bot.bench.crowd import FOLLOW_UPS, build
from bot.bench.marks import CHOICE, TAG, TAGGED, mark
from crm import customers
from crm.context import Actor, Context
from store.database import Database
from store.tables import Activity, Customer, Member, Role, Tagging


def test_a_small_company_is_built_and_asked(database: Database) -> None:
    said: list[object] = []
    crowd = build(database, customers=300, members=60, echo=said.append)
    mark(database, crowd)
    with Session(database.reader) as session:
        assert session.exec(select(func.count()).select_from(Customer)).one() == 300
        assert session.exec(select(func.count()).select_from(Activity)).one() == 300 * FOLLOW_UPS
        owner = session.get_one(Member, crowd.member(crowd.owner(7)))
        actor = Actor(owner.id, owner.name, Role.SALES, "", owner.superior_id)
        found = customers.look_up(Context(session, actor, crowd.now), crowd.name(7))
        assert found.sure
        assert found.proposals[0].id == crowd.first_customer + 7
        names = session.exec(select(col(Customer.name))).all()
        assert len(set(names)) == 300
        assert session.exec(select(func.count()).select_from(Tagging)).one() == 300 // TAGGED
    for role in (Role.SALES, Role.MANAGER, Role.DIRECTOR):
        for probe in probes():
            assert len(measure(database, crowd, role, probe, rounds=2, warm_up=1)) == 2, probe.name
    asked = {probe.name: probe for probe in probes()}
    with Session(database.reader) as session:
        director = turn_of(session, crowd, 0, Role.DIRECTOR)
        for name in (f"标签 {TAG}", f"{CHOICE} B", "搜跟进 二期报价"):
            reply = asked[name].run(director, "", 0)
            assert reply is not None
            assert reply.cards[0].body or reply.cards[0].facts, name
