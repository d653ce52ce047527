"""`genjin corrections`: what people corrected, as test cases of the grammar."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from config.settings import Settings
from crm.corrections import standing
from nlu.cases import changes, line
from store.database import connect
from store.tables import Correction

corrections_app = typer.Typer(help="大家改过的理解结果，可以做成语法的测试用例。", no_args_is_help=True)
Since = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="从哪一天起，例如 2026-11-01")]


@corrections_app.command("export")
def export(since: Since = None) -> None:
    """每行一个 JSON：原话、发送时间、改正后的各个字段。含客户信息，请妥善保管。"""
    from bot.cli import load

    for text in exported(load(), since):
        typer.echo(text)


def exported(settings: Settings, since: datetime | None) -> list[str]:
    """The lines of the export; `since` is a local day."""
    zone = ZoneInfo(settings.zone)
    database = connect(settings.database_url)
    try:
        with Session(database.reader) as session:
            start = since.replace(tzinfo=zone) if since else None
            return [_line(row, zone) for row in standing(session, start)]
    finally:
        database.close()


def _line(row: Correction, zone: ZoneInfo) -> str:
    sent = row.said_at.astimezone(zone).replace(tzinfo=None)
    fields = "、".join(changes(row.read, row.corrected))
    note = f"{fields}：{row.words}" if row.words else fields
    return line(f"c{row.id}", row.text, sent, row.corrected, note)
