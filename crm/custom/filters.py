"""Lists by added fields: 设备型号偏好 B 的客户, 年采购额大于100万的客户. Scoped, paged, by the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Exists, Select, func, literal, select
from sqlmodel import col

from crm.colleagues import names_of
from crm.context import Context
from crm.custom import show
from crm.custom.builtin import TABLES
from crm.custom.conditions import Condition, Op, Part, part_of
from crm.custom.kinds import FieldSpec
from crm.custom.values import need_field
from crm.custom.walking import NEWEST, Whose, key_of, walk
from crm.customers import registered
from crm.errors import NotAllowed, UserMistake
from crm.rights import FieldAccess, access, named, roles_reading
from store.among import by_ids
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
    """A page of records: `asked` says how the question was understood.

    `after` and `before` ask for the next page; `count` is how many were found, more where not `exact`.
    """

    object: str
    asked: str
    rows: tuple[Row, ...]
    count: int
    after: int | None
    before: int = NEWEST
    exact: bool = True


def find(
    ctx: Context,
    object: str,  # noqa: A002 as the tables call it
    conditions: Sequence[Condition],
    skip: int = 0,
    *,
    mine: bool = False,
    before: int = NEWEST,
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
            who = named(roles_reading(ctx, object, spec.key))
            raise NotAllowed(f"{spec.label}你的角色看不全，不能用来筛选，{who}可以，需要的话请管理员开通。")
    parts = [part_of(ctx, spec, one) for spec, one in zip(fields, conditions, strict=True)]
    whose = Whose(model, _own(ctx, model) if mine else None)
    query, few = _met(ctx, _standing(model, object), model, parts)
    asked = "，".join(part.words for part in parts)
    if few:
        return _of_few(ctx, query.where(whose.seen(ctx)), model, fields, asked, skip)
    found = walk(ctx, query, whose, before, MOST_COUNTED)
    rows = _rows(ctx, select(model).where(key_of(model).in_(found.ids[:PAGE])), model, fields, few=False)
    rest = found.ids[PAGE - 1] if len(found.ids) > PAGE else found.rest
    after = skip + len(rows) if rest is not None else None
    count = skip + len(found.ids)
    return Listed(object, asked, rows, count, after, rest or NEWEST, found.rest is None)


def _own(ctx: Context, model: type[Table]) -> ColumnElement[bool] | None:
    """The records that the actor looks after, where records of this kind have an owner."""
    owner = getattr(model, "owner_id", None)
    return None if owner is None else col(owner) == ctx.actor.id


def _of_few(
    ctx: Context, query: Select[Any], model: type[Table], fields: Sequence[FieldSpec], asked: str, skip: int
) -> Listed:
    count = int(ctx.session.execute(query.with_only_columns(func.count())).scalar_one())
    rows = _rows(ctx, query.offset(skip).limit(PAGE), model, fields, few=True)
    after = skip + PAGE if count > skip + PAGE else None
    return Listed(fields[0].object, asked, rows, count, after)


def _met(
    ctx: Context, query: Select[Any], model: type[Table], parts: Sequence[Part]
) -> tuple[Select[Any], bool]:
    """The query with the conditions, and whether few records can meet them.

    A condition that few records meet gives their ids; one that many meet is asked of each record in turn.
    """
    key = key_of(model)
    few: set[int] | None = None
    for part in parts:
        ids = None if part.negated else _few(ctx, part)
        if ids is not None:
            few = ids if few is None else few & ids
            continue
        met = _asked_of_each(ctx, key, part)
        query = query.where(~met if part.negated else met)
    return (query, False) if few is None else (query.where(by_ids(key, sorted(few))), True)


def _asked_of_each(ctx: Context, key: ColumnElement[int], part: Part) -> Exists:
    """Whether a record meets a condition, asked by the record.

    In a form that PostgreSQL does not make a join of everybody's, and for which SQLite finds no index of the
    field: without figures about the table it would go through all the field's values for each record.
    """
    is_sqlite = ctx.session.get_bind().dialect.name == "sqlite"
    field_id = col(CustomValue.field_id) + 0 if is_sqlite else col(CustomValue.field_id)
    one = select(literal(1)).where(col(CustomValue.object_id) == key, field_id == part.field_id, part.where)
    return one.offset(0).exists()


def _few(ctx: Context, part: Part) -> set[int] | None:
    """The records that meet a condition; None where they are many."""
    of_field = col(CustomValue.field_id) == part.field_id
    found = select(col(CustomValue.object_id)).where(of_field, part.where).limit(MOST_FEW + 1)
    ids = list(ctx.session.execute(found).scalars())
    return set(ids) if len(ids) <= MOST_FEW else None


def _standing(model: type[Table], object: str) -> Select[Any]:  # noqa: A002 see find
    query = select(model)
    ended = "voided_at" if "voided_at" in model.model_fields else "archived_at"
    query = query.where(getattr(model, ended).is_(None))
    if model is CustomRecord:
        kind = select(col(CustomObject.id)).where(col(CustomObject.key) == object).scalar_subquery()
        query = query.where(col(CustomRecord.object_id) == kind)
    return query


def _order(model: type[Table], *, few: bool) -> tuple[ColumnElement[Any], ...]:
    """Few customers last followed first; many, and other records, the newest first."""
    key = key_of(model)
    if model is not Customer or not few:
        return (key.desc(),)
    return col(Customer.last_follow_at).is_(None), col(Customer.last_follow_at).desc(), key.desc()


def _rows(
    ctx: Context, query: Select[Any], model: type[Table], fields: Sequence[FieldSpec], *, few: bool
) -> tuple[Row, ...]:
    found = list(ctx.session.execute(query.order_by(*_order(model, few=few))).scalars())
    owners = names_of(ctx, map(_owner, found))
    names = registered(ctx, [one for one in map(_customer, found) if one is not None])
    return tuple(_row(ctx, row, fields, owners[_owner(row)], names) for row in found)


def _owner(row: Table) -> int | None:
    owner: int | None = getattr(row, "owner_id", getattr(row, "author_id", None))
    return owner


def _customer(row: Table) -> int | None:
    customer_id: int | None = getattr(row, "customer_id", None)
    return customer_id


def _row(ctx: Context, row: Table, fields: Sequence[FieldSpec], owner: str, names: Mapping[int, str]) -> Row:
    values = "，".join(t for t in (show.text_of(ctx, spec, show.raw(row, spec)) for spec in fields) if t)
    row_id: int = getattr(row, "id")  # noqa: B009 see key_of
    if isinstance(row, Customer):
        return Row(row_id, row_id, row.name, values, owner)
    customer_id = _customer(row)
    if isinstance(row, CustomRecord):
        title = f"{row.number} {row.title}".strip()
    else:
        title = (
            row.name if isinstance(row, Contact) else str(getattr(row, "raw", getattr(row, "name", "")))[:20]
        )
    called = names.get(customer_id or 0, "")
    whose = f" · {called}" if called else ""
    return Row(row_id, customer_id, f"{title}{whose}", values, owner if _owner(row) is not None else "")
