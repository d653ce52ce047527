"""The morning card: once a day, on working days, with what the day holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from cards.card import Card
from cards.render.wecom import render
from config.business import Business
from crm import contacts, quotes, tasks, visits
from crm.moments import Grain, Moment
from scheduler.mornings import morning_cards
from store.database import Database
from tests.crm.team import Team, make_team
from tests.ground import standing

FRIDAY = datetime.fromisoformat("2026-11-20T00:30:00+00:00")  # 8:30 in Shanghai
SATURDAY = FRIDAY + timedelta(days=1)
NATIONAL_DAY = datetime.fromisoformat("2026-10-01T00:30:00+00:00")  # a Thursday, and a holiday


@standing
def team(session: Session) -> Team:
    """A team on a fresh database."""
    return make_team(session)


def cards(team: Team, now: datetime = FRIDAY, business: Business | None = None) -> dict[str, Card]:
    """The morning cards by short name."""
    names = {member.id: key for key, member in team.members.items()}
    given = morning_cards(team.session, now, business or team.business)
    return {names[one.member_id]: one.card for one in given}


def rows(card: Card) -> list[tuple[str, str]]:
    """The rows of a card."""
    return [(fact.name, fact.value) for fact in card.facts]


def at(day: str, hour: int = 0) -> datetime:
    """A local time in November 2026."""
    return datetime.fromisoformat(f"2026-11-{day}T{hour:02d}:00")


def task(team: Team, who: str, title: str, due: datetime, grain: Grain = Grain.MINUTE) -> None:
    """Something planned."""
    tasks.create(team.as_(who), tasks.NewTask(title, Moment(due, grain)))


def test_everyone_gets_one_card_a_day(team: Team) -> None:
    assert set(cards(team)) == set(team.members)
    assert cards(team, FRIDAY + timedelta(hours=1)) == {}
    assert set(cards(team, FRIDAY + timedelta(days=3))) == set(team.members)


@pytest.mark.parametrize("minutes", [-1, 210, 600])
def test_it_comes_in_the_morning_only(team: Team, minutes: int) -> None:
    assert cards(team, FRIDAY + timedelta(minutes=minutes)) == {}


@pytest.mark.parametrize("day", [SATURDAY, NATIONAL_DAY])
def test_days_off_are_left_alone_unless_the_setting_says_otherwise(team: Team, day: datetime) -> None:
    assert cards(team, day) == {}
    assert len(cards(team, day, replace(team.business, workdays_only=False))) == len(team.members)


def test_somebody_who_has_left_gets_none(team: Team) -> None:
    team.members["wu"].active = False
    team.session.flush()
    assert "wu" not in cards(team)


def test_the_days_tasks_stand_on_it_by_time(team: Team) -> None:
    task(team, "zhang", "催合同", at("19"), Grain.DAY)
    task(team, "zhang", "演示", at("20", 15))
    task(team, "zhang", "发方案", at("20"), Grain.DAY)
    task(team, "zhang", "下周的事", at("24"), Grain.DAY)
    card = cards(team)["zhang"]
    assert (card.title, card.subtitle) == ("早上好，张伟", "11月20日 周五")
    assert rows(card) == [("今天", "发方案"), ("15:00", "演示"), ("逾期", "11月19日 催合同")]
    assert card.body == "今天 2 件事，逾期 1 件"


def test_more_tasks_than_rows_are_counted(team: Team) -> None:
    for hour in range(9, 18):
        task(team, "zhang", f"回访{hour}", at("20", hour))
    card = cards(team)["zhang"]
    assert len(card.facts) == 6
    assert rows(card)[-1] == ("还有", "4 件，回复 今天 看全部")


def test_a_manager_sees_what_waits_and_how_the_team_stands(team: Team) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    sent = quotes.draft(team.as_("zhang"), quotes.QuoteDraft(customer.id, 58_000_000, 9000))
    quotes.submit(team.as_("zhang"), sent.id)
    visits.record(team.as_("zhang"), visits.Draft(visits.ActivityKind.CALL, "打了电话", customer.id))
    task(team, "zhang", "演示", at("20", 15))
    given = cards(team)
    assert ("待审批", "Q0001 华润置地 52.2万元") in rows(given["li"])
    assert given["li"].body.splitlines()[1] == "团队 1 人：今天 1 件，昨天跟进 1 次"
    assert "待审批" not in dict(rows(given["chen"]))
    assert "团队" not in given["zhang"].body


def test_on_a_monday_the_team_is_counted_from_friday_on(team: Team) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    for day in ("19", "20", "21"):
        then = team.as_("zhang", FRIDAY.replace(day=int(day), hour=4))
        visits.record(then, visits.Draft(visits.ActivityKind.CALL, "打了电话", customer.id))
    given = cards(team, FRIDAY + timedelta(days=3))
    assert given["li"].body.splitlines()[1] == "团队 1 人：今天 0 件，11月20日以来跟进 2 次"
    assert given["zhao"].body.splitlines()[1] == "团队 1 人：今天 0 件"


def test_birthdays_ahead_solar_and_lunar_stand_on_the_owners_card(team: Team) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    for name, birthday in (
        ("王总", contacts.Birthday("lunar", 10, 12)),  # 20 November 2026
        ("赵敏", contacts.Birthday("solar", 11, 23)),
        ("陈工", contacts.Birthday("solar", 11, 24)),
    ):
        row = contacts.find_or_add(team.as_("zhang"), customer, name)
        contacts.update(team.as_("zhang"), row, birthday=birthday)
    given = cards(team)
    assert [value for name, value in rows(given["zhang"]) if name == "生日"] == [
        "今天 王总（华润置地，农历）",
        "11月23日 赵敏（华润置地）",
    ]
    assert "生日" not in dict(rows(given["wu"]))


def test_with_nothing_to_do_it_says_who_was_left_alone_longest(team: Team) -> None:
    for name, back in (("华润置地", 40), ("澜起精密", 3)):
        customer = team.customer("zhang", name + "有限公司", name)
        then = team.as_("zhang", FRIDAY - timedelta(days=back))
        visits.record(then, visits.Draft(visits.ActivityKind.VISIT, "拜访", customer.id))
    given = cards(team)
    assert rows(given["zhang"]) == [("久未联系", "华润置地，40 天前"), ("久未联系", "澜起精密，3 天前")]
    assert "今天没有安排" in given["zhang"].body
    assert given["zheng"].body == "今天没有待办，有事直接说"


def test_every_card_is_whole_on_wecom(team: Team) -> None:
    customer = team.customer("zhang", "华润置地（华东）有限公司", "华润置地")
    for hour in range(9, 13):
        task(team, "zhang", f"回访{hour}", at("20", hour))
    quotes.submit(
        team.as_("zhang"),
        quotes.draft(team.as_("zhang"), quotes.QuoteDraft(customer.id, 58_000_000)).id,
    )
    for card in cards(team).values():
        shown = render(card, task_id="t1", sign=lambda action: action.name)
        assert (shown.left_out, shown.msgtype) == ((), "template_card")


def test_two_replicas_send_one_card_each(database: Database) -> None:
    with Session(database.writer, expire_on_commit=False) as session:
        team = make_team(session)
        session.commit()
    sent = []
    for _ in range(2):
        with Session(database.writer, expire_on_commit=False) as session:
            sent += morning_cards(session, FRIDAY, team.business)
            session.commit()
    assert len(sent) == len({one.key for one in sent}) == len(team.members)
