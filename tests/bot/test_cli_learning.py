"""The commands over what people corrected and over old sentences, on a database as it is in earnest."""

from __future__ import annotations

import json
from datetime import datetime

from sqlmodel import Session
from typer.testing import CliRunner

from bot.cli import app
from bot.cli_corrections import exported
from bot.cli_reparse import differences, lines
from config.settings import Settings
from store.database import Database, connect
from tests.handlers.talk import make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


def settings_with_a_correction(url: str, *, corrected: bool = True) -> Settings:
    database = connect(url)
    with Session(database.writer, expire_on_commit=False) as session:
        talk = make_talk(session)
        talk.say("zhang", SENTENCE)
        if corrected:
            talk.say("zhang", "金额是56万不是58万")
        session.commit()
    database.close()
    return Settings(database_url=url)


def test_corrections_are_exported_as_test_cases(database_url: str) -> None:
    (line,) = exported(settings_with_a_correction(database_url), None)
    case = json.loads(line)
    assert case.pop("id").startswith("c")
    assert case == {
        "text": SENTENCE,
        "reference_time": "2026-11-19T10:30:00",
        "intent": "log_activity",
        "customer": "华润置地（华东）有限公司",
        "contact": "王总",
        "contact_title": "总",
        "method": "visit",
        "activity_time": {"value": "2026-11-19", "grain": "part_of_day", "part": "下午"},
        "next_time": {"value": "2026-11-25T10:00:00", "grain": "minute"},
        "next_action": "演示",
        "amount": 560_000,
        "note": "amount：金额是56万不是58万",
    }


def test_the_export_begins_on_a_day(database_url: str) -> None:
    settings = settings_with_a_correction(database_url)
    assert len(exported(settings, datetime.fromisoformat("2026-11-19"))) == 1
    assert exported(settings, datetime.fromisoformat("2026-11-20")) == []


def test_reading_again_finds_nothing_with_the_same_grammar(database_url: str) -> None:
    settings = settings_with_a_correction(database_url, corrected=False)
    assert [lines(one) for one in differences(settings, 100)] == []


def test_the_commands_are_there() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    assert "corrections" in shown
    assert "reparse" in shown
    assert "--since" in CliRunner().invoke(app, ["corrections", "export", "--help"]).output


def test_reading_again_changes_nothing(database: Database, database_url: str) -> None:
    settings = settings_with_a_correction(database_url)
    before = exported(settings, None)
    list(differences(settings, 100))
    assert exported(settings, None) == before
