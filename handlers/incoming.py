"""One event from a platform, whatever platform and way of connecting it came by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def legible(text: str) -> str:
    """The text without control characters (but tabs and new lines) and without halves of characters.

    PostgreSQL stores neither a NUL nor half a character, and nobody types them on purpose.
    """
    return _UNPRINTABLE.sub("", text) if _UNPRINTABLE.search(text) else text


class Kind(StrEnum):
    """What came in."""

    TEXT = "text"
    ACTION = "action"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    LINK = "link"
    ENTER = "enter"
    EVENT = "event"


class Fault(StrEnum):
    """Why a file that had to be read at once was not."""

    LARGE = "large"  # more than is read
    LOST = "lost"  # the platform did not give it out


@dataclass(frozen=True, slots=True)
class Place:
    """A position on the map: degrees, with the label the client showed."""

    latitude: float
    longitude: float
    label: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", legible(self.label))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file held by the platform, to be fetched with its media id, or at `url` and opened with `aes_key`.

    `fault` is why its content is not there, where the turn needs it: one of `Fault`, or "".
    """

    media_id: str
    kind: Kind
    name: str = ""
    url: str = ""
    aes_key: str = ""
    fault: str = ""

    def __post_init__(self) -> None:
        for name in ("media_id", "name", "url", "aes_key"):
            object.__setattr__(self, name, legible(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message or a pressed button, verified and decrypted.

    `delivery_id` is the same when the platform repeats a delivery and differs between any two real
    events. `action` is the packed key of a pressed button, `fields` the choices of its form (field key
    to option ids), `card_id` the platform's id of the card (WeCom task_id), `response_code` what the
    platform wants back for updating it. `sent_at` is aware UTC. `event` names an event of kind EVENT,
    its values are in `fields`. `reply_url` answers this very message until `reply_until` (aware UTC),
    where the platform gives such an address (DingTalk sessionWebhook). Whatever the platform, its words
    are `legible`.
    """

    platform: str
    app: str
    conversation: str
    sender: str
    kind: Kind
    delivery_id: str
    sent_at: datetime
    text: str = ""
    action: str = ""
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    card_id: str = ""
    response_code: str = ""
    quoted: str = ""
    attachments: tuple[Attachment, ...] = ()
    place: Place | None = None
    event: str = ""
    is_group: bool = False
    reply_url: str = ""
    reply_until: datetime | None = None

    def __post_init__(self) -> None:
        for name in _WORDS:
            said = getattr(self, name)
            if _UNPRINTABLE.search(said):
                object.__setattr__(self, name, legible(said))
        if self.fields:
            kept = {legible(key): tuple(legible(one) for one in given) for key, given in self.fields.items()}
            object.__setattr__(self, "fields", kept)


_WORDS: Final = (
    "app",
    "conversation",
    "sender",
    "delivery_id",
    "text",
    "action",
    "card_id",
    "response_code",
    "quoted",
    "event",
    "reply_url",
)
