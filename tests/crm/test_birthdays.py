"""Birthdays of one's own customers' people, and of those one acts for."""

from __future__ import annotations

from sqlmodel import Session

from crm import birthdays, contacts
from store.tables import Contact
from tests.crm.team import Team, make_team
from tests.ground import standing

DAYS = {("solar", 11, 19), ("lunar", 10, 11)}


@standing
def team(session: Session) -> Team:
    """王总 of 张伟's customer was born on one of the days, 李总 on none, 赵总 at 吴婷's."""
    team = make_team(session)
    for who, company, name, kept in (
        ("zhang", "华润置地", "王总", ("solar", 11, 19)),
        ("zhang", "美的集团", "李总", ("solar", 3, 8)),
        ("wu", "恒瑞医药", "赵总", ("lunar", 10, 11)),
    ):
        customer = team.customer(who, company)
        row: Contact = contacts.find_or_add(team.as_(who), customer, name, "总", "")
        row.birthday_kind, row.birth_month, row.birth_day = kept
    session.flush()
    return team


def names(team: Team, who: str) -> list[str]:
    """Whose birthdays somebody is told."""
    return [contact.name for contact, _ in birthdays.own_born_on(team.as_(who), DAYS)]


def test_only_ones_own_are_told(team: Team) -> None:
    assert names(team, "zhang") == ["王总"]
    assert names(team, "wu") == ["赵总"]
    assert names(team, "li") == []
    assert birthdays.own_born_on(team.as_("zhang"), ()) == []
