"""Talking to the handlers without a platform: sentences and pressed buttons in, replies out."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from sqlmodel import Session

from cards.card import Card
from crm.errors import Refusal
from handlers.incoming import Incoming, Kind
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Memory, Press, Turn
from nlu.names.lexicon import Lexicon, Name
from nlu.reading import Reading
from nlu.understand import Context as Background
from nlu.understand import understand
from tests.crm.team import Team


@dataclass(slots=True)
class Desk:
    """A team, the features it talks to, and what is remembered of each conversation."""

    team: Team
    router: Router
    names: list[Name] = field(default_factory=list)
    memories: dict[str, Memory] = field(default_factory=dict)
    messages: int = 0

    def customer(self, who: str, name: str, *aliases: str) -> int:
        """A new customer that is also known by name in messages."""
        row = self.team.customer(who, name, *aliases)
        self.names.append(Name(str(row.id), name, aliases, str(row.owner_id)))
        return row.id

    def moved(self, session: Session) -> Self:
        """The same desk in another session of the same data."""
        team, memories = self.team.moved(session), deepcopy(self.memories)
        return replace(self, team=team, names=list(self.names), memories=memories)

    def say(self, who: str, text: str) -> Reply:
        """What the bot answers; a refusal is its text."""
        turn = self._turn(who, text)
        pending = turn.memory.pending
        asked = self.router.answers.get(pending.name) if pending else None
        try:
            with self.team.session.begin_nested():
                if asked is not None and (reply := asked.run(turn, pending)) is not None:
                    return reply
                route = self.router.intents.get(turn.understand(text).intent)
                return (route.run(turn, turn.understand(text)) if route else None) or Reply()
        except Refusal as refusal:
            return Reply(refusal.message)

    def press(self, who: str, card: Card, text: str) -> Reply:
        """What happens when somebody presses a button of a card."""
        action = next(b.action for b in card.buttons if b.text == text)
        assert action is not None
        try:
            with self.team.session.begin_nested():
                return self.router.actions[action.name].run(self._turn(who, ""), Press(action)) or Reply()
        except Refusal as refusal:
            return Reply(refusal.message)

    def _turn(self, who: str, text: str) -> Turn:
        self.messages += 1
        ctx = self.team.as_(who, inbox_id=self.messages)
        kind = Kind.TEXT if text else Kind.ACTION
        incoming = Incoming("wecom", "main", who, who, kind, f"{who}:{text}", ctx.now, text)
        memory = self.memories.setdefault(who, Memory())
        background = Background(sender_key=str(ctx.actor.id))
        lexicon = Lexicon.of(self.names)

        def read(text: str, at: datetime | None = None) -> Reading:
            return understand(text, at or ctx.local, lexicon, background)

        return Turn(ctx, incoming, memory, read)
