"""`genjin understand`: what the messages on standard input mean, one JSON line each; touches no database."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from nlu.names.lexicon import Lexicon, Name
from nlu.wire import serve_lines


def understand(
    customers: Annotated[Path | None, typer.Option(help="已有客户，JSON 数组：[{name, aliases}]")] = None,
) -> None:
    """看看每句话会怎么理解：读入每行一个 JSON {"id", "text", "reference_time"}，逐行输出结果。"""
    for line in serve_lines(sys.stdin, _lexicon(customers)):
        typer.echo(line)


def _lexicon(path: Path | None) -> Lexicon:
    if path is None:
        return Lexicon.of(())
    rows = json.loads(path.read_text(encoding="utf-8"))
    return Lexicon.of(Name(row["name"], row["name"], tuple(row.get("aliases") or ())) for row in rows)
