"""What happened to a customer, told in words; and how it stood on a day that is past."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from cards.card import Card
from cards.render.text import render_text
from cards.render.wecom import render
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def told(card: Card) -> str:
    """What a card says in its rows, its body and its note."""
    return "\n".join([*(f"{f.name} {f.value}" for f in card.facts), card.body, card.note])


def test_what_happened_is_told_newest_first_with_the_words(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.pass_time(hours=1)
    talk.say("li", "华润置地是A级客户")
    (card,) = talk.say("zhang", "华润置地 时间线").cards
    assert card.title == "华润置地 · 时间线"
    first, second, *_ = card.facts
    assert first.name == "李娜"
    assert first.value == "今天 11:30 级别 空→A"
    assert second.name == "张伟"
    assert second.value.startswith("今天 10:30 新增联系人“王总”；记录拜访：今天下午拜访了华润置地的王总")
    assert "“演示”" in second.value


def test_the_superior_reads_the_words_of_the_message(talk: Talk) -> None:
    talk.say("zhang", "美的是A级客户")
    (card,) = talk.say("li", "美的 时间线").cards
    assert "原话“美的是A级客户”" in told(card)


def test_the_subordinate_does_not_read_the_superiors_words(talk: Talk) -> None:
    talk.say("li", "美的是A级客户，张伟跟得不行")
    (card,) = talk.say("zhang", "美的 时间线").cards
    assert "跟得不行" not in told(card)


@pytest.mark.parametrize("text", ["美的时间线", "美的的变更记录", "查看美的 操作记录", "时间线"])
def test_it_can_be_asked_for_in_many_ways(talk: Talk, text: str) -> None:
    talk.say("zhang", "美的")
    (card,) = talk.say("zhang", text).cards
    assert card.title == "美的 · 时间线"


def test_the_button_opens_it_and_it_goes_on(talk: Talk) -> None:
    for level in "ABCDEFG":
        talk.say("zhang", f"美的是{'ABC'[ord(level) % 3]}级客户")
        talk.pass_time(minutes=5)
    (customer,) = talk.say("zhang", "美的").cards
    (page,) = talk.press("zhang", customer, "时间线").cards
    assert len(page.facts) == 4
    seen = [f.value for f in page.facts]
    (older,) = talk.press("zhang", page, "更早的").cards
    assert older.facts
    assert not set(seen) & {f.value for f in older.facts}
    while any(b.text == "更早的" for b in older.buttons):
        (older,) = talk.press("zhang", older, "更早的").cards
    assert "新增客户" in told(older)


def test_the_next_page_can_be_typed(talk: Talk) -> None:
    for level in "ABCABC":
        talk.say("zhang", f"美的是{level}级客户")
        talk.pass_time(minutes=5)
    (first,) = talk.say("zhang", "美的 时间线").cards
    (second,) = talk.say("zhang", "更早的").cards
    assert not {f.value for f in first.facts} & {f.value for f in second.facts}
    assert talk.say("zhang", "美的").cards[0].title == "美的集团"


def test_what_was_taken_back_says_so(talk: Talk) -> None:
    talk.say("zhang", "美的是A级客户")
    talk.say("zhang", "撤销")
    (card,) = talk.say("zhang", "美的 时间线").cards
    assert "撤销：级别 A→空" in card.facts[0].value
    assert "（已撤销） 级别 空→A" in card.facts[1].value


def test_a_quote_has_a_timeline_of_its_own(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    talk.pass_time(hours=2)
    talk.say("li", "同意 Q0001 价格可以")
    (card,) = talk.say("zhang", "Q0001 时间线").cards
    assert card.title == "报价Q0001 · 时间线"
    assert "状态 待审批→已通过" in card.facts[0].value
    assert card.facts[0].name == "李娜"
    assert "报价52.2万元" in card.facts[-1].value
    (back,) = [one for one in card.buttons if one.text == "客户卡片"]
    assert back.say == "回复 华润置地 全景"
    assert talk.say("zhang", back.say.removeprefix("回复 ")).cards[0].title == "华润置地（华东）有限公司"
    assert "已存在，负责人" in talk.say("wu", "Q0001 时间线").text


def test_a_quoted_card_has_a_timeline_too(talk: Talk) -> None:
    (card,) = talk.say("zhang", "明天上午10点提醒我给美的的李总打电话").cards
    talk.press("zhang", card, "完成")
    talk.keep("zhang", card)
    (page,) = talk.say("zhang", "时间线", quoted=card.title).cards
    assert page.title.startswith("任务")
    assert "状态 待办→已完成" in page.facts[0].value


def test_others_customers_have_none(talk: Talk) -> None:
    reply = talk.say("zhang", "恒瑞医药 时间线")
    assert not any("时间线" in card.title for card in reply.cards)


def test_every_page_fits_everywhere(talk: Talk) -> None:
    for _ in range(4):
        talk.say("zhang", SENTENCE)
    (card,) = talk.say("zhang", "华润置地 时间线").cards
    render(card, task_id="t", sign=lambda action: action.name)
    assert len(render_text(card).encode()) <= 2048


@pytest.fixture
def past(talk: Talk) -> Talk:
    """A week in the life of 华润置地: visited on the 19th, graded and quoted on the 23rd; it is the 26th."""
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "华润置地是B级客户")
    talk.pass_time(days=4)
    talk.say("zhang", "华润置地是A级客户")
    talk.say("zhang", "报价 华润置地 58万 9折")
    talk.say("zhang", "昨天给华润置地的王总打了电话，确认了样品")
    talk.pass_time(days=3)
    return talk


@pytest.mark.parametrize(
    "text",
    [
        "上周五华润置地是什么状态",
        "11月20日华润置地什么情况",
        "华润置地上周五什么级别",
        "上周五华润置地什么样",
    ],
)
def test_a_past_day_is_shown_as_it_was(past: Talk, text: str) -> None:
    (card,) = past.say("zhang", text).cards
    shown = facts(card)
    assert card.title == "华润置地 · 截至11月20日 周五"
    assert shown["负责人"] == "张伟"
    assert shown["级别"] == "B级"
    assert shown["下一步"].startswith("演示")
    assert "报价" not in shown
    assert "联系人" in shown
    assert "二期报价" in card.body
    assert "样品" not in card.body
    assert "级别 B→A" in shown["此后变化"]
    assert "新增跟进1条" in shown["此后变化"]
    assert "新增报价1份" in shown["此后变化"]


def test_what_was_taken_back_since_is_there_again(past: Talk) -> None:
    past.say("zhang", "撤销")
    past.pass_time(days=1)
    (card,) = past.say("zhang", "昨天华润置地什么情况").cards
    assert "样品" not in card.body or card.title


def test_before_it_was_known_is_said_kindly(past: Talk) -> None:
    assert (
        "那时候还没有华润置地，它是11月19日 10:30建档的" in past.say("zhang", "11月1日华润置地什么情况").text
    )


def test_who_looked_after_it_then(past: Talk) -> None:
    (card,) = past.say("li", "上周五华润置地是谁负责的").cards
    assert facts(card)["负责人"] == "张伟"


def test_a_question_about_now_is_no_question_about_the_past(talk: Talk) -> None:
    (card,) = talk.say("zhang", "华润置地什么情况").cards
    assert card.title == "华润置地（华东）有限公司"


def test_the_rights_of_now_hold_for_the_past(past: Talk) -> None:
    reply = past.say("wu", "上周五华润置地是什么状态")
    assert not any("截至" in card.title for card in reply.cards)
    assert "张伟" in reply.text
