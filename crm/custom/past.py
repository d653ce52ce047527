"""What was changed of fields and kinds of records, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.custom.versions import CONFIGURED
from crm.rights import name_of
from store.tables import ConfigVersion

PAGE = 8


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the configuration: `words` say what, `at` is local."""

    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes, newest first; `after` asks for the next page."""

    lines: tuple[Change, ...]
    after: int | None


def history(ctx: Context, skip: int = 0, kind: str = "") -> Changes:
    """A page of the changes of fields and kinds of records, newest first; `kind` is one of the two tables."""
    tables = (kind,) if kind else tuple(str(one.__tablename__) for one in CONFIGURED)
    query = (
        select(ConfigVersion)
        .where(col(ConfigVersion.object).in_(tables))
        .order_by(col(ConfigVersion.id).desc())
        .offset(skip)
        .limit(PAGE + 1)
    )
    found = list(ctx.session.execute(query).scalars())
    lines = tuple(Change(v.words, name_of(ctx, v.member_id), ctx.wall(v.at)) for v in found[:PAGE])
    return Changes(lines, skip + PAGE if len(found) > PAGE else None)
