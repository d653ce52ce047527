"""A masked number is shown for a reason, written down, so many times a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from config.business import Business
from crm import contacts, reveals
from crm.errors import NotAllowed, UserMistake
from store.tables import Contact, EventLog, Role
from tests.crm.team import NOW, Team, make_team
from tests.ground import standing

PHONE = "13800138000"


@standing
def team(session: Session) -> Team:
    """The team; two numbers a day may be looked at."""
    team = make_team(session)
    team.business = Business(reveals_a_day=2)
    return team


@pytest.fixture
def contact(team: Team) -> Contact:
    """王建国 of 吴婷's customer."""
    return contacts.find_or_add(team.as_("wu"), team.customer("wu", "恒瑞医药"), "王建国", phone=PHONE)


def test_the_owner_sees_the_number_without_a_word(team: Team, contact: Contact) -> None:
    shown = reveals.reveal(team.as_("wu"), contact, "")
    assert (shown.phone, shown.left) == (PHONE, None)
    assert logged(team) == []


def test_a_reason_is_needed_and_written_down(team: Team, contact: Contact) -> None:
    ctx = team.as_("zheng")
    assert reveals.needs_reason(ctx, contact)
    assert reveals.as_seen(ctx, contact).phone == "138****8000"
    assert contact.phone == PHONE
    with pytest.raises(UserMistake, match="原因"):
        reveals.reveal(ctx, contact, " ")
    assert reveals.reveal(ctx, contact, "核对开票").left == 1
    (event,) = logged(team)
    assert (event.actor_id, event.after["reason"], event.after["field"]) == (
        ctx.actor.id,
        "核对开票",
        "phone",
    )
    assert PHONE not in str(event.after)


def test_so_many_a_day(team: Team, contact: Contact) -> None:
    for _ in range(2):
        reveals.reveal(team.as_("zheng"), contact, "回访")
    with pytest.raises(NotAllowed, match="2个"):
        reveals.reveal(team.as_("zheng"), contact, "回访")
    tomorrow = team.as_("zheng", now=NOW + timedelta(days=1))
    assert reveals.reveal(tomorrow, contact, "回访").left == 1


def test_a_role_without_the_right_is_told_who_may(team: Team, contact: Contact) -> None:
    team.members["zheng"].role = Role.AUDITOR
    with pytest.raises(NotAllowed, match="看电话由销售、主管"):
        reveals.reveal(team.as_("zheng"), contact, "抽查")


def test_outside_ones_scope_there_is_no_number(team: Team, contact: Contact) -> None:
    with pytest.raises(NotAllowed, match="已存在，负责人吴婷"):
        reveals.reveal(team.as_("zhang"), contact, "回访")
    assert logged(team) == []


def test_the_number_of_a_day_is_the_organisations(team: Team, contact: Contact) -> None:
    ctx = replace(team.as_("zheng"), business=Business(reveals_a_day=0))
    with pytest.raises(NotAllowed, match="0个"):
        reveals.reveal(ctx, contact, "回访")


def test_those_who_check_see_who_looked_and_why(team: Team, contact: Contact) -> None:
    reveals.reveal(team.as_("zheng"), contact, "核对开票")
    (look,) = reveals.looked_at(team.as_("chen"))
    assert (look.who, look.contact, look.customer, look.reason) == (
        "郑晓燕",
        "王建国",
        "恒瑞医药",
        "核对开票",
    )
    with pytest.raises(NotAllowed, match="审计由总监"):
        reveals.looked_at(team.as_("zheng"))


def logged(team: Team) -> list[EventLog]:
    """What was written down of numbers looked at."""
    return list(team.session.scalars(select(EventLog).where(col(EventLog.type) == reveals.REVEALED)))
