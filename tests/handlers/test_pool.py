"""The pool 公海: who sees what lies in it, who claims, what is hidden until then, and how that is set."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import contacts
from crm.rights import POOL, can_edit, can_see
from handlers.reply import Reply
from store.tables import Customer, Department, Member, MemberDepartment, Role
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

PHONE = "13800138000"
MASKED = "138****8000"


@standing
def talk(session: Session) -> Talk:
    """恒瑞医药, of which there is a contact and a record, has been put into the pool by 吴婷."""
    talk = make_talk(session)
    for key, name, role in (("admin", "孙工", Role.ADMIN), ("qian", "钱多", Role.MARKETING)):
        talk.team.members[key] = Member(name=name, role=role, created_at=NOW, updated_at=NOW)
        session.add(talk.team.members[key])
    session.flush()
    contacts.find_or_add(talk.context("wu"), hengrui(talk), "王建国", phone=PHONE)
    talk.say("wu", f"今天拜访了恒瑞医药的王建国，手机{PHONE}，聊了净化方案")
    assert talk.say("wu", "把恒瑞医药放入公海").cards[0].title == "已放入公海"
    return talk


def hengrui(talk: Talk) -> Customer:
    """吴婷's customer."""
    return talk.session.scalars(select(Customer).where(col(Customer.name) == "恒瑞医药")).one()


def words(reply: Reply) -> str:
    """Everything that is answered."""
    return reply.text + str(reply.cards)


def test_what_lies_in_the_pool_is_claimed_once(talk: Talk) -> None:
    assert hengrui(talk).owner_id == POOL
    (card,) = talk.say("zhang", "公海").cards
    assert "恒瑞医药" in card.body
    assert talk.press("zhang", card, "领取恒瑞").cards[0].title == "已领取 · 恒瑞医药"
    assert hengrui(talk).owner_id == talk.team.members["zhang"].id
    assert "已存在，负责人张伟" in talk.press("wu", card, "领取恒瑞").text
    assert "没有客户" in talk.say("zhang", "公海").cards[0].body


@pytest.mark.parametrize("text", ["领取 恒瑞", "我要认领恒瑞医药", "从公海领取客户 恒瑞医药"])
def test_claiming_by_words(talk: Talk, text: str) -> None:
    assert talk.say("zhang", text).cards[0].title == "已领取 · 恒瑞医药"
    talk.say("zhang", "撤销")
    assert hengrui(talk).owner_id == POOL


@pytest.mark.parametrize(
    "text", ["恒瑞医药退回公海", "放入公海 恒瑞医药", "将恒瑞放回公海里", "把恒瑞转给公海"]
)
def test_putting_back_by_words(talk: Talk, text: str) -> None:
    talk.say("zhang", "领取 恒瑞")
    assert facts(talk.say("zhang", text).cards[0])["客户"] == "恒瑞医药"
    talk.say("zhang", "撤销")
    assert hengrui(talk).owner_id == talk.team.members["zhang"].id


def test_its_card_has_the_button_to_claim(talk: Talk) -> None:
    (card,) = talk.say("zhang", "恒瑞").cards
    assert talk.press("zhang", card, "领取").cards[0].title == "已领取 · 恒瑞医药"
    assert "领取" not in [button.text for button in talk.say("zhang", "恒瑞").cards[0].buttons]


def test_before_it_is_claimed_numbers_are_masked_everywhere(talk: Talk) -> None:
    for text in (
        "恒瑞",
        "恒瑞 联系人",
        "恒瑞 全部跟进",
        "恒瑞 时间线",
        "搜跟进 净化方案",
        "看电话 王建国 回访",
    ):
        assert PHONE not in words(talk.say("zhang", text)), text
    assert "38000" not in words(talk.say("zhang", "搜跟进 净化方案"))
    assert MASKED in words(talk.say("zhang", "恒瑞 联系人"))
    assert "领取以后再看电话" in talk.say("zhang", "看电话 恒瑞的王建国 回访").text
    talk.say("zhang", "领取 恒瑞")
    assert PHONE in words(talk.say("zhang", "恒瑞 联系人"))


def test_before_it_is_claimed_nothing_is_changed(talk: Talk) -> None:
    for text in ("今天拜访了恒瑞医药的王建国，聊了方案", "恒瑞医药又叫小恒", "申请协作 恒瑞医药"):
        assert "领取 恒瑞医药" in talk.say("zhang", text).text
    assert not can_edit(talk.context("zhang"), hengrui(talk))
    assert can_edit(talk.context("chen"), hengrui(talk))


