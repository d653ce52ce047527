"""What the bot was told and may answer: each callback by its req_id, with the time it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.state import Message, World
from sandbox.wecom.aibot import limits
from sandbox.wecom.aibot.cards import Sent
from sandbox.wecom.aibot.codes import BotCode
from sandbox.wecom.aibot.frames import new_id
from sandbox.wecom.aibot.places import Place
from sandbox.wecom.errors import Refused


class Kind(StrEnum):
    """Why the bot was called; it decides what may be answered, and how long."""

    MESSAGE = "message"
    ENTER = "enter_chat"
    CARD = "template_card_event"
    OTHER = "other"


WINDOWS = {
    Kind.MESSAGE: limits.REPLY_WINDOW,
    Kind.ENTER: limits.WELCOME_WINDOW,
    Kind.CARD: limits.UPDATE_WINDOW,
    Kind.OTHER: 0,
}


@dataclass(slots=True, eq=False)
class Stream:
    """An answer that grows. `copies` maps userids to what they see of it."""

    id: str
    copies: dict[str, Message]
    finished: bool = False


@dataclass(slots=True, eq=False)
class Origin:
    """One callback. `time` is a Unix time; `card` the card that was pressed; `done` once it was answered."""

    req_id: str
    kind: Kind
    place: Place
    userid: str
    time: float
    card: Sent | None = None
    done: bool = False
    streams: dict[str, Stream] = field(default_factory=dict)


class Origins:
    """The callbacks of all bots that can still be answered."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[tuple[str, str], Origin] = {}
        self.streams: dict[tuple[str, str], str] = {}

    def new(self, kind: Kind, place: Place, userid: str, card: Sent | None = None) -> Origin:
        """Note a callback about to be sent, and forget what is too old to be answered."""
        now = self._world.seconds()
        while self._known:
            first = next(iter(self._known))
            if self._known[first].time > now - limits.REPLY_WINDOW:
                break
            for stream_id in self._known.pop(first).streams:
                self.streams.pop((first[0], stream_id), None)
        origin = Origin(new_id(), kind, place, userid, now, card)
        self._known[place.bot_id, origin.req_id] = origin
        return origin

    def in_flight(self, bot_id: str, userid: str, life: float) -> int:
        """How many messages of a member still wait for an answer, at most `life` seconds old."""
        since = self._world.seconds() - life
        return sum(
            one.kind is Kind.MESSAGE and not one.done and one.time > since
            for (bot, _), one in self._known.items()
            if bot == bot_id and one.userid == userid
        )

    def answered(self, bot_id: str, req_id: str, kind: Kind) -> Origin:
        """The callback that is answered, of the right kind and in time. Raises Refused (846605)."""
        origin = self._known.get((bot_id, req_id))
        if origin is None:
            raise Refused(BotCode.BAD_REQ_ID, "unknown")
        if origin.kind is not kind:
            raise Refused(BotCode.BAD_REQ_ID, f"is of {origin.kind}, not of {kind}")
        if self._world.seconds() - origin.time > WINDOWS[kind]:
            raise Refused(BotCode.BAD_REQ_ID, f"more than {WINDOWS[kind]} s ago")
        return origin
