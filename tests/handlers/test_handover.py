"""交接 in the chat: proposed, changed by words and by card, carried out, told, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from crm import tasks
from crm.handover.inventory import belongings
from crm.journal import changed
from crm.moments import Grain, Moment
from crm.transfer_rounds import to_ask
from handlers.reply import Reply
from store.tables import Customer
from tests.ground import standing
from tests.handlers.colleagues import acquainted, talk_with_sun, transfers
from tests.handlers.talk import Talk, facts

TEN = Moment(datetime.fromisoformat("2026-11-25T10:00"), Grain.MINUTE)


@standing
def talk(session: Session) -> Talk:
    """张伟 and 孙丽 under 李娜; he has three customers, a task, and a quote that waits."""
    talk = talk_with_sun(session)
    customer = owned(talk, "zhang")[0]
    tasks.create(talk.context("zhang"), tasks.NewTask("演示", TEN, customer_id=customer.id))
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    return talk


def owned(talk: Talk, who: str) -> list[Customer]:
    query = select(Customer).where(col(Customer.owner_id) == talk.team.members[who].id)
    return list(talk.session.execute(query.order_by(col(Customer.id))).scalars())


def noticed(talk: Talk, reply: Reply, who: str) -> list[str]:
    member = talk.team.members[who].id
    return [one.card.title if one.card else one.text for one in reply.notices if one.member_id == member]


def test_the_manager_sees_everything_by_kind_and_one_tap_carries_it_out(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    assert card.title == "张伟的交接方案"
    assert card.subtitle == "客户 3 家，待办 1 件，报价 1 份"
    assert "11月25日 周三 10:00 华润置地：演示" in card.body
    assert facts(card)["孙丽"] == "3家 华润置地、华润燃气、美的（手上最少）"
    done = talk.press("li", card, "按此交接")
    assert "孙丽已收到各自的清单" in done.text
    assert noticed(talk, done, "sun") == ["张伟的工作交给你了"]
    assert belongings(talk.session, talk.team.members["zhang"].id) == []
    (late,) = (talk.press("li", card, "按此交接").text,)
    assert "已经在11月19日 10:30完成" in late


def test_the_receiver_sees_what_is_next_and_gets_words_for_the_customers(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    done = talk.press("li", card, "按此交接")
    (theirs,) = [one.card for one in done.notices if one.member_id == talk.team.members["sun"].id]
    assert theirs is not None
    assert facts(theirs)["最近"] == "11月25日 周三 10:00 华润置地：演示"
    assert theirs.quote.startswith("您好，我是我的公司的孙丽，从今天起接手张伟的工作")
    told = talk.press("sun", theirs, "给客户的话").text
    assert "【华润燃气】您好" in told


def test_the_buttons_can_be_typed_while_the_plan_is_the_last_card(talk: Talk) -> None:
    talk.say("li", "交接 张伟")
    (card,) = talk.say("li", "调整").cards
    assert card.title == "张伟的哪些给谁"
    talk.say("li", "交接 张伟")
    assert "明早再提醒" in talk.say("li", "稍后").text
    assert not talk.say("li", "调整").cards


def test_the_buttons_of_a_plan_that_came_by_itself_can_be_typed(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    talk.keep("li", card)
    talk.memories["li"].pending = None
    assert [one.title for one in talk.say("li", "调整").cards] == ["张伟的哪些给谁"]
    assert not talk.say("zhang", "调整").cards


def test_words_change_who_gets_one_or_all(talk: Talk) -> None:
    talk.say("li", "交接 张伟")
    one = talk.say("li", "美的 给李娜")
    assert one.text == "好，美的给李娜。"
    assert facts(one.cards[0])["李娜"] == "1家 美的（指定）"
    assert facts(one.cards[0])["孙丽"].startswith("2家")
    everything = talk.say("li", "全部给赵磊")
    assert facts(everything.cards[0]) == {"赵磊": "3家 华润置地、华润燃气、美的（指定）"}
    assert "按此交接" in [b.text for b in everything.cards[0].buttons]
    talk.say("li", "按此交接")
    assert len(owned(talk, "zhao")) == 3


def test_the_form_changes_it_as_well_and_an_old_card_is_refused(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    (form,) = talk.press("li", card, "调整").cards
    li = str(talk.team.members["li"].id)
    answer = talk.press("li", form, "改", customer="all", to=li)
    assert answer.text == "好，全部给李娜。"
    assert "后来改过" in talk.press("li", card, "按此交接").text
    talk.press("li", answer.refresh[0], "按此交接")
    assert len(owned(talk, "li")) == 3


def test_taken_back_by_the_word_and_by_the_button(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    done = talk.press("li", card, "按此交接")
    back = talk.say("li", "撤销")
    assert back.text.startswith("张伟的交接已撤回")
    assert noticed(talk, back, "sun") == ["李娜撤回了张伟的交接，转给你的都已回到原处。"]
    assert len(owned(talk, "zhang")) == 3
    assert "已经撤回" in talk.press("li", done.refresh[0], "撤销交接").text


def test_what_was_changed_since_is_shown_before_the_rest_goes_back(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    talk.press("li", card, "按此交接")
    moved = owned(talk, "sun")[0]
    changed(talk.context("chen"), moved, owner_id=talk.team.members["zhao"].id)
    (asked,) = talk.say("li", "撤销").cards
    assert "陈建国在11月19日 10:30改过" in asked.body
    assert len(owned(talk, "zhang")) == 0
    rest = next(b.text for b in asked.buttons if b.text.startswith("撤回其余"))
    assert "保持现在的样子" in talk.press("li", asked, rest).text
    assert len(owned(talk, "zhang")) == 2


def test_only_who_is_above_may_hand_over(talk: Talk) -> None:
    assert "由李娜或管理员安排" in talk.say("sun", "交接 张伟").text
    assert "由陈建国或管理员安排" in talk.say("zhao", "交接 李娜").text
    (card,) = talk.say("chen", "交接 张伟").cards
    assert "由李娜或管理员安排" in talk.press("zhao", card, "按此交接").text


def test_later_keeps_it(talk: Talk) -> None:
    (card,) = talk.say("li", "交接 张伟").cards
    assert "明早再提醒" in talk.press("li", card, "稍后").text
    assert [one.title for one in talk.say("li", "交接").cards] == ["张伟的交接方案"]
    dropped = talk.press("li", card, "不交接")
    assert dropped.refresh[0].done == "没有交接，都没有动"
    assert "没有等你安排的交接" in talk.say("li", "交接").text


def test_without_an_open_hand_over_the_words_mean_something_else(talk: Talk) -> None:
    assert "已设提醒" in talk.say("zhang", "明天上午10点提醒我把合同给李娜").cards[0].title


def test_a_form_with_many_customers_goes_on_to_the_next(talk: Talk) -> None:
    for number in range(12):
        talk.team.customer("zhang", f"苏州{'甲乙丙丁戊己庚辛壬癸子丑'[number]}科精密制造")
    (card,) = talk.say("li", "交接 张伟").cards
    (form,) = talk.press("li", card, "调整").cards
    first = {one.id for one in form.form[0].options}
    assert form.form[0].options[-1].text == "看后面的客户"
    to = str(talk.team.members["li"].id)
    (following,) = talk.press("li", form, "改", customer="more", to=to).refresh
    second = {one.id for one in following.form[0].options}
    assert first & second == {"all"}
    assert len(first | second) == 15 + 2
    wanted = next(one for one in following.form[0].options if one.id.isdecimal())
    answer = talk.press("li", following, "改", customer=wanted.id, to=to)
    assert answer.text.endswith("给李娜。")


def test_typed_words_reach_what_the_buttons_do(talk: Talk) -> None:
    talk.say("li", "交接 张伟")
    assert talk.say("li", "调整交接").cards[0].title == "张伟的哪些给谁"
    assert "明早再提醒" in talk.say("li", "稍后交接").text
    assert "都没有动" in talk.say("li", "不交接").text
    talk.say("li", "交接 张伟")
    talk.say("li", "按此交接")
    assert "【华润燃气】您好" in talk.say("sun", "给客户的话").text
    changed(talk.context("chen"), owned(talk, "sun")[0], owner_id=talk.team.members["zhao"].id)
    talk.say("li", "撤销交接")
    assert talk.say("li", "不撤了").text == "好，没有撤回。"
    talk.say("li", "撤销交接")
    assert "保持现在的样子" in talk.say("li", "撤回其余").text


def test_what_was_taken_back_can_be_brought_back(talk: Talk) -> None:
    talk.say("li", "交接 张伟")
    talk.say("li", "按此交接")
    talk.say("li", "撤销")
    assert len(owned(talk, "zhang")) == 3
    talk.say("li", "恢复")
    assert (len(owned(talk, "zhang")), len(owned(talk, "sun"))) == (0, 3)
    assert talk.say("li", "撤销").text.startswith("张伟的交接已撤回")
    assert len(owned(talk, "zhang")) == 3


def test_brought_back_the_people_outside_are_asked_for_again(talk: Talk) -> None:
    acquainted(talk, owned(talk, "zhang")[0], "王建国")
    talk.say("li", "交接 张伟")
    talk.say("li", "按此交接")
    assert transfers(talk) == [("zhang", "sun", "wm王建国", "waiting")]
    talk.say("li", "撤销")
    assert transfers(talk) == [("zhang", "sun", "wm王建国", "dropped")]
    assert "1 位外部联系人会重新在企业微信里转接" in talk.say("li", "恢复").text
    assert transfers(talk) == [("zhang", "sun", "wm王建国", "waiting")]
    later = talk.now + timedelta(minutes=11)
    (batch,) = to_ask(talk.session, now=later, apps=["main"], most=3)
    assert list(batch.rows) == ["wm王建国"]


def test_only_what_was_decided_last_is_asked_for_again(talk: Talk) -> None:
    acquainted(talk, owned(talk, "zhang")[0], "王建国")
    talk.say("li", "交接 张伟")
    talk.say("li", "按此交接")
    talk.say("li", "撤销")
    talk.say("li", "全部给李娜")
    talk.say("li", "按此交接")
    talk.say("li", "撤销")
    talk.say("li", "恢复")
    assert transfers(talk) == [("zhang", "li", "wm王建国", "waiting")]
