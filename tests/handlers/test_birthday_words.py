"""Birthdays by words: the list, and everything that the birthday card's buttons do."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from cards.birthdays import birthday_card
from crm import birthdays
from nlu.lunar import to_lunar
from store.tables import Activity, Contact
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk


@standing
def talk(session: Session) -> Talk:
    """王总 has a birthday today, 赵敏 next week."""
    talk = make_talk(session)
    day = talk.context("zhang").local.date()
    talk.say("zhang", f"华润置地的王总生日{day.month}月{day.day}日")
    return talk


def greetings(talk: Talk) -> int:
    """How many greetings were noted."""
    return sum("生日祝福" in one.raw for one in talk.session.execute(select(Activity)).scalars())


def test_the_list_tells_whose_birthday_is_near(talk: Talk) -> None:
    assert "今天 王总（华润置地）" in talk.say("zhang", "生日").text
    assert "王总" in talk.say("zhang", "谁快过生日了").text
    assert "没有记着的生日" in talk.say("wu", "生日").text


def test_a_lunar_birthday_is_found_on_its_day(talk: Talk) -> None:
    day = to_lunar(talk.context("zhang").local.date())
    assert day is not None
    contact = talk.session.execute(select(Contact)).scalars().one()
    contact.birthday_kind, contact.birth_month, contact.birth_day = "lunar", day.month, day.day
    talk.session.flush()
    assert "今天 王总（华润置地，农历）" in talk.say("zhang", "生日").text
    assert "已给王总送生日祝福" in talk.say("zhang", "已送祝福").text


def test_the_buttons_of_the_card_can_be_typed(talk: Talk) -> None:
    contact = talk.session.execute(select(Contact)).scalars().one()
    card = birthday_card(birthdays.of_contact(talk.context("zhang"), contact.id), 2026)
    says = {one.text: one.say.removeprefix("回复 ") for one in card.buttons}
    first = talk.say("zhang", says["发我原文"]).text
    assert first == card.body
    second = talk.say("zhang", says["换一句"]).text
    third = talk.say("zhang", "换一句").text
    assert len({first, second, third}) == 3
    assert talk.say("zhang", "发我原文").text == third
    assert "已给王总送生日祝福" in talk.say("zhang", says["已送祝福"]).text
    assert "今年已经送过" in talk.say("zhang", says["已送祝福"]).text
    assert greetings(talk) == 1


def test_nobody_of_that_name_is_said_so(talk: Talk) -> None:
    assert "没有叫“李总”的联系人过生日" in talk.say("zhang", "已送祝福 李总").text
    assert greetings(talk) == 0


def test_of_two_birthdays_the_name_is_asked_for(talk: Talk) -> None:
    day = talk.context("zhang").local.date()
    talk.say("zhang", f"美的的刘经理生日{day.month}月{day.day}日")
    asked = talk.say("zhang", "已送祝福").text
    assert "王总（华润置地）" in asked
    assert "刘经理（美的）" in asked
    assert "已给刘经理" in talk.say("zhang", "已送祝福 美的刘经理").text


def test_a_greeting_can_be_taken_back(talk: Talk) -> None:
    talk.say("zhang", "已送祝福 王总")
    assert "已撤销" in talk.say("zhang", "撤销").text
