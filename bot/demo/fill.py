"""Fills an empty database with the demo company, through the services, as if it had all been told in chat.

Everything stands relative to `now`: visits of the last two months, tasks of this week, birthdays of these
days. Apart from that two fills are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.demo.plan import DemoContact, DemoCustomer, DemoQuote, DemoStory, DemoTask, Plan, plan
from cards.words import money
from config.business import Business
from crm import contacts, customers, quotes, tasks, visits
from crm.context import Actor, Context
from crm.courtesy import address
from crm.journal import created
from crm.moments import Grain, Moment
from nlu.lunar import to_lunar
from store.tables import Customer, Identity, Member, Task

PLATFORM, APP = "wecom", "main"
KNOWN_FOR = 90  # days for which the company has used the CRM
MOST_BACK = 58  # days: the oldest visit
RECENT = 5  # of so many customers, one was spoken to yesterday and one the day before


@dataclass(slots=True)
class _World:
    """What is made while filling: people by userid, customers by their first alias."""

    session: Session
    now: datetime
    business: Business
    actors: dict[str, Actor] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)

    def context(self, userid: str, now: datetime) -> Context:
        """The context of a colleague at some time, aware UTC."""
        return Context(self.session, self.actors[userid], now, business=self.business)

    def local(self, days: int, at: time) -> datetime:
        """A local time some days from today, naive."""
        today = Context(
            self.session, next(iter(self.actors.values())), self.now, business=self.business
        ).local
        return datetime.combine(today.date() + timedelta(days=days), at)

    def then(self, userid: str, days: int, at: time) -> Context:
        """The context of a colleague at a local time some days from today."""
        here = self.context(userid, self.now)
        return self.context(userid, min(here.at(self.local(days, at)), self.now))


def fill(session: Session, now: datetime, business: Business) -> bool:
    """Fill an empty database; False, and nothing done, where there are members already. Does not commit.

    `now` is aware UTC.
    """
    if session.execute(select(col(Member.id)).limit(1)).first() is not None:
        return False
    company = plan()
    world = _World(session, now, business)
    _people(world, company)
    for place, one in enumerate(company.customers):
        _customer(world, one, place)
    for place, one in enumerate(company.customers):
        _history(world, company, one, place)
    for task in company.tasks:
        _task(world, task)
    for quote in sorted(company.quotes, key=lambda q: -q.days_ago):
        _quote(world, company, quote)
    _told_already(session, now)
    session.flush()
    return True


def also_known(session: Session, where: tuple[str, str], ids: Mapping[str, str], now: datetime) -> None:
    """Let the colleagues be known in another app (platform and name) too: `ids` there by their userids here.

    Who is known there already is left as he is. Does not commit.
    """
    platform, app = where
    there = select(col(Identity.member_id)).where(
        col(Identity.platform) == platform, col(Identity.app) == app
    )
    here = select(Identity).where(
        col(Identity.platform) == PLATFORM, col(Identity.app) == APP, col(Identity.member_id).not_in(there)
    )
    for one in session.execute(here.order_by(col(Identity.id))).scalars().all():
        if (address := ids.get(one.external_id)) is not None:
            session.add(
                Identity(
                    platform=platform,
                    app=app,
                    external_id=address.lower(),
                    address=address,
                    member_id=one.member_id,
                    created_at=now,
                )
            )
    session.flush()


def _people(world: _World, company: Plan) -> None:
    joined = world.now - timedelta(days=KNOWN_FOR)
    ids: dict[str, int] = {}
    for one in company.people:
        member = Member(
            name=one.name,
            role=one.role,
            department=one.department,
            position=one.position,
            superior_id=ids.get(one.superior),
            created_at=joined,
            updated_at=joined,
        )
        actor = Actor(member.id, one.name, one.role, one.department, member.superior_id)
        ids[one.userid], world.actors[one.userid] = member.id, actor
        ctx = world.context(one.userid, joined)
        created(ctx, member)
        identity = Identity(
            platform=PLATFORM, app=APP, external_id=one.userid, member_id=member.id, created_at=joined
        )
        created(ctx, identity)


def _customer(world: _World, one: DemoCustomer, place: int) -> None:
    ctx = world.then(one.owner, place % 20 - KNOWN_FOR, time(9 + place % 8))
    new = customers.NewCustomer(one.name, one.aliases, one.level, one.source, one.industry, one.region)
    customer = customers.add(ctx, new)
    world.customers[one.aliases[0]] = customer
    for nth, contact in enumerate(one.contacts):
        phone = f"1380000{place:02d}{nth:02d}"
        row = contacts.find_or_add(ctx, customer, contact.name, contact.title, phone)
        birthday = _birthday(world, contact)
        if birthday is not None:
            contacts.update(ctx, row, birthday=birthday)


def _birthday(world: _World, contact: DemoContact) -> contacts.Birthday | None:
    """A birthday so many days from today, as the contact's own calendar calls that day."""
    day = world.local(contact.days, time()).date()
    if contact.calendar == "lunar" and (lunar := to_lunar(day)):
        return contacts.Birthday("lunar", lunar.month, lunar.day, leap=lunar.leap)
    return contacts.Birthday("solar", day.month, day.day) if contact.calendar else None


