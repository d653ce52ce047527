"""What was written under one member's rights, shown to another: phone numbers are masked for him.

Cards about a record are renewed for everybody who has one, and notices repeat what was said; neither knows
who will read it. Where no number is in it, which is nearly always, this costs no statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from cards.card import Card
from crm.context import Actor, Context
from crm.rights import FieldAccess, access, without_phones
from store.tables import Customer, Member, Role

PLAIN = frozenset({FieldAccess.READ, FieldAccess.WRITE})


def words_for(session: Session, member_id: int, text: str, now: datetime) -> str:
    """A text as the member may read it."""
    masked = without_phones(text)
    return text if masked == text or _reads_phones(session, member_id, now) else masked


def card_for(session: Session, member_id: int, card: Card, now: datetime) -> Card:
    """A card as the member may see it."""
    if all(without_phones(one) == one for one in _texts(card)):
        return card
    if _reads_phones(session, member_id, now, _owner(session, card)):
        return card
    return replace(
        card,
        title=without_phones(card.title),
        subtitle=without_phones(card.subtitle),
        body=without_phones(card.body),
        quote=without_phones(card.quote),
        note=without_phones(card.note),
        facts=tuple(replace(fact, value=without_phones(fact.value)) for fact in card.facts),
    )


def _texts(card: Card) -> Iterator[str]:
    yield from (card.title, card.subtitle, card.body, card.quote, card.note)
    yield from (fact.value for fact in card.facts)


def _owner(session: Session, card: Card) -> int | None:
    """Who looks after the customer that a card is about; None where it is about something else."""
    if card.about is None or card.about[0] != "customer" or not card.about[1].isdecimal():
        return None
    customer = session.get(Customer, int(card.about[1]))
    return customer.owner_id if customer is not None else None


def _reads_phones(session: Session, member_id: int, now: datetime, owner_id: int | None = None) -> bool:
    member = session.get(Member, member_id)
    if member is None:
        return False
    actor = Actor(member.id, member.name, Role(member.role), member.department, member.superior_id)
    return access(Context(session, actor, now), "contact", "phone", owner_id) in PLAIN
