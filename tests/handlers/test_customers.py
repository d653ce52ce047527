"""Customers in the chat: found however they are named, added once, their people kept up to date."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from cards.render.wecom import render
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def test_a_name_shows_the_customer_with_everything_around_it(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "华润置地的王总生日农历腊月初八")
    talk.say("zhang", "报价 华润置地 58万 9折")
    (card,) = talk.say("zhang", "华润置地").cards
    assert card.title == "华润置地（华东）有限公司"
    shown = facts(card)
    assert shown["联系人"].startswith("王总")
    assert shown["生日"] == "王总 农历腊月初八"
    assert shown["下一步"] == "演示 · 11月25日 周三 10:00"
    assert shown["报价"] == "Q0001 52.2万元 草稿"
    assert "二期报价" in card.body
    assert [b.text for b in card.buttons] == ["记跟进", "全部跟进", "联系人", "报价", "时间线", "更多"]
    shown_card = render(card, task_id="t1", sign=lambda action: action.name)
    assert shown_card.msgtype == "template_card"
    assert [part for part in shown_card.left_out if "按钮" in part] == []


@pytest.mark.parametrize("name", ["华润置地（华东）有限公司", "华润置地", "华润置地华东", "华仁置地"])
def test_names_parts_and_typos_find_it(talk: Talk, name: str) -> None:
    (card,) = talk.say("zhang", name).cards
    assert "华润置地" in card.title + card.body


@pytest.mark.parametrize("said", ["华润置地、美的", "华润置地和美的", "华润置地，美的", "华润置地 美的"])
def test_names_alone_are_all_shown_and_nothing_is_recorded(talk: Talk, said: str) -> None:
    titles = [card.title for card in talk.say("zhang", said).cards]
    assert titles == ["华润置地（华东）有限公司", "美的集团"]


def test_several_that_fit_are_offered(talk: Talk) -> None:
    (card,) = talk.say("zhang", "华润").cards
    assert {b.text for b in card.buttons} >= {"华润燃气集团", "华润置地（华东）"}
    (chosen,) = talk.press("zhang", card, "华润燃气集团").cards
    assert chosen.title == "华润燃气集团"
    talk.say("zhang", "华润")
    assert talk.say("zhang", "1").cards


def test_of_others_customers_only_the_owner_is_told(talk: Talk) -> None:
    reply = talk.say("zhang", "恒瑞医药")
    assert not reply.cards
    assert reply.text == "恒瑞医药已存在，负责人吴婷，详情请找对方了解。"


def test_a_superior_sees_it(talk: Talk) -> None:
    (card,) = talk.say("zhao", "恒瑞").cards
    assert card.title == "恒瑞医药"
    (card,) = talk.say("chen", "恒瑞").cards
    assert "负责人吴婷" in card.subtitle


def test_finance_reads_and_does_not_record(talk: Talk) -> None:
    (card,) = talk.say("zheng", "恒瑞").cards
    assert [b.text for b in card.buttons] == ["时间线", "更多"]
    assert "只有吴婷" in talk.say("zheng", "今天拜访了恒瑞医药的钱总").text


def test_history_comes_in_pages(talk: Talk) -> None:
    for day in range(1, 8):
        talk.say("zhang", f"11月{day}日拜访了华润置地的王总，第{day}次")
    (card,) = talk.say("zhang", "华润置地").cards
    (page,) = talk.press("zhang", card, "全部跟进").cards
    assert page.subtitle == "共7条"
    assert len(page.body.splitlines()) == 5
    (older,) = talk.press("zhang", page, "更早的").cards
    assert len(older.body.splitlines()) == 2
    talk.say("zhang", "华润置地 全部跟进")
    assert talk.say("zhang", "更早的").cards == (older,)


def test_a_phone_number_is_changed(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    (card,) = talk.say("zhang", "华润置地的王总手机号改成 186 1234 5678").cards
    assert facts(card)["电话"] == "18612345678"


def test_who_is_meant_must_be_said(talk: Talk) -> None:
    reply = talk.say("zhang", "陈总电话 13912345678")
    assert not reply.cards
    assert "13912345678" in reply.text


def test_a_quote_is_hinted_at(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的").cards
    assert "报价 美的 58万" in talk.press("zhang", card, "报价").text


def test_an_unknown_name_says_how_to_add_it(talk: Talk) -> None:
    assert "新增客户 苏州汇川技术" in talk.say("zhang", "苏州汇川技术").text


def test_a_taste_is_noted_with_the_person(talk: Talk) -> None:
    (card,) = talk.say("zhang", "记一下美的张工喜欢喝茶").cards
    assert facts(card)["喜好"] == "喝茶"


def test_a_question_nobody_can_answer_says_so(talk: Talk) -> None:
    assert "我还查不了" in talk.say("zhang", "我这个月的业绩多少").text


def test_another_name_is_learnt_at_once(talk: Talk) -> None:
    assert "简称“华燃”" in talk.say("zhang", "华润燃气又叫华燃").text
    (card,) = talk.say("zhang", "华燃").cards
    assert card.title == "华润燃气集团"
    talk.say("zhang", "华润燃气又叫燃气集团")
    assert talk.say("zhang", "撤销").text.startswith("已撤销：别名“燃气集团”")


def test_a_customer_is_graded(talk: Talk) -> None:
    reply = talk.say("zhang", "美的是A级客户")
    assert "A级" in reply.refresh[0].subtitle
    talk.say("zhang", "撤销")
    (card,) = talk.say("zhang", "美的").cards
    assert "A级" not in card.subtitle


def test_others_customers_are_not_graded(talk: Talk) -> None:
    assert "只有吴婷" in talk.say("zhang", "恒瑞医药是A级客户").text
