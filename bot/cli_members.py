"""`genjin members`: who may use the bot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from config.clock import SystemClock
from crm.errors import UserMistake
from crm.members import EXAMPLE, read_csv, take
from store.database import connect

members_app = typer.Typer(help="同事名单。", no_args_is_help=True)
Platform = Annotated[str, typer.Option(help="平台：wecom 或 dingtalk")]
App = Annotated[str, typer.Option(help="配置里的应用名")]


@members_app.command("import")
def import_members(
    file: Annotated[Path, typer.Argument(help="CSV 文件，第一行是列名", dir_okay=False)],
    platform: Platform = "wecom",
    app: App = "main",
) -> None:
    """从 CSV 加入或更新同事：userid,name,role,department,position,superior。"""
    from bot.cli import load

    try:
        people = read_csv(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"读不了 {file}：请用 UTF-8 编码保存成 CSV，例如：\n{EXAMPLE}", err=True)
        raise typer.Exit(1) from error
    except UserMistake as mistake:
        typer.echo(mistake.message, err=True)
        raise typer.Exit(1) from mistake
    database = connect(load().database_url)
    try:
        with Session(database.writer, expire_on_commit=False) as session:
            done = take(session, people, platform, app, SystemClock().now())
            session.commit()
    except UserMistake as mistake:
        typer.echo(mistake.message, err=True)
        raise typer.Exit(1) from mistake
    finally:
        database.close()
    typer.echo(f"新加入 {done.added} 位，更新 {done.changed} 位。")
