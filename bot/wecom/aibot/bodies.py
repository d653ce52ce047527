"""What we send over the long connection, as JSON bodies [101463]."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from cards.fit import clean, cut_bytes
from cards.limits import WECOM_TEXT_BYTES

Json = dict[str, Any]
_STREAM_ID_CHARS: Final = 32


def markdown(content: str) -> Json:
    """A message whose content is markdown. There is no plain text for pushes [101463]."""
    return {"msgtype": "markdown", "markdown": {"content": content}}


def template_card(card: Mapping[str, Any]) -> Json:
    """A message that is a card [101032]."""
    return {"msgtype": "template_card", "template_card": card}


def stream(delivery_id: str, content: str) -> Json:
    """A reply, whole and finished. The id follows from the delivery: a repeat replaces, and adds nothing."""
    name = hashlib.sha256(delivery_id.encode()).hexdigest()[:_STREAM_ID_CHARS]
    return {"msgtype": "stream", "stream": {"id": name, "finish": True, "content": content}}


def welcome(content: str) -> Json:
    """The answer to somebody who opened the chat: a text or a card, no markdown [101463]."""
    return {"msgtype": "text", "text": {"content": cut_bytes(clean(content), WECOM_TEXT_BYTES)}}


def card_update(shown: Mapping[str, Any], task_id: str) -> Json:
    """The answer to a press: the clicker's card becomes `shown` [101463]."""
    return {"response_type": "update_template_card", "template_card": {**shown, "task_id": task_id}}


def to(conversation: str, message: Mapping[str, Any]) -> Json:
    """A push. Without chat_type the platform finds out itself whether it is a member or a group [101463]."""
    return {"chatid": conversation, **message}


def media(kind: str, media_id: str) -> Json:
    """An uploaded image, voice, video or file [101463]."""
    return {"msgtype": kind, kind: {"media_id": media_id}}
