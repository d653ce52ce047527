"""Conversations, and what the bot keeps in mind of each; and who speaks in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from store.fast import Fast
from store.ids import new_id
from store.once import Once, table_of
from store.tables import Conversation, Identity, Member

Key = tuple[str, str, str]
"""Platform, app, and the platform's id of the conversation."""

TABLE = table_of(Conversation)
MEMBERS = table_of(Member)
IDENTITIES = table_of(Identity)
_NEW = Once(Conversation)
_KEEP = Fast(
    update(TABLE)
    .where(
        TABLE.c.platform == bindparam("at_platform"),
        TABLE.c.app == bindparam("at_app"),
        TABLE.c.key == bindparam("at_key"),
    )
    .values(memory=bindparam("kept"), updated_at=bindparam("now"), version=TABLE.c.version + 1)
)
_SPEAKER = Fast(
    select(
        MEMBERS.c.id,
        MEMBERS.c.name,
        MEMBERS.c.role,
        MEMBERS.c.department,
        MEMBERS.c.superior_id,
        TABLE.c.memory,
    )
    .select_from(
        IDENTITIES.join(MEMBERS, MEMBERS.c.id == IDENTITIES.c.member_id).outerjoin(
            TABLE,
            and_(
                TABLE.c.platform == IDENTITIES.c.platform,
                TABLE.c.app == IDENTITIES.c.app,
                TABLE.c.key == bindparam("conversation"),
            ),
        )
    )
    .where(
        IDENTITIES.c.platform == bindparam("platform"),
        IDENTITIES.c.app == bindparam("app"),
        IDENTITIES.c.external_id == bindparam("sender"),
        IDENTITIES.c.left_at.is_(None),
        MEMBERS.c.active.is_(True),
    )
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """The member who speaks, and what is kept in mind of the conversation."""

    id: int
    name: str
    role: str
    department: str
    superior_id: int | None
    memory: Mapping[str, Any]


def speaker(session: Session, key: Key, sender: str) -> Speaker | None:
    """The active member whom the platform calls `sender` (in any case); None for a stranger or a leaver."""
    platform, app, conversation = key
    values = {"platform": platform, "app": app, "conversation": conversation, "sender": sender.lower()}
    row = _SPEAKER.run(session, values).fetchone()
    if row is None:
        return None
    member_id, name, role, department, superior_id, memory = row
    if isinstance(memory, str):  # SQLite keeps JSON as text
        memory = orjson.loads(memory)
    return Speaker(member_id, name, role, department, superior_id, memory or {})


def memory_of(session: Session, key: Key) -> Mapping[str, Any]:
    """What is kept in mind of a conversation; nothing of one that has not begun."""
    query = select(TABLE.c.memory).where(
        TABLE.c.platform == key[0], TABLE.c.app == key[1], TABLE.c.key == key[2]
    )
    kept = session.execute(query).scalar_one_or_none()
    return kept or {}


def keep(
    session: Session,
    key: Key,
    memory: Mapping[str, Any],
    now: datetime,
    *,
    member_id: int | None,
    is_group: bool,
) -> None:
    """Keep `memory` for the conversation."""
    platform, app, conversation = key
    values = {"kept": dict(memory), "now": now}
    where = {"at_platform": platform, "at_app": app, "at_key": conversation}
    if _KEEP.run(session, values | where).rowcount:
        return
    row = {"id": new_id(), "platform": platform, "app": app, "key": conversation, "member_id": member_id}
    row |= {"is_group": is_group, "memory": dict(memory), "updated_at": now, "version": 1}
    if not _NEW.put(session, row):
        _KEEP.run(session, values | where)
