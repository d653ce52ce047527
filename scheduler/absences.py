"""Absences end by themselves, and both hear of it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from cards.away import back_words
from cards.card import Card
from config.business import Business
from crm import away
from crm.context import SYSTEM, Context
from scheduler.outgoing import Outgoing


def ended_absences(session: Session, now: datetime, business: Business) -> list[Outgoing]:
    """Those whose time is over at `now` (aware UTC): for who is back, and for who acted for him."""
    ctx = Context(session, SYSTEM, now, None, business)
    found = []
    for one in away.over(ctx):
        for person, deputy in ((one.member_id, False), (one.deputy_id, True)):
            key = f"away:{one.id}:{person}"
            found.append(Outgoing(key, person, Card(back_words(one, deputy=deputy))))
    return found
