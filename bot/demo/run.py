"""The demo: a company on a simulated WeCom and DingTalk, in one process, over the wires of the real ones.

Two servers: the sandbox with its API and its page, and the bot's callback, on loopback. Both share one
clock, which the page can set forward.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import string
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, web
from pydantic import SecretStr
from sqlmodel import Session

from bot import setup, wiring_wecom
from bot.demo import others
from bot.demo.company import corp
from bot.demo.fill import also_known, fill
from bot.demo.plan import organisation
from bot.timing import Timing
from bot.wiring import Service, running
from config.clock import Clock, JumpingClock
from config.settings import KEY_LENGTH, DingTalkMode, Settings, WeComApp
from sandbox.server import PREFIX, Sandbox
from store.database import connect
from store.migrate import migrate

APP = "main"
AGENT_ID = 1000002
LOOPBACK = "127.0.0.1"
PATIENCE = 60.0  # seconds for everything to be connected


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo. `address` is the page's, `callback` the URL that the simulated platform calls."""

    address: str
    callback: str
    settings: Settings
    sandbox: Sandbox
    service: Service
    clock: JumpingClock


@asynccontextmanager
async def demo(
    database_url: str,
    *,
    host: str = LOOPBACK,
    port: int = 0,
    start: datetime | None = None,
    http: bool = False,
    template: bool = True,
    timing: Timing | None = None,
) -> AsyncIterator[Demo]:
    """Run the demo on the database at `database_url`, which is made and filled where it is empty.

    `start` sets the clock (aware); `port` 0 finds a free one; `http` adds an app of DingTalk that is called
    over HTTP; without `template` its card template was never imported; `timing` is the connections' time.
    Returns when all are connected. Raises `OSError` where the port is taken.
    """
    clock = JumpingClock(start)
    async with AsyncExitStack() as stack:
        page, inner = _listener(host, port), _listener(LOOPBACK, 0)
        stack.callback(page.close)
        stack.callback(inner.close)
        address = f"http://{host}:{page.getsockname()[1]}"
        inner_address = f"http://{LOOPBACK}:{inner.getsockname()[1]}"
        callback = f"{inner_address}/callback/wecom/{APP}"
        settings = demo_settings(database_url, f"{address}{PREFIX}")
        settings = _tidy(stack, others.with_others(settings, address, http=http, template=template))
        company = others.with_bot(corp(settings.wecom[APP], callback), settings)
        organisation = others.dingtalk(company, settings, f"{inner_address}/callback/dingtalk")
        await asyncio.to_thread(_prepare, settings, clock, others.accounts(organisation))
        services: list[Service] = []

        async def jumped(_to: datetime) -> None:
            for one in services:
                await one.settle()

        guide = others.guide_page()
        sandbox = Sandbox(company, clock, address=address, on_jump=jumped, dingtalk=organisation, guide=guide)
        await _serve(stack, page, sandbox.app())
        service = await stack.enter_async_context(running(settings, clock, timing))
        services.append(service)
        await _serve(stack, inner, service.web)
        await _connected(service, sandbox, settings)
        await _set_up(settings, clock)
        yield Demo(address, callback, settings, sandbox, service, clock)


def _tidy(stack: AsyncExitStack, settings: Settings) -> Settings:
    """Where the database is not a file here, nothing else of the demo stays on the disk either."""
    if settings.sqlite_file() is not None:
        return settings
    folder = stack.enter_context(TemporaryDirectory(prefix="genjin-files-"))
    return settings.model_copy(update={"files_dir": folder})


async def _connected(service: Service, sandbox: Sandbox, settings: Settings) -> None:
    """Wait for the connections that the service opens, so that the first word is heard."""
    for held in service.bots.values():
        await held.bot.connection.ready(PATIENCE)
    for app in settings.dingtalk.values():
        if app.mode is DingTalkMode.STREAM and sandbox.dingtalk is not None:
            await sandbox.dingtalk.gateway.connected(app.client_id, timeout=PATIENCE)


async def _set_up(settings: Settings, clock: Clock) -> None:
    """What an administrator does once: `genjin setup wecom`."""
    async with ClientSession() as http:
        await setup.create_menu(wiring_wecom.client(settings.wecom[APP], http, clock))


def demo_settings(database_url: str, api_base: str) -> Settings:
    """Settings of the demo, with secrets made for this run."""
    letters = string.ascii_letters + string.digits
    app = WeComApp(
        corp_id="ww" + secrets.token_hex(8),
        agent_id=AGENT_ID,
        secret=SecretStr(secrets.token_urlsafe(32)),
        token=SecretStr(secrets.token_hex(12)),
        encoding_aes_key=SecretStr("".join(secrets.choice(letters) for _ in range(KEY_LENGTH))),
        api_base=api_base,
    )
    return Settings(
        organisation=organisation(),
        database_url=database_url,
        signing_key=SecretStr(secrets.token_urlsafe(32)),
        workdays_only=False,  # so that tomorrow morning always has something to show
        wecom={APP: app},
    )


def _prepare(settings: Settings, clock: Clock, accounts: Mapping[str, str]) -> None:
    """Migrate, and fill an empty database with the company; `accounts` are DingTalk's ids by userid."""
    database = connect(settings.database_url)
    try:
        migrate(database.writer)
        with Session(database.writer, expire_on_commit=False) as session:
            fill(session, clock.now(), settings.business())
            for name in settings.wecom_bots:
                also_known(session, ("wecom", name), {one: one for one in accounts}, clock.now())
            for name in settings.dingtalk:
                also_known(session, ("dingtalk", name), accounts, clock.now())
            session.commit()
    finally:
        database.close()


def _listener(host: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock


async def _serve(stack: AsyncExitStack, sock: socket.socket, app: web.Application) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, sock).start()
