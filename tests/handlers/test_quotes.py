"""Quotes in the chat: from the salesperson's sentence to the manager's word, by card and by words."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from cards.card import Card, Tone
from cards.render.wecom import render
from handlers import customers, questions, quotes, undo
from handlers.reply import Reply
from handlers.router import merge
from store.tables import Quote
from tests.crm.team import make_team
from tests.ground import standing
from tests.handlers.desk import Desk


@standing
def desk(session: Session) -> Desk:
    """The team with two customers whose short names begin alike, both of 张伟."""
    desk = Desk(make_team(session), merge([quotes.router, undo.router, customers.router, questions.router]))
    desk.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    desk.customer("zhang", "华润燃气集团", "华润燃气")
    return desk


def submitted(desk: Desk) -> tuple[Card, Card]:
    """(the author's card, the manager's card) of 报价 华润置地 58万 9折 提交."""
    reply = desk.say("zhang", "报价 华润置地 58万 9折 提交")
    (mine,), (notice,) = reply.cards, reply.notices
    assert notice.card is not None
    return mine, notice.card


def quotes_made(desk: Desk) -> int:
    """How many quotes there are."""
    return int(desk.team.session.execute(select(func.count()).select_from(Quote)).scalar_one())


def facts(card: Card) -> dict[str, str]:
    """The rows of a card."""
    return {fact.name: fact.value for fact in card.facts}


def test_one_sentence_makes_and_submits_a_quote(desk: Desk) -> None:
    reply = desk.say("zhang", "报价 华润置地 58万 9折 提交")
    (card,) = reply.cards
    assert card.title == "报价 Q0001 · 待李经理审批"
    assert [b.text for b in card.buttons] == ["撤回"]
    (notice,) = reply.notices
    assert notice.member_id == desk.team.members["li"].id


def test_the_manager_sees_what_there_is_to_decide(desk: Desk) -> None:
    _, card = submitted(desk)
    assert [(b.text, b.tone) for b in card.buttons] == [("同意", Tone.PRIMARY), ("驳回", Tone.DANGER)]
    assert facts(card) == {
        "客户": "华润置地",
        "原价": "58万元",
        "折扣": "9折",
        "总价": "52.2万元",
        "提交人": "张伟",
    }
    assert card.body == "原价 58万元，9折后 52.2万元，让利 5.8万元"


def test_both_cards_and_the_authors_chat_say_so_when_it_is_approved(desk: Desk) -> None:
    mine, managers = submitted(desk)
    reply = desk.press("li", managers, "同意")
    (final,) = reply.refresh
    assert final.done == "已由李经理同意 10:30"
    assert final.about == mine.about == managers.about
    (notice,) = reply.notices
    assert notice.member_id == desk.team.members["zhang"].id
    assert notice.text == "李经理同意了报价 Q0001（华润置地，52.2万元）"
    assert reply.text == ""


def test_rejecting_is_done_at_once_and_a_reason_may_follow(desk: Desk) -> None:
    _, managers = submitted(desk)
    reply = desk.press("li", managers, "驳回")
    assert reply.refresh[0].done == "已由李经理驳回 10:30"
    assert reply.notices[0].text == "李经理驳回了报价 Q0001（华润置地，52.2万元）"
    assert "张伟" in reply.text
    later = desk.say("li", "折扣太低，先谈到九五折")
    assert later.text == "理由已转给张伟"
    assert later.notices[0].text == "李经理补充了驳回报价 Q0001 的理由：折扣太低，先谈到九五折"
    assert desk.say("li", "毛利也不够") == Reply()


@pytest.mark.parametrize("text", ["今天", "好的", "帮助", "今天拜访了华润置地", "同意 Q0001"])
def test_what_is_no_reason_is_not_taken_for_one(desk: Desk, text: str) -> None:
    _, managers = submitted(desk)
    desk.press("li", managers, "驳回")
    reply = desk.say("li", text)
    assert "理由" not in reply.text
    assert not reply.notices


def test_the_reason_can_be_skipped(desk: Desk) -> None:
    _, managers = submitted(desk)
    desk.press("li", managers, "驳回")
    assert desk.say("li", "跳过").text == "好的，不补充理由"


def test_deciding_by_words_takes_the_reason_along(desk: Desk) -> None:
    submitted(desk)
    reply = desk.say("li", "驳回 Q0001 折扣太低")
    assert reply.notices[0].text == "李经理驳回了报价 Q0001（华润置地，52.2万元），理由：折扣太低"
    assert facts(reply.refresh[0])["理由"] == "折扣太低"
    assert reply.text == "已驳回报价 Q0001，张伟会收到通知"


def test_approving_by_words_settles_the_cards_too(desk: Desk) -> None:
    submitted(desk)
    reply = desk.say("li", "同意 Q0001")
    assert reply.text == "已同意报价 Q0001，张伟会收到通知"
    assert reply.refresh[0].done == "已由李经理同意 10:30"


def test_a_second_press_hears_who_decided_and_when(desk: Desk) -> None:
    mine, managers = submitted(desk)
    desk.press("li", managers, "同意")
    for reply in (desk.press("li", managers, "驳回"), desk.press("zhang", mine, "撤回")):
        assert "已由李经理 10:30 通过" in reply.text
        assert not reply.notices


def test_a_forwarded_card_helps_nobody_else(desk: Desk) -> None:
    _, managers = submitted(desk)
    for who in ("zhang", "zhao", "chen"):
        reply = desk.press(who, managers, "同意")
        assert "李经理" in reply.text
        assert not reply.refresh


def test_the_author_takes_it_back_while_it_waits(desk: Desk) -> None:
    mine, managers = submitted(desk)
    reply = desk.press("zhang", mine, "撤回")
    assert reply.refresh[0].done == "张伟已撤回 10:30"
    assert "已撤回" in reply.text
    assert "撤回" in desk.press("li", managers, "同意").text


def test_without_the_word_submit_it_stays_a_draft_until_the_button(desk: Desk) -> None:
    reply = desk.say("zhang", "报价 华润置地 58万")
    (draft,) = reply.cards
    assert draft.title == "报价 Q0001 · 草稿"
    assert "李经理" in draft.body
    assert not reply.notices
    sent = desk.press("zhang", draft, "提交")
    assert sent.refresh[0].title == "报价 Q0001 · 待李经理审批"
    assert sent.notices[0].card is not None
    assert "正在等李经理审批" in desk.press("zhang", draft, "提交").text


def test_a_draft_can_be_dropped(desk: Desk) -> None:
    (draft,) = desk.say("zhang", "报价 华润置地 58万").cards
    assert desk.press("zhang", draft, "撤销").refresh[0].done == "张伟已撤回 10:30"


@pytest.mark.parametrize(
    "text", ["报价 华润置地 提交", "报价 华润置地 百来万 提交", "报价 华润置地 30到50万 提交"]
)
def test_an_amount_that_is_missing_or_vague_is_asked_for(desk: Desk, text: str) -> None:
    asked = desk.say("zhang", text)
    assert "例如 58万" in asked.text
    assert quotes_made(desk) == 0
    (card,) = desk.say("zhang", "58万 9折").cards
    assert card.title == "报价 Q0001 · 待李经理审批"
    assert facts(card)["总价"] == "52.2万元"


def test_another_message_is_no_answer_to_the_question(desk: Desk) -> None:
    desk.say("zhang", "报价 华润置地")
    desk.say("zhang", "今天拜访了华润燃气的王总，预算58万")
    assert quotes_made(desk) == 0
    assert desk.memories["zhang"].pending is None


def test_a_name_that_fits_several_is_chosen_by_button_or_number(desk: Desk) -> None:
    (card,) = desk.say("zhang", "报价 华润 58万 9折").cards
    assert [b.text for b in card.buttons] == ["华润置地", "华润燃气"]
    picked = desk.press("zhang", card, "华润燃气")
    (draft,), (settled,) = picked.cards, picked.refresh
    assert (settled.about, settled.done) == (card.about, "已选华润燃气")
    assert (draft.subtitle, facts(draft)["总价"]) == ("华润燃气", "52.2万元")
    again = desk.press("zhang", card, "华润置地")
    assert "已经选过" in again.text
    assert quotes_made(desk) == 1
    desk.say("zhang", "报价 华润 58万 9折")
    assert desk.say("zhang", "1").cards[0].subtitle == "华润置地"


def test_no_customer_is_asked_for_and_the_name_goes_on(desk: Desk) -> None:
    assert "报价 华润置地 58万 9折 提交" in desk.say("zhang", "报价 58万").text
    assert desk.say("zhang", "华润置地").cards[0].subtitle == "华润置地"


def test_an_unknown_customer_is_not_invented(desk: Desk) -> None:
    reply = desk.say("zhang", "报价 苏州汇川技术有限公司 5万")
    assert "新增客户" in reply.text
    assert quotes_made(desk) == 0


def test_the_director_hears_that_nobody_is_set_above_them(desk: Desk) -> None:
    reply = desk.say("chen", "报价 华润置地 58万 提交")
    assert "管理员" in reply.text
    assert quotes_made(desk) == 0


def test_a_note_is_kept(desk: Desk) -> None:
    (card,) = desk.say("zhang", "报价 华润置地 128万 85折 备注含三年维保").cards
    assert facts(card)["备注"] == "含三年维保"


def test_agreeing_without_a_number_shows_what_waits(desk: Desk) -> None:
    assert desk.say("li", "同意").text == "现在没有等您审批的报价"
    submitted(desk)
    (card,) = desk.say("li", "同意").cards
    assert card.title == "张伟的报价 Q0001 待您审批"
    submitted(desk)
    listed = desk.say("li", "驳回").text
    assert "Q0001 华润置地 52.2万元（张伟）" in listed
    assert "Q0002" in listed


def test_every_card_is_whole_on_wecom(desk: Desk) -> None:
    (draft,) = desk.say("zhang", "报价 华润置地 128万 85折 备注含三年维保").cards
    mine, managers = submitted(desk)
    (final,) = desk.say("li", "驳回 Q0002 折扣太低").refresh
    for card in (draft, mine, managers, final):
        shown = render(card, task_id="t1", sign=lambda action: action.name)
        assert shown.left_out == ()


def test_taking_the_message_back_settles_the_managers_card_too(desk: Desk) -> None:
    _, managers = submitted(desk)
    reply = desk.say("zhang", "撤销")
    (final,) = reply.refresh
    assert (final.about, final.done) == (managers.about, "张伟已撤回 10:30")
    late = desk.press("li", managers, "同意")
    assert "撤回" in late.text
    assert not late.notices


def test_what_is_decided_is_not_taken_back(desk: Desk) -> None:
    _, managers = submitted(desk)
    desk.press("li", managers, "同意")
    reply = desk.say("zhang", "撤销")
    assert not reply.refresh
    assert "不能撤销" in reply.text


def test_the_button_of_the_customer_card_takes_the_amount_next(desk: Desk) -> None:
    (card,) = desk.say("zhang", "华润置地").cards
    assert "58万 9折 提交" in desk.press("zhang", card, "报价").text
    (sent,) = desk.say("zhang", "120万 95折 提交").cards
    assert sent.title == "报价 Q0001 · 待李经理审批"
    assert (sent.subtitle, facts(sent)["总价"]) == ("华润置地", "114万元")


@pytest.mark.parametrize("text", ["9折", "九折", "打9折吧", "改成90折", "那就9折"])
def test_a_discount_alone_behind_a_draft_is_its_discount(desk: Desk, text: str) -> None:
    desk.say("zhang", "报价 华润置地 58万")
    (card,) = desk.say("zhang", text).cards
    assert card.title == "报价 Q0001 · 草稿"
    assert facts(card)["折扣"] == "9折"
    assert facts(card)["总价"] == "52.2万元"
    assert quotes_made(desk) == 1


@pytest.mark.parametrize("text", ["28万", "改成28万", "金额28万", "总价改到28万吧"])
def test_an_amount_alone_behind_a_draft_is_its_price(desk: Desk, text: str) -> None:
    desk.say("zhang", "今天拜访了华润置地，预算58万")
    desk.say("zhang", "报价 华润置地 58万 9折")
    (card,) = desk.say("zhang", text).cards
    assert card.title == "报价 Q0001 · 草稿"
    assert (facts(card)["原价"], facts(card)["总价"]) == ("28万元", "25.2万元")
    assert quotes_made(desk) == 1


@pytest.mark.parametrize("text", ["他们预算28万", "美的28万", "30万到50万", "十几万"])
def test_other_words_with_an_amount_leave_the_draft_alone(desk: Desk, text: str) -> None:
    desk.say("zhang", "报价 华润置地 58万")
    desk.say("zhang", text)
    quote = desk.team.session.execute(select(Quote)).scalars().first()
    assert quote is not None
    assert quote.amount == 58_000_000


def test_a_discount_said_again_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.say("zhang", "报价 华润置地 58万")
    desk.say("zhang", "9折")
    (card,) = desk.say("zhang", "85折").cards
    assert facts(card)["折扣"] == "8.5折"
    (card,) = desk.say("zhang", "不打折").cards
    assert facts(card)["总价"] == "58万元"


def test_a_discount_alone_may_send_the_draft_off(desk: Desk) -> None:
    desk.say("zhang", "报价 华润置地 58万")
    reply = desk.say("zhang", "9折提交")
    assert reply.text.startswith("报价 Q0001 已提交，等李经理审批")
    (notice,) = reply.notices
    assert notice.card is not None
    assert facts(notice.card)["总价"] == "52.2万元"


def test_the_discount_can_be_taken_back(desk: Desk) -> None:
    desk.say("zhang", "报价 华润置地 58万")
    desk.say("zhang", "9折")
    desk.say("zhang", "撤销")
    quote = desk.team.session.execute(select(Quote)).scalar_one()
    assert (quote.status, quote.discount, quote.total) == ("draft", 10_000, 58_000_000)


def test_a_discount_changes_nothing_that_is_submitted_or_somebody_elses(desk: Desk) -> None:
    (mine,) = desk.say("zhang", "报价 华润置地 58万").cards
    desk.say("li", "9折")
    desk.press("zhang", mine, "提交")
    desk.say("zhang", "9折")
    quote = desk.team.session.execute(select(Quote)).scalar_one()
    assert quote.discount == 10_000


def test_other_words_behind_a_draft_are_no_discount(desk: Desk) -> None:
    desk.say("zhang", "报价 华润置地 58万")
    desk.say("zhang", "王总说9折才签")
    quote = desk.team.session.execute(select(Quote)).scalar_one()
    assert quote.discount == 10_000
