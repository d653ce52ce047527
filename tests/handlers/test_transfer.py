"""把华星转给李娜: asked first; then it goes with what is open, both are told, and it can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from crm import tasks
from crm import transfer_rounds as rounds
from crm.journal import changed
from crm.moments import Grain, Moment
from crm.transfer_rounds import to_ask
from handlers.reply import Reply
from store.tables import (
    Customer,
    EventLog,
    Member,
    Quote,
    Task,
)
from tests.crm.team import NOW
from tests.ground import standing
from tests.handlers.colleagues import acquainted, talk_with_sun, transfers
from tests.handlers.talk import Talk, facts

TEN = Moment(datetime.fromisoformat("2026-11-25T10:00"), Grain.MINUTE)


@standing
def talk(session: Session) -> Talk:
    """张伟 and 孙丽 under 李娜; one of his three customers has a task and a quote."""
    talk = talk_with_sun(session)
    tasks.create(talk.context("zhang"), tasks.NewTask("演示", TEN, customer_id=named(talk, "华润置地").id))
    talk.say("zhang", "报价 华润置地 58万 9折 提交")
    return talk


def named(talk: Talk, part: str) -> Customer:
    query = select(Customer).where(col(Customer.name).contains(part))
    found: Customer = talk.session.execute(query).scalars().one()
    return found


def owner(talk: Talk, part: str) -> str:
    return talk.session.get_one(Member, named(talk, part).owner_id).name


def told(talk: Talk, reply: Reply, who: str) -> list[str]:
    member = talk.team.members[who].id
    return [one.card.title if one.card else one.text for one in reply.notices if one.member_id == member]


def test_it_is_confirmed_and_takes_along_what_is_open(talk: Talk) -> None:
    (card,) = talk.say("zhang", "把华润置地转给孙丽").cards
    assert card.title == "把华润置地转给孙丽"
    assert card.body == "转过去后由孙丽负责，张伟不再看得到"
    assert facts(card) == {"现负责": "张伟", "接手": "孙丽", "一起转": "1 件待办、1 份报价"}
    assert owner(talk, "华润置地") == "张伟"
    done = talk.press("zhang", card, "确认转移")
    sun = talk.team.members["sun"].id
    assert owner(talk, "华润置地") == "孙丽"
    (task,) = talk.session.execute(select(Task)).scalars()
    (quote,) = talk.session.execute(select(Quote)).scalars()
    assert (task.assignee_id, quote.owner_id) == (sun, sun)
    assert told(talk, done, "sun") == ["张伟把华润置地转给了你"]
    (theirs,) = [one.card for one in done.notices if one.member_id == sun]
    assert theirs is not None
    assert facts(theirs)["最近"] == "11月25日 周三 10:00 演示"
    assert "从今天起接手张伟的工作" in theirs.quote


@pytest.mark.parametrize(
    "words", ["转移 华润置地 孙丽", "华润置地 转给孙丽", "把华润置地移交给孙丽", "华润置地以后归孙丽"]
)
def test_said_in_other_words(talk: Talk, words: str) -> None:
    talk.say("zhang", words)
    assert "现在由孙丽负责" in talk.say("zhang", "确认").text
    assert owner(talk, "华润置地") == "孙丽"


def test_the_superior_gives_it_and_both_are_told(talk: Talk) -> None:
    (card,) = talk.say("li", "把美的转给孙丽").cards
    done = talk.press("li", card, "确认转移")
    assert told(talk, done, "zhang") == ["李娜把美的转给了孙丽，现在由孙丽负责。"]
    assert told(talk, done, "sun") == ["李娜把美的转给了你"]


def test_nobody_else_may(talk: Talk) -> None:
    assert "负责人张伟" in talk.say("wu", "把美的集团转给吴婷").text
    (card,) = talk.say("zhang", "把美的转给孙丽").cards
    assert "负责人张伟" in talk.press("wu", card, "确认转移").text
    assert owner(talk, "美的") == "张伟"


def test_several_that_fit_are_asked_about(talk: Talk) -> None:
    (card,) = talk.say("zhang", "把华润转给孙丽").cards
    assert sorted(b.text for b in card.buttons) == ["华润燃气", "华润置地"]
    (asked,) = talk.press("zhang", card, "华润燃气").refresh
    talk.press("zhang", asked, "确认转移")
    assert (owner(talk, "华润燃气"), owner(talk, "华润置地")) == ("孙丽", "张伟")


def test_this_customer_is_the_one_spoken_of(talk: Talk) -> None:
    talk.say("zhang", "美的")
    talk.say("zhang", "这个客户转给孙丽")
    talk.say("zhang", "确认")
    assert owner(talk, "美的") == "孙丽"


def test_no_means_no(talk: Talk) -> None:
    (card,) = talk.say("zhang", "把美的转给孙丽").cards
    assert talk.say("zhang", "不转").text == "好，没有转。"
    talk.say("zhang", "把美的转给孙丽")
    assert talk.press("zhang", card, "不转").refresh[0].done == "没有转"
    assert owner(talk, "美的") == "张伟"


def test_what_has_changed_since_is_not_given_away_unseen(talk: Talk) -> None:
    (card,) = talk.say("zhang", "把美的转给孙丽").cards
    changed(talk.context("li"), named(talk, "美的"), level="A")
    assert "后来改过" in talk.press("zhang", card, "确认转移").text


def test_it_is_undone_as_one_and_stands_in_the_journal(talk: Talk) -> None:
    talk.say("zhang", "把华润置地转给孙丽")
    talk.say("zhang", "确认")
    (event,) = [
        one
        for one in talk.session.execute(select(EventLog)).scalars()
        if one.object == "customer" and "owner_id" in one.after and one.type == "changed"
    ]
    assert event.before == {"owner_id": talk.team.members["zhang"].id}
    assert event.after == {"owner_id": talk.team.members["sun"].id}
    talk.say("zhang", "撤销")
    assert owner(talk, "华润置地") == "张伟"
    (task,) = talk.session.execute(select(Task)).scalars()
    assert task.assignee_id == talk.team.members["zhang"].id
    assert "已恢复" in talk.say("zhang", "恢复").text
    assert owner(talk, "华润置地") == "孙丽"


def test_who_cannot_take_over_is_named(talk: Talk) -> None:
    assert "没有找到同事" in talk.say("zhang", "把美的转给王五").text
    assert "不做客户" in talk.say("zhang", "把美的转给郑晓燕").text
    assert "已经由张伟负责" in talk.say("zhang", "把美的转给张伟").text


def test_the_people_outside_go_over_in_wecom(talk: Talk) -> None:
    acquainted(talk, named(talk, "美的"), "王建国", "李梅")
    (card,) = talk.say("zhang", "把美的转给孙丽").cards
    assert facts(card)["一起转"] == "2 位外部联系人"
    assert transfers(talk) == []
    done = talk.press("zhang", card, "确认转移")
    assert "2 位外部联系人正在企业微信里转接，24小时后出结果" in done.text
    assert done.refresh[0].body in done.text
    asked = [("zhang", "sun", "wm王建国", "waiting"), ("zhang", "sun", "wm李梅", "waiting")]
    assert transfers(talk) == asked
    batch = to_ask(talk.session, now=NOW + timedelta(minutes=11), apps=["main"], most=3)
    assert [(one.resigned, sorted(one.rows)) for one in batch] == [(False, ["wm李梅", "wm王建国"])]


def test_taken_back_the_people_outside_hear_nothing_and_brought_back_they_go_after_all(talk: Talk) -> None:
    acquainted(talk, named(talk, "美的"), "王建国")
    talk.say("zhang", "把美的转给孙丽")
    talk.say("zhang", "确认")
    assert "客户“美的集团”" in talk.say("zhang", "撤销").text
    assert [state for *_, state in transfers(talk)] == ["dropped"]
    brought = talk.say("zhang", "恢复")
    assert "1 位外部联系人会重新在企业微信里转接" in brought.text
    assert owner(talk, "美的") == "孙丽"
    assert [state for *_, state in transfers(talk)] == ["waiting"]
    talk.say("zhang", "撤销")
    assert (owner(talk, "美的"), [state for *_, state in transfers(talk)]) == ("张伟", ["dropped"])


def test_what_wecom_was_asked_for_already_is_said(talk: Talk) -> None:
    acquainted(talk, named(talk, "美的"), "王建国")
    talk.say("zhang", "把美的转给孙丽")
    talk.say("zhang", "确认")
    (batch,) = to_ask(talk.session, now=NOW + timedelta(minutes=11), apps=["main"], most=3)
    rounds.asked(talk.session, batch, {"wm王建国": 0}, NOW)
    assert "已发起的 1 位外部联系人不会自动转回" in talk.say("zhang", "撤销").text
    assert owner(talk, "美的") == "张伟"
