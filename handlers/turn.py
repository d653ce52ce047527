"""One turn of a conversation: what a handler is given, and what the bot keeps in mind until the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from cards.card import Action
from crm.context import Actor, Context
from handlers.incoming import Incoming
from nlu.reading import Reading

PATIENCE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Pending:
    """A question that the bot asked: the name of the answer handler, and what it needs to go on."""

    name: str
    data: dict[str, Any]
    expires: datetime


@dataclass(slots=True)
class Memory:
    """What is kept of a conversation between two messages.

    `customer_id` is the customer last spoken of, `record` the inbox id of the last message that changed
    something (what 撤销 means), `pending` the open question, `activity_id` the activity last recorded.
    """

    customer_id: int | None = None
    record: int | None = None
    activity_id: int | None = None
    pending: Pending | None = None

    def ask(self, name: str, data: Mapping[str, Any], now: datetime) -> None:
        """Remember that the next message may be the answer to a question."""
        self.pending = Pending(name, dict(data), now + PATIENCE)

    def to_json(self) -> dict[str, Any]:
        """For the conversation's row."""
        kept: dict[str, Any] = {
            "customer_id": self.customer_id,
            "record": self.record,
            "activity_id": self.activity_id,
        }
        if self.pending is not None:
            p = self.pending
            kept["pending"] = {"name": p.name, "data": p.data, "expires": p.expires.isoformat()}
        return {k: v for k, v in kept.items() if v is not None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any], now: datetime) -> Memory:
        """From the conversation's row; a question that has waited too long is forgotten."""
        memory = cls(kept.get("customer_id"), kept.get("record"), kept.get("activity_id"))
        asked = kept.get("pending")
        if asked:
            expires = datetime.fromisoformat(asked["expires"])
            if expires > now:
                memory.pending = Pending(asked["name"], asked["data"], expires)
        return memory


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button: its action, and the choices of the card's form (field key to option ids)."""

    action: Action
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A message of a fixed form: its words, and what was filled in where ("" for nothing)."""

    text: str
    given: Mapping[str, str] = field(default_factory=dict)


class Understands(Protocol):
    """Reads a text as if the sender had written it now, or at the local time `at`."""

    def __call__(self, text: str, at: datetime | None = None) -> Reading:
        """What the text means."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What a handler works with. `understand` reads another text as if the sender had written it."""

    ctx: Context
    incoming: Incoming
    memory: Memory
    understand: Understands

    @property
    def actor(self) -> Actor:
        """Who speaks."""
        return self.ctx.actor

    @property
    def now(self) -> datetime:
        """Aware UTC."""
        return self.ctx.now
