"""Taking back the last record: by button, by the word, by quoting; once, one's own, in time."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from store.tables import Activity, CardRow, Contact, Customer, Task, TaskStatus
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def nothing_left(talk: Talk) -> bool:
    """Whether no record, open task or contact stands."""
    rows = talk.session.scalars(select(Activity).where(col(Activity.voided_at).is_(None))).all()
    tasks = talk.session.scalars(select(Task).where(col(Task.status) == TaskStatus.OPEN)).all()
    people = talk.session.scalars(select(Contact).where(col(Contact.archived_at).is_(None))).all()
    return not (rows or tasks or people)


def test_the_button_takes_everything_back(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    reply = talk.press("zhang", card, "撤销")
    assert nothing_left(talk)
    assert reply.refresh[0].about == card.about
    assert reply.refresh[0].done == "已撤销 10:30"
    (customer,) = talk.say("zhang", "华润置地").cards
    assert customer.body == "还没有跟进记录"


def test_the_word_takes_the_last_record_back(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "华润置地")
    reply = talk.say("zhang", "撤销")
    assert reply.text == "已撤销：联系人“王总”、拜访记录、任务“演示”。要找回来，回复“恢复”。"
    assert nothing_left(talk)


def test_a_second_undo_does_nothing(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "撤销")
    assert "之前已经撤销" in talk.press("zhang", card, "撤销").text
    assert "之前已经撤销" in talk.say("zhang", "撤销").text


def test_undoing_a_correction_brings_the_record_back(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.say("zhang", "金额是56万不是58万")
    reply = talk.say("zhang", "撤销")
    assert reply.refresh[0].about == card.about
    assert facts(reply.refresh[0])["金额"] == "约58万元"
    assert facts(reply.refresh[0])["下一步"] == "演示 · 11月25日 周三 10:00"
    assert not reply.refresh[0].done


def test_a_corrected_record_is_not_taken_back_below_its_correction(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.say("zhang", "金额是56万不是58万")
    assert "先撤销更正" in talk.press("zhang", card, "撤销").text


def test_somebody_elses_record_is_not_taken_back(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    assert "张伟" in talk.press("wu", card, "撤销").text
    assert not nothing_left(talk)


def test_a_superior_may_and_the_author_hears_of_it(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    (notice,) = talk.press("li", card, "撤销").notices
    assert nothing_left(talk)
    assert notice.member_id == talk.team.members["zhang"].id
    assert notice.text.startswith(
        "李娜撤销了你的联系人“王总”、拜访记录、任务“演示”（“今天下午拜访了华润置地的"
    )
    assert not talk.press("zhang", card, "撤销").notices


def test_after_three_days_it_stays_but_a_superior_may_still(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.pass_time(hours=73)
    assert "72小时" in talk.press("zhang", card, "撤销").text
    assert not nothing_left(talk)
    talk.press("li", card, "撤销")
    assert nothing_left(talk)
    talk.pass_time(days=40)
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.pass_time(days=31)
    assert "30天" in talk.press("li", card, "撤销").text


def test_a_quoted_sentence_is_the_one_that_is_meant(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "昨天给美的的李总打了电话，确认了样品")
    talk.say("zhang", "撤销", quoted=SENTENCE)
    kinds = talk.session.scalars(select(col(Activity.kind)).where(col(Activity.voided_at).is_(None))).all()
    assert kinds == ["call"]


def test_a_quoted_card_is_the_one_that_is_meant(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    first = talk.last_inbox
    member = talk.team.members["zhang"]
    talk.session.add(
        CardRow(
            platform="wecom",
            app="main",
            task_id="t1",
            receiver="zhang",
            member_id=member.id,
            object="activity",
            object_id=str((card.about or ("", ""))[1]),
            title=card.title,
            inbox_id=first,
            created_at=talk.now,
            updated_at=talk.now,
        )
    )
    talk.session.flush()
    talk.say("zhang", "昨天给美的的李总打了电话，确认了样品")
    talk.say("zhang", "撤销", quoted="已记录拜访 · 华润置地 联系人 王总")
    kinds = talk.session.scalars(select(col(Activity.kind)).where(col(Activity.voided_at).is_(None))).all()
    assert kinds == ["call"]


def test_a_finished_task_is_open_again(talk: Talk) -> None:
    (card,) = talk.say("zhang", "今天下午3点提醒我给王总打电话").cards
    talk.press("zhang", card, "完成")
    reply = talk.say("zhang", "撤销")
    assert reply.refresh[0].about == card.about
    assert not reply.refresh[0].done
    assert talk.session.scalars(select(col(Task.status))).all() == ["open"]


def test_a_new_customer_is_gone_and_may_come_again(talk: Talk) -> None:
    (card,) = talk.say("zhang", "新增客户 苏州汇川技术 联系人李娜").cards
    reply = talk.press("zhang", card, "撤销")
    assert reply.refresh[-1].done
    assert not talk.say("zhang", "苏州汇川技术").cards
    (again,) = talk.say("zhang", "新增客户 苏州汇川技术").cards
    assert again.title == "已新增客户 · 苏州汇川技术"
    names = talk.session.scalars(select(col(Customer.name)).where(col(Customer.archived_at).is_(None))).all()
    assert names.count("苏州汇川技术") == 1


def test_a_customer_in_use_stays(talk: Talk) -> None:
    (card,) = talk.say("zhang", "新增客户 苏州汇川技术").cards
    talk.say("zhang", "昨天拜访了苏州汇川技术的李经理，聊了伺服")
    assert "已经有跟进记录" in talk.press("zhang", card, "撤销").text


def test_nothing_to_take_back_is_said(talk: Talk) -> None:
    assert "没有可以撤销的记录" in talk.say("zhang", "撤销").text


def test_a_quote_is_taken_back_before_it_is_decided(talk: Talk) -> None:
    (mine,) = talk.say("zhang", "报价 华润置地 58万 9折 提交").cards
    reply = talk.say("zhang", "撤销")
    assert "报价Q0001" in reply.text
    assert [c.about for c in reply.refresh if c.done] == [mine.about]
    assert "撤" in talk.say("li", "同意 Q0001").text


def test_a_decided_quote_stays(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    talk.say("li", "同意 Q0001")
    assert "不能撤销" in talk.say("zhang", "撤销").text


def test_a_deletion_in_words_is_confirmed_first(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    (card,) = talk.say("zhang", "上一条删掉").cards
    assert card.title == "确定删除吗"
    assert "拜访记录" in card.body
    assert not nothing_left(talk)
    reply = talk.press("zhang", card, "删除")
    assert reply.text.startswith("已撤销")
    assert reply.refresh[-1].done == "已删除"
    assert nothing_left(talk)


def test_a_deletion_is_confirmed_or_given_up_by_word(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "上一条删掉")
    assert talk.say("zhang", "不删").text == "好，没有删除。"
    assert not nothing_left(talk)
    (card,) = talk.say("zhang", "上一条删掉").cards
    assert talk.press("zhang", card, "不删").refresh[0].done == "没有删除"
    talk.say("zhang", "上一条删掉")
    assert talk.say("zhang", "删除").text.startswith("已撤销")
    assert nothing_left(talk)


def test_a_customer_is_not_deleted_by_a_word(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    assert "没有开通" in talk.say("zhang", "删除华润置地").text
    assert not nothing_left(talk)


def test_saying_it_again_walks_back_one_message_at_a_time(talk: Talk) -> None:
    talk.say("zhang", "美的是A级客户")
    talk.say("zhang", SENTENCE)
    assert talk.say("zhang", "撤销").text.startswith("已撤销：联系人“王总”")
    second = talk.say("zhang", "撤销").text
    assert "“美的是A级客户”这条的" in second
    assert "客户“美的集团”的修改" in second
    assert "之前已经撤销" in talk.say("zhang", "撤销").text
    (card,) = talk.say("zhang", "美的").cards
    assert "A级" not in card.subtitle


@pytest.mark.parametrize("text", ["撤销刚才两条", "撤销两条", "撤回最近2条", "撤销 前面 两 次"])
def test_several_are_taken_back_at_once(talk: Talk, text: str) -> None:
    talk.say("zhang", "美的是A级客户")
    talk.say("zhang", SENTENCE)
    said = talk.say("zhang", text).text
    assert said.count("已撤销") == 2
    assert nothing_left(talk)


def test_more_than_there_are_says_so(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    assert "没有更多" in talk.say("zhang", "撤销三条").text
    assert "最多撤销10条" in talk.say("zhang", "撤销50条").text


def test_what_was_taken_back_can_be_brought_back(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.say("zhang", "撤销")
    reply = talk.say("zhang", "恢复")
    assert reply.text.startswith("已恢复：联系人“王总”、拜访记录、任务“演示”。")
    assert [c.done for c in reply.refresh if c.about == card.about] == [""]
    (shown,) = talk.say("zhang", "华润置地").cards
    assert facts(shown)["下一步"] == "演示 · 11月25日 周三 10:00"
    assert "没有可以恢复" in talk.say("zhang", "恢复").text


def test_undo_and_redo_go_on_for_ever(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    for _ in range(3):
        assert talk.say("zhang", "撤销").text.startswith("已撤销")
        assert nothing_left(talk)
        assert talk.say("zhang", "恢复").text.startswith("已恢复")
        assert not nothing_left(talk)


def test_an_alias_comes_back_and_is_found_again(talk: Talk) -> None:
    talk.say("zhang", "华润燃气又叫燃气集团")
    talk.say("zhang", "撤销")
    talk.say("zhang", "恢复")
    (card,) = talk.say("zhang", "燃气集团").cards
    assert card.title == "华润燃气集团"


def test_what_was_changed_since_is_shown_field_by_field(talk: Talk) -> None:
    talk.say("zhang", "美的是A级客户")
    level = talk.last_inbox
    talk.pass_time(hours=1)
    talk.say("li", "美的是B级客户")
    reply = talk.say("zhang", "撤销")
    assert "级别：这条改成A，李娜今天 11:30又改成B" in reply.cards[0].body
    assert not reply.cards[0].buttons
    customer = talk.session.scalars(select(Customer).where(col(Customer.name) == "美的集团")).one()
    assert customer.level == "B"
    assert level


def test_the_rest_can_be_taken_back_all_the_same(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.pass_time(hours=1)
    talk.say("li", "华润置地的王总手机号改成 186 1234 5678")
    (asked,) = talk.say("zhang", "撤销").cards
    assert "联系人“王总”在11月19日 11:30被李娜改过" in asked.body
    assert not nothing_left(talk)
    reply = talk.press("zhang", asked, "撤销其余2处")
    assert "已撤销" in reply.text
    assert "没有动的1处" in reply.text
    assert [c.done for c in reply.refresh if c.about == asked.about] == ["其余已撤销"]
    (shown,) = talk.say("zhang", "华润置地").cards
    assert facts(shown)["联系人"] == "王总 18612345678"
    assert shown.body == "还没有跟进记录"


def test_the_question_about_the_rest_can_be_typed(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("li", "华润置地的王总手机号改成 186 1234 5678")
    talk.say("zhang", "撤销")
    assert talk.say("zhang", "不撤了").text == "好，没有撤销。"
    assert not nothing_left(talk)
    talk.say("zhang", "撤销")
    assert talk.say("zhang", "仍然撤销其余").text.startswith("已撤销")


def test_any_message_can_be_quoted(talk: Talk) -> None:
    talk.say("zhang", "美的是A级客户")
    talk.say("zhang", SENTENCE)
    assert "客户“美的集团”的修改" in talk.say("zhang", "撤销", quoted="美的是A级客户").text
    assert not nothing_left(talk)


def test_a_quote_that_nobody_knows_undoes_nothing(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    assert "没有认出引用的是哪一条" in talk.say("zhang", "撤销", quoted="今天天气真好").text
    assert not nothing_left(talk)


def test_a_decision_is_not_taken_back_by_the_word_alone(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    talk.say("li", "同意 Q0001")
    assert "没有可以撤销" in talk.say("li", "撤销").text
