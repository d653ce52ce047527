"""Values of fields as people read them, and formulas worked out for one record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.context import Context
from crm.custom import formulas, specs
from crm.custom.formula_kinds import Part
from crm.custom.kinds import FieldSpec, Kind
from crm.errors import UserMistake
from crm.rights import name_of
from crm.wording import FEN, figure, money
from store.tables import Customer, Table

WEEKDAYS = "一二三四五六日"
MOST_MERGES = 5  # customers merged one into another


def text_of(ctx: Context, spec: FieldSpec, value: Any) -> str:  # noqa: ANN401 as `ext` holds it, see Kind
    """A kept value as people read it; "" for none."""
    if value is None or value == "" or value == []:
        return ""
    match spec.kind:
        case Kind.MONEY:
            return money(int(value))
        case Kind.NUMBER:
            return figure(Decimal(str(value)))
        case Kind.DATE:
            return _day(date.fromisoformat(str(value)), ctx.local.date())
        case Kind.CHOICES:
            return "、".join(str(one) for one in value)
        case Kind.MEMBER:
            return name_of(ctx, int(value))
        case Kind.REFERENCE:
            return _name(ctx, int(value))
    return str(value)


def _name(ctx: Context, customer_id: int) -> str:
    """The name of a customer; of the one that it was merged into, where it was."""
    customer = ctx.session.get(Customer, customer_id)
    for _ in range(MOST_MERGES):
        if customer is None or customer.merged_into_id is None:
            break
        customer = ctx.session.get(Customer, customer.merged_into_id)
    return customer.name if customer is not None else ""


def worked_out(ctx: Context, spec: FieldSpec, row: Table, fields: Sequence[FieldSpec]) -> str:
    """What a formula yields for a record; "" where a value is missing, the reason where it cannot be done."""
    try:
        program = formulas.program(spec.formula, formulas.kinds_of(fields))
        result = program.run(operands(ctx, row, fields), ctx.local.date())
    except UserMistake as mistake:
        return mistake.message.removesuffix("。")
    if result is None:
        return ""
    if isinstance(result, bool):
        return "是" if result else "否"
    if isinstance(result, date):
        return _day(result, ctx.local.date())
    if program.kind is Part.MONEY:
        return money(int((result * FEN).quantize(Decimal(1))))
    return figure(result.quantize(Decimal("0.01")))


def operands(ctx: Context, row: Table, fields: Sequence[FieldSpec]) -> dict[str, Decimal | date | None]:
    """What a record gives to formulas: numbers, amounts in yuan, local days."""
    return {spec.key: _operand(ctx, spec, row) for spec in fields if spec.kind in formulas.OPERANDS}


def _operand(ctx: Context, spec: FieldSpec, row: Table) -> Decimal | date | None:
    value = raw(row, spec)
    if value is None:
        return None
    if spec.kind is Kind.DATE:
        if isinstance(value, datetime):
            return ctx.wall(value).date()
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    number = Decimal(str(value))
    return number / FEN if spec.kind is Kind.MONEY else number


def raw(row: Table, spec: FieldSpec) -> Any:  # noqa: ANN401 as the column or `ext` holds it
    """The value of a field in a record as it is kept; None for none."""
    if spec.built_in:
        return getattr(row, spec.key, None)
    held: Mapping[str, Any] = getattr(row, "ext", {})
    return held.get(spec.key)


def fields_of(ctx: Context, object: str, row: Table) -> tuple[FieldSpec, ...]:  # noqa: A002 as the tables call it
    """The added fields of a record that have a value or a formula."""
    held: Mapping[str, Any] = getattr(row, "ext", {})
    found = specs.added(ctx.session, object)
    return tuple(spec for spec in found if spec.kind is Kind.FORMULA or spec.key in held)


def _day(value: date, today: date) -> str:
    """11月25日 周三, with the year when it is another one."""
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日 周{WEEKDAYS[value.weekday()]}"
