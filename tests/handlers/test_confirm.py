"""What was guessed is shown and agreed with before it is written; what is unclear is kept and asked about."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from cards.actions import pack
from cards.card import Card
from cards.render.wecom import render
from nlu import VERSION
from store.tables import Activity, Correction, Customer, Task
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

YEAR = "3月5日拜访华润置地的王总"
HALF = "今天拜访了美的张工，明天7点再去演示"
SECRET = b"a secret for tests, long enough"
REMIND = "明天7点提醒我给王总打电话"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def records(talk: Talk) -> list[Activity]:
    """Records that stand, the first first."""
    query = select(Activity).where(col(Activity.voided_at).is_(None)).order_by(col(Activity.id))
    return list(talk.session.scalars(query))


def tasks(talk: Talk) -> list[Task]:
    return list(talk.session.scalars(select(Task).order_by(col(Task.id))))


def corrections(talk: Talk) -> list[Correction]:
    return list(talk.session.scalars(select(Correction).order_by(col(Correction.id))))


def shows_well(card: Card) -> bool:
    """Whether WeCom can show all of it, with its buttons packed."""
    return render(card, task_id="t1", sign=lambda action: pack(action, SECRET)).left_out == ()


def test_a_guessed_half_of_the_day_is_confirmed_first(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    assert card.title == "这样记对吗 · 美的"
    assert facts(card) == {
        "客户": "美的",
        "联系人": "张工",
        "方式": "拜访",
        "时间": "今天",
        "下一步": "明天 07:00 演示（猜的）",
    }
    assert [o.text for o in card.form[0].options] == ["明天 07:00", "明天 19:00"]
    assert [b.text for b in card.buttons] == ["改", "不记"]
    assert shows_well(card)
    assert records(talk) == []
    assert tasks(talk) == []


def test_agreeing_writes_it(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    reply = talk.press("zhang", card, "确认记录")
    assert reply.cards[0].title == "已记录拜访 · 美的"
    assert facts(reply.cards[0])["下一步"] == "演示 · 明天 07:00"
    assert reply.refresh[0].done.startswith("已确认")
    assert reply.refresh[0].about == card.about
    assert records(talk)[0].raw == HALF
    assert records(talk)[0].parser == VERSION
    assert corrections(talk) == []


def test_a_tap_in_the_drop_down_puts_it_right(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    (recorded,) = talk.press("zhang", card, "确认记录", next_time="1").cards
    assert facts(recorded)["下一步"] == "演示 · 明天 19:00"
    (kept,) = corrections(talk)
    assert kept.text == HALF
    assert kept.read["next_time"]["value"] == "2026-11-20T07:00:00"
    assert kept.corrected["next_time"]["value"] == "2026-11-20T19:00:00"


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("晚上", "下一步", "明天 19:00 演示"),
        ("是晚上", "下一步", "明天 19:00 演示"),
        ("后天下午3点", "下一步", "11月21日 周六 15:00 演示"),
        ("金额56万", "金额", "56万元"),
        ("联系人是李总", "联系人", "李总"),
        ("客户是华润燃气", "客户", "华润燃气"),
    ],
)
def test_a_word_puts_a_field_right(talk: Talk, words: str, name: str, value: str) -> None:
    talk.say("zhang", HALF)
    reply = talk.say("zhang", words)
    (card,) = reply.refresh
    shown = facts(card)[name].removesuffix("（猜的）")
    assert shown == value or (value == "11月21日 周六 15:00 演示" and shown == "后天 15:00 演示")
    assert records(talk) == []
    assert shows_well(card)
    assert "已记录" in talk.press("zhang", card, "确认记录").cards[0].title
    assert len(records(talk)) == 1
    assert len(corrections(talk)) == 1


def test_corrections_add_up_and_yes_is_enough(talk: Talk) -> None:
    talk.say("zhang", HALF)
    talk.say("zhang", "晚上")
    talk.say("zhang", "金额56万")
    (recorded,) = talk.say("zhang", "确认").cards
    assert facts(recorded)["金额"] == "56万元"
    assert facts(recorded)["下一步"] == "演示 · 明天 19:00"


def test_the_button_that_asks_says_how(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    assert "下午3点" in talk.press("zhang", card, "改").text
    assert talk.say("zhang", "晚上").refresh[0].title == card.title


def test_no_writes_nothing(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    assert talk.press("zhang", card, "不记").refresh[0].done == "没有记录"
    talk.say("zhang", HALF)
    assert talk.say("zhang", "不记").text == "好，没有记录。"
    assert records(talk) == []


def test_agreeing_twice_writes_once(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    talk.press("zhang", card, "确认记录")
    assert "已经确认过" in talk.press("zhang", card, "确认记录").text
    assert len(records(talk)) == 1


def test_a_year_that_was_not_said_is_confirmed(talk: Talk) -> None:
    (card,) = talk.say("zhang", YEAR).cards
    assert len(card.form[0].options) == 2
    (recorded,) = talk.press("zhang", card, "确认记录", next_time="1").cards
    assert facts(recorded)["时间"] == "3月5日 周四"
    assert "下一步" not in facts(recorded)


def test_a_year_can_be_said(talk: Talk) -> None:
    talk.say("zhang", YEAR)
    (card,) = talk.say("zhang", "今年").refresh
    assert facts(card)["时间"].startswith("3月5日")


def test_a_reminder_at_a_guessed_hour_is_confirmed(talk: Talk) -> None:
    (card,) = talk.say("zhang", REMIND).cards
    assert card.title == "这样提醒对吗"
    assert facts(card)["下一步"] == "明天 07:00 给王总打电话（猜的）"
    assert tasks(talk) == []
    (made,) = talk.press("zhang", card, "确认记录", next_time="1").cards
    assert made.title.startswith("已设提醒")
    assert talk.context("zhang").wall(tasks(talk)[0].due_at).hour == 19


def test_a_sure_sentence_is_written_at_once(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天拜访了美的张工，明天下午3点再去演示").cards
    assert card.title == "已记录拜访 · 美的"


def test_the_customer_is_asked_before_the_time(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天拜访了华润的王总，明天7点再去演示").cards
    (card,) = talk.press("zhang", question, "华润燃气").cards
    assert card.title == "这样记对吗 · 华润燃气"
    assert records(talk) == []
    (recorded,) = talk.press("zhang", card, "确认记录").cards
    assert recorded.title == "已记录拜访 · 华润燃气"
    assert corrections(talk)[0].corrected["customer"] == "华润燃气集团"


def test_another_message_is_not_taken_for_an_answer(talk: Talk) -> None:
    talk.say("zhang", HALF)
    (card,) = talk.say("zhang", "昨天下午给华润置地的王总打了电话，聊了合同，预算30万左右").cards
    assert card.title == "已记录电话 · 华润置地"


def test_somebody_else_cannot_confirm(talk: Talk) -> None:
    (card,) = talk.say("zhang", HALF).cards
    assert "再发一遍" in talk.press("wu", card, "确认记录").text
    assert records(talk) == []


def test_a_proposal_is_shown_whole_and_written_when_agreed(talk: Talk) -> None:
    reply = talk.propose(
        "zhang",
        "美的那头松口了 盘子58万 下周三上午十点带样机过去",
        customer="美的",
        amount="58万",
        next_time="下周三上午十点",
        next_action="带样机过去",
        method="call",
    )
    assert reply is not None
    (card,) = reply.cards
    assert facts(card)["金额"] == "58万元"
    assert shows_well(card)
    assert records(talk) == []
    (recorded,) = talk.press("zhang", card, "确认记录").cards
    assert recorded.title == "已记录电话 · 美的"
    assert facts(recorded)["下一步"] == "带样机过去 · 11月25日 周三 10:00"
    (kept,) = corrections(talk)
    assert kept.corrected["method"] == "call"


def test_a_proposed_new_customer_is_created_when_agreed(talk: Talk) -> None:
    reply = talk.propose("zhang", "搞空调的顺鼎那边要三台 12万", customer="顺鼎", amount="12万")
    assert reply is not None
    assert "顺鼎（新客户）" in reply.cards[0].title
    before = len(talk.session.scalars(select(Customer)).all())
    (recorded,) = talk.press("zhang", reply.cards[0], "确认记录").cards
    assert recorded.title.endswith("顺鼎")
    assert len(talk.session.scalars(select(Customer)).all()) == before + 1


def test_a_proposed_name_that_fits_several_is_chosen_in_the_card(talk: Talk) -> None:
    reply = talk.propose("zhang", "华润 盘子58万 松口了", customer="华润", amount="58万")
    assert reply is not None
    (card,) = reply.cards
    assert "先选好" in talk.press("zhang", card, "确认记录").text
    option = next(o.id for o in card.form[0].options if o.text == "华润燃气")
    (recorded,) = talk.press("zhang", card, "确认记录", customers=option).cards
    assert recorded.title.endswith("华润燃气")


def test_a_proposal_is_corrected_by_a_word(talk: Talk) -> None:
    reply = talk.propose("zhang", "搞空调的顺鼎那边要三台 12万", customer="顺鼎", amount="12万")
    assert reply is not None
    talk.say("zhang", "客户是美的")
    (card,) = talk.say("zhang", "金额13万").refresh
    (recorded,) = talk.press("zhang", card, "确认记录").cards
    assert recorded.title.endswith("美的")
    assert facts(recorded)["金额"] == "13万元"


def test_words_that_say_too_little_are_kept_as_a_note_with_their_likely_meanings(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的 空调压缩机产线").cards
    assert card.title == "已记录备注 · 美的"
    assert [b.text for b in card.buttons] == ["记为拜访", "记为电话", "设提醒", "只留笔记", "撤销"]
    assert shows_well(card)
    (visit,) = talk.press("zhang", card, "记为拜访").refresh
    assert visit.title == "已更正拜访 · 美的"
    assert [r.kind for r in records(talk)] == ["visit"]


def test_a_note_becomes_a_reminder_when_its_time_is_said(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的 空调压缩机产线").cards
    assert "什么时候" in talk.press("zhang", card, "设提醒").text
    (made,) = talk.say("zhang", "明天上午10点").cards
    assert made.title.startswith("已设提醒")
    (left,) = talk.press("zhang", card, "只留笔记").refresh
    assert [b.text for b in left.buttons] == ["修改", "撤销"]


def test_business_that_nothing_was_made_of_is_offered(talk: Talk) -> None:
    (card,) = talk.say("zhang", "甲方松口了 价钱谈妥").cards
    assert card.title == "这句没看懂，要怎么记"
    assert shows_well(card)
    assert records(talk) == []
    reply = talk.press("zhang", card, "记为电话")
    assert "哪家客户" in reply.refresh[0].title
    (recorded,) = talk.say("zhang", "美的").cards
    assert recorded.title == "已记录电话 · 美的"


def test_a_payment_without_a_sure_customer_is_asked_about_and_kept_as_a_note(talk: Talk) -> None:
    (question,) = talk.say("zhang", "华润回款15万已到账").cards
    (card,) = talk.press("zhang", question, "华润置地").cards
    assert card.title == "已记录备注 · 华润置地"
    assert card.note.startswith("已作为笔记记在华润置地名下，回款登记还没有开通")
    assert records(talk)[0].amount_low is None


def test_winning_a_deal_is_not_pretended(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的的项目黄了，客户选了别家").cards
    assert "商机阶段还没有开通" in card.note
    assert records(talk)[0].kind == "note"


def test_points_without_a_customer_say_that_they_are_not_open(talk: Talk) -> None:
    reply = talk.say("zhang", "给会员王芳加200积分")
    assert "积分还没有开通" in reply.text
    assert records(talk) == []


def test_a_name_that_was_probably_mistyped_is_asked_about_with_all_that_was_understood(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天跟华仁置地王总通话，预算58万，下周三上午十点演示").cards
    assert card.title == "是“华润置地”吗"
    assert facts(card) == {
        "客户": "华润置地",
        "联系人": "王总",
        "方式": "电话",
        "时间": "今天",
        "金额": "58万元",
        "下一步": "11月25日 周三 10:00 演示",
    }
    assert [b.text for b in card.buttons] == ["是", "不是", "改", "不记"]
    assert shows_well(card)
    assert records(talk) == []
    (fixed,) = talk.say("zhang", "金额56万").refresh
    (recorded,) = talk.press("zhang", fixed, "是").cards
    assert recorded.title == "已记录电话 · 华润置地"
    assert facts(recorded)["金额"] == "56万元"
    (kept,) = corrections(talk)
    assert kept.corrected["customer"] == "华润置地（华东）有限公司"
    assert kept.corrected["amount"] == 560_000


def test_what_must_be_asked_is_not_shown_as_understood(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天拜访了美的张工，盘子五百个，明天7点再去演示").cards
    assert "金额" not in facts(card)
    assert "五百个" in card.note


def test_a_sentence_that_was_recorded_meanwhile_is_not_recorded_again(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天跟华仁置地王总通话，预算58万").cards
    reply = talk.press("zhang", card, "不是")
    talk.press("zhang", reply.refresh[0], "新建并记录")
    assert "已经确认过" in talk.press("zhang", card, "是").text
    assert len(records(talk)) == 1


@pytest.mark.parametrize("text", ["今天", "华润置地", "撤销", "明天上午10点提醒我开会", "帮助"])
def test_other_business_goes_on_beside_a_question(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", HALF).cards
    reply = talk.say("zhang", text)
    assert "改好了" not in reply.text
    (recorded,) = talk.press("zhang", card, "确认记录").cards
    assert facts(recorded)["下一步"] == "演示 · 明天 07:00"


def test_another_name_is_an_answer_to_a_doubt(talk: Talk) -> None:
    talk.say("zhang", "今天跟华仁置地王总通话，预算58万")
    (card,) = talk.say("zhang", "华润燃气").refresh
    assert card.title == "这样记对吗 · 华润燃气"


def test_lengths_of_time_count_from_the_message(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天跟华仁置地王总通话，两小时后发报价").cards
    talk.pass_time(minutes=20)
    (recorded,) = talk.press("zhang", card, "是").cards
    assert facts(recorded)["下一步"] == "发报价 · 今天 12:30"


@pytest.mark.parametrize(
    "other",
    [
        "王总是哪家的",
        "今天下午3点跟美的的刘工开会",
        "华润燃气的商机",
        "赵经理说预算批了120万",
        "今天",
        "完成",
    ],
)
def test_another_message_is_not_taken_for_a_correction(talk: Talk, other: str) -> None:
    talk.say("zhang", "今天拜访了华润置地")
    asked = talk.say("zhang", "明天去见王总").cards[0]
    assert asked.title == "是“华润置地”吗"
    assert "改好了" not in talk.say("zhang", other).text


@pytest.mark.parametrize(
    ("fix", "step"),
    [
        ("下午3点", "明天 15:00"),
        ("后天下午3点", "后天 15:00"),
        ("改到周五上午", "明天 上午"),
        ("是下午4点的", "明天 16:00"),
    ],
)
def test_an_hour_alone_is_on_the_day_that_is_shown(talk: Talk, fix: str, step: str) -> None:
    talk.say("zhang", "今天拜访了华润置地")
    talk.say("zhang", "明天去见王总")
    (card,) = talk.say("zhang", fix).refresh
    assert facts(card)["下一步"].startswith(step)
