"""From a callback frame to the answer, within the window that each kind of callback has.

A message is answered by a finished stream for six minutes, the opening of the chat by a welcome and a
press by the card's update for five seconds. A repeat harms nothing: a stream has an id of its own, an
update shows the same card again. What is too late, or refused, is put into the outbox and pushed by the
relay; only a welcome that is late is not worth saying any more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.answer import Answer
from bot.errors import Unreachable, VendorFault
from bot.timing import Timing
from bot.wecom.aibot import bodies, codes, limits
from bot.wecom.aibot.frames import RESPOND, SEND, UPDATE, WELCOME
from bot.wecom.aibot.markdown import literal, words_of
from bot.wecom.aibot.pauses import backoff
from bot.wecom.pace import Pace
from handlers.incoming import Incoming, Kind

_log = structlog.get_logger("wecom.aibot")


Late = Callable[[Incoming, str], Awaitable[None]]
"""Puts words into the outbox, to be pushed into the conversation of an incoming message."""


class Requests(Protocol):
    """What is needed of the connection."""

    async def ready(self, seconds: float) -> bool:
        """Wait until it is subscribed."""
        ...

    async def request(
        self,
        cmd: str,
        body: Mapping[str, Any] | bytes | None,
        *,
        req_id: str = "",
        patience: float = limits.ACK_TIMEOUT,
    ) -> Mapping[str, Any]:
        """Send a frame and get its acknowledgement."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A callback: what it says, its req_id, and when it came in monotonic seconds."""

    incoming: Incoming
    req_id: str
    at: float


@dataclass(frozen=True, slots=True)
class _Way:
    """How to answer: a command with its body, possible for so many seconds, and the same in words for later.

    Without words, being late is the end of it.
    """

    cmd: str
    body: Mapping[str, Any]
    seconds: float
    words: str


class Answerer:
    """Answers callbacks over the connection; keeps trying over the next one when this one is lost."""

    def __init__(self, connection: Requests, timing: Timing, pace: Pace, late: Late) -> None:
        self._connection = connection
        self._timing = timing
        self._pace = pace
        self._late = late

    async def answer(self, heard: Heard, answer: Answer) -> None:
        """Say it within its window, or have it sent afterwards. Never raises for what a platform may do."""
        way = _way(heard.incoming, answer)
        if way is None or await self._in_time(heard, way):
            return
        _log.warning("wecom.aibot.late", cmd=way.cmd, sent_instead=bool(way.words))
        if way.words:
            await self._late(heard.incoming, way.words)

    async def _in_time(self, heard: Heard, way: _Way) -> bool:
        """Whether the platform has taken it within the window."""
        failures = 0
        while (left := heard.at + way.seconds - self._timing.now()) > 0:
            if not await self._connection.ready(left):
                return False
            self._pace.take(heard.incoming.conversation)  # it counts, and is not held back
            patience = min(left, limits.ACK_TIMEOUT, way.seconds / 2)
            try:
                await self._connection.request(way.cmd, way.body, req_id=heard.req_id, patience=patience)
            except Unreachable:
                failures += 1
                await self._timing.sleep(min(left, backoff(self._timing, failures)))
            except VendorFault as fault:
                if failures and fault.code == codes.STREAM_OVER:
                    return True  # an earlier try had arrived, and its yes was lost
                _log.warning("wecom.aibot.not_answered", cmd=way.cmd, code=fault.code)
                return False
            else:
                return True
        return False


def _way(incoming: Incoming, answer: Answer) -> _Way | None:
    """How this is answered; None where there is nothing to say, or nothing can be said to this."""
    card = (answer.card_update or {}).get("template_card")
    soon = limits.EVENT_SECONDS - limits.EVENT_MARGIN
    if isinstance(card, Mapping) and incoming.kind is Kind.ACTION and incoming.card_id:
        return _Way(UPDATE, bodies.card_update(card, incoming.card_id), soon, words_of(card))
    if not answer.text or incoming.kind is Kind.EVENT:
        return None
    if incoming.kind is Kind.ENTER:
        return _Way(WELCOME, bodies.welcome(answer.text), soon, "")
    if incoming.kind is Kind.ACTION:
        return _Way(SEND, {}, 0, answer.text)
    reply = bodies.stream(incoming.delivery_id, literal(answer.text))
    return _Way(RESPOND, reply, limits.STREAM_SECONDS, answer.text)
