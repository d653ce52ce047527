"""Equipment that stands at customers: what, since when, and how long we answer for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import col

from crm import customers
from crm.context import Context
from crm.errors import Conflict, UserMistake
from crm.journal import changed, created
from crm.numbers import next_number
from crm.rights import Right, name_of, need, need_edit, seen, visible
from store.tables import Asset, Customer

PAGE = 6
LONGEST = 60
FIELDS = ("name", "model", "serial", "installed_on", "warranty_until", "note")


@dataclass(frozen=True, slots=True)
class NewAsset:
    """What is known of a piece of equipment; days are local."""

    name: str
    model: str = ""
    serial: str = ""
    installed_on: date | None = None
    warranty_until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a customer's equipment, newest first; `after` asks for the next page, None at the end."""

    customer: Customer
    called: str
    assets: tuple[Asset, ...]
    count: int
    after: int | None


def add(ctx: Context, customer: Customer, new: NewAsset) -> Asset:
    """Put down a piece of equipment. Raises `UserMistake`, `Conflict` for a serial number that stands."""
    need_edit(ctx, customer)
    name = new.name.strip()
    if not 1 <= len(name) <= LONGEST:
        raise UserMistake("是什么设备？例如：设备 华星科技 新增 空压机 型号GA37 序列号SN123 质保3年")
    _check_serial(ctx, new.serial, None)
    return created(
        ctx,
        Asset(
            number=next_number(ctx, "E"),
            customer_id=customer.id,
            name=name,
            model=new.model[:LONGEST],
            serial=new.serial[:LONGEST],
            installed_on=new.installed_on,
            warranty_until=new.warranty_until,
            note=new.note,
            inbox_id=ctx.inbox_id,
            created_at=ctx.now,
            updated_at=ctx.now,
        ),
    )


def get(ctx: Context, asset_id: int) -> tuple[Asset, Customer]:
    """A piece of equipment and whose it is. Raises `UserMistake`, `NotAllowed`."""
    row = ctx.session.get(Asset, asset_id)
    if row is None or row.archived_at is not None:
        raise UserMistake("这台设备已经不在了，可能刚被撤销。")
    return row, customers.get(ctx, row.customer_id)


def numbered(ctx: Context, number: str) -> Asset | None:
    """A piece of equipment by its number or serial number, of those that the actor may see."""
    said = number.strip()
    query = (
        select(Asset)
        .where(
            (col(Asset.number) == said.upper()) | col(Asset.serial).in_({said, said.upper(), said.lower()}),
            col(Asset.archived_at).is_(None),
            visible(ctx, Asset),
        )
        .order_by(col(Asset.id))
        .limit(1)
    )
    found: Asset | None = ctx.session.execute(query).scalar_one_or_none()
    return found


def change(ctx: Context, asset: Asset, values: Mapping[str, object]) -> Asset:
    """Change what is known of it. Raises `NotAllowed`, `Conflict`."""
    customer = ctx.session.get(Customer, asset.customer_id)
    if customer is not None:
        need_edit(ctx, customer)
    given = {name: value for name, value in values.items() if name in FIELDS and value not in (None, "")}
    if "serial" in given:
        _check_serial(ctx, str(given["serial"]), asset.id)
    return changed(ctx, asset, **given) if given else asset


def remove(ctx: Context, asset: Asset) -> None:
    """It stands there no more; what was written about it stays. Raises `NotAllowed`."""
    need(ctx, Right.DELETE)
    customer = ctx.session.get(Customer, asset.customer_id)
    if customer is not None:
        need_edit(ctx, customer)
    changed(ctx, asset, archived_at=ctx.now)


def of_customer(ctx: Context, customer_id: int, skip: int = 0) -> Page:
    """A page of a customer's equipment. Raises `UserMistake`, `NotAllowed`."""
    customer = customers.get(ctx, customer_id)
    here = (col(Asset.customer_id) == customer.id, col(Asset.archived_at).is_(None))
    query = select(Asset).where(*here).order_by(col(Asset.id).desc()).offset(skip).limit(PAGE + 1)
    rows = ctx.session.execute(query).scalars().all()
    number = ctx.session.execute(select(func.count()).select_from(Asset).where(*here)).scalar_one()
    called = customers.short_names(ctx, [customer.id])[customer.id]
    shown = tuple(seen(ctx, row, "asset", customer.owner_id) for row in rows[:PAGE])
    return Page(customer, called, shown, int(number), skip + PAGE if len(rows) > PAGE else None)


def _check_serial(ctx: Context, serial: str, own: int | None) -> None:
    if not serial:
        return
    query = (
        select(Asset, Customer)
        .join(Customer, col(Customer.id) == col(Asset.customer_id))
        .where(col(Asset.serial) == serial, col(Asset.archived_at).is_(None))
        .order_by(col(Asset.id))
        .limit(1)
    )
    found = ctx.session.execute(query).first()
    if found is None or found[0].id == own:
        return
    asset, customer = found
    theirs = select(col(Customer.id)).where(col(Customer.id) == customer.id, visible(ctx, Customer))
    mine = ctx.session.execute(theirs).first() is not None
    where = f"{customer.name}的{asset.name}（{asset.number}）" if mine else "另一家客户"
    raise Conflict(
        f"序列号{serial}已经登记在{where}，负责人{name_of(ctx, customer.owner_id)}，没有重复登记。"
    )
