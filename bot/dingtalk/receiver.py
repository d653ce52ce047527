"""From a frame to its acknowledgement. Nothing is acknowledged before the dispatcher has made it durable.

robot message   {"response": null}; none at all where it was not kept, and it comes again in about 60 s
card            {"response": {...}} with what the clicker's card becomes; 500 where it was not kept
event           SUCCESS, or LATER where it was not kept, and it comes again in 10 s
other topics    404
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import structlog

from bot.answer import Answer
from bot.dingtalk import events, frames, limits
from bot.dingtalk.frames import BadFrame, Code, Frame
from bot.errors import Overloaded
from handlers.incoming import Incoming

_log = structlog.get_logger("dingtalk.push")

Accept = Callable[[Incoming], Awaitable[Answer]]
"""The dispatcher. It returns when the message is durable; raises Overloaded when it cannot make it so."""


async def kept(accept: Accept, incoming: Incoming) -> Answer | None:
    """The dispatcher's answer; None where the platform is to deliver again. Never raises but for a cancel."""
    began = time.monotonic()
    try:
        answer = await accept(incoming)
    except Overloaded:
        _not_kept(incoming, "overloaded")
        return None
    except Exception as error:  # noqa: BLE001 - the transport's boundary: whatever fails, it comes again
        _not_kept(incoming, f"{type(error).__name__} at {_place(error)}")
        return None
    took = time.monotonic() - began
    if took > limits.ACK_TARGET.total_seconds():
        _log.warning("dingtalk.push.slow", app=incoming.app, kind=incoming.kind.value, took_s=round(took, 2))
    if answer.busy:
        _not_kept(incoming, "busy")
        return None
    return answer


class Receiver:
    """Answers the frames of one app. `clock` gives aware UTC."""

    def __init__(self, app: str, accept: Accept, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._accept = accept
        self._clock = clock

    async def answer(self, frame: Frame) -> str | None:
        """The acknowledgement of an event or a callback; None for no answer."""
        try:
            if frame.type == frames.EVENT:
                return await self._event(frame)
            if frame.topic == frames.ROBOT:
                return await self._message(frame)
            if frame.topic == frames.CARD:
                return await self._card(frame)
        except (BadFrame, events.NotUnderstood):
            _log.error("dingtalk.push.not_understood", app=self._app, type=frame.type, topic=frame.topic)
            return frames.acknowledge(frame.message_id, frames.response(None), Code.BAD_REQUEST)
        _log.warning("dingtalk.push.unknown_topic", app=self._app, type=frame.type)
        return frames.acknowledge(frame.message_id, frames.response(None), Code.UNKNOWN_TOPIC)

    def refusal(self, frame: Frame) -> str | None:
        """The answer to what cannot be handled now and shall come again."""
        if frame.type == frames.EVENT:
            return frames.acknowledge(frame.message_id, frames.event_status(kept=False))
        if frame.topic == frames.CARD:
            return frames.acknowledge(frame.message_id, frames.response({}), Code.FAILED)
        return None

    async def _message(self, frame: Frame) -> str | None:
        incoming = events.message(frame.read(), self._app, self._clock())
        if await kept(self._accept, incoming) is None:
            return self.refusal(frame)
        return frames.acknowledge(frame.message_id, frames.response(None))

    async def _card(self, frame: Frame) -> str | None:
        incoming = events.card(frame.read(), self._app, frame.message_id, self._clock())
        answer = await kept(self._accept, incoming)
        if answer is None:
            return self.refusal(frame)
        return frames.acknowledge(frame.message_id, frames.response(answer.card_update or {}))

    async def _event(self, frame: Frame) -> str | None:
        head = frame.headers
        incoming = events.event(
            head.get("eventType", ""),
            head.get("eventId", ""),
            head.get("eventBornTime"),
            frame.read(),
            self._app,
            self._clock(),
        )
        if await kept(self._accept, incoming) is None:
            return self.refusal(frame)
        return frames.acknowledge(frame.message_id, frames.event_status(kept=True))


def _not_kept(incoming: Incoming, reason: str) -> None:
    _log.error("dingtalk.push.not_kept", app=incoming.app, kind=incoming.kind.value, reason=reason)


def _place(error: BaseException) -> str:
    """File and line where it was raised. The error's own words may hold a message's text."""
    frames_of = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames_of[-1].filename).name}:{frames_of[-1].lineno}" if frames_of else "?"