def _history(world: _World, company: Plan, one: DemoCustomer, place: int) -> None:
    """Two or three contacts with a customer, none of them at a weekend, every seventh customer long ago."""
    for nth in range(2 + place % 2):
        back = MOST_BACK - (place * 7 + nth * 19) % MOST_BACK if place % 7 else MOST_BACK - nth * 5
        at = time(9 + (place + nth * 3) % 8, (place * 5 + nth * 20) % 60)
        story = company.stories[(place * 3 + nth) % len(company.stories)]
        _tell(world, one, story, _weekday(world, back), at)
    if place % RECENT < 2:
        story = company.stories[place % len(company.stories)]
        _tell(world, one, story, _weekday(world, 1 + place % RECENT), time(14 + place % 3, 30))


def _weekday(world: _World, back: int) -> int:
    """So many days back from today, or the Friday before."""
    return -back - max(0, world.local(-back, time()).weekday() - 4)


def _tell(world: _World, one: DemoCustomer, story: DemoStory, days: int, at: time) -> None:
    ctx = world.then(one.owner, days, time(18, at.minute))
    who = one.contacts[0]
    said = address(who.name, who.title)
    draft = visits.Draft(
        visits.ActivityKind(story.kind),
        raw=story.text.format(customer=one.aliases[0], contact=said, amount=money(story.amount)),
        customer_id=world.customers[one.aliases[0]].id,
        contact=who.name,
        contact_title=who.title,
        when=Moment(world.local(days, at), Grain.MINUTE),
        amount=(story.amount, story.amount) if story.amount else None,
    )
    visits.record(ctx, draft)


def _task(world: _World, one: DemoTask) -> None:
    ctx = world.then(one.owner, min(one.days, 0) - 2, time(17, 30))
    customer = world.customers.get(one.customer)
    when = Moment(world.local(one.days, one.at or time()), Grain.MINUTE if one.at else Grain.DAY)
    tasks.create(
        ctx, tasks.NewTask(one.title, when, customer_id=customer.id if customer is not None else None)
    )


def _quote(world: _World, company: Plan, one: DemoQuote) -> None:
    ctx = world.then(one.owner, -one.days_ago, time(10, 15))
    made = quotes.draft(ctx, quotes.QuoteDraft(world.customers[one.customer].id, one.amount, one.discount))
    if one.draft:
        return
    sent = quotes.submit(ctx, made.id)
    superior = next(p.superior for p in company.people if p.userid == one.owner)
    if one.verdict is not None:
        later = world.then(superior, -one.days_ago, time(14, 40))
        quotes.decide(later, sent.id, one.verdict, one.comment)


def _told_already(session: Session, now: datetime) -> None:
    """Reminders of the past were given in the past: filling in must not set off all of them at once."""
    session.execute(
        update(Task)
        .where(col(Task.remind_at) <= now)
        .values(reminded_at=col(Task.remind_at))
        .execution_options(synchronize_session=False)
    )
