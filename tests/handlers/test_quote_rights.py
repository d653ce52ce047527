"""A price is on a quote's cards as the reader's role may see it; who must decide sees all of it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from cards.card import Card
from handlers.reply import Reply
from store.tables import Member, Role
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

PRICES = ("58万", "52.2万", "5.8万")


@standing
def talk(session: Session) -> Talk:
    """A conversation in which there is an administrator."""
    talk = make_talk(session)
    talk.team.members["admin"] = Member(name="孙工", role=Role.ADMIN, created_at=NOW, updated_at=NOW)
    session.add(talk.team.members["admin"])
    session.flush()
    return talk


def prices(shown: Reply | Card) -> list[str]:
    """The amounts that somebody reads."""
    return [one for one in PRICES if one in str(shown)]


def submitted(talk: Talk) -> tuple[Reply, Card]:
    """The author's answer and the manager's card."""
    reply = talk.say("zhang", "报价 华润置地 58万 9折 提交")
    card = reply.notices[0].card
    assert card is not None
    return reply, card


def author_reads(reply: Reply) -> Reply:
    """Without what goes to others."""
    return Reply(reply.text, cards=reply.cards, refresh=reply.refresh)


@pytest.mark.parametrize(("access", "total"), [("隐藏", None), ("打码", "***")])
def test_a_withheld_price_is_on_no_card_of_its_author(talk: Talk, access: str, total: str | None) -> None:
    talk.say("admin", f"权限 销售 报价.金额 {access}")
    draft = talk.say("zhang", "报价 华润燃气 58万 9折")
    assert (prices(draft), facts(draft.cards[0]).get("总价")) == ([], total)
    reply, asked = submitted(talk)
    assert prices(author_reads(reply)) == []
    assert facts(reply.cards[0])["折扣"] == "9折"
    assert prices(asked) == list(PRICES)
    done = talk.press("li", asked, "同意")
    assert prices(done) == []  # one card for all who have it
    assert "李经理同意了报价 Q0002（华润置地" in done.notices[0].text


def test_who_must_decide_sees_the_price_whatever_his_role_may(talk: Talk) -> None:
    talk.say("admin", "权限 主管 报价.金额 隐藏")
    talk.say("admin", "权限 主管 报价.折扣 隐藏")
    reply, asked = submitted(talk)
    assert prices(reply.cards[0]) == prices(asked) == list(PRICES)
    (waiting,) = talk.say("li", "同意").cards
    assert prices(waiting) == list(PRICES)
    assert "已由李经理同意" in talk.press("li", asked, "同意").refresh[0].done


def test_without_the_discount_the_list_price_is_withheld_too(talk: Talk) -> None:
    talk.say("admin", "权限 销售 报价.折扣 隐藏")
    reply, _ = submitted(talk)
    assert prices(author_reads(reply)) == ["52.2万"]
    assert set(facts(reply.cards[0])) == {"客户", "总价"}
    listed = facts(talk.say("zhang", "华润置地 报价单").cards[0])["Q0001"]
    assert "52.2万" in listed
    assert "折" not in listed


def test_the_timeline_tells_no_more_than_the_card(talk: Talk) -> None:
    submitted(talk)
    assert prices(talk.say("zheng", "华润置地 时间线"))
    for access in ("打码", "隐藏"):
        talk.say("admin", f"权限 财务 报价.金额 {access}")
        for text in ("Q0001 时间线", "华润置地 时间线", "华润置地 报价", "华润置地"):
            reply = talk.say("zheng", text)
            assert reply.cards, text
            assert prices(reply) == [], text
    talk.say("admin", "权限 销售 报价.金额 打码")
    assert prices(talk.say("zhang", "撤销")) == []
