"""`genjin inbox` and `genjin outbox`: what waits, what failed, and how to go on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from config.clock import SystemClock
from config.settings import Settings
from store import inbox, outbox
from store.database import connect
from store.tables import OutboxState

inbox_app = typer.Typer(help="收件：没处理成的消息，以及重新处理。", no_args_is_help=True)
outbox_app = typer.Typer(help="发件：等待发送和发不出去的消息。", no_args_is_help=True)
Most = Annotated[int, typer.Option(help="最多列出多少条")]


@contextmanager
def _session(*, write: bool = False) -> Iterator[Session]:
    from bot.cli import load

    database = connect(load().database_url)
    try:
        with Session(database.writer if write else database.reader, expire_on_commit=False) as session:
            yield session
            if write:
                session.commit()
    finally:
        database.close()


@inbox_app.command("list")
def list_failed(most: Most = 50) -> None:
    """列出处理失败、等待重放的消息（不显示内容）。"""
    with _session() as session:
        rows = inbox.failed(session, most)
    if not rows:
        typer.echo("没有失败的消息。")
    for row in rows:
        typer.echo(f"{row.id}  {row.received_at:%m-%d %H:%M}  {row.handler or '-'}  错误编号 {row.error_id}")


@inbox_app.command()
def show(inbox_id: int) -> None:
    """显示一条失败消息的错误。"""
    with _session() as session:
        rows = [row for row in inbox.failed(session, 10_000) if row.id == inbox_id]
    if not rows:
        typer.echo(f"没有编号为 {inbox_id} 的失败消息。用 genjin inbox list 查看。", err=True)
        raise typer.Exit(1)
    typer.echo(rows[0].error)


@inbox_app.command()
def replay(
    inbox_id: Annotated[int | None, typer.Argument(help="消息编号；不填则全部")] = None,
) -> None:
    """重新处理失败的消息；要说的话会排进发件箱，由服务发出。"""
    from bot.cli import load

    done, left = asyncio.run(replay_failed(load(), inbox_id))
    typer.echo(f"处理成功 {done} 条，仍然失败 {left} 条。")
    if left or (inbox_id is not None and not done):
        raise typer.Exit(1)


async def replay_failed(settings: Settings, inbox_id: int | None) -> tuple[int, int]:
    """Run failed deliveries again; (how many went well, how many failed again)."""
    from bot.wiring import building

    async with building(settings, SystemClock()) as service:
        with Session(service.database.reader) as session:
            ids = [row.id for row in inbox.failed(session, 10_000)]
        wanted = ids if inbox_id is None else [one for one in ids if one == inbox_id]
        for one in wanted:
            await service.dispatcher.replay(one)
        with Session(service.database.reader) as session:
            left = {row.id for row in inbox.failed(session, 10_000)}
        return len([i for i in wanted if i not in left]), len([i for i in wanted if i in left])


@outbox_app.command("list")
def list_parked(most: Most = 50) -> None:
    """列出发不出去的消息和原因，以及各状态的数量。"""
    with _session() as session:
        rows = outbox.listed(session, OutboxState.PARKED, most)
        numbers = outbox.counts(session)
    names = {"pending": "等待", "leased": "发送中", "sent": "已发", "parked": "发不出", "skipped": "已作废"}
    typer.echo("  ".join(f"{label} {numbers.get(state, 0)}" for state, label in names.items()))
    for row in rows:
        typer.echo(f"{row.id}  {row.platform}/{row.app}  {row.attempts} 次  {row.last_error}")


@outbox_app.command()
def retry(outbox_id: int) -> None:
    """重新发送一条发不出去的消息。"""
    with _session(write=True) as session:
        found = outbox.unpark(session, outbox_id, SystemClock().now())
    if not found:
        typer.echo(f"没有编号为 {outbox_id} 的搁置消息。用 genjin outbox list 查看。", err=True)
        raise typer.Exit(1)
    typer.echo("已重新排队。")
