"""The administrators hear of what they must mend: once a day, and not through what is broken."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.alarms import Alarms
from handlers.router import Router
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Stopped
from store.database import Database
from store.outbox import Parcel
from store.tables import Identity, Member, Role
from tests.bot.office import BOT, NOW, Office, open_office


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    """李娜 is the administrator, in the app and in the bot."""
    opened = open_office(database, Router("none"))
    with Session(database.writer) as session:
        session.execute(update(Member).where(col(Member.name) == "李娜").values(role=Role.ADMIN))
        boss = session.execute(select(col(Member.id)).where(col(Member.name) == "李娜")).scalar_one()
        session.add(
            Identity(
                platform="wecom", app=BOT, external_id="lina", address="LiNa", member_id=boss, created_at=NOW
            )
        )
        session.commit()
    yield opened
    await opened.close()


def found_out(office: Office, outcome: Outcome, receiver: str = "ZhangWei", app: str = "main") -> None:
    """A letter to somebody came to this end."""
    parcel = Parcel(1, "wecom", app, "lane", receiver, "send", b"", 1, None, "", NOW)
    with Session(office.database.writer) as session:
        alarms = Alarms(office.voices, office.clock, frozenset({("wecom", BOT)}))
        alarms.undelivered(session, parcel, outcome)
        session.commit()


async def test_a_sender_that_stands_still_is_told_once_a_day_through_another_app(office: Office) -> None:
    for _ in range(3):
        found_out(office, Stopped("60020", "本机出口 IP 不在企业可信IP里"))
    (letter,) = office.outbox()
    assert (letter.app, letter.receiver) == (BOT, "LiNa")
    assert "企业可信IP" in letter.body.decode()
    office.clock.jump(NOW + timedelta(days=1))
    found_out(office, Stopped("60020", "本机出口 IP 不在企业可信IP里"))
    assert len(office.outbox()) == 2


async def test_a_colleague_who_cannot_be_reached_is_named(office: Office) -> None:
    found_out(office, Refused("ReceiverGone message/send code=60111"))
    found_out(office, Refused("ReceiverGone message/send code=60111"))
    (letter,) = office.outbox()
    assert "张伟" in letter.body.decode()


@pytest.mark.parametrize("outcome", [Delivered(), Pointless("over"), Retry(1.0, "busy")])
async def test_what_mends_itself_is_not_told(office: Office, outcome: Outcome) -> None:
    found_out(office, outcome)
    assert office.outbox() == []


async def test_a_bot_that_was_never_spoken_to_is_no_alarm(office: Office) -> None:
    found_out(office, Refused("会话没有激活"), receiver="LiNa", app=BOT)
    assert office.outbox() == []


async def test_strangers_and_groups_are_no_alarm(office: Office) -> None:
    found_out(office, Refused("no such conversation"), receiver="wrGroup")
    assert office.outbox() == []
