"""Drives the transfers of external contacts that a hand-over asks for, a hundred at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from sqlmodel import Session

from bot.errors import Misconfigured, RateLimited, ReceiverGone, Rejected, VendorFault
from bot.group_transfers import GroupDriver
from bot.wecom.client import WeComClient
from bot.wecom.transfers import NOT_RESIGNED
from config.business import Business
from config.clock import Clock
from crm import sync
from crm import transfer_rounds as rounds
from crm.context import SYSTEM, Context
from crm.directory import Source, Subject
from crm.transfer_rounds import Batch
from crm.transfers import WECOM
from scheduler.clockwork import Tick
from store.writer import Writer

EVERY: Final = 30.0  # seconds
MOST_CALLS: Final = 10  # batches in one run, so that a large hand-over leaves room for everything else
CLOSED: Final = timedelta(hours=1)  # before a setting that somebody has to change is tried again
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TransferDriver:
    """Asks WeCom for what is waiting, and what became of it. `clients` are the self-built apps by name."""

    writer: Writer
    clock: Clock
    business: Business
    clients: Mapping[str, WeComClient]

    async def run(self) -> None:
        """Ask for what waits, look up what may be decided, then give away the groups of leavers."""
        if not self.clients:
            return
        for batch in await self._claim(rounds.to_ask):
            await self._ask(batch)
        for batch in await self._claim(rounds.to_look_up):
            await self._look_up(batch)
        await GroupDriver(self.writer, self.clock, self.business, self.clients).run()

    async def _claim(self, take: rounds.Take) -> list[Batch]:
        now, apps = self.clock.now(), list(self.clients)
        return await self.writer.run(partial(take, now=now, apps=apps, most=MOST_CALLS))

    async def _ask(self, batch: Batch) -> None:
        """Raise nothing: a fault puts the batch off."""
        client, ids = self.clients[batch.app], list(batch.rows)
        try:
            try:
                codes = await client.transfer_externals(
                    batch.from_userid, batch.to_userid, ids, resigned=batch.resigned
                )
            except Rejected as fault:
                if fault.code != NOT_RESIGNED or not batch.resigned:
                    raise
                codes = await client.transfer_externals(
                    batch.from_userid, batch.to_userid, ids, resigned=False
                )
        except VendorFault as fault:
            await self._failed(batch, fault)
            return
        await self.writer.run(partial(_asked, batch=batch, codes=codes, clock=self.clock))
        log.info("transfers.asked", app=batch.app, count=len(ids))

    async def _look_up(self, batch: Batch) -> None:
        client = self.clients[batch.app]
        try:
            statuses = await client.transfer_results(
                batch.from_userid, batch.to_userid, resigned=batch.resigned
            )
            if not statuses:  # asked for in the other way: the directory and the platform disagreed
                statuses = await client.transfer_results(
                    batch.from_userid, batch.to_userid, resigned=not batch.resigned
                )
        except VendorFault as fault:
            await self._failed(batch, fault)
            return
        await self.writer.run(partial(self._looked_up, batch, statuses))

    def _looked_up(self, batch: Batch, statuses: Mapping[str, int], session: Session) -> None:
        ctx = Context(session, SYSTEM, self.clock.now(), None, self.business)
        through = rounds.looked_up(session, batch, statuses, ctx.now)
        rounds.gone_over(ctx, batch, through)
        sync.note(ctx, Source(WECOM, batch.app), Subject.EXTERNAL, through)

    async def _failed(self, batch: Batch, fault: VendorFault) -> None:
        """What the platform refuses for good ends; everything else is tried again."""
        log.warning("transfers.failed", app=batch.app, fault=str(fault))
        if isinstance(fault, Rejected | ReceiverGone):
            codes = dict.fromkeys(batch.rows, fault.code)
            await self.writer.run(partial(_asked, batch=batch, codes=codes, clock=self.clock))
            return
        after = None
        if isinstance(fault, RateLimited):
            after = timedelta(seconds=fault.retry_after)
        elif isinstance(fault, Misconfigured):
            after = CLOSED
        work = partial(rounds.put_off, batch=batch, now=self.clock.now(), code=fault.code, after=after)
        await self.writer.run(work)


def transfer_tick(driver: TransferDriver) -> Tick:
    """What the clock calls."""
    return Tick("transfers", driver.run, EVERY)


def _asked(session: Session, batch: Batch, codes: Mapping[str, int], clock: Clock) -> None:
    rounds.asked(session, batch, codes, clock.now())
