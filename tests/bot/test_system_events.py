"""What a platform itself tells: handled once, under the same rules as a message, answered to nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import Session, col

from crm.errors import UserMistake
from crm.journal import changed
from handlers.incoming import Incoming, Kind
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Turn
from nlu.reading import Intent, Reading
from store.database import Database
from store.tables import EventLog, InboxStatus, Member
from tests.bot.office import Office, open_office, text


def happened(name: str, sender: str = "sys", delivery: str = "e1") -> Incoming:
    return replace(text("", sender, delivery), kind=Kind.EVENT, event=name, fields={"UserID": ("lina",)})


def router() -> Router:
    made = Router("test")

    @made.intent(Intent.CHITCHAT)
    def talk(turn: Turn, reading: Reading) -> Reply:
        return Reply("您好")

    @made.system("moved", "subscribe")
    def moved(turn: Turn) -> Reply:
        lina = turn.ctx.session.execute(select(Member).where(col(Member.name) == "李娜")).scalar_one()
        changed(turn.ctx, lina, position=turn.actor.name)
        return Reply("不会说出去", notices=(Notice(lina.id, text="您的资料已更新"),))

    @made.system("broken")
    def broken(turn: Turn) -> Reply:
        lina = turn.ctx.session.execute(select(Member).where(col(Member.name) == "李娜")).scalar_one()
        changed(turn.ctx, lina, position="写到一半")
        raise RuntimeError("fault of ours")

    @made.system("refused")
    def refused(turn: Turn) -> Reply:
        raise UserMistake("没有人会看到")

    return made


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Office]:
    office = open_office(database, router())
    try:
        yield office
    finally:
        await office.close()


def position(office: Office) -> str:
    with Session(office.database.reader) as session:
        return str(
            session.execute(select(col(Member.position)).where(col(Member.name) == "李娜")).scalar_one()
        )


async def test_an_event_of_nobody_is_handled_by_the_system_once(database: Database) -> None:
    async with opened(database) as office:
        for _ in range(2):
            answer = await office.dispatcher.accept(happened("moved"))
            assert answer.text is None
        assert position(office) == "系统"
        (row,) = office.inbox()
        assert (row.status, row.handler, row.member_id) == (InboxStatus.DONE, "test.moved", None)
        assert [letter.receiver for letter in office.outbox()] == ["lina"]
        with Session(database.reader) as session:
            (event,) = session.execute(select(EventLog).where(col(EventLog.object) == "member")).scalars()
        assert event.inbox_id == row.id


async def test_it_is_the_systems_even_when_a_member_stands_behind_it(database: Database) -> None:
    async with opened(database) as office:
        await office.dispatcher.accept(happened("subscribe", "ZhangWei"))
        assert position(office) == "系统"
        assert {letter.receiver for letter in office.outbox()} == {"lina"}


async def test_a_failing_one_is_kept_with_nothing_written_and_nobody_told(database: Database) -> None:
    async with opened(database) as office:
        await office.dispatcher.accept(happened("broken"))
        assert position(office) == ""
        assert [row.status for row in office.inbox()] == [InboxStatus.FAILED]
        assert office.outbox() == []


async def test_a_refused_one_is_told_to_nobody(database: Database) -> None:
    async with opened(database) as office:
        await office.dispatcher.accept(happened("refused"))
        assert [row.status for row in office.inbox()] == [InboxStatus.DONE]
        assert office.outbox() == []


async def test_events_that_nobody_handles_change_nothing(database: Database) -> None:
    async with opened(database) as office:
        await office.dispatcher.accept(happened("unheard_of"))
        assert [row.status for row in office.inbox()] == [InboxStatus.DONE]
        assert office.outbox() == []
