"""One sentence after a visit becomes a record, and can be corrected, moved and taken back by talking on."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from cards.render.wecom import render
from handlers.incoming import Kind, Place
from store.tables import Activity, Contact, Customer, Task, TaskStatus
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk

SENTENCE = "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示"


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def count(talk: Talk, table: type[Activity] | type[Task] | type[Customer]) -> int:
    """Rows of a table that stand."""
    query = select(func.count()).select_from(table)
    if table is Activity:
        query = query.where(col(Activity.voided_at).is_(None))
    if table is Task:
        query = query.where(col(Task.status) == TaskStatus.OPEN)
    return int(talk.session.execute(query).scalar_one())


def test_a_sentence_is_recorded_at_once(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    assert card.title == "已记录拜访 · 华润置地"
    assert facts(card) == {
        "联系人": "王总",
        "时间": "今天 下午",
        "金额": "约58万元",
        "下一步": "演示 · 11月25日 周三 10:00",
        "提醒": "11月25日 周三 09:50",
    }
    assert card.quote == SENTENCE
    assert [b.text for b in card.buttons] == ["修改", "撤销"]
    assert render(card, task_id="t1", sign=lambda action: action.name).left_out == ()


def test_the_contact_is_kept_with_the_customer(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.say("zhang", "昨天给华润置地的王总打了电话，确认了演示")
    names = talk.session.scalars(select(col(Contact.name))).all()
    assert names == ["王总"]


def test_a_change_is_asked_for_and_made(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    assert "金额56万" in talk.press("zhang", card, "修改").text
    reply = talk.say("zhang", "金额56万")
    assert "金额 56万元" in reply.text
    assert facts(reply.refresh[0])["金额"].endswith("56万元")
    assert reply.refresh[0].about == card.about
    assert count(talk, Activity) == 1


def test_the_next_step_is_moved_by_a_correction(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    reply = talk.say("zhang", "改到周四下午三点")
    assert facts(reply.refresh[0])["下一步"] == "演示 · 11月26日 周四 15:00" or "15:00" in reply.text
    assert count(talk, Task) == 1


def test_words_alone_correct_the_last_record(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    reply = talk.say("zhang", "金额是56万不是58万")
    assert "56万元" in reply.text
    amounts = talk.session.scalars(
        select(col(Activity.amount_low)).where(col(Activity.voided_at).is_(None))
    ).all()
    assert amounts == [56_000_000]


def test_several_customers_are_offered_and_the_choice_goes_on(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天华润的王总说二期先放一放").cards
    assert [b.text for b in question.buttons] == ["华润置地", "华润燃气", "都不是"]
    assert count(talk, Activity) == 0
    reply = talk.press("zhang", question, "华润燃气")
    assert reply.cards[0].title.endswith("华润燃气")
    assert reply.refresh[0].done == "已选：华润燃气"


def test_a_choice_is_taken_once(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天华润的王总说二期先放一放").cards
    talk.press("zhang", question, "华润燃气")
    again = talk.press("zhang", question, "华润置地")
    assert "已经记在华润燃气" in again.text
    assert count(talk, Activity) == 1


def test_a_number_is_an_answer_too(talk: Talk) -> None:
    talk.say("zhang", "今天华润的王总说二期先放一放")
    (card,) = talk.say("zhang", "1").cards
    assert card.title.endswith("华润置地")


def test_a_name_is_an_answer_too(talk: Talk) -> None:
    talk.say("zhang", "今天华润的王总说二期先放一放")
    (card,) = talk.say("zhang", "华润置地").cards
    assert card.title.startswith("已记录")


def test_a_typo_is_asked_about(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天跟华仁置地王总通话，预算58万").cards
    assert question.title == "是“华润置地”吗"
    (card,) = talk.say("zhang", "是").cards
    assert card.title == "已记录电话 · 华润置地"


def test_a_typo_that_is_none_can_be_created(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天跟华仁置地王总通话，预算58万").cards
    reply = talk.press("zhang", question, "不是")
    assert "华仁置地" in reply.refresh[0].title
    (card,) = talk.press("zhang", reply.refresh[0], "新建并记录").cards
    assert card.title == "已记录电话 · 华仁置地"


def test_an_unknown_company_is_created_on_demand(talk: Talk) -> None:
    (question,) = talk.say("zhang", "昨天拜访了苏州汇川技术的李经理，聊了伺服").cards
    assert question.title == "还没有“苏州汇川技术”这家客户，新建并记录吗"
    before = count(talk, Customer)
    (card,) = talk.press("zhang", question, "新建并记录").cards
    assert card.title == "已记录拜访 · 苏州汇川技术"
    assert facts(card)["时间"] == "昨天"
    assert count(talk, Customer) == before + 1


def test_only_a_note_can_be_kept(talk: Talk) -> None:
    (question,) = talk.say("zhang", "昨天拜访了苏州汇川技术的李经理，聊了伺服").cards
    (card,) = talk.press("zhang", question, "只记笔记").cards
    assert "未关联客户" in card.title


def test_a_customer_of_somebody_else_is_left_alone(talk: Talk) -> None:
    reply = talk.say("zhang", "今天拜访了恒瑞医药的钱总，聊了合同")
    assert "吴婷" in reply.text
    assert count(talk, Activity) == 0


def test_a_manager_may_record_for_the_team(talk: Talk) -> None:
    (card,) = talk.say("li", "今天拜访了华润置地的王总，聊了合同").cards
    assert card.title == "已记录拜访 · 华润置地"


def test_two_customers_get_a_record_each(talk: Talk) -> None:
    reply = talk.say("zhang", "今天拜访了华润置地和美的集团，都在看方案")
    assert {c.title for c in reply.cards} == {"已记录拜访 · 华润置地", "已记录拜访 · 美的"}
    assert "各记了一条" in reply.cards[0].note


def test_the_customer_card_starts_a_record(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的").cards
    talk.press("zhang", card, "记跟进")
    (recorded,) = talk.say("zhang", "今天电话聊了样机，对方满意").cards
    assert recorded.title == "已记录电话 · 美的"


def test_photo_and_place_stay_with_the_record(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    assert "附到华润置地" in talk.send("zhang", Kind.IMAGE, media_id="m1").text
    reply = talk.send("zhang", Kind.LOCATION, place=Place(31.2, 121.5, "世纪大道100号"))
    assert facts(reply.refresh[0])["地点"] == "世纪大道100号"
    assert facts(reply.refresh[0])["附件"] == "1个"


def test_a_photo_without_a_record_says_what_to_do(talk: Talk) -> None:
    assert "先说一句" in talk.send("zhang", Kind.IMAGE, media_id="m1").text


def test_a_person_without_a_company_asks_whose(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    talk.memories.clear()
    (question,) = talk.say("zhang", "今天又见了王总，合同谈得差不多").cards
    assert question.title == "是“华润置地”吗"
    (card,) = talk.say("zhang", "对").cards
    assert facts(card)["联系人"] == "王总"


def test_nobody_named_asks_for_the_name(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天拜访了王总，聊了报价").cards
    assert question.title == "这次是哪家客户"
    (unknown,) = talk.say("zhang", "华润三九").cards
    assert "华润三九" in unknown.title
    (card,) = talk.say("zhang", "新建").cards
    assert card.title == "已记录拜访 · 华润三九"
    assert facts(card)["联系人"] == "王总"


def test_a_vague_time_is_asked_about_and_the_rest_is_written(talk: Talk) -> None:
    (card,) = talk.say("zhang", "拜访了美的张工，聊得不错，下周再去").cards
    assert "下周" in card.note
    assert "下一步" not in facts(card)
    reply = talk.say("zhang", "下周二上午")
    assert facts(reply.refresh[0])["下一步"] == "再去 · 11月24日 周二 09:00"


def test_figures_nobody_took_are_named(talk: Talk) -> None:
    (card,) = talk.say("zhang", "美的那边回复了，说价格高，竞品报42万，我们报的是四十八万五").cards
    assert "未识别：42万" in card.note
    assert facts(card)["金额"] == "48.5万元"


def test_the_kind_the_person_and_the_customer_can_be_corrected(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了美的的张工，聊了样机")
    assert talk.say("zhang", "是电话不是拜访").refresh[0].title == "已更正电话 · 美的"
    assert facts(talk.say("zhang", "联系人是李总").refresh[0])["联系人"] == "李总"
    reply = talk.say("zhang", "客户是华润燃气")
    assert reply.refresh[0].title == "已更正电话 · 华润燃气"
    assert facts(reply.refresh[0])["联系人"] == "李总"


def test_a_question_can_be_given_up(talk: Talk) -> None:
    talk.say("zhang", "今天华润的王总说二期先放一放")
    assert talk.say("zhang", "算了").text == "好，这句话没有记录。"
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    assert talk.say("zhang", "算了").text == "好，没有改。"


def test_a_new_report_is_not_taken_for_a_correction(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    (other,) = talk.say("zhang", "昨天给美的的李总打了电话，预算20万").cards
    assert other.title == "已记录电话 · 美的"
    assert count(talk, Activity) == 2


def test_an_answer_of_another_day_is_asked_for_again(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天华润的王总说二期先放一放").cards
    talk.pass_time(days=1)
    assert "再发一遍" in talk.press("zhang", question, "华润燃气").text
    assert count(talk, Activity) == 0


def test_somebody_elses_question_is_not_answered(talk: Talk) -> None:
    (question,) = talk.say("zhang", "今天华润的王总说二期先放一放").cards
    assert "再发一遍" in talk.press("wu", question, "华润燃气").text


@pytest.mark.parametrize(
    "text",
    [
        "上午去了趟三一重工，见了采购部的周总，报价三十五万六千元",
        "今日时代传媒的单总同意了，38万成交",
        "推迟1小时",
        "明天上午10点提醒我给王总打电话",
        "报价 华润置地 58万 9折",
        "谢谢",
    ],
)
def test_other_business_is_not_taken_for_a_correction(talk: Talk, text: str) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    reply = talk.say("zhang", text)
    assert "已更正" not in reply.text
    corrected = talk.session.scalars(select(Activity).where(col(Activity.corrects_id).is_not(None))).all()
    assert not corrected


def test_news_about_somebody_elses_customer_is_refused(talk: Talk) -> None:
    assert "只有吴婷" in talk.say("zhang", "恒瑞医药回款15万已到账").text


def test_today_shows_the_list_even_while_a_change_is_awaited(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    (listed,) = talk.say("zhang", "今天").cards
    assert listed.title.startswith("今天的待办")
    assert "56万元" in talk.say("zhang", "金额56万").text


def test_the_day_of_the_visit_can_be_corrected(talk: Talk) -> None:
    (card,) = talk.say("zhang", SENTENCE).cards
    talk.press("zhang", card, "修改")
    reply = talk.say("zhang", "拜访时间是昨天下午")
    shown = facts(reply.refresh[0])
    assert shown["时间"] == "昨天 下午"
    assert shown["下一步"] == "演示 · 11月25日 周三 10:00"


def test_a_short_name_of_ones_own_customer_is_offered(talk: Talk) -> None:
    talk.team.customer("zhang", "顺丰速运有限公司")
    (card,) = talk.say("zhang", "明天10点半顺丰演示，带两台样机").cards
    assert "顺丰速运" in card.title + card.body + str(facts(card))
    assert count(talk, Activity) == 0
    talk.say("zhang", "是")
    row = talk.session.scalars(select(Activity).where(col(Activity.voided_at).is_(None))).one()
    assert row.customer_id is not None


def test_everyday_words_are_nobodys_short_name(talk: Talk) -> None:
    talk.team.customer("zhang", "今天国际物流")
    talk.team.customer("zhang", "上海仪电")
    reply = talk.say("zhang", "今天去上海拜访了客户，聊得不错")
    assert "今天国际" not in str(reply)
    assert "仪电" not in str(reply)


OPEN = "华润的合同签了，60万"


@pytest.mark.parametrize("answer", ["1", "第一个", "选1", "一", "华润置地", "应该是华润置地吧"])
def test_the_customer_is_chosen_by_number_or_by_name(talk: Talk, answer: str) -> None:
    talk.say("zhang", "今天拜访了美的")
    talk.say("zhang", OPEN)
    talk.say("zhang", answer)
    rows = select(col(Activity.raw), col(Customer.name)).join(
        Customer, col(Customer.id) == col(Activity.customer_id)
    )
    recorded = {one.raw: one.name for one in talk.session.execute(rows)}
    assert recorded[OPEN] == "华润置地（华东）有限公司"


@pytest.mark.parametrize("other", ["这周我拜访了几家", "华润置地有几个联系人", "多少钱来着", "金额呢"])
def test_another_question_is_no_choice_of_a_customer(talk: Talk, other: str) -> None:
    talk.say("zhang", "今天拜访了华润置地")
    talk.say("zhang", OPEN)
    talk.say("zhang", other)
    assert talk.session.execute(select(col(Activity.raw))).scalars().all() == ["今天拜访了华润置地"]


@pytest.mark.parametrize("words", ["那个改成下周五", "改到下周五", "这条换到下周五", "往后推到下周五"])
def test_what_was_just_planned_is_moved_by_a_word(talk: Talk, words: str) -> None:
    talk.say("zhang", SENTENCE)
    assert "11月27日 周五" in talk.say("zhang", words).text


def test_the_amount_is_told_when_asked_for(talk: Talk) -> None:
    talk.say("zhang", SENTENCE)
    (card,) = talk.say("zhang", "金额呢").cards
    assert facts(card)["金额"] == "约58万元（今天拜访）"


@pytest.mark.parametrize("other", ["张伟这周拜访了哪些客户", "团队情况如何", "今天有什么安排吗"])
def test_a_question_is_not_taken_for_a_new_customers_name(talk: Talk, other: str) -> None:
    talk.say("zhang", "今天拜访了客户，聊了报价")
    assert "新建" not in str(talk.say("zhang", other))


def test_a_visit_that_found_nobody_is_recorded_with_its_next_step(talk: Talk) -> None:
    (card,) = talk.say("zhang", "下午拜访美的，没见到人，改约后天").cards
    assert card.title == "已记录跟进 · 美的"
    assert facts(card)["下一步"].endswith("后天")


def test_a_question_how_long_ago_is_no_record(talk: Talk) -> None:
    assert talk.say("zhang", "美的多久没联系了").cards[0].title == "美的集团"
    assert talk.session.scalars(select(Activity)).all() == []
