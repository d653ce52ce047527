"""Own fields through the real dispatch: known to the next message, and to the other replicas soon after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.names import Names
from bot.plan import Planner
from bot.turns import Turns
from config.business import Business
from crm import customers
from crm.context import Actor, Context
from crm.custom import fields, values
from handlers.features import registry
from store.database import Database, connect
from store.tables import Customer, InboxStatus, Member, Role
from store.writer import Writer
from tests.bot.office import NOW, SECRET, Office, open_office, text


@pytest.fixture
def office_with_a_customer(database: Database) -> Iterator[Office]:
    """李娜 is administrator, 张伟 looks after 华润置地."""
    office = open_office(database, registry())
    with Session(database.writer, expire_on_commit=False) as session:
        session.execute(update(Member).where(col(Member.name) == "李娜").values(role=Role.ADMIN.value))
        row = session.execute(select(Member).where(col(Member.name) == "张伟")).scalar_one()
        ctx = Context(session, Actor(row.id, row.name, Role.SALES), NOW)
        customers.add(ctx, customers.NewCustomer("华润置地"))
        session.commit()
    yield office
    office.writer.close()


def ext(database: Database) -> dict[str, object]:
    """The own fields of the customer."""
    with Session(database.reader) as session:
        return dict(session.execute(select(Customer)).scalar_one().ext)


async def test_a_field_is_known_to_the_next_message(office_with_a_customer: Office) -> None:
    office = office_with_a_customer
    await office.dispatcher.follow()
    await office.dispatcher.accept(text("字段 客户 新增 设备型号偏好 单选 A/B/C", "LiNa"))
    await office.dispatcher.idle()
    await office.dispatcher.accept(text("华润置地 设备型号偏好 B"))
    await office.dispatcher.idle()
    assert list(ext(office.database).values()) == ["B"]
    await office.dispatcher.accept(text("设备型号偏好 C 的客户"))
    await office.dispatcher.idle()
    assert {row.status for row in office.inbox()} == {InboxStatus.DONE}
    await office.dispatcher.close()


async def test_another_replica_learns_of_it_when_it_follows(
    office_with_a_customer: Office, database_url: str
) -> None:
    office = office_with_a_customer
    other = connect(database_url)
    names = Names()
    with Session(other.reader) as session:
        names.load(session)
    planner = Planner(registry(), SECRET, Business(), lambda: names.lexicon)
    said = text("华润置地 设备型号偏好 B")
    writer, turns = Writer(other.writer), Turns(planner, office.voices)
    await office.dispatcher.follow()
    await office.dispatcher.accept(text("字段 客户 新增 设备型号偏好 单选 A/B/C", "LiNa"))
    await office.dispatcher.idle()
    try:
        with Session(other.reader) as session:
            assert planner.plan(session, said, NOW).steps[-1].route.name == "visits.record"
            names.follow(session)
            plan = planner.plan(session, said, NOW)
        assert plan.steps[-1].route.name == "field_values.write"
        await writer.run(lambda one: turns.write(one, plan, NOW))
        assert list(ext(office.database).values()) == ["B"]
    finally:
        writer.close()
        other.close()
        await office.dispatcher.close()


async def test_two_fields_of_one_record_set_at_the_same_moment_both_stay(
    office_with_a_customer: Office, database_url: str
) -> None:
    office, other = office_with_a_customer, connect(database_url)
    with Session(office.database.writer, expire_on_commit=False) as session:
        admin = Context(session, Actor(0, "系统", Role.ADMIN), NOW)
        rows = [
            fields.add(admin, "customer", fields.NewField(label, fields.Kind.NUMBER))
            for label in ("甲量", "乙量")
        ]
        session.commit()
    writers = [office.writer, Writer(other.writer)]

    def put(key: str, said: str) -> Callable[[Session], object]:
        def run(session: Session) -> object:
            ctx = Context(session, Actor(0, "系统", Role.ADMIN), NOW)
            return values.put(ctx, session.execute(select(Customer)).scalar_one(), {key: said})

        return run

    try:
        for number in range(1, 6):
            jobs = [w.run(put(row.key, str(number))) for w, row in zip(writers, rows, strict=True)]
            await asyncio.gather(*jobs)
            assert ext(office.database) == {rows[0].key: number, rows[1].key: number}
    finally:
        writers[1].close()
        other.close()
        await office.dispatcher.close()
