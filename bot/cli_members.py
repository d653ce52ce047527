"""`genjin members`: who may use the bot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import or_, select
from sqlmodel import Session, col

from config.clock import SystemClock
from crm.binding import Outcome, redeem
from crm.context import SYSTEM, Actor, Context
from crm.errors import UserMistake
from crm.member_merge import merge
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


@contextmanager
def _at_work() -> Iterator[Context]:
    """What the commands work with; kept at the end. What cannot be is said and ends the command with 1."""
    from bot.cli import load

    settings = load()
    database = connect(settings.database_url)
    try:
        with Session(database.writer, expire_on_commit=False) as session:
            yield Context(session, SYSTEM, SystemClock().now(), business=settings.business())
            session.commit()
    except UserMistake as mistake:
        typer.echo(mistake.message, err=True)
        raise typer.Exit(1) from mistake
    finally:
        database.close()


@members_app.command("import")
def import_members(
    file: Annotated[Path, typer.Argument(help="CSV 文件，第一行是列名", dir_okay=False)],
    platform: Platform = "wecom",
    app: App = "main",
) -> None:
    """从 CSV 加入或更新同事：userid,name,role,department,position,superior。"""
    try:
        told = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"读不了 {file}：请用 UTF-8 编码保存成 CSV，例如：\n{EXAMPLE}", err=True)
        raise typer.Exit(1) from error
    with _at_work() as ctx:
        done = take(ctx.session, read_csv(told), platform, app, ctx.now)
    typer.echo(f"新加入 {done.added} 位，更新 {done.changed} 位。")


@members_app.command()
def bind(
    code: Annotated[str, typer.Argument(help="机器人告诉那位同事的 6 位绑定码")],
    who: Annotated[str, typer.Argument(help="是哪位同事：姓名、平台里的 userid，或 #编号")],
) -> None:
    """把智能机器人里认不出的账号绑给一位同事：只有智能机器人、没有别的入口时用。"""
    with _at_work() as ctx:
        member = _called(ctx.session, who, here=True)
        actor = Actor(member.id, member.name, Role(member.role), member.department, member.superior_id)
        outcome = redeem(replace(ctx, actor=actor), code.strip()).outcome
    if outcome not in (Outcome.BOUND, Outcome.ALREADY):
        typer.echo(f"没有绑上。{BIND_FAILED[outcome]}", err=True)
        raise typer.Exit(1)
    typer.echo(f"已绑给{member.name}，对方现在可以直接用机器人了。")


@members_app.command("merge")
def merge_members(
    keep: Annotated[str, typer.Argument(help="留下的那一位：姓名、平台里的 userid，或 #编号")],
    drop: Annotated[str, typer.Argument(help="并进去的那一位，写法相同")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会动什么，不写入")] = False,
) -> None:
    """同一位同事被建了两次：把第二位的账号、客户、记录全部并给第一位。"""
    with _at_work() as ctx:
        kept, dropped = (_called(ctx.session, who, here=False) for who in (keep, drop))
        name = kept.name
        done = merge(ctx, kept, dropped)
        if dry_run:
            ctx.session.rollback()
    for one in done:
        doubles = f"，重复的 {one.dropped} 条去掉" if one.dropped else ""
        typer.echo(f"{one.table}.{one.column}：{one.moved} 条{doubles}")
    typer.echo("以上是会动的，这次没有写入。" if dry_run else f"已并到{name}，另一位已停用。")


def _called(session: Session, who: str, *, here: bool) -> Member:
    """A member by #id, userid or name; `here` asks for one who has not left.

    Raises `UserMistake` unless it is one.
    """
    known = select(col(Identity.member_id)).where(col(Identity.external_id) == who.lower())
    query = select(Member).where(or_(col(Member.name) == who, col(Member.id).in_(known)))
    if who.startswith("#"):
        query = select(Member).where(col(Member.id) == (int(who[1:]) if who[1:].isdecimal() else 0))
    if here:
        query = query.where(col(Member.active).is_(True))
    query = query.order_by(col(Member.created_at), col(Member.id)).limit(20)
    found: Sequence[Member] = session.execute(query).scalars().all()
    if not found:
        raise UserMistake(f"没有叫“{who}”的同事，先用 genjin members import 加进来")
    if len(found) > 1:
        lines = [f"#{one.id} {one.name} {one.department} {_accounts(session, one)}" for one in found]
        raise UserMistake("\n".join([f"叫“{who}”的不止一位，写 # 开头的编号：", *lines]))
    return found[0]


def _accounts(session: Session, member: Member) -> str:
    query = select(Identity).where(col(Identity.member_id) == member.id).order_by(col(Identity.id)).limit(10)
    return "、".join(
        f"{one.platform}:{one.address or one.external_id}" for one in session.execute(query).scalars()
    )
