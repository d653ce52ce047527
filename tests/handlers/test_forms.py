"""Forms asked in the chat: back, skip, cancel, what is known already, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from cards import forms as cards
from cards import words
from cards.card import Action, Button, Card, Field, FieldKind, Option
from handlers import forms, offered
from handlers.form_fields import amount_of, discount_of, filled_moment, read
from handlers.form_state import Form
from handlers.incoming import Kind
from handlers.reply import Reply
from handlers.turn import Memory, Press
from nlu.names.lexicon import Lexicon
from nlu.understand import Context, understand
from store.tables import Activity, Contact, Customer, Quote, Task
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

NAME, CONTACT, PHONE, LEVEL = range(4)


@standing
def talk(session: Session) -> Talk:
    return make_talk(session)


def asked(talk: Talk, who: str, text: str) -> Card:
    """Say what shows a form, where none can be shown."""
    form = talk.say(who, text).cards[0]
    assert form.submit is not None
    return forms.begin(
        talk.memories[who], form, talk.last_inbox, talk.now, member=talk.team.members["zhang"].id
    )


def answers(talk: Talk, who: str, texts: Iterable[str]) -> Reply:
    """Give these answers; the last reply."""
    reply = Reply()
    for text in texts:
        reply = talk.say(who, text)
    return reply


def question(reply: Reply) -> str:
    """The title of the question in a reply."""
    return reply.cards[0].title


def test_a_customer_is_added_question_by_question(talk: Talk) -> None:
    first = asked(talk, "zhang", "新增客户")
    assert first.title == "第1/4题：客户名称"
    assert "例如：苏州汇川技术" in first.body
    assert [b.text for b in first.buttons] == ["取消"]
    assert question(talk.say("zhang", "苏州汇川技术")) == "第2/4题：联系人"
    assert question(talk.say("zhang", "李梅")) == "第3/4题：联系人电话"
    assert question(talk.say("zhang", "138 1234 5678")) == "第4/4题：客户级别"
    done = talk.say("zhang", "2")
    assert "苏州汇川技术" in done.cards[0].title
    row = talk.session.execute(select(Customer).where(col(Customer.name) == "苏州汇川技术")).scalar_one()
    assert row.level == "B"
    person = talk.session.execute(select(Contact).where(col(Contact.customer_id) == row.id)).scalar_one()
    assert (person.name, person.phone) == ("李梅", "13812345678")
    assert talk.memories["zhang"].pending is None


def test_what_the_first_sentence_said_is_not_asked_again_but_can_be_changed(talk: Talk) -> None:
    form = cards.customer_form("7", {"contact": "李梅", "phone": "13812345678"})
    talk.say("zhang", "你好")
    first = forms.begin(
        talk.memories["zhang"], form, talk.last_inbox, talk.now, member=talk.team.members["zhang"].id
    )
    assert first.title == "第1/4题：客户名称"
    assert "已知 联系人：李梅，联系人电话：13812345678" in first.body
    level = talk.say("zhang", "苏州汇川技术")
    assert question(level) == "第4/4题：客户级别"
    back = talk.say("zhang", "上一步")
    assert question(back) == "第3/4题：联系人电话"
    assert "现在是：13812345678" in back.cards[0].body
    assert question(talk.say("zhang", "13900001111")) == "第4/4题：客户级别"
    answers(talk, "zhang", ["跳过"])
    assert talk.session.execute(select(col(Contact.phone))).scalar_one() == "13900001111"


def test_one_answer_may_say_several_things(talk: Talk) -> None:
    asked(talk, "zhang", "报价")
    last = talk.say("zhang", "华润置地 58万 9折")
    assert question(last) == "第4/4题：提交审批吗"
    made = talk.say("zhang", "先存草稿")
    assert "58" in str(made.cards[0])
    row = talk.session.execute(select(Quote)).scalar_one()
    assert row.total == 52_200_000


def test_a_quote_is_given_by_taps(talk: Talk) -> None:
    first = asked(talk, "zhang", "报价")
    assert {"华润置地", "华润燃气", "美的"} <= {b.text for b in first.buttons}
    amount = talk.press("zhang", first, "美的")
    assert amount.refresh[0].done == "已填：美的"
    discount = talk.say("zhang", "3.5万")
    submit = talk.press("zhang", discount.cards[0], "跳过")
    done = talk.press("zhang", submit.cards[0], "提交审批")
    assert done.notices
    assert talk.session.execute(select(col(Quote.total))).scalar_one() == 3_500_000


def test_a_follow_up_is_recorded_with_its_next_step(talk: Talk) -> None:
    asked(talk, "zhang", "记跟进")
    said = ["美的", "电话聊了二期，预算58万", "上门演示", "下周三上午10点"]
    done = answers(talk, "zhang", said)
    assert "已记录" in done.cards[0].title
    activity = talk.session.execute(select(Activity)).scalar_one()
    assert "预算58万" in activity.raw
    assert (activity.amount_low, activity.kind) == (58_000_000, "call")
    task = talk.session.execute(select(Task)).scalar_one()
    assert task.title == "上门演示"


def test_what_does_not_fit_is_asked_again_with_an_example(talk: Talk) -> None:
    asked(talk, "zhang", "报价")
    answers(talk, "zhang", ["美的"])
    wrong = talk.say("zhang", "很多")
    assert "“报多少”说一个准数，例如：58万" in wrong.text
    assert question(talk.say("zhang", "60万")) == "第3/4题：打几折"
    assert "例如：9折" in talk.say("zhang", "便宜点").text


def test_a_required_field_is_not_skipped_and_a_form_is_left_at_any_time(talk: Talk) -> None:
    asked(talk, "zhang", "新增客户")
    assert "要填了才行" in talk.say("zhang", "跳过").text
    assert "什么都没有写" in talk.say("zhang", "取消").text
    assert talk.memories["zhang"].pending is None


def test_the_first_question_has_nothing_before_it(talk: Talk) -> None:
    asked(talk, "zhang", "新增客户")
    reply = talk.say("zhang", "上一步")
    assert "第一题" in reply.text
    assert question(reply) == "第1/4题：客户名称"


def test_something_else_in_between_leaves_the_form_open(talk: Talk) -> None:
    asked(talk, "zhang", "报价")
    talk.say("zhang", "美的")
    talk.say("zhang", "今天")
    assert question(talk.say("zhang", "60万")) == "第3/4题：打几折"


def test_a_whole_report_is_not_taken_for_a_name(talk: Talk) -> None:
    asked(talk, "zhang", "新增客户")
    reply = talk.say("zhang", "今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万")
    assert "已记录拜访" in reply.cards[0].title


def test_a_button_of_an_answered_question_shows_the_one_that_is_open(talk: Talk) -> None:
    first = asked(talk, "zhang", "报价")
    talk.say("zhang", "美的")
    late = talk.press("zhang", first, "华润置地")
    assert question(late) == "第2/4题：报多少"
    assert late.refresh[0].done
    talk.say("zhang", "取消")
    assert "已经填完或者取消" in talk.press("zhang", first, "华润置地").text


def test_a_name_that_several_have_is_chosen_from(talk: Talk) -> None:
    asked(talk, "zhang", "报价")
    which = talk.say("zhang", "华润")
    offered = [b.text for b in which.cards[0].buttons]
    assert offered[:2] == ["华润置地", "华润燃气"] or offered[:2] == ["华润燃气", "华润置地"]
    assert question(talk.say("zhang", "2")) == "第2/4题：报多少"


def test_a_name_of_somebody_elses_customer_is_refused(talk: Talk) -> None:
    asked(talk, "zhang", "报价")
    reply = talk.say("zhang", "恒瑞医药")
    assert "吴婷" in reply.text or "没有找到" in reply.text
    assert talk.memories["zhang"].pending is not None


def test_a_form_shown_by_the_platform_is_read_alike(talk: Talk) -> None:
    form = talk.say("zhang", "报价").cards[0]
    reply = talk.press("zhang", form, "报价", customer="美的", amount="58万", discount="9折", submit="no")
    assert "58" in str(reply.cards[0])
    assert talk.session.execute(select(col(Quote.total))).scalar_one() == 52_200_000


def test_a_shown_form_is_submitted_once(talk: Talk) -> None:
    form = talk.say("zhang", "报价").cards[0]
    filled = {"customer": "美的", "amount": "58万", "submit": "no"}
    assert talk.press("zhang", form, "报价", **filled).refresh[-1].done == "已提交"
    assert "已经提交过了" in talk.press("zhang", form, "报价", **filled).text
    assert len(talk.session.execute(select(col(Quote.id))).all()) == 1


def test_what_a_shown_form_lacks_is_asked_in_the_chat(talk: Talk) -> None:
    form = talk.say("zhang", "报价").cards[0]
    reply = talk.press("zhang", form, "报价", customer="美的", amount="很多", submit="no")
    assert "说一个准数" in reply.text
    assert question(reply) == "第2/4题：报多少"
    done = talk.say("zhang", "58万")
    assert "58" in str(done.cards[0])


def test_a_similar_name_is_asked_about(talk: Talk) -> None:
    asked(talk, "zhang", "新增客户")
    reply = answers(talk, "zhang", ["美的集团电器", "跳过", "跳过", "跳过"])
    assert "相近" in reply.cards[0].title
    done = talk.say("zhang", "仍然新建")
    assert "美的集团电器" in done.cards[0].title


def test_several_of_many_are_chosen_by_number_and_by_word(talk: Talk) -> None:
    options = tuple(Option(str(n), text) for n, text in enumerate(("红", "绿", "蓝", "黄"), start=10))
    field = Field("colour", "颜色", options, FieldKind.CHECK_MANY)
    turn = talk._turn("zhang", Kind.TEXT)
    assert read(turn, field, ("1、3",)).words == ("10", "12")
    assert read(turn, field, ("红 黄",)).words == ("10", "13")
    assert read(turn, field, ("11", "12")).shown == "绿、蓝"


def test_memory_keeps_a_form(talk: Talk) -> None:
    memory = Memory()
    forms.begin(memory, cards.quote_form("7", [Option("#1", "美的")], {"amount": "58万元"}), 7, NOW, member=3)
    again = Memory.from_json(memory.to_json(), NOW)
    assert again.pending is not None
    assert memory.pending is not None
    assert Form.of(again.pending.data) == Form.of(memory.pending.data)


def test_in_a_group_only_who_began_answers(talk: Talk) -> None:
    first = asked(talk, "zhang", "报价")
    talk.memories["li"] = talk.memories["zhang"]  # one conversation has one memory
    assert "别的同事在填" in talk.press("li", first, "华润置地").text
    assert "第2/4题" not in str(talk.say("li", "华润置地"))
    assert question(talk.say("zhang", "华润置地")) == "第2/4题：报多少"


def test_every_number_of_options_has_a_way_to_answer() -> None:
    for count in range(1, 12):
        options = tuple(Option(str(n), f"选项{n}") for n in range(count))
        card = cards.question_card("表", "1", 0, 1, Field("k", "哪个", options))
        pressable = [b for b in (*card.buttons, card.submit) if b is not None]
        assert len(pressable) <= 6
        assert card.form or len(pressable) == count + 1


@given(st.integers(1, 10**12))
def test_an_amount_reads_back_as_it_was(fen: int) -> None:
    now = NOW.replace(tzinfo=None)
    reading = understand(f"报价 {words.money(fen)}", now, Lexicon.of([]), Context(sender_key="1"))
    assert reading.amount == (fen, fen)


@pytest.mark.parametrize("said", ["明天上午10点", "下周三", "周五下午", "12月3日 15:30", "2小时后"])
def test_a_time_means_the_same_days_later(talk: Talk, said: str) -> None:
    field = Field("at", "什么时候", kind=FieldKind.MOMENT)
    turn = talk._turn("zhang", Kind.TEXT, text=said)
    kept = read(turn, field, (said,)).words[0]
    when = filled_moment(turn, kept)
    talk.pass_time(hours=20)
    later = talk._turn("zhang", Kind.TEXT, text=said)
    assert filled_moment(later, kept) == when
    assert when is not None
    assert when.value.date() >= date(2026, 11, 19)


@pytest.mark.parametrize(
    ("said", "share"), [("9折", 9000), ("八五折", 8500), ("不打折", 10_000), ("8.75折", 8750)]
)
def test_a_discount_reads_back(talk: Talk, said: str, share: int) -> None:
    turn = talk._turn("zhang", Kind.TEXT)
    kept = read(turn, Field("d", "打几折", kind=FieldKind.DISCOUNT), (said,)).words[0]
    assert discount_of(turn, kept) == share
    assert amount_of(turn, "58万元") == 58_000_000


def test_any_card_with_a_form_may_be_asked(talk: Talk) -> None:
    """The form of a card that knows nothing of this: 推迟到 with a submit button."""
    task = talk.say("zhang", "明天上午10点提醒我给王总打电话")
    button = task.cards[0].buttons[0].action
    assert button is not None
    later = Field("to", "推迟到", (Option("30m", "30分钟后"), Option("1h", "1小时后")))
    submit = Button("推迟", Action("task.later", button.object_id, button.version))
    card = Card("推迟", form=(later,), submit=submit)
    first = forms.begin(
        talk.memories["zhang"], card, talk.last_inbox, talk.now, member=talk.team.members["zhang"].id
    )
    done = talk.press("zhang", first, "30分钟后")
    assert "提醒你" in done.text
    assert Press(Action("x")).fields == {}


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("推迟1小时 4", 4),
        ("推迟1小时第4个", 4),
        ("4推迟1小时", 4),
        ("推迟1小时", 0),
        ("推迟1小时 4 5", 0),
        ("把推迟1小时 4", 0),
        ("今天", 0),
    ],
)
def test_a_number_beside_a_buttons_name_is_a_choice(said: str, number: int) -> None:
    assert offered._numbered(said, "推迟1小时") == number
