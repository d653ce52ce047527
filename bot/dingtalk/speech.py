"""How an app of DingTalk speaks: texts and cards as envelopes for the outbox. Pure.

An answer goes to the sessionWebhook of the message while that lives, which costs no API call, and it
carries the API's call for afterwards. Cards need the API; so a card on which everything can be said or
opened is written as markdown where it answers a message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.carrying import PLACE, packed
from bot.dingtalk import bodies
from bot.dingtalk.bodies import Json
from bot.dingtalk.envelope import Envelope, Via
from bot.dingtalk.events import OUTSIDE
from bot.voice import CannotSend, Rendered
from cards import limits_dingtalk as limits
from cards.actions import pack
from cards.card import Action, Card
from cards.fit import byte_length, clean_line
from cards.render.dingtalk import render
from cards.render.dingtalk_form import holds_form
from cards.render.dingtalk_markdown import Markdown, can_be_said, render_markdown
from cards.render.dingtalk_text import listed
from crm.attached import KeptFile
from handlers.incoming import Incoming, Kind

_SPOKEN_TO: Final = frozenset({Kind.TEXT, Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.FILE})


@dataclass(frozen=True, slots=True, repr=False)
class DingTalkVoice:
    """One app. `secret` signs the buttons; without `template_id` there are no cards that call back.

    Clicks come over Stream, or where `route_key` is set to the address that was registered under it
    [register-card-callback-address]. `in_response` where a message's callback takes an answer: over HTTP,
    not over Stream.
    """

    robot_code: str
    secret: bytes
    template_id: str = ""
    route_key: str = ""
    in_response: bool = False
    incoming: Incoming | None = None

    def answering(self, incoming: Incoming) -> DingTalkVoice:
        """The same voice for one turn: what it says to the sender answers his message, where he wrote it."""
        return replace(self, incoming=incoming)

    def text(self, receiver: str, text: str) -> bytes:
        """A text message, cut at what DingTalk takes; with a list in it, markdown. In a group it is a text,
        which alone can mention who asked.
        """
        here = self._here(receiver)
        shown = None if here and here.is_group else listed(text)
        if shown is not None:
            spoken_list = bodies.webhook_markdown(shown)
            return self._envelope(receiver, spoken_list, bodies.robot_markdown(shown)).dump()
        mention = here.sender if here and here.is_group and not receiver.startswith(OUTSIDE) else ""
        spoken = bodies.webhook_text(text, mention)
        return self._envelope(receiver, spoken, bodies.robot_text(text)).dump()

    def card(self, receiver: str, card: Card, task_id: str) -> Rendered:
        """A card that calls back, or a message in markdown. `task_id` becomes the card's outTrackId.

        A card carries the message too, for when cards are not permitted or the template is gone.
        """
        if not re.fullmatch(limits.OUT_TRACK_ID, task_id):
            raise ValueError(f"not an outTrackId: {task_id!r}")
        written = self._markdown(receiver, card)
        if not self._needs_callback(receiver, card):
            return Rendered(written.dump())
        values = self.shape(card)
        made = bodies.card(self.template_id, task_id, values, self._callback())
        placed = self._placed(receiver, made, values["lastMessage"])
        lasting = written.instead if written.via is Via.WEBHOOK else written
        return Rendered(Envelope(Via.CARD, placed, instead=lasting).dump(), values)

    def file(self, receiver: str, file: KeptFile) -> bytes:
        """A picture, or a document of the kinds that robots may send. Raises CannotSend.

        A sessionWebhook takes no files: it is always a call of the API.
        """
        kind, message = bodies.robot_file(file.kind, file.name, PLACE) or ("", None)
        here = self._here(receiver)
        if message is None or (receiver.startswith(OUTSIDE) and not (here and here.is_group)):
            raise CannotSend(_no_file(file.name))
        otherwise = self._lasting(receiver, bodies.robot_text(_no_file(file.name)))
        return packed(file, kind, self._lasting(receiver, message).dump(), otherwise.dump())

    def opens_chats(self) -> bool:
        """Anybody in sight of the app can be written to."""
        return True

    def takes_form(self, card: Card) -> bool:
        """Whether the template is there and holds the form; outsiders get no cards."""
        outside = self.incoming is not None and self.incoming.sender.startswith(OUTSIDE)
        return bool(self.template_id) and not outside and holds_form(card)

    def shape(self, card: Card) -> Mapping[str, Any]:
        """The variables of a card that was sent before; empty where there is no template to fill."""
        if not self.template_id:
            return {}
        return render(card, sign=self._sign).values

    def update(self, receiver: str, shown: Mapping[str, Any]) -> bytes:
        """The change of a card for all who have it; its outTrackId is put in when it is sent."""
        return Envelope(Via.CARD_UPDATE, bodies.changed(shown)).dump()

    def ride_back(self, shown: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answer to a click: the clicker's own card changes, without an API call."""
        return bodies.changed(shown)

    def ride_back_text(self, incoming: Incoming, text: str) -> str | None:
        """The text in the response to a message, where there is one and it holds it all."""
        fits = byte_length(text) <= limits.TEXT_BYTES
        return text if self.in_response and text and fits and incoming.kind in _SPOKEN_TO else None

    def updates_card(self, incoming: Incoming) -> bool:
        """Whether the clicker's card can be changed at once."""
        return incoming.kind is Kind.ACTION and bool(incoming.card_id)

    def _callback(self) -> dict[str, str]:
        """Where clicks go. Left out, they would never reach us."""
        if not self.route_key:
            return {"callbackType": "STREAM"}
        return {"callbackType": "HTTP", "callbackRouteKey": self.route_key}

    def _sign(self, action: Action) -> str:
        return pack(action, self.secret)

    def _here(self, receiver: str) -> Incoming | None:
        """The message that is being answered, where the receiver is who wrote it."""
        here = self.incoming
        return here if here is not None and here.sender.lower() == receiver.lower() else None

    def _needs_callback(self, receiver: str, card: Card) -> bool:
        """Whether it must be a card: something is to be pressed that cannot be said for free."""
        here = self._here(receiver)
        pressed = card.form or any(one and one.action for one in (*card.buttons, card.submit))
        if not self.template_id or not pressed or clean_line(card.done) or receiver.startswith(OUTSIDE):
            return False
        return not (here is not None and here.reply_url and can_be_said(card))

    def _markdown(self, receiver: str, card: Card) -> Envelope:
        here = self._here(receiver)
        shown: Markdown = render_markdown(card, taps=not (here and here.is_group))
        return self._envelope(receiver, bodies.webhook_markdown(shown), bodies.robot_markdown(shown))

    def _envelope(self, receiver: str, spoken: Json, sent: tuple[str, Json]) -> Envelope:
        """By the webhook with the API behind it, or by the API at once."""
        here = self._here(receiver)
        lasting = self._lasting(receiver, sent)
        if here is None or not here.reply_url:
            return lasting
        instead = None if receiver.startswith(OUTSIDE) and not here.is_group else lasting
        return Envelope(Via.WEBHOOK, spoken, here.reply_url, here.reply_until, instead)

    def _lasting(self, receiver: str, sent: tuple[str, Json]) -> Envelope:
        """The API's call: to the group where it was asked, else to the member."""
        here = self._here(receiver)
        if here is not None and here.is_group:
            return Envelope(Via.GROUP, bodies.group(self.robot_code, here.conversation, sent))
        user = here.sender if here else receiver
        return Envelope(Via.SINGLE, bodies.single(self.robot_code, user, sent))

    def _placed(self, receiver: str, made: Json, alert: str) -> Json:
        here = self._here(receiver)
        if here is not None and here.is_group:
            return bodies.in_group(made, self.robot_code, here.conversation, here.sender, alert)
        return bodies.in_single_chat(made, self.robot_code, here.sender if here else receiver, alert)


def _no_file(name: str) -> str:
    """Where a robot cannot send a file: what it can, and what else can be done."""
    types = "、".join(sorted(bodies.FILE_TYPES))
    return (
        f"“{name}”在钉钉里发不了：机器人只能发图片和{types}文件。可以在企业微信里要，或请记录的人直接转发。"
    )
