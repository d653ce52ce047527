"""The load: a simulated platform and its members, sending at a steady rate whatever the service does."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from bot.bench.company import sentence, userid
from sandbox.server import Sandbox
from sandbox.state import Change
from sandbox.wecom.xml import Head, says


@dataclass(slots=True)
class Measured:
    """Seconds from the sending of each message to its acknowledgement, and to the arrival of its reply."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    acks: list[float] = field(default_factory=list)
    replies: list[float] = field(default_factory=list)
    twice: int = 0
    seconds: float = 0.0
    last_reply: float = 0.0


class Load:
    """Sends sentences of `members` members in turn; a member's replies come in the order of the messages."""

    def __init__(self, sandbox: Sandbox, members: int) -> None:
        self._sandbox = sandbox
        self._members = members
        self._waiting: dict[str, list[float]] = {}
        self._seen: set[str] = set()
        self.measured = Measured()
        sandbox.world.listeners.add(self._look)

    async def run(self, rate: int, seconds: float) -> Measured:
        """Send `rate` messages a second for `seconds`, then wait until every reply is there or none comes."""
        started = time.perf_counter()
        tasks: set[asyncio.Task[None]] = set()
        for turn in range(int(rate * seconds)):
            due = started + turn / rate
            delay = due - time.perf_counter()
            if delay > 0:
                await asyncio.sleep(delay)
            task = asyncio.create_task(self._send(turn, due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        if tasks:
            await asyncio.wait(tasks)
        await self._until_quiet()
        self.measured.seconds = max(self.measured.last_reply, time.perf_counter() - 1) - started
        return self.measured

    async def _send(self, turn: int, due: float) -> None:
        """One message; the time runs from when it was due, so that a stalled service cannot hide."""
        name = userid(turn % self._members)
        plain = says(self._head(name), sentence(turn % self._members, turn // self._members))
        self._waiting.setdefault(name, []).append(due)
        self.measured.sent += 1
        delivery = await self._sandbox.callbacks.deliver(plain)
        if delivery.ok:
            self.measured.accepted += 1
            self.measured.acks.append(time.perf_counter() - due)
        else:
            self.measured.refused += 1

    def _head(self, name: str) -> Head:
        world = self._sandbox.world
        return Head(world.corp.id, name, world.app().agent_id, int(world.seconds()))

    def _look(self, change: Change) -> None:
        message = change.message
        if change.kind != "message" or message is None or message.sender != "app":
            return
        if message.id in self._seen:
            return
        self._seen.add(message.id)
        waiting = self._waiting.get(change.userid)
        if not waiting:
            self.measured.twice += 1
            return
        now = time.perf_counter()
        self.measured.replies.append(now - waiting.pop(0))
        self.measured.last_reply = now

    async def _until_quiet(self, patience: float = 20.0) -> None:
        """Until all replies are there, or nothing has come for `patience` seconds."""
        seen, since = -1, time.perf_counter()
        while len(self.measured.replies) < self.measured.accepted:
            if len(self.measured.replies) != seen:
                seen, since = len(self.measured.replies), time.perf_counter()
            elif time.perf_counter() - since > patience:
                return
            await asyncio.sleep(0.05)
