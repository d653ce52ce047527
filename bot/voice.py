"""How one app of one platform speaks: what dispatch needs of it, and nothing of its network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cards.card import Card
from crm.attached import KeptFile
from handlers.incoming import Incoming


@dataclass(frozen=True, slots=True)
class Rendered:
    """A card as bytes to send. `shown` is what the person sees; None where it became a text."""

    body: bytes
    shown: Mapping[str, Any] | None = None


class CannotSend(Exception):
    """A file that the platform's bots cannot send; `words` say so to who asked for it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Voice(Protocol):
    """Turns texts and cards into the platform's bytes. Pure."""

    def answering(self, incoming: Incoming) -> Voice:
        """The voice for one turn: what it says to the sender is said where he wrote."""
        ...

    def text(self, receiver: str, text: str) -> bytes:
        """A text message."""
        ...

    def card(self, receiver: str, card: Card, task_id: str) -> Rendered:
        """A card, or the text that it became."""
        ...

    def file(self, receiver: str, file: KeptFile) -> bytes:
        """A kept file, as `bot.carrying` packs it. Raises CannotSend."""
        ...

    def opens_chats(self) -> bool:
        """Whether it may write to a member who has never written to it."""
        ...

    def takes_form(self, card: Card) -> bool:
        """Whether the card's form can be filled in where the card is shown; else it is asked in the chat."""
        ...

    def shape(self, card: Card) -> Mapping[str, Any]:
        """What a card that was sent before becomes."""
        ...

    def update(self, receiver: str, shown: Mapping[str, Any]) -> bytes:
        """The call that changes the card a receiver has to `shown`."""
        ...

    def ride_back(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same for the clicker, in the response to the click."""
        ...

    def ride_back_text(self, incoming: Incoming, text: str) -> str | None:
        """The text as it is said in the response to this delivery; None where it must be sent instead."""
        ...

    def updates_card(self, incoming: Incoming) -> bool:
        """Whether the clicker's card can be changed in the response to this delivery."""
        ...


Voices = Mapping[tuple[str, str], Voice]
"""By platform and app."""
