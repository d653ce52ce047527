"""A contact card sent in the chat: shown, asked about, taken down once."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from tests.crm.test_vcards import IPHONE
from tests.handlers.talk import Talk, facts, make_talk

SHORT = """BEGIN:VCARD
VERSION:3.0
FN:李娜
ORG:美的集团有限公司
TITLE:采购经理
TEL;TYPE=CELL:13912345678
END:VCARD"""


@pytest.fixture
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def test_it_goes_to_the_company_on_it(talk: Talk) -> None:
    (card,) = talk.say("zhang", SHORT).cards
    assert facts(card) == {
        "姓名": "李娜",
        "公司": "美的集团有限公司",
        "职务": "采购经理",
        "电话": "13912345678",
    }
    assert [b.text for b in card.buttons] == ["记到美的集团", "新建客户", "不记"]
    done = talk.press("zhang", card, "记到美的集团")
    assert facts(done.cards[0]) == {"客户": "美的", "职务": "采购经理", "电话": "13912345678"}
    assert done.refresh[0].done == "记到美的"
    assert talk.say("zhang", "撤销").text.startswith("已撤销：联系人“李娜”")


def test_its_company_is_added(talk: Talk) -> None:
    (card,) = talk.say("zhang", IPHONE).cards
    (contact,) = talk.press("zhang", card, "新建客户").cards
    assert facts(contact) == {
        "客户": "苏州汇川技术",
        "职务": "采购经理",
        "电话": "+86 139 1234 5678",
        "邮箱微信": "Li.Na@inovance.com · lina_88",
        "生日": "3月8日",
        "备注": "展会认识, 对3号线感兴趣",
    }
    (found,) = talk.say("zhang", "13912345678").cards
    assert found.title == "苏州汇川技术有限公司"


@pytest.mark.parametrize(("said", "where"), [("1", "美的"), ("华润燃气", "华润燃气"), ("是", "美的")])
def test_whose_it_is_can_be_typed(talk: Talk, said: str, where: str) -> None:
    talk.say("zhang", SHORT)
    (card,) = talk.say("zhang", said).cards
    assert facts(card)["客户"] == where


def test_it_can_be_left(talk: Talk) -> None:
    talk.say("zhang", SHORT)
    assert talk.say("zhang", "不记").text == "好，没有记。"


def test_the_company_of_a_colleague_is_said_to_be_his(talk: Talk) -> None:
    text = SHORT.replace("美的集团有限公司", "恒瑞医药")
    (card,) = talk.say("zhang", text).cards
    assert "恒瑞医药已存在，负责人吴婷" in card.body
    assert [b.text for b in card.buttons] == ["新建客户", "不记"]
    assert "已存在，负责人吴婷" in talk.press("zhang", card, "新建客户").text


def test_a_number_that_is_known_says_where(talk: Talk) -> None:
    talk.say("zhang", "华润燃气的李总电话13912345678")
    (card,) = talk.say("zhang", SHORT).cards
    assert "已登记在华润燃气集团" in card.body
    assert card.buttons[0].text == "记到华润燃气集团"


def test_a_long_card_is_read_too(talk: Talk) -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "A" * 1500
    (card,) = talk.say("zhang", SHORT.replace("END:VCARD", f"{photo}\nEND:VCARD")).cards
    assert card.title == "名片 · 李娜"
