"""Cards of records and of the questions before them, on the narrow screen they are read on."""

from __future__ import annotations

from cards import visits as cards
from cards.card import Card, Option
from cards.render.wecom import render
from crm.task_lists import TaskItem
from crm.visits import Recorded
from store.tables import Activity, Contact, Customer
from tests.crm.team import NOW
from tests.local import local

TODAY = local("2026-11-19T00:00").date()
RAW = "今天下午拜访了华润置地的王总，预算大概58万"


def recorded(raw: str = RAW, low: int | None = 58_000_000, status: str = "open") -> Recorded:
    """A visit with a next step."""
    activity = Activity(
        id=11,
        kind="visit",
        author_id=1,
        raw=raw,
        amount_low=low,
        amount_high=low,
        happened_at=NOW,
        happened_grain="part_of_day",
        happened_part="下午",
        inbox_id=99,
        created_at=NOW,
    )
    customer = Customer(
        id=5,
        number="C0001",
        name="华润置地（华东）有限公司",
        name_norm="",
        owner_id=1,
        created_at=NOW,
        updated_at=NOW,
    )
    contact = Contact(id=6, customer_id=5, name="王总", created_at=NOW, updated_at=NOW)
    due = local("2026-11-25T10:00")
    task = TaskItem(7, "演示", due, "minute", local("2026-11-25T09:50"), status, 1)
    return Recorded(activity, customer, "华润置地", contact, task, 11, "张伟", local("2026-11-19T14:00"))


def shown(card: Card) -> dict[str, str]:
    """The rows of a card."""
    return {f.name: f.value for f in card.facts}


def test_the_buttons_are_bound_to_the_record() -> None:
    card = cards.recorded_card(recorded(), TODAY)
    fix, undo = (b.action for b in card.buttons)
    assert fix is not None
    assert undo is not None
    assert (fix.name, fix.object_id) == ("visit.fix", "11")
    assert (undo.name, undo.object_id) == ("undo", "99")
    assert card.about == ("activity", "11")


def test_about_so_much_is_said_where_it_was_said() -> None:
    assert shown(cards.recorded_card(recorded(), TODAY))["金额"] == "约58万元"
    exact = recorded("预算58万，差不多定了下周三")
    assert shown(cards.recorded_card(exact, TODAY))["金额"] == "约58万元"
    corrected = recorded(f"{RAW}\n更正：金额56万", 56_000_000)
    assert shown(cards.recorded_card(corrected, TODAY))["金额"] == "56万元"
    moved = recorded(f"{RAW}\n更正：改到周四下午三点")
    assert shown(cards.recorded_card(moved, TODAY))["金额"] == "约58万元"


def test_a_cancelled_step_is_not_shown() -> None:
    assert "下一步" not in shown(cards.recorded_card(recorded(status="cancelled"), TODAY))


def test_a_settled_record_keeps_its_facts_and_loses_its_buttons() -> None:
    card = cards.settled_card(recorded(), TODAY, "已撤销 10:30")
    assert card.done == "已撤销 10:30"
    assert not card.buttons
    assert shown(card)["联系人"] == "王总"


def test_questions_can_be_answered_on_every_screen() -> None:
    options = [Option("1", "华润置地"), Option("2", "华润燃气")]
    for card in (
        cards.choice_card("“华润”是哪家客户", options, "", 99, RAW),
        cards.likeness_card("华润置地", "1", "华仁置地", 99, RAW),
        cards.unknown_card("苏州汇川技术", 99, RAW),
        cards.nobody_card(99, RAW),
    ):
        assert card.about == ("question", "99")
        assert all(b.say for b in card.buttons)
        message = render(card, task_id="t", sign=lambda action: f"{action.name}:{action.object_id}")
        assert message.msgtype == "template_card"
        assert message.left_out == ()
