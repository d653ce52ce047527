"""`genjin sync`: members, departments and managers from the platforms' directories, now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer

from bot.directory import Registrar
from bot.errors import Misconfigured, RateLimited, VendorFault
from config.clock import SystemClock
from config.settings import Settings
from crm.directory import Source
from crm.externals import Imported
from crm.sync import Synced

Echo = Callable[[str], object]
PLATFORMS = {"wecom": "企业微信", "dingtalk": "钉钉"}
MOST_NAMES = 20


def sync(
    platform: Annotated[str, typer.Option(help="只同步这个平台：wecom 或 dingtalk")] = "",
    app: Annotated[str, typer.Option(help="只同步这个应用（配置里的应用名）")] = "",
    external: Annotated[bool, typer.Option("--external", help="改为导入企业微信的客户联系")] = False,
    leavers: Annotated[
        bool, typer.Option("--leavers", help="确认：通讯录里没有的同事都已离开，再多也标记")
    ] = False,
) -> None:
    """从通讯录同步同事、部门和上级；加 --external 导入客户联系。"""
    from bot.cli import load

    if platform and platform not in PLATFORMS:
        typer.echo(f"没有平台 {platform}，可以是 wecom 或 dingtalk。", err=True)
        raise typer.Exit(2)
    if not asyncio.run(_sync(load(), Wanted(platform, app), typer.echo, external=external, leavers=leavers)):
        raise typer.Exit(1)


class Wanted:
    """Which apps: all of a platform, or one name, or everything."""

    def __init__(self, platform: str = "", app: str = "") -> None:
        self._platform, self._app = platform, app

    def __contains__(self, source: Source) -> bool:
        """Whether this app is meant."""
        return self._platform in ("", source.platform) and self._app in ("", source.app)


async def _sync(settings: Settings, wanted: Wanted, echo: Echo, *, external: bool, leavers: bool) -> bool:
    from bot.wiring import building

    async with building(settings, SystemClock()) as service:
        if external:
            return await run_externals(service.registrar, wanted, echo)
        return await run_sync(service.registrar, wanted, echo, leavers=leavers)


async def run_sync(registrar: Registrar, wanted: Wanted, echo: Echo, *, leavers: bool = False) -> bool:
    """Sync the apps that are meant, and say what came of each; whether all went well."""
    readers = [one for one in registrar.readers if one.source in wanted]
    if not readers:
        return _nothing(echo)
    fine = True
    for reader in readers:
        try:
            done = await registrar.sync(reader, certain=leavers)
        except VendorFault as fault:
            fine = _refused(reader.source, fault, echo)
        else:
            for line in synced_lines(reader.source, done):
                echo(line)
    return fine


async def run_externals(registrar: Registrar, wanted: Wanted, echo: Echo) -> bool:
    """Import the external contacts of the apps that are meant; whether all went well."""
    readers = [one for one in registrar.outside if one.source in wanted]
    if not readers:
        return _nothing(echo)
    fine = True
    for reader in readers:
        try:
            done = await registrar.import_externals(reader)
        except VendorFault as fault:
            fine = _refused(reader.source, fault, echo)
        else:
            echo(external_line(reader.source, done))
    return fine


def synced_lines(source: Source, done: Synced) -> list[str]:
    """What a sync has done, in plain words."""
    counts = (
        (done.added, "新加入"),
        (done.back, "恢复"),
        (done.changed, "更新"),
        (done.superiors, "上级有变"),
        (len(done.left), "离开"),
    )
    told = "，".join(f"{word} {count} 位" for count, word in counts if count) or "没有变化"
    lines = [f"{_name(source)}：通讯录里 {done.people} 位，{told}。"]
    if done.left:
        lines.append(f"  离开：{_names([one.name for one in done.left])}")
    if done.doubtful:
        lines.append(f"  已有同名的同事，先各算一位，请核对：{_names(done.doubtful)}")
    if done.held_back:
        lines.append(
            f"  有 {done.held_back} 位在通讯录里找不到了，人数太多或没有读全，先不标记为离开。"
            "请检查应用的可见范围；确实离开了，再运行 genjin sync --leavers"
        )
    return lines


def external_line(source: Source, done: Imported) -> str:
    """What an import of external contacts has done."""
    counts = (
        (done.added, "新导入"),
        (done.changed, "更新"),
        (done.linked, "对上客户"),
        (done.parted, "不再联系"),
    )
    told = "，".join(f"{word} {count} 位" for count, word in counts if count) or "没有变化"
    return f"{_name(source)} 客户联系：{told}。"


def _name(source: Source) -> str:
    return f"{PLATFORMS.get(source.platform, source.platform)} {source.app}"


def _names(names: list[str]) -> str:
    more = f" 等 {len(names)} 位" if len(names) > MOST_NAMES else ""
    return "、".join(names[:MOST_NAMES]) + more


def _nothing(echo: Echo) -> bool:
    echo("没有可以同步的应用。先在配置里填好企业微信或钉钉的应用，genjin check 看还差什么。")
    return False


def _refused(source: Source, fault: VendorFault, echo: Echo) -> bool:
    if isinstance(fault, Misconfigured):
        why = fault.hint
    elif isinstance(fault, RateLimited):
        why = f"接口调用太频繁，{round(fault.retry_after)} 秒后再试"
    else:
        why = "暂时读不到，稍后再试"
    echo(f"{_name(source)}：没有同步。{why}（{fault.call} {fault.code}）")
    return False
