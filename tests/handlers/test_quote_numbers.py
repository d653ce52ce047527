"""Quotes by their number and one's own: looked at, submitted and taken back by words alone."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from store.tables import Quote
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation of the whole team."""
    return make_talk(session)


def status(talk: Talk, number: str) -> str:
    """What became of a quote."""
    query = select(col(Quote.status)).where(col(Quote.number) == number)
    return str(talk.session.execute(query).scalar_one())


def test_every_button_of_a_quote_says_words_that_do_the_same(talk: Talk) -> None:
    (draft,) = talk.say("zhang", "报价 华润置地 58万 9折").cards
    says = {one.text: one.say.removeprefix("回复 ") for one in draft.buttons}
    assert says == {"提交": "提交 Q0001", "撤销": "撤销 Q0001"}
    reply = talk.say("zhang", says["提交"])
    assert "等李经理审批" in reply.text
    (notice,) = reply.notices
    assert notice.member_id == talk.team.members["li"].id
    (pending,) = talk.say("zhang", "Q0001").cards
    (back,) = pending.buttons
    assert "已撤回" in talk.say("zhang", back.say.removeprefix("回复 ")).text
    assert status(talk, "Q0001") == "withdrawn"


def test_a_draft_is_dropped_by_its_words(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折")
    talk.say("zhang", "撤销 Q0001")
    assert status(talk, "Q0001") == "withdrawn"


def test_submit_alone_means_the_draft_just_made(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折")
    talk.say("zhang", "报价 美的 12万 9折")
    assert "Q0002 已提交" in talk.say("zhang", "提交").text
    assert (status(talk, "Q0001"), status(talk, "Q0002")) == ("draft", "pending")


def test_of_several_drafts_the_number_is_asked_for(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折")
    talk.say("zhang", "报价 美的 12万 9折")
    talk.say("zhang", "今天拜访了美的，聊了方案")
    asked = talk.say("zhang", "提交报价").text
    assert "Q0001 华润置地" in asked
    assert "提交 Q0002" in asked


def test_taking_back_the_quote_leaves_the_visit_alone(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    talk.say("zhang", "今天拜访了美的，聊了方案")
    assert "报价 Q0001 已撤回" in talk.say("zhang", "撤回报价").text
    assert "没有可以撤回的报价" in talk.say("zhang", "撤回报价").text
    assert "拜访" in talk.say("zhang", "美的").cards[0].body


def test_ones_own_quotes_are_listed(talk: Talk) -> None:
    assert "还没有报过价" in talk.say("zhang", "我的报价").text
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    assert "Q0001 华润置地 52.2万元 待审批" in talk.say("zhang", "我的报价").text


def test_who_may_not_see_a_quote_is_told_who_may(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    assert "不在你能看的范围" in talk.say("wu", "Q0001").text
    (card,) = talk.say("li", "Q0001").cards
    assert [one.text for one in card.buttons] == ["同意", "驳回"]
    (card,) = talk.say("chen", "Q0001").cards
    assert not card.buttons


def test_a_decision_of_another_day_is_told_with_its_day(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    talk.say("li", "同意 Q0001")
    talk.pass_time(days=3)
    (card,) = talk.say("zhang", "Q0001").cards
    assert card.done.startswith("已由李经理同意")
    assert "月" in card.done


def test_what_waits_is_shown_by_the_words_of_the_menu(talk: Talk) -> None:
    assert "没有等您审批" in talk.say("li", "待审批").text
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    (card,) = talk.say("li", "待审批").cards
    assert "待您审批" in card.title


def test_who_comes_too_late_is_told_which_quote_was_decided(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    talk.say("li", "驳回 Q0001 太低")
    assert talk.say("li", "同意 Q0001").text.startswith("报价 Q0001 已由李经理")


def test_no_stranger_can_submit_or_take_back(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折")
    assert "只有提交人" in talk.say("wu", "提交 Q0001").text
    assert "只有提交人" in talk.say("wu", "撤回 Q0001").text
    assert status(talk, "Q0001") == "draft"


def test_the_words_of_a_cards_quote_button_ask_and_invent_nothing(talk: Talk) -> None:
    (card,) = talk.say("zhang", "华润置地").cards
    said = next(one.say for one in card.buttons if one.text == "报价").removeprefix("回复 ")
    assert "给华润置地报多少" in talk.say("zhang", said).text
    assert not talk.session.execute(select(col(Quote.id))).all()
    assert "报价 Q0001" in talk.say("zhang", "58万 9折").cards[0].title