def test_the_administrator_closes_the_pool_to_a_role(talk: Talk) -> None:
    (card,) = talk.say("admin", "权限 销售 公海 不开放").cards
    assert facts(card) == {"查看公海": "不开放", "原来": "全部"}
    assert not can_see(talk.context("zhang"), hengrui(talk))
    assert "公海由主管、" in talk.say("zhang", "公海").text
    for text in ("恒瑞", "领取 恒瑞医药"):
        assert "没有对你的角色开放" in talk.say("zhang", text).text
    assert can_see(talk.context("li"), hengrui(talk))
    talk.say("admin", "撤销")
    assert can_see(talk.context("zhang"), hengrui(talk))


def test_seeing_and_claiming_are_set_apart(talk: Talk) -> None:
    (card,) = talk.say("admin", "权限 销售 领取公海 禁止").cards
    assert facts(card)["领取公海"] == "不开放"
    (card,) = talk.say("zhang", "公海").cards
    assert card.buttons == ()
    said = talk.say("zhang", "领取 恒瑞").text
    assert said == "公海客户由主管、总监、管理员领取，你是销售，这次没有领取。"
    talk.say("admin", "权限 市场 公海 开放")
    assert "恒瑞医药" in talk.say("qian", "公海").cards[0].body


def test_the_pool_is_open_to_some_departments(talk: Talk) -> None:
    east = Department(name="华东区", created_at=NOW, updated_at=NOW)
    talk.session.add(east)
    talk.session.flush()
    wu = talk.team.members["wu"].id
    talk.session.add(MemberDepartment(member_id=wu, department_id=east.id, platform="wecom", app="main"))
    (card,) = talk.say("admin", "权限 销售 公海 指定 华东区").cards
    assert facts(card)["查看公海"] == "指定部门：华东区"
    assert can_see(talk.context("wu"), hengrui(talk))
    assert not can_see(talk.context("zhang"), hengrui(talk))


def test_fields_of_the_pool_are_hidden_or_opened(talk: Talk) -> None:
    talk.say("admin", "权限 销售 公海.手机 隐藏")
    assert MASKED not in words(talk.say("zhang", "恒瑞 联系人"))
    (card,) = talk.say("admin", "权限 销售 公海.手机 可看").cards
    assert facts(card) == {"公海里的联系人手机": "可看", "原来": "隐藏"}
    assert PHONE in words(talk.say("zhang", "恒瑞 联系人"))
    talk.say("admin", "权限 销售 联系人.手机 打码")
    assert PHONE not in words(talk.say("zhang", "恒瑞 联系人"))  # the pool never shows more


def test_what_makes_no_sense_is_explained(talk: Talk) -> None:
    assert "公海只分开放和不开放" in talk.say("admin", "权限 销售 公海 本人").text
    assert "最小到本人" in talk.say("admin", "权限 销售 客户 不开放").text
    assert "公海也在里面" in talk.say("admin", "权限 财务 公海 不开放").text
    assert "设置由管理员来做" in talk.say("li", "权限 销售 公海 不开放").text


def test_only_ones_own_and_ones_peoples_are_put_there(talk: Talk) -> None:
    assert "负责人张伟" in words(talk.say("wu", "把美的集团放入公海"))
    assert talk.say("li", "把美的集团放入公海").cards[0].title == "已放入公海"
    assert "已经在公海" in talk.say("chen", "把美的集团放入公海").text


def test_the_rights_of_a_role_tell_of_the_pool(talk: Talk) -> None:
    told = facts(talk.say("zhang", "权限").cards[0])
    assert (told["查看公海"], told["领取公海"]) == ("全部", "全部")
    told = facts(talk.say("zheng", "权限").cards[0])
    assert (told["查看公海"], told["领取公海"]) == ("全部", "不开放")


def test_a_long_pool_is_paged_by_button_and_by_words(talk: Talk) -> None:
    for number in range(9):
        row = talk.team.customer("wu", f"第{number}精密机械")
        assert talk.say("wu", f"把{row.name}放入公海").cards[0].title == "已放入公海"
    (first,) = talk.say("zhang", "公海").cards
    assert len(first.body.splitlines()) == 8
    (second,) = talk.press("zhang", first, "更多").cards
    assert second.body.splitlines()[0].startswith("9. ")
    assert talk.say("zhang", "公海 第2页").cards[0].body == second.body
