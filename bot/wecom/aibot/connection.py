"""The long connection, kept up: subscribed, watched, opened anew when it is lost, and never fought for.

STANDBY      not ours to hold: a replica without the lease, and the state in which we begin
CONNECTING   on the way
READY        subscribed
WAITING      lost or out of reach; a pause, then again
REFUSED      the platform refuses bot id or secret; a long pause, then again
TAKEN_OVER   somebody else has subscribed; nothing happens until `take` is called
CLOSED       for good
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import structlog
from aiohttp import ClientError, ClientSession, ClientWSTimeout, InvalidURL, NonHttpUrlClientError

from bot.errors import Misconfigured, RateLimited, Unreachable, VendorFault
from bot.timing import Timing
from bot.wecom.aibot import codes, limits
from bot.wecom.aibot.frames import EVENT, SUBSCRIBE, Frame
from bot.wecom.aibot.link import Link
from bot.wecom.aibot.pauses import backoff

_log = structlog.get_logger("wecom.aibot")
_KICKED: Final = "disconnected_event"


class State(StrEnum):
    """Where the connection stands."""

    STANDBY = "standby"
    CONNECTING = "connecting"
    READY = "ready"
    WAITING = "waiting"
    REFUSED = "refused"
    TAKEN_OVER = "taken_over"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What the console shows for a bot with a long connection, and where the platform is (ws or wss)."""

    bot_id: str
    secret: str
    url: str = limits.URL


