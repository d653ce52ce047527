"""Dispatch: each delivery once, a conversation in order, different conversations side by side.

The only place, with the ticks, that commits. A fast turn is written whole, in one transaction with its
inbox row, before it is acknowledged. One that takes longer than `PATIENCE` (its conversation is busy), or
under load than `HASTE`, gets its inbox row written and is acknowledged; it is finished in its turn, and
what it says is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog
from sqlmodel import Session

from bot.answer import Answer
from bot.contact_files import ContactFiles
from bot.errors import Overloaded
from bot.lanes import Lanes
from bot.model import Advisor
from bot.names import Names
from bot.plan import Plan
from bot.turns import Done, Turns
from config.clock import Clock
from handlers.codec import from_json
from handlers.incoming import Incoming, Kind
from store import inbox
from store.database import Database
from store.writer import NotDurable, Writer

PATIENCE = 1.5  # seconds; WeCom repeats after 5, DingTalk's clients show an error after 2
HASTE = 0.025  # seconds, instead, for a message while `BUSY` turns or more are under way
BUSY = 6
AT_ONCE = 6  # turns that are planned and written; under load the others wait without costing anything
MOST_WAITING = 2000  # turns under way before the platform is asked to come again
READERS = 2  # planning holds the interpreter: more threads only make the writer wait for it

log = structlog.get_logger()


class Dispatcher:
    """Takes deliveries from every way of connecting. `wake` is called when something waits to be sent."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        turns: Turns,
        names: Names,
        clock: Clock,
        wake: Callable[[], None],
        advisor: Advisor | None = None,
        opener: ContactFiles | None = None,
    ) -> None:
        self._database = database
        self._writer = writer
        self.turns = turns
        self._names = names
        self._clock = clock
        self._wake = wake
        self._advisor = advisor
        self._opener = opener
        self._lanes: Lanes[Done] = Lanes()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way = 0
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    async def accept(self, incoming: Incoming) -> Answer:
        """Handle a delivery; returns when it is durable, with the answer if it is handled by then.

        Raises `Overloaded` when it cannot be made durable: the platform shall deliver it again.
        """
        if self._under_way >= MOST_WAITING:
            raise Overloaded("too many turns under way")
        task = self._queue(incoming)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._patience(incoming))
            if done:
                return task.result().answer
            keep = partial(self._keep, incoming)
            return await self._writer.run(keep, urgent=True)
        except NotDurable as error:
            raise Overloaded(str(error)) from error

    async def recover(self) -> None:
        """Finish what is durable and was never handled, because the process died."""
        now = self._clock.now()
        found = await self._writer.run(lambda s: [from_json(row.raw) for row in inbox.stranded(s, now)])
        for incoming in found:
            self._queue(incoming)

    async def replay(self, inbox_id: int) -> bool:
        """Run a failed delivery again; False where there is no such failed one."""
        reopened = await self._writer.run(lambda s: inbox.reopen(s, inbox_id))
        if reopened is None:
            return False
        await asyncio.wait({self._queue(from_json(reopened))})
        return True

    async def follow(self) -> None:
        """Take up names that other replicas have changed."""
        await asyncio.get_running_loop().run_in_executor(self._pool, self._follow)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        await self._lanes.drain()

    async def close(self) -> None:
        """Finish what is under way."""
        await self.idle()
        self._pool.shutdown()

    def _patience(self, incoming: Incoming) -> float:
        """How long the response may wait for the answer: under load a message is only made durable first.

        A press waits longer, because its card can be changed in the response and nowhere else for free.
        """
        hurried = self._under_way >= BUSY and incoming.kind is not Kind.ACTION
        return min(HASTE, PATIENCE) if hurried else PATIENCE

    def _queue(self, incoming: Incoming) -> asyncio.Task[Done]:
        key = f"{incoming.platform}:{incoming.app}:{incoming.conversation}"
        if incoming.kind is Kind.ACTION and incoming.card_id:
            key += ":press"  # a decision does not wait behind a conversation that is busy
        self._under_way += 1
        task = self._lanes.run(key, lambda: self._turn(incoming))
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Done]) -> None:
        self._under_way -= 1
        if not task.cancelled() and task.exception() is not None:
            log.error("turn.lost", kind=type(task.exception()).__name__)

    async def _turn(self, incoming: Incoming) -> Done:
        loop = asyncio.get_running_loop()
        async with self._places:
            plan = await loop.run_in_executor(self._pool, self._plan, incoming)
            done = None if self._needs_help(plan) else await self._written(plan)
        if done is None:  # the one who helps may take long: the place is another one's
            done = await self._written(await self._helped(plan))
        if done.renamed:
            await self.follow()
        if done.letters:
            self._wake()
        return done

    async def _written(self, plan: Plan) -> Done:
        return await self._writer.run(partial(self._write, plan))

    def _needs_help(self, plan: Plan) -> bool:
        asks = self._advisor is not None and self._advisor.knows_more(plan)
        return asks or plan.incoming.kind is Kind.FILE

    async def _helped(self, plan: Plan) -> Plan:
        """The plan with what only others know: the content of a file, what a model reads in a sentence."""
        if self._opener is not None:
            plan = await self._opener.opened(plan)
        if self._advisor is not None:
            plan = await self._advisor.advise(plan, self._clock.now())
        return plan

    def _plan(self, incoming: Incoming) -> Plan:
        with Session(self._database.reader, expire_on_commit=False) as session:
            return self.turns.planner.plan(session, incoming, self._clock.now())

    def _write(self, plan: Plan, session: Session) -> Done:
        return self.turns.write(session, plan, self._clock.now())

    def _keep(self, incoming: Incoming, session: Session) -> Answer:
        return self.turns.keep(session, incoming, self._clock.now())

    def _follow(self) -> None:
        with Session(self._database.reader) as session:
            self._names.follow(session)
