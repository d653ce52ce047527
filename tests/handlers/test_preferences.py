"""在钉钉提醒我: a colleague known in several places is told things where he wants to be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from bot.dingtalk.speech import DingTalkVoice
from bot.letters import addresses
from bot.voice import Voices
from bot.wecom.speech import WeComVoice
from store.tables import Identity
from tests.crm.team import NOW
from tests.handlers.talk import Talk, make_talk

VOICES: Voices = {
    ("wecom", "main"): WeComVoice(1, b"a secret of the test, long enough"),
    ("dingtalk", "stream"): DingTalkVoice("robot", b"a secret of the test, long enough"),
}


@pytest.fixture
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
