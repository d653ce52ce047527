"""Forms on cards that nobody asked for (a reminder, a proposal): where the platform shows no form, its
questions are asked in the receiver's own chat, and what is typed there is understood.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.letters import Address
from bot.voice import Voice
from cards.card import Card
from cards.help import ELSEWHERE
from crm import preferences
from handlers import forms, offered
from handlers.turn import Memory
from store import conversations
from store.ids import new_id


def ask(session: Session, voice: Voice, to: Address, card: Card, now: datetime) -> Card:
    """The card as it is to be shown to this receiver: itself, or its form's first question.

    A question that the receiver has not answered yet goes on waiting; then the card stays as it is. The
    first card of all tells who is known on several platforms that he may choose one.
    """
    if not card.done and preferences.first_told(session, to.member_id, now):
        card = replace(card, note="；".join(one for one in (card.note, ELSEWHERE) if one))
    if not card.form or card.done or voice.takes_form(card):
        return card
    key = (to.platform, to.app, to.receiver)
    memory = Memory.from_json(conversations.memory_of(session, key), now)
    if memory.pending is not None and memory.pending.name not in offered.GIVES_WAY:
        return card
    if card.submit:
        shown = forms.begin(memory, card, new_id(), now, member=to.member_id)
    else:
        shown = offered.offer(memory, card, now, member=to.member_id)
    conversations.keep(session, key, memory.to_json(), now, member_id=to.member_id, is_group=False)
    return shown
