"""The people at customers, as one speaks of them."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session

from store.tables import Task
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30, in which 美的's 王总 is known."""
    talk = make_talk(session)
    talk.say("zhang", "今天拜访了美的的王总，聊了报价")
    return talk


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("王总的生日是农历八月十五", "生日", "农历八月十五"),
        ("王总生日3月5号", "生日", "3月5日"),
        ("王总生日闰六月初三", "生日", "农历闰六月初三"),
        ("王总喜欢喝茶", "喜好", "喝茶"),
        ("美的的王总爱打高尔夫", "喜好", "打高尔夫"),
        ("王总手机号改成13912345678", "电话", "13912345678"),
        ("王总邮箱 wang@midea.com", "邮箱", "wang@midea.com"),
        ("王总微信 wx_wang88", "微信", "wx_wang88"),
        ("王总是决策人", "职务", "总 · 决策"),
        ("美的的王总是这个项目的决策者", "职务", "总 · 决策"),
        ("美的的王总升副总裁了", "职务", "副总裁"),
        ("美的的王总不吃辣", "备注", "美的的王总不吃辣"),
    ],
)
def test_what_is_said_of_somebody_is_taken_down(talk: Talk, text: str, name: str, value: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert facts(card)["客户"] == "美的"
    shown = facts(card)[name]
    assert value.removeprefix("总 · ") in shown
    assert talk.say("zhang", "撤销").text.startswith("已撤销")


def test_several_things_at_once(talk: Talk) -> None:
    text = "联系人 美的 李娜 职务 采购经理 电话 13912345678 邮箱 li@midea.com 微信 lina_88 角色 采购"
    (card,) = talk.say("zhang", text).cards
    assert facts(card) == {
        "客户": "美的",
        "职务": "采购经理 · 采购",
        "电话": "13912345678",
        "邮箱微信": "li@midea.com · lina_88",
    }


def test_the_whole_name_takes_the_place_of_the_short_one(talk: Talk) -> None:
    (card,) = talk.say("zhang", "王总全名叫王建国").cards
    assert card.title == "已更新联系人 · 王建国"
    (again,) = talk.say("zhang", "美的的王总生日3月5日").cards
    assert again.title == "已更新联系人 · 王建国"


def test_of_several_it_is_asked_whose(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润燃气的王总")
    talk.say("zhang", "今天拜访了华润置地的李总")
    (card,) = talk.say("zhang", "王总电话13912345678").cards
    assert card.title == "是哪家的王总"
    assert {b.text for b in card.buttons} == {"美的", "华润燃气"}
    done = talk.press("zhang", card, "华润燃气")
    assert facts(done.cards[0]) == {"客户": "华润燃气", "电话": "13912345678"}
    assert done.refresh[0].done == "记到华润燃气"


def test_whose_can_be_typed(talk: Talk) -> None:
    assert "是哪家的陈总" in talk.say("wu", "陈总电话 13912345678").text
    (card,) = talk.say("wu", "恒瑞").cards
    assert facts(card) == {"客户": "恒瑞", "电话": "13912345678"}


def test_a_number_that_another_customer_has_is_said(talk: Talk) -> None:
    talk.say("zhang", "王总电话13912345678")
    (card,) = talk.say("wu", "恒瑞的钱总电话13912345678").cards
    assert "也登记在另一家客户（负责人张伟）" in card.note
    assert "美的" not in card.note
    (own,) = talk.say("zhang", "华润燃气的王总电话13912345678").cards
    assert "也登记在美的集团" in own.note


def test_a_number_that_was_changed_is_free_again(talk: Talk) -> None:
    talk.say("zhang", "美的的王总电话13912345678")
    talk.say("zhang", "美的的王总电话改成13800000001")
    assert "没有客户登记" in talk.say("zhang", "13912345678").text
    assert talk.say("zhang", "13800000001").cards[0].title == "美的集团"
    talk.say("zhang", "撤销")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("王总下周二生日", "11月24日"),
        ("王总下个月5号生日", "12月5日"),
        ("王总明天过生日", "11月20日"),
        ("明天是王总的生日", "11月20日"),
        ("王总中秋节生日", "农历八月十五"),
    ],
)
def test_a_birthday_by_the_day_that_it_falls_on(talk: Talk, text: str, day: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert facts(card)["客户"] == "美的"
    assert day in facts(card)["生日"]


@pytest.mark.parametrize("text", ["王总这个月底生日", "王总下周生日"])
def test_a_birthday_without_its_day_is_asked_about(talk: Talk, text: str) -> None:
    reply = talk.say("zhang", text)
    assert reply.text.startswith("王总的生日是几月几日")
    (card,) = talk.say("zhang", "王总生日3月8号").cards
    assert facts(card)["生日"] == "3月8日"


def test_a_next_step_beside_news_of_a_person_is_a_reminder(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的来了个新采购，叫周敏，13800001111，下周一去见她").cards
    assert card.note == "已设提醒：见周敏 · 11月23日 周一"
    assert [one.title for one in talk.session.scalars(select(Task))] == ["见周敏"]
    talk.say("zhang", "撤销")
    assert [one.status for one in talk.session.scalars(select(Task))] == ["cancelled"]


def test_a_birthday_is_no_next_step(talk: Talk) -> None:
    talk.say("zhang", "美的的刘工生日12月8日")
    assert talk.session.scalars(select(Task)).all() == []
