"""From a callback frame to the answer, within the window that each kind of callback has.

A message is answered by a finished stream for six minutes, the opening of the chat by a welcome and a
press by the card's update for five seconds. What is too late, or refused as too late, becomes a push. A
repeat harms nothing: a stream has an id of its own, an update shows the same card again. Only a push
whose acknowledgement was lost may come twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.answer import Answer
from bot.errors import RateLimited, Rejected, Unreachable, VendorFault
from bot.wecom.aibot import bodies, codes, limits
from bot.wecom.aibot.frames import RESPOND, SEND, UPDATE, WELCOME
from bot.wecom.aibot.markdown import literal, words_of
from bot.wecom.aibot.timing import Timing
from bot.wecom.pace import Pace
from handlers.incoming import Incoming, Kind

_log = structlog.get_logger("wecom.aibot")


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
    """One way of answering: a command with its body, under the callback's req_id for so many seconds."""

    cmd: str
    body: Mapping[str, Any]
    seconds: float
    req_id: str = ""


class Answerer:
    """Answers callbacks over the connection; keeps trying over the next one when this one is lost."""

    def __init__(self, connection: Requests, timing: Timing, pace: Pace) -> None:
        self._connection = connection
        self._timing = timing
        self._pace = pace

    async def answer(self, heard: Heard, answer: Answer) -> bool:
        """Say it; whether the platform has it. Never raises for what a platform may do."""
        for way in _ways(heard, answer):
            try:
                if await self._say(heard, way):
                    return True
            except VendorFault as fault:
                _log.warning("wecom.aibot.not_answered", cmd=way.cmd, code=fault.code)
                if fault.code not in codes.OVER and not isinstance(fault, Rejected):
                    return False
        return answer == Answer()

    async def _say(self, heard: Heard, way: _Way) -> bool:
        """Answer one way; False when its window is over. Raises what is final."""
        failures = 0
        while (left := heard.at + way.seconds - self._timing.now()) > 0:
            if not await self._connection.ready(left):
                continue
            self._pace.take(heard.incoming.conversation)  # it counts, and is not held back
            patience = min(left, limits.ACK_TIMEOUT, way.seconds / 2)
            try:
                await self._connection.request(way.cmd, way.body, req_id=way.req_id, patience=patience)
            except RateLimited as fault:
                await self._timing.sleep(min(left, fault.retry_after))
            except Unreachable:
                failures += 1
                await self._timing.sleep(min(left, self._timing.backoff(failures)))
            else:
                return True
        return False


def _ways(heard: Heard, answer: Answer) -> list[_Way]:
    """The ways in which this answer can be given, best first."""
    incoming, card = heard.incoming, _card(answer)
    soon = limits.EVENT_SECONDS - limits.EVENT_MARGIN
    if card is not None and incoming.kind is Kind.ACTION and incoming.card_id:
        body = bodies.card_update(card, incoming.card_id)
        return [_Way(UPDATE, body, soon, heard.req_id), _push(incoming, words_of(card))]
    if not answer.text:
        return []
    words = literal(answer.text)
    if incoming.kind is Kind.ENTER:
        return [_Way(WELCOME, bodies.welcome(answer.text), soon, heard.req_id), _push(incoming, words)]
    if incoming.kind in (Kind.ACTION, Kind.EVENT):
        return [_push(incoming, words)]
    reply = bodies.stream(incoming.delivery_id, words)
    return [_Way(RESPOND, reply, limits.STREAM_SECONDS, heard.req_id), _push(incoming, words)]


def _push(incoming: Incoming, words: str) -> _Way:
    return _Way(SEND, bodies.to(incoming.conversation, bodies.markdown(words)), limits.LATE_SECONDS)


def _card(answer: Answer) -> Mapping[str, Any] | None:
    card = (answer.card_update or {}).get("template_card")
    return card if isinstance(card, Mapping) else None
