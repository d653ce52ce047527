"""The demo company: believable, complete, the same every time, and relative to the day it is made on."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.demo import fill, organisation, people
from cards.card import Card
from config.business import Business
from nlu.anniversaries import Born, upcoming
from scheduler.birthdays import birthday_cards
from scheduler.due import due_reminders
from scheduler.mornings import morning_cards
from store import search
from store.database import Database, connect
from store.names import norm
from store.tables import (
    Activity,
    Contact,
    Customer,
    EventLog,
    Identity,
    Member,
    Quote,
    Role,
    Table,
    Task,
)
from tests.bot.company import company as filled_in
from tests.databases import Databases

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)  # Thursday 10:30 in Shanghai
BUSINESS = Business()
SHANGHAI = ZoneInfo(BUSINESS.zone)
SECONDS = 6.0  # of this thread's own work: ten times what it takes


def count(session: Session, table: type[Table]) -> int:
    """How many rows a table has."""
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def member(session: Session, userid: str) -> Member:
    """A colleague by userid."""
    query = select(Member).join(Identity, col(Identity.member_id) == col(Member.id))
    found: Member = session.execute(query.where(col(Identity.external_id) == userid)).scalar_one()
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def company(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """A database with the demo company, made once for all tests that only look."""
    with filled_in(databases, request.param, NOW) as url:
        opened = connect(url)
        yield opened
        opened.close()


@pytest.fixture
def filled(company: Database) -> Iterator[Session]:
    """A session on the demo company, rolled back at the end."""
    with company.writer.connect() as connection, Session(connection, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()


def test_it_is_filled_quickly_and_once(session: Session) -> None:
    begun = time.thread_time()
    assert fill(session, NOW, BUSINESS)
    assert time.thread_time() - begun < SECONDS
    before = count(session, EventLog)
    assert not fill(session, NOW, BUSINESS)
    assert count(session, EventLog) == before


def test_it_is_a_company(filled: Session) -> None:
    assert count(filled, Customer) == 40
    assert count(filled, Contact) >= 40
    assert count(filled, Activity) >= 80
    roles = Counter(one.role for one in people())
    assert (roles[Role.MANAGER], roles[Role.DIRECTOR]) == (2, 1)
    assert roles[Role.SALES] >= 6
    assert {Role.FINANCE, Role.SERVICE, Role.ADMIN} <= set(roles)
    assert organisation()
    assert count(filled, Member) == count(filled, Identity) == len(people())


def test_the_plain_people_are_the_members(filled: Session) -> None:
    for one in people():
        row = member(filled, one.userid)
        assert (row.name, row.role, row.department) == (one.name, one.role, one.department)
        above = filled.get(Member, row.superior_id) if row.superior_id else None
        assert (above.name if above else "") == next(
            (p.name for p in people() if p.userid == one.superior), ""
        )


def test_the_newcomers_customer_belongs_to_the_first_salesperson_under_a_manager_called_li(
    filled: Session,
) -> None:
    (match,) = search.find(filled, "华润置地")
    owner = filled.get_one(Member, match.owner_id)
    assert (match.name, owner.name) == ("华润置地（华东）有限公司", "张伟")
    assert owner.superior_id is not None
    manager = filled.get_one(Member, owner.superior_id)
    assert (manager.name[0], manager.role) == ("李", Role.MANAGER)
    contact = select(Contact).where(col(Contact.customer_id) == match.customer_id).order_by(col(Contact.id))
    first = filled.execute(contact.limit(1)).scalar_one()
    assert first.name == "王总"


def test_the_short_name_alone_means_two_customers(filled: Session) -> None:
    assert {match.name for match in search.find(filled, "华润")} == {
        "华润置地（华东）有限公司",
        "华润燃气集团",
    }


def test_names_are_unique_and_nobody_is_archived(filled: Session) -> None:
    names = list(filled.execute(select(col(Customer.name)).order_by(col(Customer.id))).scalars())
    assert len({norm(name) for name in names}) == len(names)


def test_nothing_happened_in_the_future_or_at_a_weekend(filled: Session) -> None:
    for activity in filled.execute(select(Activity)).scalars():
        assert activity.happened_at <= NOW
        assert activity.created_at <= NOW
        assert activity.happened_at >= NOW - timedelta(days=62)
        assert activity.happened_at.astimezone(SHANGHAI).weekday() < 5


def test_everything_was_done_by_somebody(filled: Session) -> None:
    assert filled.execute(select(EventLog).where(col(EventLog.actor_id).is_(None))).first() is None
    logged = select(func.count(func.distinct(col(EventLog.object_id)))).where(
        col(EventLog.object) == "activity"
    )
    assert filled.execute(logged).scalar_one() == count(filled, Activity)


def test_there_are_tasks_for_today_tomorrow_and_the_week_and_none_goes_off_at_once(filled: Session) -> None:
    days = Counter(
        (task.due_at.astimezone(SHANGHAI).date() - date(2026, 11, 19)).days
        for task in filled.execute(select(Task)).scalars()
    )
    assert min(days[0], days[1]) >= 5
    assert sum(n for day, n in days.items() if 1 < day <= 7) >= 5
    assert any(day < 0 for day in days)
    assert due_reminders(filled, NOW, BUSINESS) == []
    assert due_reminders(filled, NOW + timedelta(days=1), BUSINESS) != []


def test_quotes_were_approved_and_rejected_and_one_waits_with_each_manager(filled: Session) -> None:
    rows = list(filled.execute(select(Quote).order_by(col(Quote.created_at))).scalars())
    statuses = Counter(row.status for row in rows)
    assert min(statuses["approved"], statuses["rejected"], statuses["draft"]) >= 1
    superiors = [filled.get_one(Member, row.owner_id).superior_id for row in rows if row.status == "pending"]
    names = [filled.get_one(Member, one).name for one in superiors if one is not None]
    assert sorted(names) == ["李娜", "赵磊"]
    assert [row.number for row in rows] == [f"Q{n:04d}" for n in range(1, len(rows) + 1)]


@pytest.mark.parametrize(
    "now", [NOW, datetime(2028, 2, 28, 15, 0, tzinfo=UTC), datetime(2025, 7, 30, tzinfo=UTC)]
)
def test_birthdays_of_both_calendars_lie_just_ahead_whatever_the_day(session: Session, now: datetime) -> None:
    fill(session, now, BUSINESS)
    today = now.astimezone(SHANGHAI).date()
    seen: Counter[tuple[str, int]] = Counter()
    for contact in session.execute(select(Contact).where(col(Contact.birthday_kind) != "")).scalars():
        born = Born(contact.birthday_kind, contact.birth_month, contact.birth_day, contact.birth_leap)
        coming = upcoming(born, today)
        assert coming is not None
        seen[contact.birthday_kind, (coming.day - today).days] += 1
    for kind in ("solar", "lunar"):
        assert seen[kind, 0]
        assert seen[kind, 1]
        assert sum(n for (k, days), n in seen.items() if k == kind and days <= 7) >= 5


def test_tomorrow_morning_everyone_has_a_card_worth_reading(filled: Session) -> None:
    morning = NOW + timedelta(hours=22)  # 8:30
    cards: dict[str, Card] = {}
    for one in morning_cards(filled, morning, BUSINESS):
        cards[filled.get_one(Member, one.member_id).name] = one.card
    assert set(cards) == {one.name for one in people()}
    rows = {name: {f.name: f.value for f in card.facts} for name, card in cards.items()}
    assert any("王总（华润置地，农历）" in fact.value for fact in cards["张伟"].facts)
    assert rows["李娜"]["待审批"].startswith("Q")
    assert rows["赵磊"]["待审批"].startswith("Q")
    greetings = birthday_cards(filled, morning, BUSINESS)
    assert len(greetings) >= 5
    assert {"农历" in one.card.subtitle for one in greetings} == {True, False}


def test_two_fills_are_alike(filled: Session, session: Session) -> None:
    query = select(col(Activity.raw), col(Activity.happened_at)).order_by(
        col(Activity.happened_at), col(Activity.raw)
    )
    fill(session, NOW, BUSINESS)
    assert [tuple(row) for row in session.execute(query)] == [tuple(row) for row in filled.execute(query)]
