"""A small team for tests: a director, two managers, salespeople, finance, and what they act with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Self

from sqlmodel import Session

from config.business import Business
from crm import customers
from crm.context import Actor, Context
from store.tables import Customer, Member, Role

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)  # Thursday 10:30 in Shanghai

PEOPLE = (
    ("chen", "陈建国", Role.DIRECTOR, ""),
    ("li", "李娜", Role.MANAGER, "chen"),
    ("zhang", "张伟", Role.SALES, "li"),
    ("zhao", "赵磊", Role.MANAGER, "chen"),
    ("wu", "吴婷", Role.SALES, "zhao"),
    ("zheng", "郑晓燕", Role.FINANCE, "chen"),
)


@dataclass(slots=True)
class Team:
    """The members by a short name; `as_` gives the context of one of them."""

    session: Session
    now: datetime = NOW
    business: Business = field(default_factory=Business)
    members: dict[str, Member] = field(default_factory=dict)

    def as_(self, who: str, now: datetime | None = None, inbox_id: int | None = None) -> Context:
        """The context of a member."""
        one = self.members[who]
        actor = Actor(one.id, one.name, Role(one.role), one.department, one.superior_id)
        return Context(self.session, actor, now or self.now, inbox_id, self.business)

    def customer(self, who: str, name: str, *aliases: str) -> Customer:
        """A new customer of a member."""
        return customers.add(self.as_(who), customers.NewCustomer(name, aliases))

    def moved(self, session: Session) -> Self:
        """The same team in another session of the same data."""
        members = {key: session.merge(row, load=False) for key, row in self.members.items()}
        return replace(self, session=session, members=members)


def make_team(session: Session) -> Team:
    """The team in a session, committed by whoever wants to."""
    team = Team(session)
    for key, name, role, superior in PEOPLE:
        above = team.members[superior].id if superior else None
        row = Member(name=name, role=role, superior_id=above, created_at=NOW, updated_at=NOW)
        session.add(row)
        session.flush()
        team.members[key] = row
    return team
