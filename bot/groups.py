"""What may be said in a group: who else reads there is unknown, so that customers are spoken of aside.

What concerns the group's own customer, and nothing else, is said in the group; small talk and help as well.
All other answers go to who asked, in his own chat with the bot, and the group is told only that.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from bot.letters import Address
from bot.plan import Plan
from handlers.incoming import Incoming
from handlers.reply import Reply
from store.tables import Activity, Asset, Contact, GroupTopic, Inbox, Quote, Table, Task

OPEN = frozenset({"help", "binding", "quota", "topics"})
"""Features whose words are about no customer, or about the group's own."""
OF_CUSTOMER: dict[str, type[Table]] = {
    "activity": Activity,
    "task": Task,
    "quote": Quote,
    "contact": Contact,
    "asset": Asset,
}


def is_aside(session: Session, plan: Plan, reply: Reply) -> bool:
    """Whether the answer is for the one who asked and not for the group in which he did."""
    incoming = plan.incoming
    if not incoming.is_group or plan.actor is None or not (reply.text or reply.cards):
        return False
    if not reply.cards and plan.answered.partition(".")[0] in OPEN:
        return False
    return bool(reply.text) or not _of_topic(session, incoming, reply)


def has_written(session: Session, member: Address) -> bool:
    """Whether somebody has ever written to the app in a chat of his own."""
    query = select(col(Inbox.id)).where(
        col(Inbox.platform) == member.platform,
        col(Inbox.app) == member.app,
        col(Inbox.conversation) == member.receiver,
    )
    return session.execute(query.limit(1)).first() is not None


def told_aside(name: str, alone: Address | None) -> str:
    """What the group is told instead."""
    if alone is None:
        return f"{name}，群里不显示客户资料。请先私聊我一句，再问一遍。"
    return f"{name}，已私信你，群里不显示客户资料。"


def _of_topic(session: Session, incoming: Incoming, reply: Reply) -> bool:
    """Whether all cards are about the customer to whom the group belongs."""
    query = select(col(GroupTopic.customer_id)).where(
        col(GroupTopic.platform) == incoming.platform,
        col(GroupTopic.app) == incoming.app,
        col(GroupTopic.conversation) == incoming.conversation,
        col(GroupTopic.ended_at).is_(None),
    )
    topic = session.execute(query.limit(1)).scalar()
    return topic is not None and all(_customer(session, card.about) == topic for card in reply.cards)


def _customer(session: Session, about: tuple[str, str] | None) -> int | None:
    """The customer of the record that a card is about."""
    name, key = about or ("", "")
    if not key.isdecimal():
        return None
    if name == "customer":
        return int(key)
    model = OF_CUSTOMER.get(name)
    row = session.get(model, int(key)) if model is not None else None
    found: int | None = getattr(row, "customer_id", None)
    return found
