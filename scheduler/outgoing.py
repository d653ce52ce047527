"""What a tick wants sent: a card for a member, under a key that makes it one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cards.card import Card
from config.business import Business
from crm.context import Actor, Context
from store.tables import Member, Role


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A card for a member. The same `key` is never sent twice, however often a tick gives it.

    `late` where its hour is over already: several such may come as one.
    """

    key: str
    member_id: int
    card: Card
    late: bool = False


Job = Callable[[Session, datetime, Business], list[Outgoing]]
"""What a tick does: looks for what is due at `now` (aware UTC), claims it in the session, never commits."""


def on_behalf(session: Session, member: Member, now: datetime, business: Business) -> Context:
    """The context in which the clock looks things up for a member: with that member's rights."""
    actor = Actor(member.id, member.name, Role(member.role), member.department, member.superior_id)
    return Context(session, actor, now, business=business)
