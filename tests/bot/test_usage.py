"""DingTalk's quota: counted across apps and restarts, the administrators told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.alarms import administrators
from bot.answer import Answer
from bot.dingtalk.client import SINGLE, WEBHOOK
from bot.dingtalk.quota import Quota, Usage, month_of
from bot.usage import Meter, used
from handlers.incoming import Incoming, Kind
from handlers.router import Router
from store import usage
from store.database import Database
from store.tables import Member, Role
from store.usage import CALLS, PUSHES, Count
from tests.bot.office import NOW, Office, open_office, text

MONTH = month_of(NOW)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    opened = open_office(database, Router("none"))
    yield opened
    await opened.close()


def meter_of(office: Office, quota: Quota | None = None) -> Meter:
    return Meter(office.writer, office.voices, office.clock, quota or Quota())


def found(office: Office) -> Usage:
    with Session(office.database.reader) as session:
        return used(session, MONTH)


def appoint(office: Office, name: str, role: Role) -> int:
    with Session(office.database.writer) as session:
        member: Member = session.execute(select(Member).where(col(Member.name) == name)).scalar_one()
        member.role = role
        found = member.id
        session.commit()
        return found


async def test_calls_and_pushes_are_added_up_over_apps_and_restarts(office: Office) -> None:
    async def accept(_incoming: Incoming) -> Answer:
        return Answer()

    for app in ("main", "other"):
        meter = meter_of(office)
        for path in (SINGLE, SINGLE, WEBHOOK, "v1.0/oauth2/accessToken"):
            meter.calls_of(app)(path)
        hear = meter.hearing(accept)
        said = replace(text("你好"), platform="dingtalk", app=app)
        await hear(said)
        await hear(replace(said, kind=Kind.ACTION))
        await hear(replace(said, kind=Kind.EVENT, event="user_leave_org"))
        await meter.flush()
        await meter.flush()
    assert found(office) == Usage(MONTH, calls=4, pushes=4)


async def test_replicas_add_to_the_same_count(database: Database) -> None:
    for _ in range(3):
        with Session(database.writer) as session:
            usage.add(session, {Count("dingtalk", "main", MONTH, CALLS): 5})
            session.commit()
    with Session(database.reader) as session:
        counts = usage.of_month(session, "dingtalk", MONTH)
    assert counts == {Count("dingtalk", "main", MONTH, CALLS): 15}
    assert usage.PUSHES == PUSHES


async def test_administrators_are_told_at_four_fifths_and_at_the_end_once_each(office: Office) -> None:
    appoint(office, "李娜", Role.ADMIN)
    meter = meter_of(office, Quota(calls=10, pushes=100))
    for _ in range(7):
        meter.calls_of("main")(SINGLE)
    await meter.flush()
    assert office.outbox() == []
    for _ in range(4):
        meter.calls_of("main")(SINGLE)
        await meter.flush()
    letters = [one.body.decode() for one in office.outbox()]
    assert len(letters) == 2
    assert "80%" in letters[0]
    assert "已用完" in letters[1]
    assert {one.receiver for one in office.outbox()} == {"lina"}


async def test_without_administrators_the_directors_are_told(office: Office) -> None:
    boss = appoint(office, "李娜", Role.DIRECTOR)
    with Session(office.database.reader) as session:
        assert administrators(session) == [boss]
    other = appoint(office, "张伟", Role.ADMIN)
    with Session(office.database.reader) as session:
        assert administrators(session) == [other]
