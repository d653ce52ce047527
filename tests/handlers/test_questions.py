"""Questions that name no customer are not answered with the customer spoken of before."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session

from handlers.reply import Reply
from store.tables import Activity
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """华润置地 was spoken of last; 陈总 is somewhere else."""
    talk = make_talk(session)
    talk.say("zhang", "今天拜访了美的的陈总，聊了方案")
    talk.say("zhang", "今天拜访了华润置地的王总，聊了方案")
    return talk


def title(reply: Reply) -> str:
    """What is shown first."""
    return reply.cards[0].title if reply.cards else reply.text


def test_a_day_alone_is_the_list_of_that_day(talk: Talk) -> None:
    assert "安排" in title(talk.say("zhang", "下周"))
    assert "安排" in title(talk.say("zhang", "下个月有什么安排"))


@pytest.mark.parametrize("words", ["我的客户", "客户列表", "我有哪些客户", "客户"])
def test_ones_customers_are_listed(talk: Talk, words: str) -> None:
    assert title(talk.say("zhang", words)) == "最近跟进的客户，点开看"
    assert title(talk.say("zhang", "1")) == "华润置地（华东）有限公司"


def test_a_question_about_many_is_not_answered_with_one(talk: Talk) -> None:
    assert "还查不了" in talk.say("zhang", "A级客户有哪些").text


def test_a_person_of_another_customer_is_shown_there(talk: Talk) -> None:
    assert title(talk.say("zhang", "陈总生日什么时候")) == "美的集团"
    talk.say("zhang", "华润置地")
    assert title(talk.say("zhang", "王总电话多少")) == "华润置地（华东）有限公司"
    assert "没有找到联系人“钱总”" in talk.say("zhang", "钱总电话多少").text


def test_what_a_card_offers_can_be_typed_without_the_name(talk: Talk) -> None:
    talk.say("zhang", "华润置地")
    assert "华润置地" in title(talk.say("zhang", "全部跟进"))
    assert "更多资料" in title(talk.say("zhang", "更多"))
    assert "联系人" in title(talk.say("zhang", "联系人"))


def test_without_a_customer_it_is_asked_which(session: Session) -> None:
    assert "看哪一家的" in make_talk(session).say("zhang", "全部跟进").text


def test_how_somebody_is_reached_is_shown_and_not_recorded(talk: Talk) -> None:
    before = len(list(talk.session.execute(select(Activity)).scalars()))
    assert "联系人" in title(talk.say("zhang", "华润置地王总的手机号"))
    assert title(talk.say("zhang", "陈总的电话多少")) == "美的集团"
    assert len(list(talk.session.execute(select(Activity)).scalars())) == before
    assert "已记录电话" in title(talk.say("zhang", "刚才给华润置地王总打了电话，聊了方案"))


def test_the_quotes_of_a_customer_are_asked_for_naturally(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折")
    assert title(talk.say("zhang", "华润置地的报价")) == "华润置地 · 报价"


def test_the_help_of_those_who_do_not_sell_begins_with_customers(talk: Talk) -> None:
    assert talk.say("zheng", "帮助").text.split("\n")[1] == "· 华润置地"
