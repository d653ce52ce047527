"""Adding a customer in the chat: it is checked while it is entered, and there is one of it in the end."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def test_a_customer_is_added_with_its_contact(talk: Talk) -> None:
    (card,) = talk.say("zhang", "新增客户 苏州汇川技术 联系人李娜 采购经理 电话 0512-66668888").cards
    assert card.title == "已新增客户 · 苏州汇川技术"
    (shown,) = talk.say("zhang", "0512 6666 8888").cards
    assert shown.title == "苏州汇川技术"


@pytest.mark.parametrize(
    "text", ["新增客户 苏州汇川技术", "新客户苏州汇川技术，联系人李娜", "/客户 新增 苏州汇川技术"]
)
def test_sentences_add_customers_too(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", text).cards
    assert card.title == "已新增客户 · 苏州汇川技术"


def test_of_somebody_elses_customer_only_its_owner_is_told(talk: Talk) -> None:
    for text in ("新增客户 恒瑞医药", "新增客户 恒瑞医药股份有限公司"):
        (card,) = talk.say("zhang", text).cards
        assert card.body == "恒瑞医药已存在，负责人吴婷，没有重复新增。"
        assert [b.text for b in card.buttons] == ["申请协作"]
        assert card.buttons[0].action is not None
        assert card.buttons[0].action.name == "collaborator.ask"
        assert card.facts == ()


def test_ones_own_customer_is_used_instead(talk: Talk) -> None:
    (card,) = talk.say("zhang", "新增客户 美的集团有限公司 联系人李娜").cards
    assert card.title == "客户已存在"
    (shown,) = talk.press("zhang", card, "用这个").cards
    assert shown.title == "美的集团"
    assert "李娜" in facts(shown)["联系人"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("华兴科技", "读音相同"),
        ("华星", "像是简称"),
        ("苏州华星科技有限公司", "只差地名"),
        ("华星科技(上海)有限公司", "只差后缀或括号"),
        ("华星高科技", "名称相近"),
    ],
)
def test_a_name_like_another_is_asked_about(talk: Talk, name: str, why: str) -> None:
    talk.team.customer("zhang", "华星科技有限公司")
    (card,) = talk.say("zhang", f"新增客户 {name}").cards
    assert card.title == f"疑似重复 · {name}"
    assert f"华星科技有限公司（{why}），负责人张伟" in card.body
    assert [b.text for b in card.buttons] == ["用这个", "仍然新建", "合并", "不建了"]


def test_a_longer_name_finds_the_short_one(talk: Talk) -> None:
    talk.team.customer("zhang", "华星")
    (card,) = talk.say("zhang", "新增客户 华星科技有限公司").cards
    assert card.title.startswith("疑似重复")


@pytest.mark.parametrize("name", ["华星电子", "蓝海贸易", "上海电气"])
def test_another_company_is_not_asked_about(talk: Talk, name: str) -> None:
    talk.team.customer("zhang", "华星科技有限公司")
    (card,) = talk.say("zhang", f"新增客户 {name}").cards
    assert card.title == f"已新增客户 · {name}"


def test_it_is_created_all_the_same(talk: Talk) -> None:
    talk.say("zhang", "新增客户 苏州汇川技术")
    (card,) = talk.say("wu", "新增客户 苏州汇川科技技术").cards
    assert "苏州汇川技术（名称相近），已存在，负责人张伟" in card.body
    assert [b.text for b in card.buttons] == ["仍然新建", "申请协作", "不建了"]
    reply = talk.press("wu", card, "仍然新建")
    assert reply.cards[0].title == "已新增客户 · 苏州汇川科技技术"
    assert reply.refresh[0].done == "已新建"
    again = talk.press("wu", card, "仍然新建")
    assert "已经建好了" in again.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [("不建了", "好，没有新建。"), ("算了", "好，没有新建。")],
)
def test_it_can_be_left(talk: Talk, said: str, answer: str) -> None:
    talk.say("zhang", "新增客户 苏州汇川技术")
    talk.say("wu", "新增客户 苏州汇川科技技术")
    assert talk.say("wu", said).text == answer


def test_the_existing_one_takes_what_was_said(talk: Talk) -> None:
    talk.team.customer("zhang", "华星科技有限公司")
    talk.say("zhang", "新增客户 华兴科技 联系人李娜 电话 13912345678")
    (card,) = talk.say("zhang", "用这个").cards
    assert card.title == "华星科技有限公司"
    assert "李娜" in facts(card)["联系人"]
    assert "别名" not in facts(card)


def test_joined_it_is_known_by_both_names(talk: Talk) -> None:
    talk.team.customer("zhang", "华星科技有限公司")
    (card,) = talk.say("zhang", "新增客户 华兴科技").cards
    done = talk.press("zhang", card, "合并")
    assert done.refresh[0].done == "已并入华星科技有限公司"
    (shown,) = talk.say("zhang", "华兴科技").cards
    assert shown.title == "华星科技有限公司"
    talk.say("zhang", "撤销")


def test_the_same_phone_is_the_same_customer(talk: Talk) -> None:
    talk.say("zhang", "美的的王总手机号 139 1234 5678")
    (card,) = talk.say("zhang", "新增客户 顺德家电 联系人王总 电话 +86 13912345678").cards
    assert "美的集团（电话相同），负责人张伟" in card.body
    (other,) = talk.say("wu", "新增客户 顺德家电 联系人王总 电话 13912345678").cards
    assert "电话139****5678的客户（电话相同），已存在，负责人张伟" in other.body
    assert "美的" not in other.body


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("美的的王总手机号 139 1234 5678", "13912345678"),
        ("美的的王总手机号 139 1234 5678", "+86 139-1234-5678"),
        ("美的的王总邮箱 Wang@Midea.com", "wang@midea.com"),
        ("美的的王总微信 wx_wang88", "微信 wx_wang88"),
    ],
)
def test_any_identity_finds_the_customer(talk: Talk, said: str, typed: str) -> None:
    talk.say("zhang", said)
    (card,) = talk.say("zhang", typed).cards
    assert card.title == "美的集团"
    reply = talk.say("wu", typed)
    shown = reply.text + "".join(f"{c.title}{c.body}" for c in reply.cards)
    assert "负责人张伟" in shown
    assert "美的" not in shown


def test_a_number_nobody_has_says_so(talk: Talk) -> None:
    assert "没有" in talk.say("zhang", "13912345678").text


def test_where_it_comes_from_is_taken_down(talk: Talk) -> None:
    talk.say("zhang", "新增客户 苏州汇川技术 级别 A 展会来的 行业 自动化 地区 苏州")
    found = talk.say("zhang", "苏州汇川技术").cards[0]
    shown = found.subtitle + "".join(facts(found).values())
    for word in ("A级", "自动化"):
        assert word in shown
