"""The forms of a search in follow-ups, and sentences that only look like one."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from cards.card import Card
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """张伟 has told of 华润置地 and 美的, 吴婷 of 恒瑞."""
    talk = make_talk(session)
    talk.say("zhang", "今天拜访了华润置地的王总，聊了二期报价，预算58万")
    talk.say("zhang", "昨天给美的打了电话，问了GA37的交期")
    talk.say("wu", "今天拜访了恒瑞，也问GA37")
    return talk


def found(talk: Talk, who: str, said: str) -> Card:
    """The one card of the answer."""
    (card,) = talk.say(who, said).cards
    return card


@pytest.mark.parametrize(
    "said",
    [
        "搜跟进 二期报价",
        "搜索跟进：二期报价",
        "搜一下跟进 二期报价",
        "查跟进 二期报价",
        "跟进里搜二期报价",
        "查找拜访记录 二期报价",
    ],
)
def test_follow_ups_are_searched(talk: Talk, said: str) -> None:
    card = found(talk, "zhang", said)
    assert card.title == "跟进里提到“二期报价”"
    (row,) = card.facts
    assert (row.name, row.value[:8]) == ("今天", "华润置地 张伟：")
    assert "聊了“二期报价”，预" in row.value
    assert [button.text for button in card.buttons] == ["华润置地"]


@pytest.mark.parametrize("said", ["谁提过 GA37", "谁提到过ga37？", "哪些客户提过 GA37", "哪家聊过GA37"])
def test_who_spoke_of_something_within_ones_rights(talk: Talk, said: str) -> None:
    assert [row.value[:2] for row in found(talk, "zhang", said).facts] == ["美的"]
    assert [row.value[:2] for row in found(talk, "chen", said).facts] == ["恒瑞", "美的"]


@pytest.mark.parametrize(
    "said",
    [
        "华润置地 跟进 里提过 预算",
        "华润置地的跟进里有没有提过预算",
        "华润置地跟进提过预算吗",
        "华润置地跟进里搜预算",
        "搜华润置地的跟进 预算",
    ],
)
def test_of_one_customer(talk: Talk, said: str) -> None:
    card = found(talk, "zhang", said)
    assert card.title == "华润置地的跟进里提到“预算”"
    assert "“预算”58万" in card.facts[0].value


def test_nothing_found_is_said(talk: Talk) -> None:
    assert "没有提到“三期”" in talk.say("zhang", "搜跟进 三期").text
    assert "至少两个字" in talk.say("zhang", "搜跟进 价").text


def test_pages_by_button_and_by_word(talk: Talk) -> None:
    for number in range(11):
        talk.say("zhang", f"今天拜访了华润置地，第{number + 1}次谈样机")
    card = found(talk, "zhang", "搜跟进 谈样机")
    assert len(card.facts) == 5
    reply = talk.press("zhang", card, "更早的")
    assert reply.cards[0].subtitle == "接着上一页"
    assert len(talk.say("zhang", "更早的").cards[0].facts) == 1


@pytest.mark.parametrize("said", ["今天拜访了华润置地，跟进找王总聊了报价", "华润置地跟进找王总谈了预算"])
def test_a_report_is_no_search(talk: Talk, said: str) -> None:
    assert not any("提到" in card.title for card in talk.say("zhang", said).cards)


def test_files_of_a_customer_are_listed(talk: Talk) -> None:
    from handlers.incoming import Kind

    talk.say("zhang", "今天又拜访了华润置地，看了样机")
    for number in range(9):
        talk.send("zhang", Kind.IMAGE, media_id=f"m{number}")
    card = found(talk, "zhang", "附件 华润置地")
    assert card.title == "华润置地的附件"
    told = [(f"{place} 今天", "照片 张伟 还在取") for place in range(1, 5)]
    assert [(row.name, row.value) for row in card.facts] == told
    assert found(talk, "zhang", "华润置地的照片").title == card.title
    (rest,) = talk.say("zhang", "更早的附件").cards
    assert (rest.subtitle, len(rest.facts)) == ("第5个起", 4)
    assert "负责人张伟" in talk.say("wu", "附件 华润置地").text
    assert "还没有附件" in found(talk, "zhang", "附件 美的").body
