"""Somebody the bot does not know: told how to become known, and known in his own spelling afterwards."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from bot.letters import addresses
from handlers import binding
from handlers.features import registry
from handlers.incoming import Kind
from store.database import Database
from tests.bot.office import BOT, Office, open_office, text

OPAQUE = "woHr_KCgAb12"


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    opened = open_office(database, registry())
    yield opened
    await opened.close()


def on_the_bot(words: str, **changes: object) -> object:
    """A message to the smart bot."""
    return replace(text(words, sender=OPAQUE), app=BOT, **changes)  # type: ignore[arg-type]  # fields of Incoming


async def said(office: Office, words: str, **changes: object) -> str:
    """What the bot answers to the stranger."""
    answer = await office.dispatcher.accept(on_the_bot(words, **changes))  # type: ignore[arg-type]  # made above
    return answer.text or ""


async def test_a_code_in_one_line_binds_and_keeps_the_case_of_the_address(office: Office) -> None:
    told = await said(office, "你好")
    found = re.search(r"绑定 (\d{6})", told)
    assert found
    answer = await office.dispatcher.accept(text(f"绑定 {found[1]}"))
    assert "绑定好了" in (answer.text or "")
    assert "绑定" not in await said(office, "你好")
    with Session(office.database.reader) as session:
        member = next(row.member_id for row in office.inbox() if row.member_id)
        (to,) = addresses(session, [member], office.voices, ("wecom", BOT)).values()
    assert (to.app, to.receiver, to.lane) == (BOT, OPAQUE, f"wecom:{BOT}:{OPAQUE.lower()}")


async def test_a_code_is_read_even_where_something_else_was_asked(office: Office) -> None:
    await office.dispatcher.accept(text("绑定"))
    told = await said(office, "在吗")
    code = binding.code_in(told.split("\n")[1])
    answer = await office.dispatcher.accept(text(f"/绑定 {code}。"))
    assert "绑定好了" in (answer.text or "")


async def test_a_group_is_told_no_code(office: Office) -> None:
    told = await said(office, "今天", is_group=True, conversation="wrGroup")
    assert "单独打开" in told
    assert not re.search(r"\d{6}", told)


async def test_events_of_strangers_are_not_answered(office: Office) -> None:
    assert await said(office, "", kind=Kind.EVENT, event="feedback_event") == ""
    assert office.outbox() == []


async def test_in_the_app_a_stranger_is_told_whom_to_ask(office: Office) -> None:
    answer = await office.dispatcher.accept(text("你好", sender="NewOne"))
    assert "NewOne" in (answer.text or "")


async def test_a_voice_message_that_was_written_down_is_read(office: Office) -> None:
    answer = await office.dispatcher.accept(replace(text("帮助"), kind=Kind.VOICE))
    assert "直接说" in (answer.text or "")


@pytest.mark.parametrize("kind", ["message.unknownMsgType", "message.redpacket"])
async def test_a_message_of_an_unknown_kind_is_said_to_be_lost(office: Office, kind: str) -> None:
    await office.dispatcher.accept(replace(text(""), kind=Kind.EVENT, event=kind))
    (letter,) = office.outbox()
    assert "看不了" in letter.body.decode()
    assert "例如" in letter.body.decode()


async def test_a_message_without_words_beyond_the_quota_is_said_to_be_lost(office: Office) -> None:
    missing = replace(text(""), kind=Kind.EVENT, event="message.over_quota")
    await office.dispatcher.accept(missing)
    (letter,) = office.outbox()
    assert "没有记下来" in letter.body.decode()
