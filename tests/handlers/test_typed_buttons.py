"""What buttons do is done by the words beside them, and unfinished questions are in nobody's way."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session

from cards.card import Action
from cards.rights import elsewhere_card
from handlers.incoming import Kind
from handlers.reply import Reply
from handlers.turn import Press
from nlu.reading import Method
from store.tables import Activity, Task
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """A conversation of the whole team."""
    return make_talk(session)


def menu(talk: Talk, entry: str) -> Reply:
    """An entry of the app's menu."""
    turn = talk._turn("zhang", Kind.ACTION, action=entry)
    return talk.router.actions[entry].run(turn, Press(Action(entry))) or Reply()


def activities(talk: Talk) -> list[Activity]:
    """Everything recorded."""
    return list(talk.session.execute(select(Activity)).scalars())


def tasks(talk: Talk) -> list[Task]:
    """Everything to do."""
    return list(talk.session.execute(select(Task)).scalars())


def test_words_after_an_undone_correction_are_understood(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天拜访了华润置地的王总，金额58万").cards
    talk.press("zhang", card, "修改")
    talk.press("zhang", card, "撤销")
    assert talk.say("zhang", "美的").cards[0].title == "美的集团"
    assert "已恢复" in talk.say("zhang", "恢复").text


def test_the_amount_alone_corrects_the_last_record(talk: Talk) -> None:
    assert "没有看懂" in talk.say("zhang", "金额56万").text
    talk.say("zhang", "今天拜访了华润置地的王总，金额58万")
    assert "金额 56万元" in talk.say("zhang", "金额56万").text
    assert "金额 60万元" in talk.say("zhang", "预算大概60万左右").text


def test_the_menu_takes_the_next_sentence_for_the_report(talk: Talk) -> None:
    menu(talk, "menu.record")
    assert "说说这次跟进" in talk.say("zhang", "华润置地").text
    (card,) = talk.say("zhang", "聊了二期，对方觉得贵").cards
    assert card.title == "已记录跟进 · 华润置地"


def test_the_menu_asks_for_the_customer_of_a_report_that_names_none(talk: Talk) -> None:
    menu(talk, "menu.record")
    (card,) = talk.say("zhang", "下午跟客户聊了半天，对方觉得价格偏高").cards
    assert "哪家客户" in card.title
    assert talk.say("zhang", "美的").cards[0].title.endswith("美的")


def test_the_menu_is_in_nobodys_way(talk: Talk) -> None:
    menu(talk, "menu.record")
    assert "今天的待办" in talk.say("zhang", "今天").cards[0].title
    menu(talk, "menu.record")
    assert "你好" in talk.say("zhang", "你好").text
    menu(talk, "menu.record")
    assert "没有记录" in talk.say("zhang", "算了").text
    assert not activities(talk)


@pytest.mark.parametrize(("words", "method"), [("记为拜访", Method.VISIT), ("记为电话", Method.CALL)])
def test_words_that_were_not_understood_are_recorded_as_typed(talk: Talk, words: str, method: Method) -> None:
    (card,) = talk.say("zhang", "预算的事情再看看吧").cards
    assert f"回复 {words}" in [one.say for one in card.buttons]
    talk.say("zhang", words)
    talk.say("zhang", "华润置地")
    talk.say("zhang", "确认")
    assert [one.kind for one in activities(talk)] == [method.value]


def test_words_that_were_not_understood_become_a_reminder(talk: Talk) -> None:
    talk.say("zhang", "预算的事情再看看吧")
    assert "什么时候提醒" in talk.say("zhang", "设提醒").text
    talk.say("zhang", "明天上午10点")
    assert len(tasks(talk)) == 1


def test_a_note_becomes_a_record_by_its_words(talk: Talk) -> None:
    (card,) = talk.say("zhang", "华润置地挺好的").cards
    says = {one.text: one.say.removeprefix("回复 ") for one in card.buttons}
    assert talk.say("zhang", says["只留笔记"]).text == "好，就留成笔记。"
    assert "拜访" in talk.say("zhang", says["记为拜访"]).cards[0].title


def test_a_number_without_a_list_finishes_nothing(talk: Talk) -> None:
    talk.say("zhang", "下周五前给华润置地报价")
    assert "先看列表" in talk.say("zhang", "完成 1").text
    assert [one.status for one in tasks(talk)] == ["open"]


def test_a_change_of_time_is_about_the_record_just_made(talk: Talk) -> None:
    talk.say("zhang", "下周五前给华润置地报价")
    talk.say("zhang", "今天拜访了华润置地的王总，下周三上午十点再去演示")
    assert "演示" in talk.say("zhang", "改到周四下午三点").text


def test_another_matter_is_not_taken_for_the_answer_to_a_doubt(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润置地的王总")
    assert "是“华润置地”吗" in talk.say("zhang", "今天跟客户聊得不错").cards[0].title
    assert "改好了" not in talk.say("zhang", "把今天的事都推到明天").text
    assert talk.say("zhang", "明天9点提醒我交周报").cards[0].title == "已设提醒 · 交周报"


def test_a_next_page_that_there_is_not_is_said_so(talk: Talk) -> None:
    assert "没有更多了" in talk.say("zhang", "更早的").text


def test_how_a_customers_data_are_changed_is_told(talk: Talk) -> None:
    (card,) = talk.say("zhang", "华润置地地址是上海市浦东新区张江路88号").cards
    assert "客户 华润置地 来源 展会" in card.note


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("嗯嗯好的知道了", "随时说"),
        ("好的，收到", "随时说"),
        ("我今天好累", "辛苦了"),
        ("累死了", "辛苦了"),
        ("你是傻逼吗", "抱歉"),
        ("滚", "抱歉"),
    ],
)
def test_small_talk_is_answered_as_a_colleague_would(talk: Talk, words: str, answer: str) -> None:
    assert answer in talk.say("zhang", words).text


def test_a_fixed_form_is_not_taken_for_the_answer_to_a_doubt(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润置地的王总")
    assert "是“华润置地”吗" in talk.say("zhang", "今天跟客户聊得不错").cards[0].title
    assert "请假" in talk.say("zhang", "请假 明天到后天 代理 吴婷").cards[0].title


def test_asking_to_work_along_names_the_customer(talk: Talk) -> None:
    (card,) = elsewhere_card("恒瑞医药已存在，负责人吴婷，详情请找对方了解。", 7).buttons
    assert card.say == "回复 申请协作 恒瑞医药"
    assert "已向吴婷申请" in talk.say("zhang", card.say.removeprefix("回复 ")).text
    (card,) = elsewhere_card("这个电话是别人的客户的。", 7).buttons
    assert not card.say.startswith("回复")


def test_leave_is_noted_in_other_words(talk: Talk) -> None:
    assert "请假" in talk.say("zhang", "我明天请假 让吴婷代理").cards[0].title


def test_the_words_of_a_reminder_just_set_are_about_that_one(talk: Talk) -> None:
    talk.say("zhang", "今天11点提醒我寄样品")
    talk.pass_time(hours=1)
    told = tasks(talk)[0]
    told.reminded_at = talk.now
    talk.session.flush()
    talk.pass_time(minutes=5)
    assert "寄样品" in talk.say("zhang", "改期").text
    talk.say("zhang", "算了")
    talk.say("zhang", "今天17点提醒我给王总打电话")
    assert "给王总打电话" in talk.say("zhang", "改期").text
    talk.say("zhang", "算了")
    talk.pass_time(minutes=5)
    told.reminded_at = talk.now
    talk.session.flush()
    assert "寄样品" in talk.say("zhang", "完成").text
