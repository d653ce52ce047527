"""The process is killed between commit and send: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import orjson
from aiohttp import web
from sqlalchemy import func, select, update
from sqlmodel import Session

from bot.bench.company import afternoon, populate, sentence, userid
from bot.bench.run import corp_of, free_port, plain
from bot.demo.run import demo_settings
from config.clock import JumpingClock
from config.settings import Settings
from sandbox import Message, Sandbox
from sandbox.server import PREFIX
from store.database import connect
from store.tables import Activity, Outbox


@asynccontextmanager
async def service(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot in a process of its own; killed at the end, without a word."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.bench.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(orjson.dumps(plain(settings)) + b"\n")
    await child.stdin.drain()
    try:
        assert await child.stdout.readline()
        yield child
    finally:
        child.kill()
        await child.communicate()


def lasting_port() -> int:
    """A free port that nobody is given by chance between two starts: below those handed out to clients."""
    while True:
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", 20_000 + secrets.randbelow(10_000)))
            except OSError:
                continue
            return int(sock.getsockname()[1])


def _about(words: str, message: Message) -> bool:
    return message.sender == "app" and words in message.shows()


async def test_what_was_committed_is_sent_after_the_restart(database_url: str) -> None:
    port, platform = lasting_port(), free_port()
    settings = demo_settings(database_url, f"http://127.0.0.1:{platform}{PREFIX}")
    settings = settings.model_copy(update={"port": port})
    database, clock = connect(database_url), JumpingClock(afternoon())  # the time of the service
    with Session(database.writer, expire_on_commit=False) as session:
        populate(session, 2, clock.now())
        session.commit()
    sandbox = Sandbox(corp_of(settings, 2, port), clock)
    runner = web.AppRunner(sandbox.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", platform).start()
    try:
        sandbox.wecom.faults.down = True
        async with service(settings):
            for turn in range(3):
                said = await sandbox.says(userid(0), sentence(0, turn))
                assert said.status == "sent"
        assert [m for m in sandbox.chat(userid(0)) if m.sender == "app"] == []
        sandbox.wecom.faults.down = False
        with Session(database.writer) as session:  # what the dead process held is free after a minute
            session.execute(update(Outbox).values(lease_until=clock.now(), due_at=clock.now()))
            session.commit()
        async with service(settings):
            for turn in range(3):
                await sandbox.wait_for(userid(0), partial(_about, f"第{turn + 1}期"), 90)
        cards = [m for m in sandbox.chat(userid(0)) if m.sender == "app"]
        assert [f"第{n + 1}期" in card.shows() for n, card in enumerate(cards)] == [True] * 3
        with Session(database.reader) as session:
            assert session.execute(select(func.count()).select_from(Activity)).scalar_one() == 3
    finally:
        await runner.cleanup()
        database.close()
