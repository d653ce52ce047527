"""Each change of fields and kinds of records is kept as a version of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from crm.context import Context
from crm.custom.builtin import OBJECT_NAMES
from crm.custom.kinds import KIND_NAMES, Kind
from store.tables import ConfigVersion, CustomField, CustomObject, Table

CONFIGURED = (CustomField, CustomObject)
_UNTOLD = frozenset({"updated_at", "version", "position", "label_norm", "name_norm"})


def write(ctx: Context, row: Table, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Keep a change of a field or a kind of records as a version of the configuration."""
    told = {key: value for key, value in after.items() if key not in _UNTOLD}
    if not told:
        return
    ctx.session.add(
        ConfigVersion(
            object=str(row.__tablename__),
            object_id=row.id,  # type: ignore[attr-defined]  # both tables have a whole-number id
            before=dict(before),
            after=dict(after),
            words=words_of(ctx, row, before, told),
            member_id=ctx.actor.id or None,
            inbox_id=ctx.inbox_id,
            at=ctx.now,
        )
    )
    ctx.session.flush()


def words_of(ctx: Context, row: Table, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """客户字段“车牌”改名为“车牌号”."""
    what = _called(ctx, row)
    if not before:
        return f"新增{what}{_nature(row)}"
    if "archived_at" in after:
        return f"删除{what}" if after["archived_at"] else f"恢复{what}"
    said = [_one(key, before.get(key), value) for key, value in after.items()]
    return f"{what}{'，'.join(one for one in said if one)}"


def _called(ctx: Context, row: Table) -> str:
    if isinstance(row, CustomObject):
        return f"对象“{row.name}”"
    assert isinstance(row, CustomField)  # noqa: S101 the only other kind, see CONFIGURED
    return f"{_object_name(ctx, row.object)}字段“{row.label}”"


def _object_name(ctx: Context, key: str) -> str:
    if key in OBJECT_NAMES:
        return OBJECT_NAMES[key]
    query = select(col(CustomObject.name)).where(col(CustomObject.key) == key)
    return ctx.session.execute(query).scalar() or key


def _nature(row: Table) -> str:
    if isinstance(row, CustomField):
        options = f"：{'/'.join(row.options)}" if row.options else ""
        return f"（{KIND_NAMES[Kind(row.kind)]}{options}）"
    return f"（编号{row.prefix}）" if isinstance(row, CustomObject) else ""


def _one(key: str, before: Any, after: Any) -> str:  # noqa: ANN401 whatever the column holds
    if key in ("label", "name"):
        return f"由“{before}”改名"
    if key == "options":
        return f"选项由{'/'.join(before or ())}改为{'/'.join(after or ())}"
    if key == "formula":
        return "公式改了"
    if key == "required":
        return "改为必填" if after else "改为选填"
    return "可用角色改了" if key == "roles" else ""
