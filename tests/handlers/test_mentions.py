"""A colleague who is named in a record is told of it once, and only of what he may see."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session

from crm import mentions
from handlers.reply import Reply
from store.tables import Mention
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

VISIT = "今天拜访了华润置地的王总，聊了二期报价，"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def told(talk: Talk, reply: Reply) -> list[str]:
    """Who is told."""
    names = {member.id: member.name for member in talk.team.members.values()}
    return [names[notice.member_id] for notice in reply.notices]


@pytest.mark.parametrize(
    "words",
    [
        "@李娜 帮忙看下方案",
        "@李娜帮忙看下方案",
        "＠李娜 看下",
        "艾特李娜",
        "艾特一下李娜",
        "抄送李娜",
        "抄送给李娜",
        "cc 李娜",
    ],
)
def test_who_is_called_is_told(talk: Talk, words: str) -> None:
    reply = talk.say("zhang", VISIT + words)
    assert told(talk, reply) == ["李娜"]
    (notice,) = reply.notices
    assert notice.card is not None
    assert notice.card.title == "张伟提到了你 · 华润置地"
    assert notice.card.quote == VISIT + words
    assert "已通知李娜" in reply.cards[0].note


def test_several_are_called_at_once(talk: Talk) -> None:
    reply = talk.say("zhang", VISIT + "抄送李娜、陈建国和郑晓燕")
    assert told(talk, reply) == ["李娜", "陈建国", "郑晓燕"]


def test_a_name_without_a_call_tells_nobody(talk: Talk) -> None:
    assert told(talk, talk.say("zhang", VISIT + "李娜也去了")) == []
    assert told(talk, talk.say("zhang", VISIT + "邮箱是wang@李娜.com")) == []
    assert told(talk, talk.say("zhang", VISIT + "@张伟 自己记得")) == []


def test_who_may_not_see_the_customer_is_not_told(talk: Talk) -> None:
    reply = talk.say("zhang", VISIT + "@吴婷 你那边也问问")
    assert told(talk, reply) == []
    assert reply.cards[0].title.startswith("已记录")
    assert "吴婷看不到华润置地" in reply.cards[1].title
    (button,) = reply.cards[1].buttons
    assert button.action is not None
    assert (button.action.name, button.action.extra) == (
        "collaborator.grant",
        str(talk.team.members["wu"].id),
    )


def test_a_colleague_is_told_once(talk: Talk) -> None:
    talk.say("zhang", VISIT + "@李娜 帮忙看下方案")
    reply = talk.say("zhang", "金额56万 @李娜")
    assert told(talk, reply) == []
    again = talk.say("zhang", "@李娜 看了吗")
    assert told(talk, again) == []
    assert "已经收到" in again.text
    assert len(talk.session.scalars(select(Mention)).all()) == 1


def test_a_call_by_itself_is_about_the_last_record(talk: Talk) -> None:
    talk.say("zhang", VISIT.rstrip("，"))
    reply = talk.say("zhang", "@李娜 帮忙看下方案")
    assert told(talk, reply) == ["李娜"]
    assert "已通知李娜" in reply.text
    (notice,) = reply.notices
    assert notice.card is not None
    assert notice.card.quote == "@李娜 帮忙看下方案"
    assert "聊了二期报价" in notice.card.body


def test_a_leaver_is_not_told(talk: Talk) -> None:
    talk.team.members["li"].active = False
    talk.session.flush()
    assert told(talk, talk.say("zhang", VISIT + "@李娜 看下")) == []


def test_two_of_one_name_are_asked_about(talk: Talk) -> None:
    talk.team.members["zheng"].name = "李娜"
    talk.session.flush()
    reply = talk.say("zhang", VISIT + "@李娜 看下")
    assert told(talk, reply) == []
    assert "有几位同事叫李娜" in reply.cards[0].note


def test_most_messages_cost_nothing() -> None:
    assert not mentions.calls("今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万")
