"""Records of the organisation's own kinds: added with a number, found, changed, listed, archived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import col

from crm import customers
from crm.colleagues import names_of
from crm.context import Context
from crm.custom import objects, show, specs, values
from crm.custom.kinds import Kind
from crm.custom.values import Change
from crm.errors import NotAllowed, UserMistake
from crm.journal import changed, created
from crm.numbers import next_number
from crm.rights import Right, can_edit, may_act_for, name_of, need, visible
from store.tables import Customer, CustomObject, CustomRecord, Member

PAGE = 8
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be added: what was said of its fields by key, `title` free words."""

    customer_id: int | None
    title: str = ""
    given: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as it is shown. `at` is local."""

    record: CustomRecord
    kind: str
    customer: str
    owner: str
    lines: tuple[tuple[str, str], ...]
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A record in a list."""

    id: int
    number: str
    title: str
    customer: str
    owner: str
    values: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of records, newest first; `after` asks for the next one."""

    kind: CustomObject
    customer: str
    lines: tuple[Line, ...]
    count: int
    after: int | None


def add(ctx: Context, kind: CustomObject, new: NewRecord) -> CustomRecord:
    """Add a record that the actor looks after. Raises `NotAllowed`, `UserMistake` that names the field.

    Free words fill the first text field that nothing was said of; they are the title too.
    """
    objects.need_use(ctx, kind)
    if new.customer_id is not None:
        customers.get(ctx, new.customer_id, to_change=True)
    given = dict(new.given or {})
    title = new.title.strip()[:LONGEST_TITLE]
    if title:
        free = (s for s in specs.added(ctx.session, kind.key) if s.kind is Kind.TEXT and s.key not in given)
        first = next(free, None)
        if first is not None:
            given[first.key] = title
    held = values.checked(ctx, kind.key, given)
    if not held and new.customer_id is None:
        example = next(iter(specs.added(ctx.session, kind.key)), None)
        said = f"{example.label} {example.example}" if example is not None else "说明"
        raise UserMistake(f"记什么？例如：{kind.name} 新增 华润置地 {said}")
    return created(
        ctx,
        CustomRecord(
            object_id=kind.id,
            number=next_number(ctx, f"{kind.prefix}-{ctx.local.year}-"),
            title=title or _title(ctx, kind, held),
            customer_id=new.customer_id,
            owner_id=ctx.actor.id,
            ext=held,
            inbox_id=ctx.inbox_id,
            created_at=ctx.now,
            updated_at=ctx.now,
        ),
    )


def get(ctx: Context, record_id: int) -> CustomRecord:
    """A record that the actor may see. Raises `UserMistake` without one, `NotAllowed`."""
    row = ctx.session.get(CustomRecord, record_id)
    if row is None or row.archived_at is not None:
        raise UserMistake("这条记录已经不在了，可能刚被归档或撤销。")
    return _seen(ctx, row)


def by_number(ctx: Context, number: str) -> CustomRecord | None:
    """The record with this number, archived or not; None where no kind has such numbers."""
    query = select(CustomRecord).where(col(CustomRecord.number) == number.upper())
    row = ctx.session.execute(query).scalar()
    if row is not None:
        return _seen(ctx, row)
    known = select(col(CustomObject.id)).where(col(CustomObject.prefix) == number.upper().partition("-")[0])
    if ctx.session.execute(known).first() is None:
        return None
    raise UserMistake(f"没有{number.upper()}这条记录，检查一下编号。")


def shown(ctx: Context, row: CustomRecord) -> Shown:
    """A record with its fields as the actor may see them."""
    kind = kind_of(ctx, row)
    customer = ctx.session.get(Customer, row.customer_id) if row.customer_id is not None else None
    called = customers.short_names(ctx, [customer.id])[customer.id] if customer is not None else ""
    return Shown(
        row,
        kind.name,
        called,
        name_of(ctx, row.owner_id),
        tuple(values.lines(ctx, kind.key, row)),
        ctx.wall(row.created_at),
        may_edit(ctx, row),
    )


def update(ctx: Context, row: CustomRecord, given: Mapping[str, str]) -> list[Change]:
    """Set fields of a record. Raises `NotAllowed`, `UserMistake` that names the field."""
    if row.archived_at is not None:
        raise UserMistake(f"{row.number}已经归档，要改先恢复，例如：{row.number} 恢复")
    objects.need_use(ctx, kind_of(ctx, row))
    return values.put(ctx, row, given)


def archive(ctx: Context, row: CustomRecord) -> CustomRecord:
    """Put a record away; its number stays taken. Raises `NotAllowed`."""
    need(ctx, Right.DELETE)
    values.need_edit(ctx, row)
    return changed(ctx, row, archived_at=ctx.now)


def restore(ctx: Context, row: CustomRecord) -> CustomRecord:
    """Bring an archived record back. Raises `NotAllowed`."""
    need(ctx, Right.DELETE)
    values.need_edit(ctx, row)
    return changed(ctx, row, archived_at=None)


def give(ctx: Context, row: CustomRecord, to: Member) -> CustomRecord:
    """Let another colleague look after a record. Raises `NotAllowed`, `UserMistake` where nothing changes."""
    values.need_edit(ctx, row)
    if row.owner_id == to.id:
        raise UserMistake(f"{row.number}本来就由{to.name}负责。")
    return changed(ctx, row, owner_id=to.id)


def may_edit(ctx: Context, row: CustomRecord) -> bool:
    """Whether the actor may change a record: its owner and those above, and who may change its customer."""
    if may_act_for(ctx, row.owner_id):
        return True
    customer = ctx.session.get(Customer, row.customer_id) if row.customer_id is not None else None
    return customer is not None and can_edit(ctx, customer)


def kind_of(ctx: Context, row: CustomRecord) -> CustomObject:
    """The kind that a record is of."""
    kind = ctx.session.get(CustomObject, row.object_id)
    if kind is None or kind.archived_at is not None:
        raise UserMistake("这种记录已经停用了，需要的话请管理员恢复。")
    return kind


def listed(
    ctx: Context, kind: CustomObject, customer_id: int | None = None, skip: int = 0, *, mine: bool = False
) -> Page:
    """A page of the records of a kind that the actor may see: of one customer, or one's own, where given."""
    objects.need_use(ctx, kind)
    query = select(CustomRecord).where(
        col(CustomRecord.object_id) == kind.id,
        col(CustomRecord.archived_at).is_(None),
        visible(ctx, CustomRecord),
    )
    if customer_id is not None:
        query = query.where(col(CustomRecord.customer_id) == customer_id)
    if mine:
        query = query.where(col(CustomRecord.owner_id) == ctx.actor.id)
    count = ctx.session.execute(query.with_only_columns(func.count()).order_by(None)).scalar_one()
    rows = list(
        ctx.session.execute(query.order_by(col(CustomRecord.id).desc()).offset(skip).limit(PAGE)).scalars()
    )
    ids = [row.customer_id for row in rows if row.customer_id is not None]
    names = customers.short_names(ctx, [*ids, *([customer_id] if customer_id is not None else [])])
    owners = names_of(ctx, (row.owner_id for row in rows))
    lines = tuple(_line(ctx, kind, row, names, owners[row.owner_id]) for row in rows)
    after = skip + PAGE if count > skip + PAGE else None
    return Page(kind, names.get(customer_id or 0, ""), lines, int(count), after)


def _line(ctx: Context, kind: CustomObject, row: CustomRecord, names: Mapping[int, str], owner: str) -> Line:
    said = "，".join(text for _, text in values.lines(ctx, kind.key, row) if text != row.title)
    return Line(row.id, row.number, row.title, names.get(row.customer_id or 0, ""), owner, said)


def _seen(ctx: Context, row: CustomRecord) -> CustomRecord:
    objects.need_use(ctx, kind_of(ctx, row))
    query = select(col(CustomRecord.id)).where(col(CustomRecord.id) == row.id, visible(ctx, CustomRecord))
    if ctx.session.execute(query).first() is None:
        raise NotAllowed(f"{row.number}由{name_of(ctx, row.owner_id)}负责，详情请找对方了解。")
    return row


def _title(ctx: Context, kind: CustomObject, held: Mapping[str, object]) -> str:
    """What a record is called where no free words were said: its first text, otherwise its kind."""
    texts = (s for s in specs.added(ctx.session, kind.key) if s.kind is Kind.TEXT and s.key in held)
    first = next(texts, None)
    return show.text_of(ctx, first, held[first.key])[:LONGEST_TITLE] if first is not None else kind.name
