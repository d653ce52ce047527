"""The composition root: from settings to a service that runs. The only place where settings are read."""

from __future__ import annotations

import asyncio
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
from bot.model import ModelAdvisor
from bot.names import Names
from bot.plan import Planner
from bot.turns import Turns
from bot.voice import Voice, Voices
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
from nlu.understand import warm
from scheduler.clockwork import Clockwork, Tick
from scheduler.delivery import Sender
from scheduler.jobs import JOBS
from scheduler.outgoing import Job
from scheduler.relay import Relay
from store import inbox, outbox
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
async def building(settings: Settings, clock: Clock) -> AsyncIterator[Service]:
    """Everything put together and nothing started: for commands that act once."""
    async with AsyncExitStack() as stack:
        yield await _build(settings, clock, stack)


@asynccontextmanager
async def running(settings: Settings, clock: Clock) -> AsyncIterator[Service]:
    """Start the bot; on leaving, finish what is under way and stop. The database must be migrated."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(building(settings, clock))
        if service.database.is_sqlite:
            await service.writer.run(_release)
        await asyncio.to_thread(warm, service.names.lexicon)
        await service.dispatcher.recover()
        service.relay.start()
        stack.push_async_callback(service.relay.stop)
        service.clockwork.start()
        stack.push_async_callback(service.clockwork.stop)
        yield service


def _release(session: Session) -> None:
    """What a process that is gone had taken on; an embedded database has one process."""
    inbox.release(session)
    outbox.release(session)


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
    advisor = ModelAdvisor(http, settings.model, planner) if settings.model.base_url else None
    dispatcher = Dispatcher(database, writer, Turns(planner, voices), names, clock, relay.wake, advisor)
    stack.push_async_callback(dispatcher.close)
    due = _Due(writer, voices, clock, business, relay)
    ticks = [Tick(name, partial(due.tick, name, job)) for name, job in JOBS.items()]
    ticks += [Tick("recover", dispatcher.recover), Tick("names", dispatcher.follow)]
    served = web.Application(client_max_size=1024 * 1024)
    apps = {name: _callback_app(app) for name, app in settings.wecom.items()}
    served.add_routes(callback_routes(apps, dispatcher.accept, clock.now))
    served.add_routes(health_routes(database, writer))
    return Service(database, writer, dispatcher, relay, Clockwork(ticks), names, served)


@dataclass(frozen=True, slots=True)
class _Due:
    """Runs the jobs of the clock, each in a transaction with the letters that it causes."""

    writer: Writer
    voices: Voices
    clock: Clock
    business: Business
    relay: Relay

    async def tick(self, name: str, job: Job) -> None:
        """Run a job until nothing is due."""
        now = self.clock.now()
        while await self.writer.run(partial(self._write, name, job, now)):
            self.relay.wake()

    def _write(self, name: str, job: Job, now: datetime, session: Session) -> int:
        outgoing = job(session, now, self.business)
        where = addresses(session, {o.member_id for o in outgoing}, self.voices)
        post = Post(session, self.voices, f"tick:{name}", now)
        for one in outgoing:
            to = where.get(one.member_id)
            if to is None:
                log.warning("tick.nowhere", job=name, member=one.member_id)
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
