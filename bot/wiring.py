"""The composition root: from settings to a service that runs. The only place where settings are read."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from os import getpid

import aiohttp
import structlog
from aiohttp import web
from sqlmodel import Session

from bot.dispatch import Dispatcher
from bot.http import health_routes
from bot.letters import Post, addresses
from bot.names import Names
from bot.plan import Planner
from bot.turns import Turns
from bot.voice import Voice
from bot.wecom.callback import CallbackApp, callback_routes
from bot.wecom.client import WeComClient
from bot.wecom.crypto import CallbackCrypto
from bot.wecom.post import WeComPost
from bot.wecom.sender import WeComSender
from bot.wecom.speech import WeComVoice
from config.business import Business
from config.clock import Clock
from config.settings import Settings, WeComApp
from handlers.features import registry
from scheduler.clockwork import Clockwork, Tick
from scheduler.delivery import Sender
from scheduler.jobs import JOBS, Job
from scheduler.relay import Relay
from store.database import Database, connect
from store.writer import Writer

WECOM = "wecom"
log = structlog.get_logger()


@dataclass(slots=True)
class Service:
    """A running bot. `web` serves the callbacks."""

    database: Database
    writer: Writer
    dispatcher: Dispatcher
    relay: Relay
    clockwork: Clockwork
    names: Names
    web: web.Application

    async def settle(self) -> None:
        """Look at the clock now, and wait until nothing is under way: after a jump, and in tests."""
        await self.clockwork.run_once()
        await self.dispatcher.idle()


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Service]:
    """Start the bot; on leaving, finish what is under way and stop. The database must be migrated."""
    async with AsyncExitStack() as stack:
        service = await _build(settings, clock, stack)
        await service.dispatcher.recover()
        service.relay.start()
        stack.push_async_callback(service.relay.stop)
        service.clockwork.start()
        stack.push_async_callback(service.clockwork.stop)
        yield service


async def _build(settings: Settings, clock: Clock, stack: AsyncExitStack) -> Service:
    business = settings.business()
    secret = settings.signing_key.get_secret_value().encode()
    database = connect(settings.database_url)
    stack.callback(database.close)
    writer = Writer(database.writer, threads=1 if database.is_sqlite else settings.writers)
    stack.callback(writer.close)
    http = await stack.enter_async_context(aiohttp.ClientSession())
    voices: dict[tuple[str, str], Voice] = {
        (WECOM, name): WeComVoice(app.agent_id, secret) for name, app in settings.wecom.items()
    }
    senders: dict[tuple[str, str], Sender] = {
        (WECOM, name): WeComPost(WeComSender(_client(app, http, clock), clock.now))
        for name, app in settings.wecom.items()
    }
    names = Names()
    with Session(database.reader) as session:
        names.load(session)
    relay = Relay(writer, senders, clock, f"{socket.gethostname()}:{getpid()}")
    planner = Planner(registry(), secret, business, lambda: names.lexicon)
    dispatcher = Dispatcher(database, writer, Turns(planner, voices), names, clock, relay.wake)
    stack.push_async_callback(dispatcher.close)
    ticks = [Tick(job.name, partial(_tick, job, writer, voices, clock, business, relay)) for job in JOBS]
    ticks.append(Tick("recover", dispatcher.recover))
    ticks.append(Tick("names", dispatcher.follow))
    served = web.Application(client_max_size=1024 * 1024)
    apps = {name: _callback_app(app) for name, app in settings.wecom.items()}
    served.add_routes(callback_routes(apps, dispatcher.accept, clock.now))
    served.add_routes(health_routes(database, writer))
    return Service(database, writer, dispatcher, relay, Clockwork(ticks), names, served)


async def _tick(
    job: Job,
    writer: Writer,
    voices: dict[tuple[str, str], Voice],
    clock: Clock,
    business: Business,
    relay: Relay,
) -> int:
    """Run one job of the clock in a transaction with the letters it causes; how many there were."""
    now = clock.now()
    total = 0
    while count := await writer.run(partial(_due, job, voices, now, business)):
        total += count
        relay.wake()
    return total


def _due(
    job: Job, voices: dict[tuple[str, str], Voice], now: datetime, business: Business, session: Session
) -> int:
    outgoing = job.run(session, now, business)
    where = addresses(session, {o.member_id for o in outgoing}, voices)
    post = Post(session, voices, f"tick:{job.name}", now)
    for one in outgoing:
        to = where.get(one.member_id)
        if to is None:
            log.warning("tick.nowhere", job=job.name, member=one.member_id)
            continue
        post.show(to, one.card, key=one.key)
    return len(outgoing)


def _client(app: WeComApp, http: aiohttp.ClientSession, clock: Clock) -> WeComClient:
    secret = app.secret.get_secret_value()
    return WeComClient(http, app.api_base, app.corp_id, secret, app.agent_id, clock.now)


def _callback_app(app: WeComApp) -> CallbackApp:
    crypto = CallbackCrypto(
        app.token.get_secret_value(), app.encoding_aes_key.get_secret_value(), app.corp_id
    )
    return CallbackApp(app.corp_id, crypto)
