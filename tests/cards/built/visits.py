"""Cards of records, and of the questions before them."""

from __future__ import annotations

from cards import confirm, visits
from cards.card import Card, Option
from cards.confirm import Understood
from tests.cards.built.values import HELD, NOTE, PROPOSALS, RAW, RECORDED, TODAY

FACTS = (("联系人", "王总"), ("时间", "今天下午"), ("金额", "58万元"))
UNDERSTOOD = Understood(confirm.TITLE, FACTS, RAW, HELD)
GUESSED = Understood(
    confirm.TITLE,
    FACTS,
    RAW,
    HELD,
    extra="1",
    guessed=frozenset({"时间"}),
    choices=(("amount", "金额", (Option("a", "58万元"), Option("b", "5.8万元"))),),
    note="金额有两种读法，请选一个",
)
DOUBTED = Understood(
    confirm.TITLE, (("客户", "华润置地"), *FACTS), RAW, HELD, doubt="华润置地", said="华仁置地"
)

SAMPLES: dict[str, Card] = {
    "recorded": visits.recorded_card(RECORDED, TODAY),
    "note": visits.recorded_card(NOTE, TODAY, "没说是拜访还是电话，先留成笔记"),
    "undone": visits.settled_card(RECORDED, TODAY, "已撤销 10:30"),
    "which_customer": visits.choice_card(
        "“华润”是哪家客户", [Option(str(p.id), p.name) for p in PROPOSALS], "", HELD, RAW
    ),
    "likeness": visits.likeness_card("华润置地", "5", "华仁置地", HELD, RAW),
    "unknown": visits.unknown_card("苏州汇川技术", HELD, RAW),
    "nobody": visits.nobody_card(HELD, RAW),
    "answered": visits.answered_card("“华润”是哪家客户", RAW, HELD, "已记到华润置地"),
    "confirm": confirm.confirm_card(UNDERSTOOD),
    "confirm_guesses": confirm.confirm_card(GUESSED),
    "confirm_doubt": confirm.confirm_card(DOUBTED),
    "confirmed": confirm.settled_card(confirm.TITLE, RAW, HELD, "已记录 10:30"),
    "delete": confirm.delete_card("今天 拜访 华润置地", 11, HELD),
    "unclear": confirm.unclear_card("跟王总那个事情差不多了", HELD),
}
