"""The composition root: from settings to a service that runs. The only place where settings are read."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from os import getpid

import aiohttp
import structlog
from aiohttp import web
from sqlmodel import Session

from bot import wiring_dingtalk, wiring_directory, wiring_wecom
from bot.alarms import Alarms
from bot.contact_files import ContactFiles
from bot.dingtalk.stream import StreamClient
from bot.directory import Registrar, sync_ticks
from bot.dispatch import Dispatcher
from bot.due import Due
from bot.files import Files
from bot.http import health_routes
from bot.indexing import Indexer
from bot.model import ModelAdvisor
from bot.names import Names
from bot.parts import Parts
from bot.plan import Planner
from bot.sources import Source
from bot.timing import Timing
from bot.transfers import transfer_tick
from bot.turns import Turns
from bot.usage import Meter
from bot.voice import Voice
from bot.wiring_wecom import HeldBot
from config.clock import Clock
from config.doctor import left_out, startable
from config.settings import Settings
from handlers.features import registry
from nlu.understand import warm
from scheduler.clockwork import Clockwork, Tick
from scheduler.delivery import Sender
from scheduler.jobs import JOBS
from scheduler.relay import Relay
from store import inbox, lease, outbox
from store.database import Database, connect
from store.writer import Writer

BODY_MOST = 1024 * 1024
COUNTED_EVERY = 15.0  # seconds
LOOKED_AFTER_EVERY = 30.0
log = structlog.get_logger()


@dataclass(slots=True)
class Service:
    """A bot put together. `web` serves the callbacks; `bots` and `streams` are connections that it opens."""

    database: Database
    writer: Writer
    dispatcher: Dispatcher
    relay: Relay
    clockwork: Clockwork
    names: Names
    web: web.Application
    meter: Meter
    registrar: Registrar
    bots: dict[str, HeldBot] = field(default_factory=dict)
    streams: list[StreamClient] = field(default_factory=list)

    async def settle(self) -> None:
        """Look at the clock now, and wait until nothing is under way: after a jump, and in tests."""
        await self.clockwork.run_once()
        await self.dispatcher.idle()


@asynccontextmanager
async def building(settings: Settings, clock: Clock, timing: Timing | None = None) -> AsyncIterator[Service]:
    """Everything put together and nothing started: for commands that act once."""
    async with AsyncExitStack() as stack:
        yield await _build(startable(settings), clock, stack, timing or Timing())


@asynccontextmanager
async def running(settings: Settings, clock: Clock, timing: Timing | None = None) -> AsyncIterator[Service]:
    """Start the bot; on leaving, finish what is under way and stop. The database must be migrated.

    Apps with a fault in their settings are left out, with a word in the log. `timing` is the time by which
    connections are watched and opened anew.
    """
    for fault in left_out(settings):
        log.warning("serve.left_out", setting=fault.name, problem=fault.problem)
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(building(settings, clock, timing))
        if service.database.is_sqlite:
            await service.writer.run(_release)
        await asyncio.to_thread(warm, service.names.lexicon)
        await service.dispatcher.recover()
        service.relay.start()
        stack.push_async_callback(service.relay.stop)
        service.clockwork.start()
        stack.push_async_callback(service.clockwork.stop)
        await _connect(service, stack)
        yield service


async def _connect(service: Service, stack: AsyncExitStack) -> None:
    """Open the connections that are ours to open: they end first, while everything behind them still runs."""
    for stream in service.streams:
        stream.start()
        stack.push_async_callback(stream.stop)
    for held in service.bots.values():
        await stack.enter_async_context(held.hold())


def _release(session: Session) -> None:
    """What a process that is gone had taken on; an embedded database has one process."""
    inbox.release(session)
    outbox.release(session)
    lease.release_all(session)


async def _build(settings: Settings, clock: Clock, stack: AsyncExitStack, timing: Timing) -> Service:
    business = settings.business()
    secret = settings.signing_key.get_secret_value().encode()
    database = connect(settings.database_url)
    stack.callback(database.close)
    writer = Writer(database.writer, threads=1 if database.is_sqlite else settings.writers)
    stack.callback(writer.close)
    http = await stack.enter_async_context(aiohttp.ClientSession())
    voices: dict[tuple[str, str], Voice] = {
        **wiring_wecom.voices(settings, secret),
        **wiring_dingtalk.voices(settings, secret),
    }
    senders: dict[tuple[str, str], Sender] = {}
    names = Names()
    with Session(database.reader) as session:
        names.load(session)
    worker = f"{socket.gethostname()}:{getpid()}:{secrets.token_hex(2)}"
    alarms = Alarms(voices, clock, wiring_wecom.bound(settings))
    relay = Relay(writer, senders, clock, worker, alarm=alarms.undelivered)
    meter = Meter(writer, voices, clock, wiring_dingtalk.quota(settings))
    stack.push_async_callback(meter.close)
    planner = Planner(registry(), secret, business, lambda: names.lexicon)
    advisor = ModelAdvisor(http, settings.model, planner) if settings.model.base_url else None
    turns = Turns(planner, voices, wiring_wecom.bound(settings))
    found = _sources(settings, http, clock, meter)
    opener = ContactFiles(found)
    dispatcher = Dispatcher(database, writer, turns, names, clock, relay.wake, advisor, opener)
    stack.push_async_callback(dispatcher.close)
    due = Due(writer, voices, clock, business, relay.wake)
    ticks = [Tick(name, partial(due.tick, name, job)) for name, job in JOBS.items()]
    ticks += [Tick("recover", dispatcher.recover), Tick("names", dispatcher.follow)]
    ticks.append(Tick("usage", meter.flush, COUNTED_EVERY))
    files = Files(settings.files_folder(), found, writer, voices, clock, relay.wake)
    stack.push_async_callback(files.close)
    ticks += [Tick("files", files.run), Tick("search", Indexer(database, writer).run)]
    accept = files.hearing(dispatcher.accept)
    parts = Parts(settings, http, clock, writer, voices, accept, relay.wake, worker, meter, timing)
    served = web.Application(client_max_size=BODY_MOST)
    served.add_routes(health_routes(database, writer))
    registrar = wiring_directory.registrar(parts)
    ticks += sync_ticks(registrar)
    ticks.append(transfer_tick(wiring_directory.transfer_driver(parts)))
    bots = dict(wiring_wecom.bots(parts))
    ticks.append(Tick("bots", partial(wiring_wecom.look_after, bots, writer, alarms), LOOKED_AFTER_EVERY))
    clockwork = Clockwork(ticks)
    service = Service(database, writer, dispatcher, relay, clockwork, names, served, meter, registrar, bots)
    _attach(service, parts, senders)
    return service


def _sources(
    settings: Settings, http: aiohttp.ClientSession, clock: Clock, meter: Meter
) -> dict[tuple[str, str], Source]:
    """Where the files of each app are fetched."""
    return {
        **wiring_wecom.sources(settings, http, clock),
        **wiring_dingtalk.sources(settings, http, clock, meter),
    }


def _attach(service: Service, parts: Parts, senders: dict[tuple[str, str], Sender]) -> None:
    """Every way of connecting that the settings name."""
    service.web.add_routes(wiring_wecom.routes(parts))
    service.web.add_routes(wiring_dingtalk.routes(parts))
    service.streams.extend(wiring_dingtalk.streams(parts))
    senders.update(wiring_wecom.senders(parts, service.bots))
    senders.update(wiring_dingtalk.senders(parts))
