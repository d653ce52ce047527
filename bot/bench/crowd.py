"""A large company as plain rows: a million customers, three million follow-ups, two thousand members."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy import text
from sqlmodel import Session

from bot.bench.company import SURNAMES, short_name
from store import activity_search, search
from store.bulk import load
from store.database import Database
from store.ids import new_id
from store.names import norm
from store.once import table_of
from store.tables import Activity, Contact, Customer, Member, Role, Task

DISTINCT = 20 * 20 * 19 * 20  # short names; beyond, a city stands in front
CITIES = ("苏州", "杭州", "宁波", "无锡", "合肥", "南通", "厦门")
TEAM = 50  # members under one manager
FOLLOW_UPS = 3  # of each customer
TASKS = 20  # open ones of each member
LEVELS = ("A", "B", "C", "")
TALKS = (
    "聊了二期报价，对方要比价",
    "演示了新品，反馈不错",
    "电话确认了交期",
    "送样品，等测试",
    "谈了付款方式",
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How large, and the first ids of what was built: rows of a kind have consecutive ids."""

    customers: int
    members: int
    now: datetime
    first_member: int
    first_customer: int

    def member(self, place: int) -> int:
        """The id of member `place`: 0 is the director, then the managers' teams."""
        return self.first_member + place

    def is_manager(self, place: int) -> bool:
        """Whether member `place` leads a team."""
        return place % TEAM == 1

    def owner(self, customer: int) -> int:
        """The place of the salesperson who looks after customer `customer`."""
        place = 1 + customer % (self.members - 1)
        return place + 1 if self.is_manager(place) and place + 1 < self.members else place

    def name(self, customer: int) -> str:
        """The registered name of customer `customer`."""
        city = "" if customer < DISTINCT else CITIES[(customer // DISTINCT - 1) % len(CITIES)]
        trade, place = divmod(customer % DISTINCT, 20 * 20 * 19)
        return f"{city}{short_name(place + trade * 20 * 20 * 20)}有限公司"


def build(database: Database, customers: int, members: int, echo: Callable[[str], object]) -> Crowd:
    """Fill an empty, migrated database."""
    if customers > DISTINCT * (len(CITIES) + 1):
        raise ValueError(f"at most {DISTINCT * (len(CITIES) + 1):,} customers have names of their own")
    now = datetime.now(UTC)
    crowd = Crowd(customers, members, now, new_id(), new_id() + members)
    first_activity = new_id() + customers
    for what, model, columns, rows in _tables(crowd, first_activity):
        load(database.writer, table_of(model), columns, rows)
        echo(f"  {what}")
    _index(database, crowd)
    echo("  名称索引")
    _searchable(database, crowd, first_activity)
    echo("  跟进检索")
    settle(database)
    return crowd


def _tables(
    crowd: Crowd, first_activity: int
) -> Iterator[tuple[str, type[Any], tuple[str, ...], Iterator[tuple[Any, ...]]]]:
    stamps = ("created_at", "updated_at", "version")
    yield (
        "成员",
        Member,
        ("id", "name", "role", "department", "position", "superior_id", "active", *stamps),
        (_members(crowd)),
    )
    yield (
        "客户",
        Customer,
        (
            *("id", "number", "name", "name_norm", "owner_id", "level", "source", "industry", "region"),
            *("lifecycle", "note", "ext", "last_follow_at", "next_follow_at", *stamps),
        ),
        _customers(crowd),
    )
    yield (
        "联系人",
        Contact,
        (
            *("id", "customer_id", "name", "title", "role", "phone", "email", "wechat", "likes"),
            *("birthday_kind", "birth_month", "birth_day", "birth_leap", "note", "ext", *stamps),
        ),
        _contacts(crowd),
    )
    yield (
        "跟进",
        Activity,
        (
            *("id", "kind", "customer_id", "author_id", "raw", "parser", "happened_at", "happened_grain"),
            *("happened_part", "place", "attachments", "ext", "created_at", "version"),
        ),
        _activities(crowd, first_activity),
    )
    yield "任务", Task, _task_columns(), _tasks(crowd)


def _members(crowd: Crowd) -> Iterator[tuple[Any, ...]]:
    for place in range(crowd.members):
        role = Role.DIRECTOR if place == 0 else Role.MANAGER if crowd.is_manager(place) else Role.SALES
        above = None
        if role is Role.MANAGER:
            above = crowd.member(0)
        elif role is Role.SALES:
            above = crowd.member(1 + (place - 1) // TEAM * TEAM)
        yield crowd.member(place), f"同事{place}", role, "", "", above, True, crowd.now, crowd.now, 1


def _customers(crowd: Crowd) -> Iterator[tuple[Any, ...]]:
    for n in range(crowd.customers):
        name = crowd.name(n)
        last = crowd.now - timedelta(days=n % 120, minutes=n % 1440)
        coming = crowd.now + timedelta(days=n % 30) if n % 3 == 0 else None
        yield (
            *(crowd.first_customer + n, f"C{n:07d}", name, norm(name), crowd.member(crowd.owner(n))),
            *(LEVELS[n % 4], "展会" if n % 5 == 0 else "", "制造", "华东", "", "", {}, last, coming),
            *(crowd.now, crowd.now, 1),
        )


def _contacts(crowd: Crowd) -> Iterator[tuple[Any, ...]]:
    base = new_id()
    for n in range(crowd.customers):
        born = ("solar", n % 12 + 1, n % 28 + 1) if n % 4 == 0 else ("", 0, 0)
        yield (
            *(base + n, crowd.first_customer + n, f"{SURNAMES[n % 20]}总", "总经理", "决策", f"139{n:08d}"),
            *("", "", "", *born, False, "", {}, crowd.now, crowd.now, 1),
        )


def _activities(crowd: Crowd, first: int) -> Iterator[tuple[Any, ...]]:
    for turn in range(FOLLOW_UPS):
        for n in range(crowd.customers):
            at = crowd.now - timedelta(days=(n + 40 * turn) % 360, minutes=n % 600)
            yield (
                *(first + turn * crowd.customers + n, "visit", crowd.first_customer + n),
                *(crowd.member(crowd.owner(n)), _said(crowd, turn, n), "1", at, "day", "", "", [], {}, at, 1),
            )


def _said(crowd: Crowd, turn: int, customer: int) -> str:
    """The words of a customer's follow-up number `turn`."""
    return f"今天拜访了{crowd.name(customer)[:-4]}，{TALKS[(customer + turn) % len(TALKS)]}"


def _task_columns() -> tuple[str, ...]:
    return (
        *(
            "id",
            "kind",
            "title",
            "assignee_id",
            "creator_id",
            "customer_id",
            "due_at",
            "due_grain",
            "deadline",
        ),
        *("remind_at", "repeat", "status", "snooze_count", "created_at", "updated_at", "version"),
    )


def _tasks(crowd: Crowd) -> Iterator[tuple[Any, ...]]:
    base = new_id() + crowd.customers * (FOLLOW_UPS + 1)
    owned = _first_owned(crowd)
    for n in range(crowd.members * TASKS):
        place, turn = n % crowd.members, n // crowd.members
        due = crowd.now + timedelta(days=turn % 7 - 2, minutes=n % 300)
        member = crowd.member(place)
        yield (
            *(base + n, "follow", "演示", member, member, owned.get(place), due, "minute", False),
            *(due, "", "open", 0, crowd.now, crowd.now, 1),
        )


def _first_owned(crowd: Crowd) -> dict[int, int]:
    """One customer of each member, by the member's place."""
    found: dict[int, int] = {}
    for n in range(min(crowd.customers, crowd.members * 2)):
        found.setdefault(crowd.owner(n), crowd.first_customer + n)
    return found


def _index(database: Database, crowd: Crowd) -> None:
    """The bigram index of the names, a few thousand at a time."""
    ids = iter(range(crowd.customers))
    while batch := list(islice(ids, 10_000)):
        with Session(database.writer) as session, session.begin():
            search.fill(session, [(crowd.first_customer + n, crowd.name(n)) for n in batch])


def _searchable(database: Database, crowd: Crowd, first: int) -> None:
    """The search index of the follow-ups, as the service fills it behind recording."""
    places = iter(range(FOLLOW_UPS * crowd.customers))
    while batch := list(islice(places, 10_000)):
        rows = [(first + n, activity_search.grams(_said(crowd, *divmod(n, crowd.customers)))) for n in batch]
        with Session(database.writer) as session, session.begin():
            activity_search.add(session, rows)


def settle(database: Database) -> None:
    """Do what a server does by itself in the hours after so much was written: figures about the tables."""
    verb = "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(verb))


def quietly(database: Database) -> None:
    """Let SQLite forget about power cuts while it is filled."""
    if database.is_sqlite:
        sa.event.listen(database.writer, "connect", _careless)


def _careless(connection: Any, _record: Any) -> None:  # noqa: ANN401 the driver's own objects
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.execute("PRAGMA cache_size=-400000")
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.close()
