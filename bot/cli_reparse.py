"""`genjin reparse`: what today's grammar would read differently in old sentences; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

import typer
from sqlmodel import Session

from bot.names import Names
from config.settings import Settings
from handlers.reparsing import Reread, reread
from nlu import VERSION
from nlu.reading import Reading
from nlu.understand import Context, understand
from store.database import connect


def reparse(limit: Annotated[int, typer.Option(min=1, help="最近多少条记录")] = 500) -> None:
    """用现在的语法重读最近的记录，逐项列出会读得不一样的地方；不改动任何数据。"""
    from bot.cli import load

    count = 0
    for one in differences(load(), limit):
        count += 1
        for text in lines(one):
            typer.echo(text)
    typer.echo(
        f"语法版本 {VERSION}：{count} 条会读得不一样。" if count else f"语法版本 {VERSION}：读法没有变化。"
    )


def differences(settings: Settings, limit: int) -> Iterator[Reread]:
    """Records that would be written differently today, the newest first."""
    database = connect(settings.database_url)
    try:
        with Session(database.reader) as session:
            names = Names()
            names.load(session)

            def read(text: str, at: datetime, sender: str) -> Reading:
                return understand(text, at, names.lexicon, Context(sender_key=sender))

            yield from reread(session, settings.business(), read, limit)
    finally:
        database.close()


def lines(one: Reread) -> list[str]:
    """How a difference is printed."""
    head = f"{one.activity_id}  {one.at:%Y-%m-%d %H:%M}  版本 {one.parser or '未知'} → {VERSION}  {one.text}"
    return [head, *(f"    {c.name}：{c.was} → {c.now}" for c in one.changes)]
