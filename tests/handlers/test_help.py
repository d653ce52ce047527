"""Help by role, the greeting once, and kind answers to what is no business."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from handlers.features import ROUTERS
from handlers.help_topics import TOPICS
from handlers.incoming import Kind
from store.tables import Activity, EventLog
from tests.ground import standing
from tests.handlers.page import PAGE, page
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def changes(talk: Talk) -> int:
    """How many changes messages have made."""
    query = select(func.count()).select_from(EventLog).where(col(EventLog.inbox_id).is_not(None))
    return int(talk.session.execute(query).scalar_one())


def test_help_knows_the_role(talk: Talk) -> None:
    sales, finance = talk.say("zhang", "帮助").text, talk.say("zheng", "帮助").text
    assert "新增客户" in sales
    assert "新增客户" not in finance
    assert "今天" in finance


def test_help_on_a_topic_or_a_word(talk: Talk) -> None:
    assert "客户、任务" in talk.say("zhang", "帮助").text
    assert "撤销" in talk.say("zhang", "帮助 跟进").text
    assert "报价 " in talk.say("zhang", "帮助报价").text
    assert "提醒我" in talk.say("zhang", "帮助 提醒").text


def test_every_feature_has_its_topic() -> None:
    known = {one for features in TOPICS.values() for one in features}
    told = {router.feature for router in ROUTERS if router.helps}
    assert told <= known


def test_the_page_of_commands_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make docs"


def test_the_greeting_comes_once(talk: Talk) -> None:
    assert "张伟你好" in talk.send("zhang", Kind.ENTER).text
    assert talk.send("zhang", Kind.ENTER).text == ""


@pytest.mark.parametrize("text", ["你好", "谢谢", "好的", "asdf", "👍👍", "🙂", "哈哈哈哈", "。。。", "收到"])
def test_small_talk_records_nothing(talk: Talk, text: str) -> None:
    assert talk.say("zhang", text).text
    assert changes(talk) == 0


def test_what_was_not_understood_gets_examples(talk: Talk) -> None:
    reply = talk.say("zhang", "呃呃呃 那个啥")
    assert "没有看懂" in reply.text
    assert "华润置地" in reply.text


def test_words_about_a_customer_are_kept(talk: Talk) -> None:
    reply = talk.say("zhang", "美的积分先记着 老客户优惠")
    rows = talk.session.scalars(select(Activity)).all()
    assert reply.text or reply.cards
    assert len(rows) <= 1


def test_a_business_that_is_not_there_yet_is_kept_as_a_note(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的回款15万已到账").cards
    assert card.title == "已记录备注 · 美的"
    assert card.note.startswith("已作为笔记记在美的名下，回款登记还没有开通")


def test_a_very_long_text_is_answered(talk: Talk) -> None:
    reply = talk.say("zhang", "很长的话" * 1250)
    assert reply.text
    assert len(reply.text) < 500
