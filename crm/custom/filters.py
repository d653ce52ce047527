"""Lists by added fields: 设备型号偏好 B 的客户, 年采购额大于100万的客户. Scoped, paged, by the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlmodel import col

from crm.context import Context
from crm.custom import show
from crm.custom.builtin import TABLES
from crm.custom.conditions import Condition, Op, Part, part_of
from crm.custom.kinds import FieldSpec
from crm.custom.values import need_field
from crm.errors import NotAllowed, UserMistake
from crm.rights import FieldAccess, access, name_of, visible
from store.tables import Contact, Customer, CustomObject, CustomRecord, CustomValue, Table

__all__ = ["Condition", "Listed", "Op", "Row", "find"]

PAGE = 8
MOST_COUNTED = 1000
MOST_FEW = 1000  # records that a condition may name one by one
MOST_CONDITIONS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a list: what it is called, what the asked fields hold, who looks after it."""

    id: int
    customer_id: int | None
    title: str
    values: str
    owner: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of records: `asked` says how the question was understood, `after` asks for the next page."""

    object: str
    asked: str
    rows: tuple[Row, ...]
    count: int
    after: int | None


def find(
    ctx: Context,
    object: str,  # noqa: A002 as the tables call it
    conditions: Sequence[Condition],
    skip: int = 0,
    *,
    mine: bool = False,
) -> Listed:
    """A page of the records that the actor may see and that meet every condition. Raises `UserMistake`.

    A text meets what it contains, everything else what it is; fields that the actor may not read in plain
    are refused, for a list would tell them. `mine` leaves those that the actor looks after.
    """
    if len(conditions) > MOST_CONDITIONS:
        raise UserMistake(f"一次最多{MOST_CONDITIONS}个条件，例如：年采购额大于100万的客户")
    model = TABLES.get(object, CustomRecord)
    fields = [need_field(ctx, object, one.key) for one in conditions]
    for spec in fields:
        if access(ctx, object, spec.key) not in (FieldAccess.READ, FieldAccess.WRITE):
            raise NotAllowed(f"{spec.label}你的角色看不全，不能用来筛选，需要的话请管理员开通。")
    parts = [part_of(ctx, spec, one) for spec, one in zip(fields, conditions, strict=True)]
    standing = _standing(ctx, model, object)
    if mine and "owner_id" in model.model_fields:
        standing = standing.where(col(getattr(model, "owner_id")) == ctx.actor.id)  # noqa: B009 see _order
    query, few = _met(ctx, standing, model, parts)
    count = _count(ctx, query, model)
    ordered = query.order_by(*_order(model, few=few)).offset(skip).limit(PAGE)
    rows = [_row(ctx, row, fields) for row in ctx.session.execute(ordered).scalars()]
    after = skip + PAGE if count > skip + PAGE else None
    return Listed(object, "，".join(part.words for part in parts), tuple(rows), count, after)


def _met(
    ctx: Context, query: Select[Any], model: type[Table], parts: Sequence[Part]
) -> tuple[Select[Any], bool]:
    """The query with the conditions, and whether few records can meet them.

    A condition that few records meet gives their ids; one that many meet is asked of each record in turn,
    so that a page of them is found without looking at all.
    """
    key = col(getattr(model, "id"))  # noqa: B009 see _order
    few: set[int] | None = None
    for part in parts:
        ids = None if part.negated else _few(ctx, part)
        if ids is not None:
            few = ids if few is None else few & ids
            continue
        met = exists().where(col(CustomValue.object_id) == key, part.where)
        query = query.where(~met if part.negated else met)
    return (query, False) if few is None else (query.where(key.in_(sorted(few))), True)


def _few(ctx: Context, part: Part) -> set[int] | None:
    """The records that meet a condition; None where they are many."""
    found = select(col(CustomValue.object_id)).where(part.where).limit(MOST_FEW + 1)
    ids = list(ctx.session.execute(found).scalars())
    return set(ids) if len(ids) <= MOST_FEW else None


def _count(ctx: Context, query: Select[Any], model: type[Table]) -> int:
    """How many records there are, up to `MOST_COUNTED`: nobody pages through more."""
    key = col(getattr(model, "id"))  # noqa: B009 see _order
    some = query.with_only_columns(key).order_by(key.desc()).limit(MOST_COUNTED).subquery()
    return int(ctx.session.execute(select(func.count()).select_from(some)).scalar_one())


def _standing(ctx: Context, model: type[Table], object: str) -> Select[Any]:  # noqa: A002 see find
    query = select(model).where(visible(ctx, model))
    ended = "voided_at" if "voided_at" in model.model_fields else "archived_at"
    query = query.where(getattr(model, ended).is_(None))
    if model is CustomRecord:
        kind = select(col(CustomObject.id)).where(col(CustomObject.key) == object).scalar_subquery()
        query = query.where(col(CustomRecord.object_id) == kind)
    return query


def _order(model: type[Table], *, few: bool) -> tuple[ColumnElement[Any], ...]:
    """Few customers last followed first; many, and other records, the newest first."""
    key: ColumnElement[Any] = getattr(model, "id")  # noqa: B009 every one of these tables has it
    if model is not Customer or not few:
        return (key.desc(),)
    return col(Customer.last_follow_at).is_(None), col(Customer.last_follow_at).desc(), key.desc()


def _row(ctx: Context, row: Table, fields: Sequence[FieldSpec]) -> Row:
    values = "，".join(t for t in (show.text_of(ctx, spec, show.raw(row, spec)) for spec in fields) if t)
    row_id: int = getattr(row, "id")  # noqa: B009 see _order
    if isinstance(row, Customer):
        return Row(row_id, row_id, row.name, values, name_of(ctx, row.owner_id))
    customer_id: int | None = getattr(row, "customer_id", None)
    customer = ctx.session.get(Customer, customer_id) if customer_id is not None else None
    if isinstance(row, CustomRecord):
        title = f"{row.number} {row.title}".strip()
    else:
        title = (
            row.name if isinstance(row, Contact) else str(getattr(row, "raw", getattr(row, "name", "")))[:20]
        )
    whose = f" · {customer.name}" if customer is not None else ""
    owner = getattr(row, "owner_id", getattr(row, "author_id", None))
    return Row(row_id, customer_id, f"{title}{whose}", values, name_of(ctx, owner) if owner else "")
