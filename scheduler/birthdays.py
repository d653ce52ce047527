"""Birthdays: on the day, a card with a greeting for the customer's owner, once for each contact and year.

The deputy of an owner who is away gets it too; when he has left, his manager. Also at weekends and on
holidays: a greeting cannot wait for the next working day. How days that a year does not have are kept is
said in `nlu.anniversaries`.
"""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cards.birthdays import birthday_card
from config.business import Business
from crm import birthdays, once
from crm.deputies import reached
from nlu.anniversaries import LUNAR, Born, candidates, upcoming
from scheduler.claims import claimed
from scheduler.outgoing import Outgoing
from store.tables import Contact, Customer, Member

UNTIL = time(21)


def birthday_cards(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """The birthday cards that are due at `now` (aware UTC): from `business.morning` until 21:00, local."""
    local = now.astimezone(ZoneInfo(business.zone)).replace(tzinfo=None)
    if not business.morning <= local.time() < UNTIL:
        return []
    today = local.date()
    due: dict[str, tuple[Contact, Customer, int]] = {}
    for contact, customer in birthdays.born_on(session, candidates(today, 1)):
        born = Born(contact.birthday_kind, contact.birth_month, contact.birth_day, contact.birth_leap)
        coming = upcoming(born, today)
        if coming is not None and coming.day == today:
            due[f"birthday:{contact.id}:{coming.year}"] = (contact, customer, coming.year)
    served = claimed(session, list(due)) if due else set()
    cards = []
    for name, (contact, customer, year) in due.items():
        owner = session.get(Member, customer.owner_id)
        if name in served or owner is None or not once.first(session, name, now):
            continue
        whose = birthdays.celebrant(session, contact, customer)
        lunar = contact.birthday_kind == LUNAR
        card = birthday_card(whose, year, lunar=lunar)
        for person in reached(session, [owner], now)[owner.id]:
            key = name if person == owner.id else f"{name}:{person}"
            cards.append(Outgoing(key, person, card))
    return cards
