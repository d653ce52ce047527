"""Runs the benchmark on each database and prints what was seen, good or bad."""

from __future__ import annotations

import asyncio
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web
from sqlalchemy import func, make_url, select
from sqlmodel import Session, col

from bot.bench.company import APP, afternoon, populate, userid
from bot.bench.disk import watched
from bot.bench.load import Load, Measured
from bot.bench.postgres import postgres_at
from bot.demo.run import demo_settings
from bot.tuning import settle_in
from config.clock import JumpingClock
from config.settings import Settings
from sandbox.company import App, Corp, Department, User
from sandbox.server import PREFIX, Sandbox
from store.database import check, connect
from store.migrate import migrate
from store.tables import Activity, Inbox, InboxStatus, Outbox, OutboxState

Echo = Callable[[str], object]
WARM_UP = 2.0  # seconds
MARKED = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Kept:
    """What the database holds after the run."""

    activities: int
    done: int
    sent: int
    unsent: int


def run(*, seconds: int, rate: int, members: int, postgres: str, echo: Echo) -> None:
    """One round on SQLite and one on PostgreSQL (given, or from the development dependencies)."""
    with tempfile.TemporaryDirectory() as folder:
        rounds = [f"sqlite:///{Path(folder) / 'bench.db'}"]
        with postgres_at(postgres, Path(folder), echo) as url:
            rounds += [url] if url else []
            for one in rounds:
                asyncio.run(_round(one, seconds=seconds, rate=rate, members=members, echo=echo))


async def _round(url: str, *, seconds: int, rate: int, members: int, echo: Echo) -> None:
    port, platform = free_port(), free_port()
    settings = demo_settings(url, f"http://127.0.0.1:{platform}{PREFIX}").model_copy(update={"port": port})
    name = await asyncio.to_thread(_prepare, url, members)
    sandbox = Sandbox(corp_of(settings, members, port), JumpingClock(afternoon()), tries=1)
    runner = web.AppRunner(sandbox.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", platform).start()
    child = await _start(settings)
    settle_in()  # a garbage collection of the load's would be taken for a stall of the service
    try:
        await Load(sandbox, members).run(max(1, rate // 4), WARM_UP)
        before = await asyncio.to_thread(_kept, url)
        await _tell(child, "begin")
        load = Load(sandbox, members)
        with watched(_folder(url)) as flushes:
            measured = await load.run(rate, seconds)
        cost = orjson.loads(await _ask(child, "end"))
        after = await _settled(url)
    finally:
        if child.returncode is None:
            child.kill()
        await child.wait()
        await runner.cleanup()
    echo(f"\n{name}：{rate} 条/秒，{measured.sent} 条消息")
    _print(measured, cost, _difference(before, after), echo)
    if flushes:
        echo(f"  磁盘刷盘    {_shares(flushes)}   （同一磁盘上另写一个文件）")


def _folder(url: str) -> Path | None:
    """Where an embedded database lives."""
    file = make_url(url).database
    return Path(file).parent if url.startswith("sqlite") and file else None


async def _settled(url: str) -> Kept:
    """What is kept once the last letters are marked as sent: that is written a moment after they arrive."""
    kept = await asyncio.to_thread(_kept, url)
    until = time.monotonic() + MARKED
    while kept.unsent and time.monotonic() < until:
        await asyncio.sleep(0.1)
        kept = await asyncio.to_thread(_kept, url)
    return kept


def _print(m: Measured, cost: dict[str, Any], kept: Kept, echo: Echo) -> None:
    echo(f"  接收        {m.accepted / m.seconds:8.1f} 条/秒   被拒 {m.refused}")
    echo(f"  处理完      {len(m.replies) / m.seconds:8.1f} 条/秒")
    for label, values in (("确认        ", m.acks), ("回复到平台  ", m.replies)):
        echo(f"  {label}{_shares(values)}")
    echo(f"  每条 CPU    {1000 * cost['cpu'] / max(1, m.accepted):8.2f} ms   内存 {cost['rss_mb']:.0f} MB")
    lost, doubled = m.accepted - kept.activities, max(0, kept.activities - m.accepted)
    echo(
        f"  核对        接收 {m.accepted}  已处理 {kept.done}  记录 {kept.activities}  已发 {kept.sent}"
        f"  未发 {kept.unsent}  丢失 {max(0, lost)}  重复 {doubled + m.twice}"
    )


def _shares(values: list[float]) -> str:
    p50, p99, most = (_ms(values, share) for share in (0.5, 0.99, 1))
    return f"p50 {p50} ms   p99 {p99} ms   最大 {most} ms"


def _ms(values: list[float], share: float) -> str:
    if not values:
        return "     -"
    ordered = sorted(values)
    return f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:6.1f}"


def _prepare(url: str, members: int) -> str:
    database = connect(url)
    try:
        migrate(database.writer)
        with Session(database.writer, expire_on_commit=False) as session:
            populate(session, members, afternoon())
            session.commit()
        return check(database)
    finally:
        database.close()


def _kept(url: str) -> Kept:
    database = connect(url)
    try:
        with Session(database.reader) as session:
            return Kept(
                session.execute(select(func.count()).select_from(Activity)).scalar_one(),
                _count(session, Inbox, Inbox.status, InboxStatus.DONE),
                _count(session, Outbox, Outbox.state, OutboxState.SENT),
                session.execute(
                    select(func.count()).where(col(Outbox.state) != OutboxState.SENT)
                ).scalar_one(),
            )
    finally:
        database.close()


def _count(session: Session, table: type[Any], column: Any, value: str) -> int:  # noqa: ANN401 any column
    query = select(func.count()).select_from(table).where(col(column) == value)
    return int(session.execute(query).scalar_one())


def _difference(before: Kept, after: Kept) -> Kept:
    return Kept(
        after.activities - before.activities, after.done - before.done, after.sent - before.sent, after.unsent
    )


def corp_of(settings: Settings, members: int, port: int) -> Corp:
    """The company of the benchmark on the simulated platform; its callback is at `port`."""
    app = settings.wecom[APP]
    return Corp(
        id=app.corp_id,
        name=settings.organisation,
        departments=(Department(1, settings.organisation),),
        users=tuple(User(userid(n), f"销售{n}", (1,)) for n in range(members)),
        apps=(
            App(
                app.agent_id,
                "跟进",
                app.secret.get_secret_value(),
                f"http://127.0.0.1:{port}/callback/wecom/{APP}",
                app.token.get_secret_value(),
                app.encoding_aes_key.get_secret_value(),
            ),
        ),
        account_cap=1_000_000,
    )


async def _start(settings: Settings) -> asyncio.subprocess.Process:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.bench.child", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    answer = await _ask(child, orjson.dumps(plain(settings)).decode())
    if not answer:
        raise RuntimeError("the service did not start")
    return child


def plain(settings: Settings) -> dict[str, Any]:
    """The settings as JSON, secrets included, for a process of our own."""
    values = settings.model_dump(mode="json")
    values["database_url"] = settings.database_url
    values["signing_key"] = settings.signing_key.get_secret_value()
    for name, app in settings.wecom.items():
        for key in ("secret", "token", "encoding_aes_key"):
            values["wecom"][name][key] = getattr(app, key).get_secret_value()
    return values


async def _tell(child: asyncio.subprocess.Process, line: str) -> None:
    if child.stdin is not None:
        child.stdin.write(line.encode() + b"\n")
        await child.stdin.drain()


async def _ask(child: asyncio.subprocess.Process, line: str) -> bytes:
    await _tell(child, line)
    return b"" if child.stdout is None else await child.stdout.readline()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
