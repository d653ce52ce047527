"""No secret, phone number or message text in any log line, whatever happens."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from pydantic import BaseModel, SecretStr
from sqlalchemy import select
from sqlalchemy import text as sql
from sqlmodel import Session, col

from bot.demo.run import Demo, demo
from config import logs
from handlers.incoming import Incoming, Kind
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Turn
from nlu.reading import Intent, Reading
from sandbox.wecom.attacks import Attack
from scheduler.clockwork import Clockwork, Tick
from store.database import Database
from store.tables import Contact, Customer, Inbox
from tests.bot.office import open_office
from tests.bot.office import text as message
from tests.patience import PATIENCE

START = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PHONE = "13912345678"
SAID = (
    f"今天下午拜访了华润置地的王总，电话{PHONE}，聊了二期报价，预算大概58万，下周三上午十点再去演示",
    "call Bob Miller about ACME-4711 tomorrow 9am, bob.miller@acme.example",
    "华润置地",
    "报价 华润置地 58万 9折 提交",
    "提醒我明天上午9点给李总打电话",
    f"新客户 蓝海微电子 联系人陈晓东 {PHONE}",
    "撤销",
    "😀 whatever-this-is 4711",
)
WORDS = (
    "华润置地",
    "二期报价",
    "Bob Miller",
    "ACME-4711",
    "acme.example",
    "蓝海微电子",
    "陈晓东",
    PHONE,
    "whatever-this-is",
)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Everything that is logged at DEBUG, as the service would write it."""
    sink = io.StringIO()
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    monkeypatch.setattr(sys, "stderr", sink)
    logs.configure("DEBUG")
    yield sink
    structlog.reset_defaults()
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("aiohttp.access").disabled = False


@pytest.fixture
async def office(written: io.StringIO, company_url: str) -> AsyncIterator[Demo]:
    """The demo, its log being kept."""
    assert written.getvalue() == ""
    async with demo(company_url, start=START) as running:
        yield running


def secrets_of(model: BaseModel) -> set[str]:
    """Every secret in the settings, at any depth."""
    found: set[str] = set()
    values: list[Any] = list(dict(model).values())
    while values:
        value = values.pop()
        if isinstance(value, SecretStr):
            found.add(value.get_secret_value())
        elif isinstance(value, BaseModel):
            values += dict(value).values()
        elif isinstance(value, dict):
            values += value.values()
    return found - {""}


def seeded(database: Database) -> set[str]:
    """Names and phones of the customers and contacts of the demo."""
    with Session(database.reader) as session:
        phones = session.execute(select(col(Contact.phone))).scalars()
        people = session.execute(select(col(Contact.name))).scalars()
        companies = session.execute(select(col(Customer.name))).scalars()
        return {one for one in (*phones, *people, *companies) if one and len(one) > 1}


def shown(log: str, words: set[str] | tuple[str, ...]) -> list[str]:
    """Those of the words that stand in the log."""
    return [word for word in words if word in log]


async def test_a_whole_conversation_leaves_no_word_in_the_log(office: Demo, written: io.StringIO) -> None:
    sandbox = office.sandbox
    for words in SAID:
        said = await sandbox.says("zhangwei", words)
        await sandbox.wait_for("zhangwei", lambda m: m.sender == "app", PATIENCE, after=said)
    for kind in (Attack.WRONG_SIGNATURE, Attack.GARBAGE, Attack.STALE, Attack.ENTITY_BOMB):
        await sandbox.attack(kind)
    sandbox.wecom.faults.inject("message/send", 42001, 1)
    sandbox.wecom.faults.inject("message/send", 40058, 1)
    said = await sandbox.says("zhangwei", SAID[0].replace("58万", "59万"))
    await office.service.dispatcher.idle()
    await sandbox.jump(datetime(2026, 11, 25, 9, 50, tzinfo=START.tzinfo))
    await office.service.settle()
    await office.service.relay.flush()
    log = written.getvalue()
    assert "wecom.callback.refused" in log
    assert shown(log, WORDS) == []
    assert shown(log, seeded(office.service.database)) == []
    assert shown(log, secrets_of(office.settings)) == []
    assert "access_token" not in log


def failing() -> Router:
    """Handlers that fail with the words of the message in their error."""
    router = Router("test")

    @router.intent(*Intent)
    def fail(turn: Turn, _reading: Reading) -> Reply:
        turn.ctx.session.execute(sql("insert into nowhere values (:words)"), {"words": turn.incoming.text})
        return Reply()

    @router.kind(Kind.IMAGE)
    def picture(turn: Turn) -> Reply:
        try:
            int(turn.incoming.text)
        except ValueError as cause:
            raise RuntimeError(f"{turn.incoming.text} from {turn.actor.name}") from cause
        return Reply()

    return router


async def test_a_failing_handler_leaves_its_words_in_the_inbox_alone(
    database: Database, written: io.StringIO
) -> None:
    office = open_office(database, failing())
    for words in SAID:
        await office.dispatcher.accept(message(words))
    picture = Incoming("wecom", "main", "lina", "lina", Kind.IMAGE, "p1", START, text=f"{SAID[1]} {PHONE}")
    await office.dispatcher.accept(picture)
    await office.dispatcher.idle()
    kept: list[Inbox] = office.inbox()
    await office.close()
    log = written.getvalue()
    lines = [line for line in log.splitlines() if "turn.failed" in line]
    assert len(lines) == len(kept)
    assert any("RuntimeError < bot/test_privacy.py:" in line for line in lines)
    assert shown(log, WORDS) == []
    assert shown(log, SAID) == []
    assert any("ACME-4711" in row.error for row in kept)


async def test_a_failing_tick_and_a_lost_task_say_where_and_not_what(written: io.StringIO) -> None:
    async def broken() -> None:
        raise ValueError(f"{SAID[0]} {SAID[1]}")

    await Clockwork([Tick("mornings", broken)]).run_once()
    log = written.getvalue()
    assert "tick.failed" in log
    assert "bot/test_privacy.py" in log
    assert shown(log, WORDS) == []
