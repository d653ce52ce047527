"""Birthday cards: on the day, to the owner, once, with a greeting to send."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from cards.birthdays import GREETINGS
from cards.card import Card
from cards.render.wecom import render
from crm import contacts
from handlers.birthdays import router
from scheduler.birthdays import birthday_cards
from scheduler.outgoing import Outgoing
from store.tables import Activity, Contact, Customer
from tests.crm.team import Team, make_team
from tests.ground import standing
from tests.handlers.desk import Desk

FRIDAY = datetime.fromisoformat("2026-11-20T00:30:00+00:00")  # 8:30 in Shanghai, lunar 10-12
SATURDAY = FRIDAY + timedelta(days=1)


@standing
def team(session: Session) -> Team:
    """A team on a fresh database, with a customer of 张伟."""
    team = make_team(session)
    team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    return team


def born(team: Team, name: str, title: str, *, kind: str, month: int, day: int) -> Contact:
    """A contact with a birthday."""
    ctx = team.as_("zhang")
    customer = team.session.execute(select(Customer)).scalar_one()
    row = contacts.find_or_add(ctx, customer, name, title)
    return contacts.update(ctx, row, birthday=contacts.Birthday(kind, month, day))


def due(team: Team, now: datetime = FRIDAY) -> list[Outgoing]:
    """What the tick gives."""
    return birthday_cards(team.session, now, team.business)


def buttons(card: Card) -> list[str]:
    """The words on its buttons."""
    return [button.text for button in card.buttons]


def test_the_owner_gets_a_greeting_to_send_once(team: Team) -> None:
    born(team, "王建国", "总经理", kind="lunar", month=10, day=12)
    (one,) = due(team)
    assert one.member_id == team.members["zhang"].id
    assert one.card.title == "王总今天生日"
    assert one.card.subtitle == "华润置地 · 农历生日"
    assert one.card.body.startswith("王总，")
    assert buttons(one.card) == ["已送祝福", "换一句", "发我原文"]
    assert due(team) == []
    assert due(team, FRIDAY + timedelta(hours=5)) == []


def test_a_greeting_does_not_wait_for_monday(team: Team) -> None:
    born(team, "赵敏", "", kind="solar", month=11, day=21)
    assert due(team) == []
    assert len(due(team, SATURDAY)) == 1


@pytest.mark.parametrize("minutes", [-1, 12 * 60 + 30])
def test_it_comes_by_day_only(team: Team, minutes: int) -> None:
    born(team, "赵敏", "", kind="solar", month=11, day=20)
    assert due(team, FRIDAY + timedelta(minutes=minutes)) == []


def test_next_year_it_comes_again(team: Team) -> None:
    born(team, "赵敏", "", kind="solar", month=11, day=20)
    assert [
        one.key.rpartition(":")[2] for now in (0, 365) for one in due(team, FRIDAY + timedelta(days=now))
    ] == [
        "2026",
        "2027",
    ]


def test_the_29th_of_february_is_greeted_on_the_28th(team: Team) -> None:
    born(team, "赵敏", "", kind="solar", month=2, day=29)
    assert len(due(team, datetime.fromisoformat("2027-02-28T01:00:00+00:00"))) == 1
    assert due(team, datetime.fromisoformat("2027-03-01T01:00:00+00:00")) == []


def test_another_greeting_takes_the_place_of_the_first(team: Team) -> None:
    born(team, "王总", "总", kind="solar", month=11, day=20)
    desk = Desk(team, router)
    card, seen = due(team)[0].card, set()
    for _ in GREETINGS:
        seen.add(card.body)
        (card,) = desk.press("zhang", card, "换一句").refresh
    assert len(seen) == len(GREETINGS)
    assert card.body in seen


def test_the_greeting_comes_alone_to_be_copied(team: Team) -> None:
    born(team, "王总", "总", kind="solar", month=11, day=20)
    desk = Desk(team, router)
    (card,) = desk.press("zhang", due(team)[0].card, "换一句").refresh
    assert desk.press("zhang", card, "发我原文").text == card.body


def test_a_greeting_that_was_sent_is_a_contact_with_the_customer_once(team: Team) -> None:
    contact = born(team, "王总", "总", kind="solar", month=11, day=20)
    desk = Desk(team, router)
    card = due(team)[0].card
    done = desk.press("zhang", card, "已送祝福")
    assert done.refresh[0].done == "已送祝福 10:30"
    assert done.refresh[0].about == card.about
    assert "已经送过" in desk.press("zhang", card, "已送祝福").text
    (activity,) = team.session.execute(select(Activity)).scalars()
    assert (activity.contact_id, activity.raw) == (contact.id, "给王总送了生日祝福")


def test_nobody_else_presses_it(team: Team) -> None:
    born(team, "王总", "总", kind="solar", month=11, day=20)
    card = due(team)[0].card
    assert "张伟" in Desk(team, router).press("wu", card, "已送祝福").text


def test_every_card_is_whole_on_wecom(team: Team) -> None:
    born(team, "王总", "总", kind="solar", month=11, day=20)
    desk = Desk(team, router)
    card = due(team)[0].card
    for shown in (card, desk.press("zhang", card, "已送祝福").refresh[0]):
        rendered = render(shown, task_id="t1", sign=lambda action: action.name)
        assert rendered.left_out == ()