class Connection:
    """One bot's connection. `on_callback` gets each callback frame; `on_state` each change of state."""

    def __init__(
        self,
        session: ClientSession,
        credentials: Credentials,
        on_callback: Callable[[Frame], None],
        *,
        timing: Timing | None = None,
        on_state: Callable[[State], None] = lambda _: None,
    ) -> None:
        self._session = session
        self._credentials = credentials
        self._on_callback = on_callback
        self._timing = timing or Timing()
        self._on_state = on_state
        self._state = State.STANDBY
        self._hint = ""
        self._link: Link | None = None
        self._wanted = False
        self._changed = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    @property
    def hint(self) -> str:
        """What somebody has to change before it can go on, in Chinese; empty when nothing."""
        return self._hint

    def start(self) -> None:
        """Begin, in standby."""
        self._task = asyncio.create_task(self._run(), name="wecom-aibot")

    def take(self) -> None:
        """Hold the connection from now on, also when somebody else has taken it. For the lease's holder."""
        if self._state is not State.CLOSED:
            self._want(held=True)

    def stand_by(self) -> None:
        """Let the connection go."""
        self._want(held=False)

    async def close(self) -> None:
        """Let it go for good; returns when the socket is closed."""
        self._tell(State.CLOSED)
        self._want(held=False)
        if self._task is not None:
            await asyncio.wait((self._task,))

    async def ready(self, seconds: float) -> bool:
        """Wait until it is subscribed, at most so long; whether it is. Closed, it will not be."""
        try:
            await self._timing.within(seconds, self._ready.wait())
        except TimeoutError:
            return False
        return self._state is State.READY

    async def request(
        self,
        cmd: str,
        body: Mapping[str, Any] | bytes | None,
        *,
        req_id: str = "",
        patience: float = limits.ACK_TIMEOUT,
    ) -> Mapping[str, Any]:
        """Send a frame, under a req_id of its own unless one is given; the body of its acknowledgement.

        `patience` is in seconds. Raises Unreachable (it may have arrived all the same), RateLimited,
        ReceiverGone or Rejected.
        """
        if self._link is None or self._state is not State.READY:
            raise Unreachable(cmd, cause="not_connected")
        answer = await self._link.request(cmd, body, req_id, patience=patience)
        if answer.code:
            raise codes.fault(cmd, answer.code)
        return answer.body

    def _want(self, *, held: bool) -> None:
        self._wanted = held
        self._changed.set()

    async def _run(self) -> None:
        failures = 0
        while self._state is not State.CLOSED:
            self._changed.clear()
            if not self._wanted:
                if self._state is not State.TAKEN_OVER:
                    self._tell(State.STANDBY)
                await self._changed.wait()
                continue
            self._tell(State.CONNECTING)
            began = self._timing.now()
            fault = await self._while_wanted()
            lived = self._timing.now() - began
            failures = 1 if fault is None and lived >= limits.STEADY else failures + 1
            if self._wanted:
                await self._pause(fault, failures)

    async def _while_wanted(self) -> VendorFault | None:
        """One connection, ended when it is not wanted any more; the fault where it could not be opened."""
        holding = asyncio.create_task(self._hold())
        unwanted = asyncio.create_task(self._until_unwanted())
        try:
            await asyncio.wait((holding, unwanted), return_when=asyncio.FIRST_COMPLETED)
        finally:
            unwanted.cancel()
            if not holding.done():
                holding.cancel()
            await asyncio.wait((holding, unwanted))
        return None if holding.cancelled() else holding.result()

    async def _until_unwanted(self) -> None:
        while self._wanted:
            await self._changed.wait()
            self._changed.clear()

    async def _hold(self) -> VendorFault | None:
        """One connection from its opening to its end; the fault where it could not be opened."""
        try:
            link = await self._open()
        except VendorFault as fault:
            return fault
        self._link = link
        living = asyncio.create_task(link.live())
        try:
            await self._subscribe(link)
            if self._wanted:
                self._tell(State.READY)
                await asyncio.wait((living,))
        except VendorFault as fault:
            return fault
        finally:
            self._link = None
            link.end()
            await asyncio.wait((living,))
        return None

    async def _open(self) -> Link:
        try:
            socket = await self._timing.within(
                limits.CONNECT_TIMEOUT,
                self._session.ws_connect(
                    self._credentials.url,
                    timeout=ClientWSTimeout(ws_close=limits.CLOSE_TIMEOUT),
                    max_msg_size=limits.FRAME_BYTES,
                ),
            )
        except (InvalidURL, NonHttpUrlClientError):
            raise Misconfigured(SUBSCRIBE, hint=codes.URL_HINT) from None
        except TimeoutError:
            raise Unreachable(SUBSCRIBE, cause="timeout") from None
        except (ClientError, OSError) as error:
            raise Unreachable(SUBSCRIBE, cause=type(error).__name__) from None
        return Link(socket, self._receive, self._timing)

    async def _subscribe(self, link: Link) -> None:
        body = {"bot_id": self._credentials.bot_id, "secret": self._credentials.secret}
        answer = await link.request(SUBSCRIBE, body, patience=limits.ACK_TIMEOUT)
        if answer.code:
            raise codes.subscribe_fault(SUBSCRIBE, answer.code)

    def _receive(self, frame: Frame) -> None:
        if frame.cmd != EVENT or frame.event != _KICKED:
            self._on_callback(frame)
            return
        self._hint = codes.TAKEN_HINT
        _log.warning("wecom.aibot.taken_over", hint=self._hint)
        self._want(held=False)
        if self._link is not None:
            self._link.end()
        self._tell(State.TAKEN_OVER)

    async def _pause(self, fault: VendorFault | None, failures: int) -> None:
        """Wait before the next try; `take`, `stand_by` and `close` end the wait."""
        seconds = backoff(self._timing, failures)
        if isinstance(fault, Misconfigured):
            self._hint, seconds = fault.hint, limits.REFUSED_PAUSE
            _log.error("wecom.aibot.refused", code=fault.code, hint=fault.hint)
            self._tell(State.REFUSED)
        else:
            if isinstance(fault, RateLimited):
                seconds = max(seconds, fault.retry_after)
            _log.info("wecom.aibot.again", seconds=round(seconds, 1), fault=str(fault) if fault else "")
            self._tell(State.WAITING)
        self._changed.clear()
        try:
            await self._timing.within(seconds, self._changed.wait())
        except TimeoutError:
            return

    def _tell(self, state: State) -> None:
        """Note the state and say so; CLOSED is final."""
        if state is self._state or self._state is State.CLOSED:
            return
        self._state = state
        if state is State.READY:
            self._hint = ""
        if state in (State.READY, State.CLOSED):
            self._ready.set()
        else:
            self._ready.clear()
        _log.info("wecom.aibot.state", state=state.value)
        self._on_state(state)
