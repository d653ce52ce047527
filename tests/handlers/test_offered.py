"""Lists answered by number, their buttons shown or not, and forms that let other matters through."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from cards.card import Card
from handlers import forms, offered
from handlers.features import registry
from store.tables import Quote, Task
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """Three things to do today."""
    talk = make_talk(session)
    for hour, what in ((14, "给王总打电话"), (15, "发方案"), (16, "寄样品")):
        talk.say("zhang", f"今天{hour}点提醒我{what}")
    return talk


def shown(talk: Talk) -> Card:
    """The day's list, shown with its buttons."""
    card = talk.say("zhang", "今天").cards[0]
    offered.listen(talk.memories["zhang"], card, talk.now, member=talk.team.members["zhang"].id)
    return card


def open_tasks(talk: Talk) -> list[str]:
    """The titles of what is not done."""
    query = select(col(Task.title)).where(col(Task.status) == "open").order_by(col(Task.due_at))
    return list(talk.session.execute(query).scalars())


def test_a_number_counts_in_the_list_that_was_shown(talk: Talk) -> None:
    talk.say("zhang", "明天上午9点提醒我交周报")
    shown(talk)
    assert "发方案" in talk.say("zhang", "完成 2").text
    assert open_tasks(talk) == ["给王总打电话", "寄样品", "交周报"]


def test_what_is_left_is_numbered_anew(talk: Talk) -> None:
    shown(talk)
    assert "还有：\n1）发方案\n2）寄样品" in talk.say("zhang", "完成 1").text
    assert "寄样品" in talk.say("zhang", "推迟 2").text
    assert "发方案" in talk.say("zhang", "完成1").text
    assert open_tasks(talk) == ["寄样品"]


def test_a_list_does_not_take_the_place_of_a_question(talk: Talk) -> None:
    talk.say("zhang", "报价 华润置地")
    shown(talk)
    assert "报价 Q0001" in talk.say("zhang", "58万 9折").cards[0].title


def test_a_choice_lets_commands_and_fixed_forms_through(talk: Talk) -> None:
    form = talk.say("zhang", "报价").cards[0]
    member = talk.team.members["zhang"].id
    forms.begin(talk.memories["zhang"], form, talk.last_inbox, talk.now, member=member)
    for words in ("华润置地", "58万", "9折"):
        talk.say("zhang", words)
    assert "还没有报过价" in talk.say("zhang", "我的报价").text
    assert "你的权限" in talk.say("zhang", "权限").cards[0].title
    assert "选一个序号" in talk.say("zhang", "随便吧").text
    assert "草稿" in talk.say("zhang", "先不提交").cards[0].title
    assert talk.session.execute(select(col(Quote.status))).scalar_one() == "draft"


def test_every_question_that_gives_way_is_one_that_is_asked() -> None:
    assert registry().answers.keys() >= offered.GIVES_WAY
