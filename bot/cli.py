"""The command `genjin`."""

from __future__ import annotations

import asyncio
import errno
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from typer.core import TyperGroup

from bot.cli_corrections import corrections_app
from bot.cli_fields import fields_app
from bot.cli_members import members_app
from bot.cli_queues import inbox_app, outbox_app
from bot.cli_quota import quota
from bot.cli_reparse import reparse
from bot.cli_setup import setup_app
from bot.cli_sync import sync
from bot.cli_understand import understand
from config import logs
from config.doctor import findings, left_out
from config.settings import Settings


class _Clear(TyperGroup):
    """Commands that say what is the matter with the database instead of showing a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 the library's own type is private
        """Run a command; a database that does not answer or has no tables ends it with a clear word."""
        try:
            return super().invoke(ctx)
        except SQLAlchemyError as error:
            hint = "genjin check 看连不连得上，genjin migrate 把表建好"
            typer.echo(f"数据库用不了（{type(error).__name__}）。{hint}。", err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Clear,
    help="跟进：住在企业微信和钉钉里的 CRM。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(inbox_app, name="inbox")
app.add_typer(outbox_app, name="outbox")
app.add_typer(members_app, name="members")
app.add_typer(corrections_app, name="corrections")
app.add_typer(fields_app, name="fields")
app.command()(understand)
app.command()(reparse)
app.command()(sync)
app.add_typer(setup_app, name="setup")
app.command()(quota)

DEMO_FILE = Path("var/demo.db")


def load() -> Settings:
    """The settings; ends the command with a clear word where one cannot be read."""
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = "GENJIN_" + "__".join(str(part) for part in fault["loc"]).upper()
            typer.echo(f"{name} 填得不对：{fault['msg'].removeprefix('Value error, ')}", err=True)
        raise typer.Exit(2) from error
    logs.configure(settings.log_level, as_json=settings.log_json)
    return settings


@app.command()
def serve() -> None:
    """启动服务：接收回调、处理消息、推送提醒。缺少配置时说明每一项去哪里找。"""
    from bot.serve import serve_forever

    settings = load()
    faults = findings(settings)
    if faults:
        typer.echo("还不能启动，请先补上这些配置（环境变量、.env 或 genjin.toml）：\n", err=True)
        for fault in faults:
            typer.echo(f"  {fault.name}\n    {fault.problem}\n    在哪里找：{fault.place}\n", err=True)
        raise typer.Exit(2)
    for fault in left_out(settings):
        typer.echo(f"先不接：{fault.name} {fault.problem}。在哪里找：{fault.place}", err=True)
    try:
        asyncio.run(serve_forever(settings))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        reason = f"端口 {settings.port} 已被占用，用 GENJIN_PORT 换一个" if taken else str(error)
        typer.echo(f"启动失败：{reason}", err=True)
        raise typer.Exit(1) from error


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="页面的端口")] = 8090,
    host: Annotated[str, typer.Option(help="监听的地址")] = "127.0.0.1",
    keep: Annotated[bool, typer.Option(help="接着用上次的数据，不重新开始")] = False,
) -> None:
    """不需要任何账号，带着一家示例公司在模拟的企业微信里试用。"""
    logs.configure("WARNING")
    try:
        asyncio.run(_demo(host, port, keep=keep))
    except OSError as error:
        typer.echo(f"端口 {port} 用不了（{error.strerror}）。换一个：genjin demo --port {port + 1}", err=True)
        raise typer.Exit(1) from error


async def _demo(host: str, port: int, *, keep: bool) -> None:
    from bot.cli_wait import told_to_stop
    from bot.demo.run import demo as run_demo

    stopped = told_to_stop()
    if not keep:
        for file in DEMO_FILE.parent.glob(f"{DEMO_FILE.name}*"):
            file.unlink()
    async with run_demo(f"sqlite:///{DEMO_FILE}", host=host, port=port) as running:
        typer.echo(f"\n  打开 {running.address}  以任何一位同事的身份聊天（Ctrl+C 结束）\n")
        await stopped.wait()


@app.command()
def check(
    online: Annotated[
        bool, typer.Option("--online", help="再问一遍各平台：密钥、出口 IP、权限、回调地址")
    ] = False,
) -> None:
    """检查配置和数据库，说明还差什么。"""
    from bot.check import report, report_online

    settings = load()
    healthy = report(settings, typer.echo)
    if online:
        healthy = asyncio.run(report_online(settings, typer.echo)) and healthy
    raise typer.Exit(0 if healthy else 1)


@app.command()
def migrate() -> None:
    """把数据库升级到当前版本。"""
    from store.database import connect
    from store.migrate import current
    from store.migrate import migrate as upgrade

    database = connect(load().database_url)
    before, _ = current(database.writer)
    upgrade(database.writer)
    after, _ = current(database.writer)
    database.close()
    typer.echo(f"数据库已是最新：{after}" if before == after else f"数据库已升级：{before or '空'} → {after}")


class What(StrEnum):
    """What is measured."""

    SERVICE = "service"
    UNDERSTAND = "understand"
    CRM = "crm"


@app.command()
def bench(
    what: Annotated[
        What, typer.Argument(help="service 压测整个服务，understand 只测理解消息，crm 测大公司的查询")
    ] = What.SERVICE,
    seconds: Annotated[int, typer.Option(help="每一轮的秒数")] = 20,
    rate: Annotated[int, typer.Option(help="每秒消息数；0 为尽快")] = 100,
    members: Annotated[int, typer.Option(min=0, help="人数；0 为默认：service 200，crm 2000")] = 0,
    postgres: Annotated[str, typer.Option(help="PostgreSQL 的地址；不填则用随开发依赖安装的那个")] = "",
    customers: Annotated[int, typer.Option(min=0, help="客户数；0 为默认：understand 10万，crm 100万")] = 0,
) -> None:
    """在本机压测：真实的加密回调，SQLite 和 PostgreSQL 各一轮；或只测理解消息，或大公司的查询。"""
    if what is What.UNDERSTAND:
        from bot.bench.understanding import run as understanding

        understanding(customers=customers or 100_000, rounds=100, echo=typer.echo)
    elif what is What.CRM:
        from bot.bench.crm import run as crm

        crm(
            customers_=customers or 1_000_000,
            members=members or 2000,
            rounds=60,
            postgres_url=postgres,
            echo=typer.echo,
        )
    else:
        from bot.bench.run import run as service

        service(seconds=seconds, rate=rate, members=members or 200, postgres=postgres, echo=typer.echo)
