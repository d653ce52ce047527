"""Conditions on added fields: how they are compared, and what they are in the side index."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, true
from sqlmodel import col

from crm.context import Context
from crm.custom import index, show
from crm.custom.kinds import FieldSpec, Kind
from crm.custom.reading import value_of
from crm.errors import UserMistake
from store.tables import CustomValue


class Op(StrEnum):
    """How a value is compared."""

    IS = "is"
    NOT = "not"
    OVER = "over"
    FROM = "from"
    UNDER = "under"
    UP_TO = "up_to"
    BETWEEN = "between"
    FILLED = "filled"
    EMPTY = "empty"


OP_WORDS: dict[Op, str] = {
    Op.IS: "是",
    Op.NOT: "不是",
    Op.OVER: "大于",
    Op.FROM: "不少于",
    Op.UNDER: "小于",
    Op.UP_TO: "不超过",
    Op.FILLED: "已填",
    Op.EMPTY: "没填",
}
_ORDERED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE})


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the key of a field, how it is compared, and with what; `high` where between."""

    key: str
    op: Op
    value: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A condition on a field's rows in the side index, and how it was understood; `negated`: no such row."""

    field_id: int
    where: ColumnElement[bool]
    words: str
    negated: bool = False


def part_of(ctx: Context, spec: FieldSpec, one: Condition) -> Part:
    """A condition, checked. Raises `UserMistake` with an example."""
    if spec.kind is Kind.FORMULA:
        raise UserMistake(
            f"{spec.label}是算出来的，不能用来筛选，用它里面的字段来筛，例如：年采购额大于100万的客户"
        )
    if one.op in (Op.FILLED, Op.EMPTY):
        return Part(spec.id, true(), f"{spec.label}{OP_WORDS[one.op]}", negated=one.op is Op.EMPTY)
    if spec.kind in _ORDERED:
        where, words = _range(ctx, spec, one)
        return Part(spec.id, where, words)
    if one.op not in (Op.IS, Op.NOT):
        raise UserMistake(f"{spec.label}不能比大小，例如：{spec.label} {spec.example} 的客户")
    where, words = _same(ctx, spec, one.value)
    word = {Op.IS: "含", Op.NOT: "不含"}[one.op] if spec.kind is Kind.TEXT else OP_WORDS[one.op]
    return Part(spec.id, where, f"{spec.label}{word}{words}", negated=one.op is Op.NOT)


def _same(ctx: Context, spec: FieldSpec, said: str) -> tuple[ColumnElement[bool], str]:
    if spec.kind in (Kind.MEMBER, Kind.REFERENCE):
        value = value_of(ctx, spec, said)
        return col(CustomValue.value_number) == int(value), show.text_of(ctx, spec, value)
    if spec.kind is Kind.TEXT:
        return col(CustomValue.value_norm).contains(index.norm_of(said), autoescape=True), said
    options = value_of(ctx, replace(spec, kind=Kind.CHOICES), said)  # A或B asks for either
    return col(CustomValue.value_norm).in_([index.norm_of(o) for o in options]), "或".join(options)


def _range(ctx: Context, spec: FieldSpec, one: Condition) -> tuple[ColumnElement[bool], str]:
    low = value_of(ctx, spec, one.value)
    number = index.number_of(spec.kind, low)
    column = col(CustomValue.value_number)
    shown = show.text_of(ctx, spec, low)
    if one.op is Op.BETWEEN:
        high = value_of(ctx, spec, one.high)
        first, last = sorted((number, index.number_of(spec.kind, high)))
        return and_(column >= first, column <= last), f"{spec.label}{shown}到{show.text_of(ctx, spec, high)}"
    word = OP_WORDS[one.op]
    if spec.kind is Kind.DATE:
        word = {Op.OVER: "晚于", Op.FROM: "不早于", Op.UNDER: "早于", Op.UP_TO: "不晚于"}.get(one.op, word)
    where: dict[Op, ColumnElement[bool]] = {
        Op.IS: column == number,
        Op.NOT: column != number,
        Op.OVER: column > number,
        Op.FROM: column >= number,
        Op.UNDER: column < number,
        Op.UP_TO: column <= number,
    }
    return where[one.op], f"{spec.label}{word}{shown}"
