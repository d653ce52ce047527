"""`genjin fields`: the organisation's own fields and kinds of records as a file, TOML or JSON."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlmodel import Session

from config.clock import SystemClock
from config.settings import Settings
from crm.context import SYSTEM, Context
from crm.custom.exchange import EXAMPLE, Taken, taken, written
from crm.errors import Refusal
from store.database import connect

fields_app = typer.Typer(help="自己加的字段和对象：导出成文件，从文件导入。", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="文件名，.toml 或 .json", dir_okay=False)]


@fields_app.command("export")
def export(file: File) -> None:
    """把字段和对象写进文件。"""
    from bot.cli import load

    told = exported(load())
    try:
        file.write_text(to_text(told, file.suffix), encoding="utf-8")
    except OSError as error:
        typer.echo(f"写不了 {file}：{error.strerror}", err=True)
        raise typer.Exit(1) from error
    typer.echo(f"已写入 {file}：{len(told['object'])} 种对象，{len(told['field'])} 个字段。")


@fields_app.command("import")
def import_(file: File) -> None:
    """按文件加上或更新字段和对象，马上生效；文件里没有的不动。"""
    from bot.cli import load

    try:
        told = from_text(file.read_text(encoding="utf-8-sig"), file.suffix)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        typer.echo(f"读不了 {file}（{error}）。文件这样写：\n{EXAMPLE}", err=True)
        raise typer.Exit(1) from error
    try:
        done = imported(load(), told)
    except Refusal as refusal:
        typer.echo(f"没有导入：{refusal.message}", err=True)
        raise typer.Exit(1) from refusal
    typer.echo(f"新增 {done.objects} 种对象，新增 {done.added} 个字段，更新 {done.changed} 个字段。")


def exported(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """What the file holds."""
    database = connect(settings.database_url)
    try:
        with Session(database.reader) as session:
            return written(Context(session, SYSTEM, SystemClock().now(), business=settings.business()))
    finally:
        database.close()


def imported(settings: Settings, told: dict[str, Any]) -> Taken:
    """Take a file in, all of it or nothing. Raises `Refusal`."""
    database = connect(settings.database_url)
    try:
        with Session(database.writer, expire_on_commit=False) as session:
            done = taken(Context(session, SYSTEM, SystemClock().now(), business=settings.business()), told)
            session.commit()
            return done
    finally:
        database.close()


def from_text(text: str, suffix: str) -> dict[str, Any]:
    """The content of a file. Raises `ValueError` for what is no TOML or JSON."""
    told = json.loads(text) if suffix.lower() == ".json" else tomllib.loads(text)
    if not isinstance(told, dict):
        raise ValueError("不是一张表")
    return told


def to_text(told: dict[str, list[dict[str, Any]]], suffix: str) -> str:
    """The content of a file as JSON, otherwise TOML."""
    if suffix.lower() == ".json":
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    parts = []
    for name, entries in told.items():
        for entry in entries:
            lines = [f"{key} = {_toml(value)}" for key, value in entry.items()]
            parts.append("\n".join([f"[[{name}]]", *lines]))
    return "\n\n".join(parts) + "\n"


def _toml(value: object) -> str:
    """A text, a truth or a list of texts in TOML: its strings are JSON's, but for DEL."""
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
