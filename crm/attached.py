"""Kept files that somebody wants to have: which are meant, and whether he may."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from crm import customers
from crm.attachments import KEPT, KINDS, WAITING
from crm.context import Context
from crm.errors import NotAllowed, UserMistake
from crm.rights import sees, visible
from store.tables import Activity, Attachment

MOST = 5  # at once
LOOKED_AT = 20
SUFFIXES = {"image": ".jpg", "voice": ".amr", "video": ".mp4"}
GONE = "这个附件已经不在了。看还有哪些：附件 华润置地"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is here: `path` is below the folder of files, `name` is never empty, `size` in bytes."""

    id: int
    kind: str
    name: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Files to be sent, and how many more of the same record there are."""

    files: tuple[KeptFile, ...]
    more: int = 0


def one(ctx: Context, attachment_id: int) -> KeptFile:
    """A file by its id. Raises `UserMistake` where it is not here, `NotAllowed`."""
    row = ctx.session.get(Attachment, attachment_id)
    activity = ctx.session.get(Activity, row.activity_id) if row is not None else None
    if row is None or activity is None or row.archived_at is not None or activity.voided_at is not None:
        raise UserMistake(GONE)
    if activity.customer_id is not None:
        customers.get(ctx, activity.customer_id)
    if not sees(ctx, activity):
        raise NotAllowed("这条跟进不在你能看的范围里，附件可以找记录的人要。")
    return _ready([row])[0]


def of_activity(ctx: Context, activity_id: int, kinds: Collection[str] = ()) -> Wanted | None:
    """The files of a record, of these kinds or of all; None where it has none. Raises `UserMistake`."""
    return _of(ctx, _wanted(ctx, kinds, col(Attachment.activity_id) == activity_id))


def latest(ctx: Context, customer_id: int, kinds: Collection[str] = (), named: str = "") -> Wanted | None:
    """Those of a customer's latest record that has such files; `named` is a part of the file's name.

    None where there are none. Raises `UserMistake` where they are not here, `NotAllowed`.
    """
    customer = customers.get(ctx, customer_id)
    query = _wanted(ctx, kinds, col(Activity.customer_id) == customer.id)
    if named:
        query = query.where(col(Attachment.name).contains(named, autoescape=True))
    return _of(ctx, query)


def _wanted(ctx: Context, kinds: Collection[str], whose: ColumnElement[bool]) -> Select[Any]:
    query = (
        select(Attachment)
        .join(Activity, col(Activity.id) == col(Attachment.activity_id))
        .where(
            whose,
            col(Activity.voided_at).is_(None),
            col(Attachment.archived_at).is_(None),
            visible(ctx, Activity),
        )
    )
    return query.where(col(Attachment.kind).in_(list(kinds))) if kinds else query


def _of(ctx: Context, query: Select[Any]) -> Wanted | None:
    """The files of the latest record among those found, in the order in which they came."""
    newest = query.order_by((col(Attachment.id) + 0).desc()).limit(LOOKED_AT)
    rows: list[Attachment] = list(ctx.session.scalars(newest))
    same = [row for row in reversed(rows) if row.activity_id == rows[0].activity_id]
    if not same:
        return None
    ready = _ready(same)
    return Wanted(tuple(ready[:MOST]), max(0, len(ready) - MOST))


def _ready(rows: list[Attachment]) -> list[KeptFile]:
    """Those whose bytes are here. Raises `UserMistake` where none is."""
    kept = [
        KeptFile(row.id, row.kind, _name(row), row.path, row.size)
        for row in rows
        if row.state == KEPT and row.path
    ]
    if kept:
        return kept
    called = KINDS.get(rows[0].kind, "附件")
    if any(row.state == WAITING for row in rows):
        raise UserMistake(f"{called}还在取，一般一分钟内就好，过一会再发“发我 {called}”。")
    raise UserMistake(f"{called}当时没取到，没有存下来，可以请记录的人再发一次。")


def _name(row: Attachment) -> str:
    """A name that shows what the file is."""
    name = row.name or KINDS.get(row.kind, "附件")
    return name if PurePath(name).suffix else f"{name}{SUFFIXES.get(row.kind, '')}"
