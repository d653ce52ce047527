"""One smart bot: frames in, the dispatcher's answers out.

The platform repeats nothing over this way, so a delivery that cannot be made durable is tried again
here, a few times, before the person is asked to send it once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

import structlog
from aiohttp import ClientSession

from bot.answer import Answer
from bot.errors import Overloaded
from bot.timing import Timing
from bot.wecom.aibot import limits
from bot.wecom.aibot.answering import Answerer, Heard, Late
from bot.wecom.aibot.connection import Connection, Credentials, State
from bot.wecom.aibot.events import to_incoming
from bot.wecom.aibot.frames import Frame
from bot.wecom.aibot.pauses import backoff
from bot.wecom.aibot.post import AiBotPost
from bot.wecom.aibot.upload import Uploads
from bot.wecom.events import Ignored
from bot.wecom.pace import Pace
from handlers.incoming import Incoming, Kind
from store.writer import NotDurable

_log = structlog.get_logger("wecom.aibot")
BUSY = Answer(text="现在有点忙，这条没有记下来，请过一分钟再发一次。")

Accept = Callable[[Incoming], Awaitable[Answer]]
"""The dispatcher. It returns when the message is durable; raises Overloaded when it cannot make it so."""


class AiBot:
    """One bot under our name of it. `clock` gives aware UTC; `on_state` hears of the connection's state.

    `late` queues what missed its window. `post` is the relay's sender, `uploads` puts files where a push
    can name them.
    """

    def __init__(
        self,
        name: str,
        session: ClientSession,
        credentials: Credentials,
        accept: Accept,
        late: Late,
        clock: Callable[[], datetime],
        *,
        timing: Timing | None = None,
        on_state: Callable[[State], None] = lambda _: None,
    ) -> None:
        self._name = name
        self._accept = accept
        self._clock = clock
        self._timing = timing or Timing()
        self.connection = Connection(
            session, credentials, self._receive, timing=self._timing, on_state=on_state
        )
        pace = Pace(clock, limits.OUR_PER_MINUTE, limits.OUR_PER_HOUR)
        self.post = AiBotPost(self.connection, pace)
        self.uploads = Uploads(self.connection, self._timing, clock)
        self._answerer = Answerer(self.connection, self._timing, pace, late)
        self._turns: set[asyncio.Task[None]] = set()
        self._heard: dict[str, None] = {}

    @property
    def under_way(self) -> int:
        """Deliveries that are being handled or answered."""
        return len(self._turns)

    def start(self) -> None:
        """Begin, without a connection until `connection.take()`."""
        self.connection.start()

    async def close(self) -> None:
        """Finish the answers under way, as far as they go in ten seconds, then close the connection.

        Answers that did not get through go into the outbox, so the writer must still run.
        """
        await self._settled(limits.DRAIN)
        await self.connection.close()
        await self._settled(limits.CLOSE_TIMEOUT)
        left = list(self._turns)
        for turn in left:
            turn.cancel()
        if left:
            _log.warning("wecom.aibot.unanswered", app=self._name, count=len(left))
        await asyncio.gather(*left, return_exceptions=True)

    async def _settled(self, seconds: float) -> None:
        """Wait for the turns under way, at most so long."""
        if self._turns:
            with suppress(TimeoutError):
                await self._timing.within(seconds, _all(self._turns))

    def _receive(self, frame: Frame) -> None:
        incoming = to_incoming(frame, self._name, self._clock())
        if isinstance(incoming, Ignored):
            _log.info("wecom.aibot.ignored", app=self._name, reason=incoming.reason)
            return
        if incoming.delivery_id in self._heard:
            _log.info("wecom.aibot.repeated", app=self._name, kind=incoming.kind.value)
            return  # the first one is answered over whichever connection there is
        self._remember(incoming.delivery_id)
        heard = Heard(incoming, frame.req_id, self._timing.now())
        work = self._turn(heard) if len(self._turns) < limits.IN_FLIGHT else self._refuse(heard)
        turn = asyncio.create_task(work)
        self._turns.add(turn)
        turn.add_done_callback(self._ended)

    def _remember(self, delivery_id: str) -> None:
        """A delivery that is under way or was answered, of which a repeat needs nothing more."""
        if len(self._heard) >= limits.REMEMBERED:
            del self._heard[next(iter(self._heard))]
        self._heard[delivery_id] = None

    def _ended(self, turn: asyncio.Task[None]) -> None:
        self._turns.discard(turn)
        error = None if turn.cancelled() else turn.exception()
        if error is not None:
            _log.error("wecom.aibot.turn_broke", app=self._name, kind=type(error).__name__)

    async def _turn(self, heard: Heard) -> None:
        await self._say(heard, await self._kept(heard.incoming))

    async def _refuse(self, heard: Heard) -> None:
        _log.error("wecom.aibot.not_kept", app=self._name, reason="too_many")
        self._heard.pop(heard.incoming.delivery_id, None)
        await self._say(heard, _sorry(heard.incoming))

    async def _say(self, heard: Heard, answer: Answer) -> None:
        try:
            await self._answerer.answer(heard, answer)
        except NotDurable:
            _log.error("wecom.aibot.answer_lost", app=self._name, kind=heard.incoming.kind.value)

    async def _kept(self, incoming: Incoming) -> Answer:
        """The answer of the dispatcher, which has the message for good by then; or an apology."""
        for tries in range(1, limits.TRIES + 1):
            try:
                answer = await self._accept(incoming)
                if not answer.busy:
                    return answer
                reason = "busy"
            except Overloaded:
                reason = "overloaded"
            except Exception as error:  # noqa: BLE001 - the transport's boundary: one delivery, not the connection
                reason = type(error).__name__
            _log.error(
                "wecom.aibot.not_kept",
                app=self._name,
                kind=incoming.kind.value,
                reason=reason,
                tries=tries,
            )
            if tries < limits.TRIES:
                await self._timing.sleep(backoff(self._timing, tries))
        self._heard.pop(incoming.delivery_id, None)
        return _sorry(incoming)


def _sorry(incoming: Incoming) -> Answer:
    """Only to somebody who waits for an answer."""
    return Answer() if incoming.kind in (Kind.EVENT, Kind.ENTER) else BUSY


async def _all(turns: set[asyncio.Task[None]]) -> None:
    while turns:
        await asyncio.wait(list(turns))
