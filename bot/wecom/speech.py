"""How a self-built app speaks: cards and texts as the bodies of WeCom's API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from bot.carrying import PLACE, packed
from bot.voice import Rendered
from bot.wecom.limits import PASSIVE_TEXT_BYTES
from bot.wecom.media_kind import media_kind, not_taken
from bot.wecom.passive import may_reply_text, may_update_card
from cards.actions import pack
from cards.card import Card
from cards.render import wecom
from cards.render.text import wecom_text_payload
from cards.render.wecom_shape import holds_form
from crm.attached import KeptFile
from handlers.incoming import Incoming


class WeComVoice:
    """One self-built app. `secret` signs the buttons."""

    def __init__(self, agent_id: int, secret: bytes) -> None:
        self._agent_id = agent_id
        self._secret = secret

    def answering(self, incoming: Incoming) -> WeComVoice:
        """The same: an app talks to each member in one place."""
        return self

    def text(self, receiver: str, text: str) -> bytes:
        """A text message, cut at what WeCom takes."""
        rendered = wecom.Rendered(wecom_text_payload(text), plain=text, msgtype="text")
        return wecom.message(receiver, self._agent_id, rendered)

    def card(self, receiver: str, card: Card, task_id: str) -> Rendered:
        """A template card, or a text where there is nothing to press."""
        rendered = wecom.render(card, task_id=task_id, sign=lambda action: pack(action, self._secret))
        body = wecom.message(receiver, self._agent_id, rendered)
        if rendered.plain is not None:
            return Rendered(body)
        return Rendered(body, {k: v for k, v in rendered.payload.items() if k != "task_id"})

    def file(self, receiver: str, file: KeptFile) -> bytes:
        """A picture, voice, video or file. Raises CannotSend."""
        kind = media_kind(file)
        rendered = wecom.Rendered({"media_id": PLACE}, msgtype=kind)
        body = wecom.message(receiver, self._agent_id, rendered)
        return packed(file, kind, body, self.text(receiver, not_taken(file)))

    def opens_chats(self) -> bool:
        """Anybody in sight of the app can be written to."""
        return True

    def takes_form(self, card: Card) -> bool:
        """Whether a template card holds the form: choices, and not too many."""
        return holds_form(card)

    def shape(self, card: Card) -> Mapping[str, Any]:
        """The template card that takes the old one's place."""
        return wecom.render_update(card, sign=lambda action: pack(action, self._secret))

    def update(self, receiver: str, shown: Mapping[str, Any]) -> bytes:
        """The body of update_template_card; its response code is put in when it is sent."""
        return orjson.dumps(wecom.update([receiver], self._agent_id, dict(shown)))

    def ride_back(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """The passive reply that changes the clicker's own card."""
        return {"template_card": dict(shown)}

    def ride_back_text(self, incoming: Incoming, text: str) -> str | None:
        """The passive text, where one is shown for this and holds it all."""
        if not text or not may_reply_text(incoming) or len(text.encode()) > PASSIVE_TEXT_BYTES:
            return None
        return str(wecom_text_payload(text)["content"])

    def updates_card(self, incoming: Incoming) -> bool:
        """Whether the clicker's card can be changed at once."""
        return may_update_card(incoming)
