"""撤销 while a question is open: it means no, and what was recorded before stays."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session, col

from handlers import closing
from handlers.features import registry
from store.tables import Activity
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def recorded(talk: Talk) -> int:
    """How many records stand."""
    query = select(func.count(col(Activity.id))).where(col(Activity.voided_at).is_(None))
    return talk.session.scalar(query) or 0


def test_undo_closes_the_question_that_is_open(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的，聊了报价")
    talk.pass_time(minutes=1)
    (asked,) = talk.say("zhang", "今天拜访了华润致地的王总，聊了二期报价").cards
    assert asked.title == "是“华润置地”吗"
    reply = talk.say("zhang", "撤销")
    assert reply.text == "好，刚才那句没有记录。要撤之前那条，再回复一次“撤销”。"
    assert [one.done for one in reply.refresh if one.about == asked.about] == ["没有记录"]
    assert recorded(talk) == 1
    assert "已撤销" in talk.say("zhang", "撤销").text
    assert recorded(talk) == 0


def test_undo_says_nothing_of_an_earlier_record_where_there_is_none(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润致地的王总，聊了二期报价")
    assert talk.say("zhang", "撤销").text == "好，刚才那句没有记录。"
    assert "没有可以撤销的" in talk.say("zhang", "撤销").text


def test_a_question_is_not_answered_after_it_was_closed(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润致地的王总，聊了二期报价")
    talk.say("zhang", "撤销")
    talk.say("zhang", "是")
    assert recorded(talk) == 0


def test_the_button_that_asked_for_a_report_is_taken_back_by_word(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的，聊了报价")
    talk.pass_time(minutes=1)
    (card,) = talk.say("zhang", "华润置地").cards
    talk.press("zhang", card, "记跟进")
    assert "什么都没有写" in talk.say("zhang", "撤销").text
    assert recorded(talk) == 1


def test_a_time_that_was_asked_for_is_not_wanted_any_more(talk: Talk) -> None:
    (card,) = talk.say("zhang", "明天上午10点提醒我给美的的李总打电话").cards
    talk.pass_time(minutes=1)
    talk.press("zhang", card, "改期")
    assert "什么都没有写" in talk.say("zhang", "撤销").text
    assert "给美的的李总打电话" in str(talk.say("zhang", "明天").cards)


def test_what_was_written_after_the_question_is_undone_and_the_question_goes(talk: Talk) -> None:
    (asked,) = talk.say("zhang", "今天拜访了华润致地的王总，聊了二期报价").cards
    talk.pass_time(minutes=1)
    talk.say("zhang", "给美的打标签 高意向")
    talk.pass_time(minutes=1)
    reply = talk.say("zhang", "撤销")
    assert "已撤销" in reply.text
    assert asked.about in [one.about for one in reply.refresh]
    talk.say("zhang", "是")
    assert recorded(talk) == 0


def test_undoing_a_sentence_about_several_names_them(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润置地、华润燃气和美的，都聊了报价")
    assert recorded(talk) == 3
    reply = talk.say("zhang", "撤销")
    assert reply.text.startswith("已撤销：华润置地、华润燃气、美的的拜访记录。")


def test_every_question_that_can_be_closed_is_one_that_is_asked() -> None:
    answers = registry().answers.keys()
    assert answers >= closing.WAITING >= closing.CARDS
