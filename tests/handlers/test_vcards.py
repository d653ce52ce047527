"""A contact card sent in the chat: shown, asked about, taken down once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session

from handlers.incoming import Attachment, Fault, Kind
from store.tables import Attachment as Attachment_
from store.tables import Inbox
from tests.crm.test_vcards import IPHONE
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

SHORT = """BEGIN:VCARD
VERSION:3.0
FN:李娜
ORG:美的集团有限公司
TITLE:采购经理
TEL;TYPE=CELL:13912345678
END:VCARD"""


@standing
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


def file(fault: str = "", name: str = "contacts.vcf") -> Attachment:
    """A contact file as a platform tells of it."""
    return Attachment("m1", Kind.FILE, name, fault=fault)


def several(count: int) -> str:
    """So many cards in one file."""
    return "\n".join(
        SHORT.replace("李娜", f"李{c}") for c in "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑"[:count]
    )


def test_a_file_is_asked_about_as_a_pasted_card(talk: Talk) -> None:
    (card,) = talk.send("zhang", Kind.FILE, file=file(), text=SHORT).cards
    assert card.title == "名片 · 李娜"
    done = talk.press("zhang", card, "记到美的集团")
    assert facts(done.cards[0]) == {"客户": "美的", "职务": "采购经理", "电话": "13912345678"}
    assert len(done.cards) == 1


def test_the_words_of_a_file_that_came_late_are_kept_with_its_message(talk: Talk) -> None:
    """The inbox row was written before the file had come."""
    (card,) = talk.send("zhang", Kind.FILE, file=file(), text=SHORT).cards
    row = talk.session.get_one(Inbox, talk.last_inbox)
    assert row.raw["text"] == SHORT
    assert talk.say("zhang", "1").cards[0].title
    assert card.about == ("question", str(row.id))


def test_a_file_of_several_is_asked_about_one_by_one(talk: Talk) -> None:
    (first,) = talk.send("zhang", Kind.FILE, file=file(), text=several(3)).cards
    assert (first.title, first.subtitle) == ("名片 · 李一", "第1张，共3张")
    contact, second = talk.press("zhang", first, "记到美的集团").cards
    assert facts(contact)["客户"] == "美的"
    assert (second.title, second.subtitle) == ("名片 · 李二", "第2张，共3张")
    skipped = talk.say("zhang", "不记")
    assert skipped.text == "好，没有记。"
    assert skipped.cards[0].title == "名片 · 李三"
    (last,) = talk.say("zhang", "1").cards
    assert facts(last)["客户"] == "美的"


def test_the_rest_of_a_file_can_be_left(talk: Talk) -> None:
    talk.send("zhang", Kind.FILE, file=file(), text=several(3))
    reply = talk.say("zhang", "都不记")
    assert (reply.text, reply.cards) == ("好，都没有记。", ())


def test_of_very_many_the_first_are_read(talk: Talk) -> None:
    reply = talk.send("zhang", Kind.FILE, file=file(), text=several(21))
    assert reply.text == "一次最多看20张名片，其余的请另外发。"
    assert reply.cards[0].subtitle == "第1张，共20张"


@pytest.mark.parametrize(
    ("fault", "words"),
    [("", "没有读到名片"), (Fault.LARGE, "超过512KB"), (Fault.LOST, "没取到，请再发一次")],
)
def test_a_file_that_cannot_be_read_is_answered_kindly(talk: Talk, fault: str, words: str) -> None:
    reply = talk.send("zhang", Kind.FILE, file=file(fault, "李娜.VCF"))
    assert words in reply.text
    assert "联系人 华星科技 李娜" in reply.text


def test_a_contact_file_is_not_attached_to_the_visit(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的的王总")
    talk.send("zhang", Kind.FILE, file=file(), text=SHORT)
    assert talk.session.scalars(select(Attachment_)).all() == []
    assert "已附到" in talk.send("zhang", Kind.FILE, file=file(name="方案.pdf")).text
