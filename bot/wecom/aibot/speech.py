"""How the smart bot speaks: markdown and template cards as the bodies of its pushes.

Its cards have no response code: only the clicker's own copy can be changed, within five seconds of the
press. For everybody else's copy a card that is settled becomes a short notice that says how it ended,
because their buttons stay; a change that settles nothing is not worth a message and is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from bot.carrying import PLACE, packed
from bot.voice import Rendered
from bot.wecom.aibot import bodies
from bot.wecom.aibot.markdown import ending_of, literal
from bot.wecom.media_kind import media_kind, not_taken
from cards import limits
from cards.actions import pack
from cards.card import Action, Card
from cards.render import wecom
from cards.render.text import render_text
from cards.render.wecom_shape import holds_form
from crm.attached import KeptFile
from handlers.incoming import Incoming, Kind

_ANSWERED: Final = frozenset({Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.FILE, Kind.ENTER})
OTHERWISE: Final = "otherwise"
"""In a parcel: the push to make where the platform refuses the first one."""


@dataclass(frozen=True, slots=True, repr=False)
class AiBotVoice:
    """One smart bot. `secret` signs the buttons. A receiver is a member's id or a group's chatid."""

    secret: bytes
    incoming: Incoming | None = None

    def answering(self, incoming: Incoming) -> AiBotVoice:
        """The same voice for one turn: what it says to the sender is said where he wrote, under his own id.

        The ids are opaque, so their case must be kept, which the receivers of letters do not.
        """
        return replace(self, incoming=incoming)

    def text(self, receiver: str, text: str) -> bytes:
        """A markdown push in which the text stands as it is."""
        return orjson.dumps(bodies.to(self._where(receiver), bodies.markdown(literal(text))))

    def card(self, receiver: str, card: Card, task_id: str) -> Rendered:
        """A template card with the same in words, for where cards are refused; or a text."""
        rendered = wecom.render(card, task_id=task_id, sign=self._sign, body_limit=limits.BODY_AIBOT)
        if rendered.plain is not None:
            return Rendered(self.text(receiver, rendered.plain))
        template = bodies.to(
            self._where(receiver), {"msgtype": rendered.msgtype, rendered.msgtype: rendered.payload}
        )
        plain = bodies.to(self._where(receiver), bodies.markdown(literal(render_text(card))))
        shown = {name: value for name, value in rendered.payload.items() if name != "task_id"}
        return Rendered(orjson.dumps({**template, OTHERWISE: plain}), shown)

    def file(self, receiver: str, file: KeptFile) -> bytes:
        """A picture, voice, video or file. Raises CannotSend."""
        kind = media_kind(file)
        push = bodies.to(self._where(receiver), bodies.media(kind, PLACE))
        return packed(file, kind, orjson.dumps(push), self.text(receiver, not_taken(file)))

    def opens_chats(self) -> bool:
        """Only who has written to a smart bot can be written to (error 846607)."""
        return False

    def takes_form(self, card: Card) -> bool:
        """Whether a template card holds the form: choices, and not too many."""
        return holds_form(card)

    def shape(self, card: Card) -> Mapping[str, Any]:
        """The template card that takes the old one's place."""
        return wecom.render_update(card, sign=self._sign, body_limit=limits.BODY_AIBOT)

    def update(self, receiver: str, shown: Mapping[str, Any]) -> bytes:
        """A notice that says how the card's matter ended; nothing, which is not sent, while it is open."""
        ending = ending_of(shown)
        return orjson.dumps(bodies.to(self._where(receiver), bodies.markdown(ending))) if ending else b""

    def ride_back(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the clicker's own card becomes."""
        return {"template_card": dict(shown)}

    def ride_back_text(self, incoming: Incoming, text: str) -> str | None:
        """The text, where a reply is taken. A press is answered by its card alone."""
        return text if incoming.kind in _ANSWERED and literal(text) else None

    def updates_card(self, incoming: Incoming) -> bool:
        """Whether the clicker's card can be changed at once."""
        return incoming.kind is Kind.ACTION and bool(incoming.card_id)

    def _where(self, receiver: str) -> str:
        """The conversation that is being answered, where the receiver is who wrote in it."""
        here = self.incoming
        if here is None or here.sender.lower() != receiver.lower():
            return receiver
        return here.conversation if here.is_group else here.sender

    def _sign(self, action: Action) -> str:
        return pack(action, self.secret)
