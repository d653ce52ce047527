"""The morning card: once a day for each member, on days that are worked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from cards.card import Card
from cards.mornings import morning_card
from config.business import Business
from crm import birthdays, once
from crm.deputies import deputies
from crm.mornings import DayBirthday, gather
from nlu.anniversaries import LUNAR, Born, candidates, upcoming
from nlu.calendar import WorkCalendar, packaged
from scheduler.claims import claimed
from scheduler.outgoing import Outgoing, on_behalf
from store.tables import Member

UNTIL = time(12)
AT_ONCE = 50  # members for each run of the tick, so that a big organisation is served in turns


def morning_cards(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """The morning cards that are due at `now` (aware UTC): from `business.morning` until noon, local."""
    local = now.astimezone(ZoneInfo(business.zone)).replace(tzinfo=None)
    if not business.morning <= local.time() < UNTIL or not _wanted(local.date(), business, packaged()):
        return []
    waiting = _not_served(session, local.date())
    if not waiting:
        return []
    since = packaged().workday_after(local.date(), -1)
    ahead = _birthdays(session, local.date(), business.birthday_ahead)
    cards = []
    acting = deputies(session, [member.id for member in waiting], now)
    for member in waiting:
        name = f"morning:{local.date()}:{member.id}"
        if once.first(session, name, now):
            ctx = on_behalf(session, member, now, business)
            card = morning_card(gather(ctx, since, tuple(ahead.get(member.id, ()))))
            cards.append(Outgoing(name, member.id, card))
            if member.id in acting:
                cards.append(Outgoing(f"{name}:deputy", acting[member.id], _for_deputy(card, member)))
    return cards


def _for_deputy(card: Card, member: Member) -> Card:
    """The day of somebody away, for who acts for him: without the buttons that show one's own day."""
    buttons = tuple(one for one in card.buttons if one.action and one.action.name != "morning.today")
    return replace(card, title=f"{member.name}今天的安排，由你代理", buttons=buttons)


def _wanted(day: date, business: Business, calendar: WorkCalendar) -> bool:
    return not business.workdays_only or calendar.is_workday(day)


def _not_served(session: Session, day: date) -> Sequence[Member]:
    members = list(
        session.execute(select(Member).where(col(Member.active).is_(True)).order_by(col(Member.id))).scalars()
    )
    served = claimed(session, [f"morning:{day}:{member.id}" for member in members])
    return [member for member in members if f"morning:{day}:{member.id}" not in served][:AT_ONCE]


def _birthdays(session: Session, today: date, ahead: int) -> dict[int, list[DayBirthday]]:
    """By owner: the birthdays of today and of the next `ahead` days, the nearest first."""
    found: dict[int, list[DayBirthday]] = defaultdict(list)
    for contact, customer in birthdays.born_on(session, candidates(today, ahead + 1)):
        born = Born(contact.birthday_kind, contact.birth_month, contact.birth_day, contact.birth_leap)
        coming = upcoming(born, today)
        if coming is None or coming.day > today + timedelta(days=ahead):
            continue
        whose = birthdays.celebrant(session, contact, customer)
        days = (coming.day - today).days
        lunar = contact.birthday_kind == LUNAR
        found[whose.owner_id].append(DayBirthday(whose.who, whose.customer, coming.day, days, lunar))
    for several in found.values():
        several.sort(key=lambda one: one.days)
    return found
