"""在钉钉提醒我: a colleague known in several places is told things where he wants to be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot import asked
from bot.dingtalk.speech import DingTalkVoice
from bot.letters import addresses
from bot.voice import Voices
from bot.wecom.speech import WeComVoice
from cards.card import Card
from cards.help import ELSEWHERE
from crm import preferences
from handlers.incoming import Kind
from store.tables import Identity
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

VOICES: Voices = {
    ("wecom", "main"): WeComVoice(1, b"a secret of the test, long enough"),
    ("dingtalk", "stream"): DingTalkVoice("robot", b"a secret of the test, long enough"),
}


@standing
def talk(session: Session) -> Talk:
    made = make_talk(session)
    member = made.team.members["zhang"].id
    for platform, app, name in (("wecom", "main", "zw"), ("dingtalk", "stream", "ding1")):
        session.add(Identity(platform=platform, app=app, external_id=name, member_id=member, created_at=NOW))
        session.flush()
    return made


def told_on(talk: Talk, prefer: tuple[str, str] | None = None) -> str:
    member = talk.team.members["zhang"].id
    return addresses(talk.session, [member], VOICES, prefer)[member].platform


def test_without_a_wish_it_is_where_the_matter_is(talk: Talk) -> None:
    assert told_on(talk) == "wecom"
    assert told_on(talk, ("dingtalk", "stream")) == "dingtalk"


@pytest.mark.parametrize("words", ["在钉钉提醒我", "以后都在钉钉里通知我吧", "用钉钉提醒我", "/在钉钉提醒我"])
def test_a_wish_is_stronger(talk: Talk, words: str) -> None:
    assert "钉钉" in talk.say("zhang", words).text
    assert told_on(talk) == told_on(talk, ("wecom", "main")) == "dingtalk"


def test_the_last_wish_holds_and_can_be_taken_back(talk: Talk) -> None:
    talk.say("zhang", "在钉钉提醒我")
    talk.pass_time(minutes=1)
    assert "企业微信" in talk.say("zhang", "在这里提醒我").text
    assert told_on(talk, ("dingtalk", "stream")) == "wecom"
    talk.say("zhang", "提醒位置恢复默认")
    assert told_on(talk, ("dingtalk", "stream")) == "dingtalk"


def test_where_nobody_knows_him_nothing_changes(talk: Talk) -> None:
    reply = talk.say("wu", "在钉钉提醒我")
    assert "先在钉钉里和我说句话" in reply.text


def test_an_account_that_has_ended_is_no_place(talk: Talk) -> None:
    talk.say("zhang", "在钉钉提醒我")
    query = select(Identity).where(col(Identity.external_id) == "ding1")
    account = talk.session.execute(query).scalar_one()
    account.left_at = NOW + timedelta(minutes=5)
    talk.session.flush()
    assert told_on(talk) == "wecom"


def test_a_reminder_that_names_a_platform_is_still_a_reminder(talk: Talk) -> None:
    reply = talk.say("zhang", "明天上午10点提醒我在钉钉发通知")
    assert reply.cards


def test_the_choice_is_told_once_where_there_is_one(talk: Talk) -> None:
    zhang, wu = (talk.team.members[one].id for one in ("zhang", "wu"))
    assert preferences.undecided(talk.session, zhang)
    assert not preferences.first_told(talk.session, wu, talk.now)
    assert preferences.first_told(talk.session, zhang, talk.now)
    assert not preferences.first_told(talk.session, zhang, talk.now)


def test_who_has_chosen_hears_no_more_of_it(talk: Talk) -> None:
    talk.say("zhang", "在这里提醒我")
    assert not preferences.first_told(talk.session, talk.team.members["zhang"].id, talk.now)


def test_the_greeting_tells_of_the_choice_where_there_is_one(talk: Talk) -> None:
    assert "在这里提醒我" in talk.send("zhang", Kind.ENTER).text
    assert "在这里提醒我" not in talk.send("wu", Kind.ENTER).text


def test_the_first_card_that_comes_by_itself_tells_of_it(talk: Talk) -> None:
    to = addresses(talk.session, [talk.team.members["zhang"].id], VOICES)[talk.team.members["zhang"].id]
    voice = VOICES[to.platform, to.app]
    notes = [asked.ask(talk.session, voice, to, Card("提醒", note="到点了"), talk.now).note for _ in range(2)]
    assert notes == [f"到点了；{ELSEWHERE}", "到点了"]


def test_help_on_reminders_names_it(talk: Talk) -> None:
    assert "在这里提醒我" in talk.say("zhang", "帮助 提醒").text
