"""`genjin quota`: what DingTalk has counted this month."""

from __future__ import annotations

import typer
from sqlmodel import Session

from bot.dingtalk.events import PLATFORM
from bot.dingtalk.quota import month_of, summary
from bot.usage import used
from bot.wiring_dingtalk import quota as quota_of
from config.clock import SystemClock
from store import usage
from store.database import connect
from store.usage import CALLS


def quota() -> None:
    """钉钉本月用了多少接口调用和消息推送，还剩多少。"""
    from bot.cli import load

    settings = load()
    month = month_of(SystemClock().now())
    database = connect(settings.database_url)
    try:
        with Session(database.reader) as session:
            total = used(session, month)
            counts = usage.of_month(session, PLATFORM, month)
    finally:
        database.close()
    typer.echo(f"钉钉 {summary(total, quota_of(settings))}")
    for one, number in counts.items():
        typer.echo(f"  {one.app}  {'接口调用' if one.kind == CALLS else '消息推送'} {number:,} 次")
