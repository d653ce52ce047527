"""`genjin setup`: what is done once on each platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from aiohttp import ClientSession

from bot import setup, wiring_dingtalk, wiring_wecom
from bot.errors import Misconfigured, VendorFault
from bot.guide import guide, template_setting
from cards.render.dingtalk_template import template
from config.clock import SystemClock
from config.doctor import startable
from config.settings import DingTalkMode, Settings

setup_app = typer.Typer(help="在平台上做一次性的设置：菜单、卡片模板。", no_args_is_help=True)
TEMPLATE = Path("genjin-card.json")


@setup_app.command()
def wecom() -> None:
    """给企业微信的自建应用建菜单：记跟进、今天、更多。可以重复执行。"""
    from bot.cli import load

    settings = startable(load())
    if not settings.wecom:
        typer.echo("没有配置好的企业微信应用。先用 genjin check 看缺什么。", err=True)
        raise typer.Exit(1)
    raise typer.Exit(asyncio.run(_each(settings, _menus)))


@setup_app.command()
def dingtalk(
    file: Annotated[
        Path, typer.Option("--template", help="把卡片模板写到这个文件", dir_okay=False)
    ] = TEMPLATE,
) -> None:
    """写出钉钉的卡片模板和一页导入步骤；HTTP 模式的应用同时登记卡片回调。"""
    from bot.cli import load

    settings = startable(load())
    apps = "、".join(settings.dingtalk) or "你的应用"
    setting = template_setting(next(iter(settings.dingtalk), "main"))
    page = file.with_suffix(".html")
    try:
        file.write_bytes(template())
        page.write_text(guide(template(), apps, setting), encoding="utf-8")
    except OSError as error:
        typer.echo(f"写不了 {file}：{error.strerror}。换一个位置：--template 路径", err=True)
        raise typer.Exit(1) from error
    typer.echo(setup.IMPORT.format(file=file, page=page, apps=apps, setting=setting))
    raise typer.Exit(asyncio.run(_each(settings, _card_callbacks)))


Setup = Callable[[Settings, ClientSession], Awaitable[int]]


async def _each(settings: Settings, run: Setup) -> int:
    async with ClientSession() as http:
        return await run(settings, http)


async def _menus(settings: Settings, http: ClientSession) -> int:
    failed = 0
    for name, app in settings.wecom.items():
        client = wiring_wecom.client(app, http, SystemClock())
        failed += not await _tried(f"应用 {name} 的菜单", setup.create_menu(client))
    return int(failed > 0)


async def _card_callbacks(settings: Settings, http: ClientSession) -> int:
    failed = 0
    for name, app in settings.dingtalk.items():
        if app.mode is not DingTalkMode.HTTP or not app.card_secret.get_secret_value():
            continue
        if not settings.public_url:
            typer.echo("HTTP 模式要先填 GENJIN_PUBLIC_URL（公网地址），才能登记卡片回调。", err=True)
            return 1
        client = wiring_dingtalk.client(app, http, SystemClock())
        done = setup.register_cards(client, name, app, settings.public_url)
        failed += not await _tried(f"应用 {name} 的卡片回调", done)
    return int(failed > 0)


async def _tried(what: str, work: Awaitable[object]) -> bool:
    """Do it and say how it went."""
    try:
        await work
    except Misconfigured as fault:
        typer.echo(f"{what}没有设好：{fault.hint}", err=True)
        return False
    except VendorFault as fault:
        typer.echo(f"{what}没有设好：平台没有答应（{fault}），过一会儿再试", err=True)
        return False
    typer.echo(f"{what}已设好。")
    return True
