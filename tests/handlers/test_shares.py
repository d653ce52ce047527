"""A sentence about several customers: each gets what is said of it, and nothing of the other."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from store.tables import Activity, Contact, Customer, Task
from tests.ground import standing
from tests.handlers.talk import Talk, make_talk

MIDEA, HENGTONG = "美的集团", "深圳市恒通物流有限公司"


@standing
def talk(session: Session) -> Talk:
    """张伟 looks after 美的 and 恒通, which is known by its whole name alone."""
    talk = make_talk(session)
    talk.say("zhang", f"新增客户 {HENGTONG}")
    return talk


def recorded(talk: Talk) -> dict[str, tuple[str, int | None, str]]:
    """Of each customer the person, the amount in yuan and the next step of what was recorded."""
    query = (
        select(col(Customer.name), col(Contact.name), col(Activity.amount_low), col(Task.title))
        .join(Activity, col(Activity.customer_id) == col(Customer.id))
        .outerjoin(Contact, col(Contact.id) == col(Activity.contact_id))
        .outerjoin(Task, col(Task.activity_id) == col(Activity.id))
    )
    return {
        name: (person or "", None if fen is None else fen // 100, step or "")
        for name, person, fen, step in talk.session.execute(query)
    }


def test_a_promise_belongs_to_whom_it_was_made(talk: Talk) -> None:
    talk.say("zhang", "今天跑了恒通和美的，恒通说价格贵，美的要下周五之前给样品")
    assert recorded(talk) == {MIDEA: ("", None, "给样品"), HENGTONG: ("", None, "")}


def test_each_has_its_person_its_amount_and_its_step(talk: Talk) -> None:
    talk.say("zhang", "上午去了美的见王总，预算50万，下午去恒通见了李总，下周二给报价")
    assert recorded(talk) == {MIDEA: ("王总", 500_000, ""), HENGTONG: ("李总", None, "给报价")}


@pytest.mark.parametrize(
    "said",
    [
        "今天拜访了美的和恒通，都聊了报价，下周三再去",
        "今天拜访了恒通、美的，聊了报价，下周三再去",
        "美的、恒通今天都见了，下周三再去",
    ],
)
def test_what_is_said_of_both_is_for_both(talk: Talk, said: str) -> None:
    talk.say("zhang", said)
    assert recorded(talk) == {MIDEA: ("", None, "再去"), HENGTONG: ("", None, "再去")}


def test_whose_amount_it_is_must_be_said(talk: Talk) -> None:
    card = talk.say("zhang", "今天拜访了恒通、美的，聊了二期，预算80万").cards[0]
    assert "金额没有写，分不清是哪家的" in card.note
    assert recorded(talk) == {MIDEA: ("", None, ""), HENGTONG: ("", None, "")}


@pytest.mark.parametrize(
    "said",
    ["美的要样品，恒通说太贵", "今天去了美的，又跑了恒通", "上午美的，下午恒通", "上午去美的，下午去恒通"],
)
def test_nobody_who_was_seen_is_left_out(talk: Talk, said: str) -> None:
    talk.say("zhang", said)
    assert recorded(talk).keys() == {MIDEA, HENGTONG}


@pytest.mark.parametrize("said", ["美的说下午恒通送货", "今天去了美的，样品用恒通寄了", "美的嫌恒通贵"])
def test_a_company_that_is_only_spoken_of_gets_no_record(talk: Talk, said: str) -> None:
    talk.say("zhang", said)
    assert recorded(talk).keys() == {MIDEA}


def test_of_somebody_elses_no_record_is_made_and_its_part_stays_out(talk: Talk) -> None:
    reply = talk.say("zhang", "上午去了恒瑞见了赵总，预算90万，下午去美的见了李总，下周二给报价")
    assert reply.text == "恒瑞医药由吴婷负责，没有给它记。"
    assert recorded(talk) == {MIDEA: ("李总", None, "给报价")}


def test_of_others_alone_nothing_is_written(talk: Talk) -> None:
    assert "吴婷" in talk.say("zhang", "今天拜访了恒瑞，聊了报价").text
    assert recorded(talk) == {}
