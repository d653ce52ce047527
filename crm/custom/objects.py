"""Kinds of records of the organisation's own: 样机借用 with numbers YJ-2026-0001 and fields of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from crm.context import Context
from crm.custom import fields
from crm.custom.builtin import OBJECT_WORDS
from crm.custom.fields import NewField
from crm.custom.names import key_for
from crm.errors import Conflict, NotAllowed, UserMistake
from crm.journal import changed, created
from crm.rights import ROLE_NAMES, Right, need
from store.names import fold
from store.tables import CustomObject, CustomRecord, Role

MOST_OBJECTS = 30
NAME = re.compile(r"[A-Za-z一-鿿][A-Za-z0-9一-鿿]{1,9}")
PREFIX = re.compile(r"[A-Z]{2,6}")
RESERVED = frozenset({"C", "Q", "A", "T", "YZ"})
EXAMPLE = "对象 新增 样机借用 编号YJ 字段 设备 文本, 归还日期 日期"
ALL_SEE = frozenset({Role.ADMIN, Role.DIRECTOR, Role.AUDITOR})
"""Roles that may look into every kind, whoever may use it."""


@dataclass(frozen=True, slots=True)
class NewObject:
    """A kind of records to be added, with its first fields; `roles` may use it, empty for everybody."""

    name: str
    prefix: str
    fields: tuple[NewField, ...] = ()
    roles: tuple[Role, ...] = ()


def every(ctx: Context) -> list[CustomObject]:
    """The kinds of records of the organisation's own, the oldest first."""
    query = select(CustomObject).where(col(CustomObject.archived_at).is_(None)).order_by(col(CustomObject.id))
    return list(ctx.session.execute(query.limit(MOST_OBJECTS)).scalars())


def find(ctx: Context, name: str) -> CustomObject:
    """A kind by its name or key. Raises `UserMistake` with those there are."""
    for one in every(ctx):
        if name == one.key or fold(name) == one.name_norm:
            return one
    there = "、".join(one.name for one in every(ctx)) or "还没有"
    raise UserMistake(f"没有“{name[:16]}”这种对象，现有：{there}。例如：{EXAMPLE}")


def add(ctx: Context, new: NewObject) -> CustomObject:
    """Add a kind of records with its fields. Raises `NotAllowed`, `UserMistake`, `Conflict`."""
    need(ctx, Right.CONFIGURE)
    name, prefix = _name(ctx, new.name), _prefix(ctx, new.prefix)
    if len(every(ctx)) >= MOST_OBJECTS:
        raise UserMistake(f"最多{MOST_OBJECTS}种对象，先删掉不用的。")
    taken = frozenset(ctx.session.execute(select(col(CustomObject.key))).scalars())
    row = CustomObject(
        key=key_for(name, taken | set(OBJECT_WORDS)),
        name=name,
        name_norm=fold(name),
        prefix=prefix,
        roles=[role.value for role in new.roles],
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    try:
        with ctx.session.begin_nested():
            created(ctx, row)
    except IntegrityError as error:  # somebody added it at the same moment
        raise Conflict(f"“{name}”或编号{prefix}刚刚已经有人加了，没有重复新增。") from error
    for one in new.fields:
        fields.add(ctx, row.key, one)
    return row


def rename(ctx: Context, row: CustomObject, name: str) -> CustomObject:
    """Call a kind of records something else; numbers stay."""
    need(ctx, Right.CONFIGURE)
    name = name if fold(name) == row.name_norm else _name(ctx, name)
    return changed(ctx, row, name=name, name_norm=fold(name))


def set_roles(ctx: Context, row: CustomObject, roles: Sequence[Role]) -> CustomObject:
    """Say which roles may use a kind of records; none for everybody."""
    need(ctx, Right.CONFIGURE)
    return changed(ctx, row, roles=[role.value for role in roles])


def remove(ctx: Context, row: CustomObject) -> CustomObject:
    """Archive a kind of records: they stay, and come back with it."""
    need(ctx, Right.CONFIGURE)
    need(ctx, Right.DELETE)
    return changed(ctx, row, archived_at=ctx.now)


def records_of(ctx: Context, row: CustomObject) -> int:
    """How many records of the kind there are."""
    query = select(func.count()).where(
        col(CustomRecord.object_id) == row.id, col(CustomRecord.archived_at).is_(None)
    )
    return int(ctx.session.execute(query).scalar_one())


def roles_of(said: str) -> tuple[Role, ...]:
    """销售、主管 as roles; 全部 for everybody. Raises `UserMistake` with those there are."""
    names = {name: role for role, name in ROLE_NAMES.items()}
    words = [word for word in re.split(r"[\s、,，/和]+", said.strip()) if word]
    if words in (["全部"], ["所有人"], ["大家"]):
        return ()
    unknown = next((word for word in words if word not in names), None)
    if unknown is not None or not words:
        raise UserMistake(f"角色写这些：{'、'.join(names)}，或 全部。例如：对象 样机借用 角色 销售 主管")
    return tuple(dict.fromkeys(names[word] for word in words))


def may_use(ctx: Context, row: CustomObject) -> bool:
    """Whether the actor may work with records of this kind."""
    return not row.roles or ctx.actor.role in row.roles or ctx.actor.role in ALL_SEE


def need_use(ctx: Context, row: CustomObject) -> None:
    """Raise `NotAllowed`, which names the roles that may, unless the actor may work with this kind."""
    if not may_use(ctx, row):
        who = "、".join(ROLE_NAMES[Role(role)] for role in row.roles)
        raise NotAllowed(f"{row.name}由{who}使用，你是{ROLE_NAMES[ctx.actor.role]}，需要的话请管理员开通。")


def _name(ctx: Context, name: str) -> str:
    name = unicodedata.normalize("NFKC", name).strip()
    if not NAME.fullmatch(name):
        raise UserMistake(f"对象名用2到10个字，不带空格和符号，例如：{EXAMPLE}")
    if name in OBJECT_WORDS or any(fold(name) == one.name_norm for one in every(ctx)):
        raise Conflict(f"已经有“{name}”了，没有重复新增。加字段这样写：字段 {name} 新增 序列号")
    return name


def _prefix(ctx: Context, prefix: str) -> str:
    prefix = unicodedata.normalize("NFKC", prefix).strip().upper()
    if not PREFIX.fullmatch(prefix):
        raise UserMistake(f"编号用2到6个字母开头，例如：{EXAMPLE}")
    query = select(col(CustomObject.name)).where(or_(col(CustomObject.prefix) == prefix))
    other = ctx.session.execute(query).scalar()
    if other is not None or prefix in RESERVED:
        whose = f"“{other}”" if other is not None else "系统"
        raise Conflict(f"编号{prefix}已经给{whose}用了，换一个，例如：{EXAMPLE}")
    return prefix
