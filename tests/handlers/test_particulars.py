"""What is known of a customer as a whole, said as people say it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from crm import customers
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


@pytest.mark.parametrize(
    "text",
    [
        "客户 美的 级别 A 来源 展会 行业 制造 地区 苏州",
        "客户 美的 级别A 来源展会 行业制造 地区苏州",
        "客户：美的，级别：A，来源：展会，行业：制造，地区：苏州",
        "美的 级别 A 来源 展会 行业 制造 地区 苏州",
        "美的的级别是A级，来源是上海展会，行业是制造，地区是苏州",
    ],
)
def test_several_at_once(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert card.title == "已更新客户 · 美的集团"
    assert facts(card) == {"级别": "A", "来源": "展会", "行业": "制造", "地区": "苏州"}
    talk.say("zhang", "撤销")
    assert "A级" not in talk.say("zhang", "美的").cards[0].subtitle


@pytest.mark.parametrize(
    "text",
    [
        "美的的上级公司是华润置地",
        "美的 上级公司 华润置地",
        "客户 美的 母公司 华润置地",
        "美的的总公司是华润置地",
    ],
)
def test_the_company_it_belongs_to(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert facts(card)["上级公司"] == "华润置地"
    assert "不能反过来" in talk.say("zhang", "华润置地的上级公司是美的").text
    assert "不能是自己" in talk.say("zhang", "美的的上级公司是美的").text


@pytest.mark.parametrize("text", ["美的是华润燃气介绍的", "美的 介绍人 华润燃气", "美的是华润燃气推荐来的"])
def test_who_recommended_us(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert facts(card)["介绍人"] == "华润燃气"


def test_somebody_at_a_customer_recommended_us(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润燃气的李总")
    (card,) = talk.say("zhang", "美的是李总介绍的").cards
    assert facts(card) == {"来源": "转介绍", "介绍人": "华润燃气", "备注": "李总介绍"}


def test_somebody_nobody_knows_recommended_us(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的是我同学老周介绍的").cards
    assert facts(card) == {"来源": "转介绍", "备注": "我同学老周介绍"}


@pytest.mark.parametrize("text", ["美的是展会来的", "美的是在展会上认识的", "美的是从官网来的"])
def test_where_it_came_from(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert facts(card)["来源"] in ("展会", "官网")


@pytest.mark.parametrize("text", ["客户 美的 级别 S", "客户 美的 来源 天上掉的"])
def test_what_the_organisation_has_no_word_for_shows_what_it_has(talk: Talk, text: str) -> None:
    assert "可以用：" in talk.say("zhang", text).text


def test_a_tax_number_belongs_to_one(talk: Talk) -> None:
    (card,) = talk.say("zhang", "客户 美的 税号 91440606722473344C").cards
    assert facts(card)["税号"] == "91440606722473344C"
    assert "已经登记在美的集团" in talk.say("zhang", "客户 华润置地 税号 91440606722473344C").text
    (found,) = talk.say("zhang", "91440606722473344C").cards
    assert found.title == "美的集团"


def test_somebody_elses_customer_is_not_changed(talk: Talk) -> None:
    assert "负责人吴婷" in talk.say("zhang", "客户 恒瑞医药 级别 A").text
    assert customers.look_up(talk.context("chen"), "恒瑞医药").sure


@pytest.mark.parametrize(
    "text", ["今天拜访了美的的王总，聊了来源", "美的 全部跟进", "美的是A级客户", "明天去美的"]
)
def test_other_sentences_stay_what_they_are(talk: Talk, text: str) -> None:
    assert not any(card.title.startswith("已更新客户") for card in talk.say("zhang", text).cards)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("美的来源展会", {"来源": "展会"}),
        ("美的是展会来的", {"来源": "展会"}),
        ("美的行业家电", {"行业": "家电"}),
        ("美的属于家电行业", {"行业": "家电"}),
        ("美的级别A", {"级别": "A"}),
        ("美的来源展会 行业家电 地区华南", {"来源": "展会", "行业": "家电", "地区": "华南"}),
    ],
)
def test_run_together_without_the_word_customer(talk: Talk, text: str, told: dict[str, str]) -> None:
    (card,) = talk.say("zhang", text).cards
    assert card.title == "已更新客户 · 美的集团"
    assert facts(card) == told


@pytest.mark.parametrize("text", ["美的行业第一", "美的地区经理换了", "美的来源不明", "美的级别很高"])
def test_words_that_only_begin_like_a_label_change_nothing(talk: Talk, text: str) -> None:
    assert not any("已更新客户" in card.title for card in talk.say("zhang", text).cards)


def test_a_name_that_nobody_knows_has_no_particulars(talk: Talk) -> None:
    assert not talk.say("zhang", "浦江冷链来源展会").cards
    talk.say("zhang", "新增客户 浦江冷链")
    (card,) = talk.say("zhang", "浦江冷链来源展会").cards
    assert facts(card) == {"来源": "展会"}
