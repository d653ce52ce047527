"""The value of a formula whose kinds are known to fit: its tree walked, nothing executed. Pure."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, DivisionByZero

Value = Decimal | date | bool
Names = Mapping[str, Decimal | date | None]
HIGHEST_POWER = 10


class Misfit(ValueError):
    """A part that has no value, or not of the kind that is needed."""


def value_of(node: ast.expr, names: Names) -> Value:
    """The value of a part. Raises `Misfit`, `OverflowError`, `decimal.DecimalException`."""
    match node:
        case ast.Constant(value=value):
            return Decimal(str(value))
        case ast.Name(id=name):
            return _known(names.get(name))
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(op, value_of(operand, names))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, value_of(left, names), value_of(right, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _all_hold(ops, [value_of(one, names) for one in (left, *others)])
        case ast.BoolOp(op=op, values=parts):
            truths = (bool(value_of(one, names)) for one in parts)
            return all(truths) if isinstance(op, ast.And) else any(truths)
        case ast.IfExp(test=test, body=yes, orelse=no):
            return value_of(yes if value_of(test, names) else no, names)
        case ast.Call(func=ast.Name(id=name), args=args):
            return _called(name, args, names)
    raise Misfit


def _known(value: Value | None) -> Value:
    if value is None:
        raise Misfit
    return value


def _number(value: Value) -> Decimal:
    if not isinstance(value, Decimal):
        raise Misfit
    return value


def _unary(op: ast.unaryop, value: Value) -> Value:
    if isinstance(op, ast.Not):
        return not value
    return -_number(value) if isinstance(op, ast.USub) else _number(value)


def _binary(op: ast.operator, left: Value, right: Value) -> Value:
    if isinstance(left, date):
        return _from_day(op, left, right)
    if isinstance(right, date):
        return right + timedelta(int(_number(left)))
    return _figured(op, _number(left), _number(right))


def _from_day(op: ast.operator, day: date, other: Value) -> Value:
    """A day some days on or back, or the days between two."""
    if isinstance(other, date):
        return Decimal((day - other).days)
    step = timedelta(int(_number(other)))
    return day - step if isinstance(op, ast.Sub) else day + step


def _figured(op: ast.operator, left: Decimal, right: Decimal) -> Decimal:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Pow():
            return _power(left, right)
    if right == 0:
        raise DivisionByZero
    if isinstance(op, ast.Div):
        return left / right
    whole = (left / right).to_integral_value(rounding=ROUND_FLOOR)
    return whole if isinstance(op, ast.FloorDiv) else left - right * whole


def _power(left: Decimal, right: Decimal) -> Decimal:
    if right != right.to_integral_value() or abs(right) > HIGHEST_POWER:
        raise OverflowError
    if left == 0 and right < 0:
        raise DivisionByZero
    return Decimal(1) if right == 0 else left ** int(right)


def _all_hold(ops: Sequence[ast.cmpop], values: Sequence[Value]) -> bool:
    return all(_holds(op, a, b) for op, a, b in zip(ops, values, values[1:], strict=False))


def _holds(op: ast.cmpop, left: Value, right: Value) -> bool:
    if isinstance(left, date) and isinstance(right, date):
        less, same = left < right, left == right
    else:
        less, same = _number(left) < _number(right), left == right
    match op:
        case ast.Lt():
            return less
        case ast.LtE():
            return less or same
        case ast.Gt():
            return not less and not same
        case ast.GtE():
            return not less
        case ast.Eq():
            return same
    return not same


def _called(name: str, args: Sequence[ast.expr], names: Names) -> Value:
    if name == "iff":
        return value_of(args[1] if value_of(args[0], names) else args[2], names)
    values = [value_of(one, names) for one in args]
    if name in ("max", "min"):
        return _extreme(name, values)
    first = _number(values[0])
    if name == "abs":
        return abs(first)
    if name == "floor":
        return first.to_integral_value(rounding=ROUND_FLOOR)
    places = int(_number(values[1])) if len(values) > 1 else 0
    return first.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _extreme(name: str, values: Sequence[Value]) -> Value:
    days = [one for one in values if isinstance(one, date)]
    if len(days) == len(values):
        return max(days) if name == "max" else min(days)
    figures = [_number(one) for one in values]
    return max(figures) if name == "max" else min(figures)
