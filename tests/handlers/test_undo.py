"""Taking back the last record: by button, by the word, by quoting; once, one's own, in time."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from store.tables import Activity, CardRow, Contact, Customer, Task, TaskStatus
from tests.handlers.talk import Talk, facts, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@pytest.fixture
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
    assert reply.text == "已撤销：联系人“王总”、拜访记录、任务“演示”。"
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


def test_a_superior_may(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("li", card, "撤销")
    assert nothing_left(talk)


def test_after_a_day_it_stays(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.pass_time(hours=25)
    assert "24小时" in talk.press("zhang", card, "撤销").text


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
