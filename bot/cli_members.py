"""`genjin members`: who may use the bot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.clock import SystemClock
from crm.binding import Outcome, redeem
from crm.context import Actor, Context
from crm.errors import UserMistake
from crm.members import EXAMPLE, read_csv, take
from store.database import connect
from store.tables import Identity, Member, Role

BIND_FAILED = {
    Outcome.TAKEN: "这个账号已经绑给别的同事",
    Outcome.WRONG: "绑定码不对或已经过期，请对方再发一句话，拿新的码",
    Outcome.TOO_MANY: "错得太多了，过十分钟再试",
}

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


@members_app.command()
def bind(
    code: Annotated[str, typer.Argument(help="机器人告诉那位同事的 6 位绑定码")],
    who: Annotated[str, typer.Argument(help="是哪位同事：姓名，或平台里的 userid")],
) -> None:
    """把智能机器人里认不出的账号绑给一位同事：只有智能机器人、没有别的入口时用。"""
    from bot.cli import load

    settings = load()
    database = connect(settings.database_url)
    try:
        with Session(database.writer, expire_on_commit=False) as session:
            member = _member(session, who)
            actor = Actor(member.id, member.name, Role(member.role), member.department, member.superior_id)
            ctx = Context(session, actor, SystemClock().now(), business=settings.business())
            outcome = redeem(ctx, code.strip()).outcome
            session.commit()
    except UserMistake as mistake:
        typer.echo(mistake.message, err=True)
        raise typer.Exit(1) from mistake
    finally:
        database.close()
    if outcome not in (Outcome.BOUND, Outcome.ALREADY):
        typer.echo(f"没有绑上。{BIND_FAILED[outcome]}", err=True)
        raise typer.Exit(1)
    typer.echo(f"已绑给{member.name}，对方现在可以直接用机器人了。")


def _member(session: Session, who: str) -> Member:
    """The active member of this name, or known by this userid. Raises `UserMistake` unless it is one."""
    known = select(col(Identity.member_id)).where(col(Identity.external_id) == who.lower())
    query = select(Member).where(
        col(Member.active).is_(True), or_(col(Member.name) == who, col(Member.id).in_(known))
    )
    found: Sequence[Member] = session.execute(query.order_by(col(Member.id)).limit(2)).scalars().all()
    if not found:
        raise UserMistake(f"没有叫“{who}”的同事，先用 genjin members import 加进来")
    if len(found) > 1:
        raise UserMistake(f"有不止一位同事叫“{who}”，请写 userid")
    return found[0]
