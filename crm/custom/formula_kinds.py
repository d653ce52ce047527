"""What kind of value each part of a formula has, and which parts fit together. Pure."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NoReturn

from crm.errors import UserMistake

MOST_ARGUMENTS = 10
MOST_PLACES = 4
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


class Part(StrEnum):
    """The kind of a part; the first three as `crm.custom.kinds.Kind` names them."""

    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TRUTH = "truth"


_FIGURES = frozenset({Part.NUMBER, Part.MONEY})
_NAMES = {Part.NUMBER: "数字", Part.MONEY: "金额", Part.DATE: "日期", Part.TRUTH: "是否"}
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "加",
    ast.Sub: "减",
    ast.Mult: "乘",
    ast.Div: "除以",
    ast.FloorDiv: "整除",
    ast.Mod: "求余",
    ast.Pow: "乘方",
}


def kind_of(node: ast.expr, names: Mapping[str, Part]) -> Part:
    """The kind of a part. Raises `UserMistake` for what a formula cannot have or what does not fit."""
    match node:
        case ast.Constant(value=value) if type(value) in (int, float):
            return Part.NUMBER
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=op, operand=operand):
            return _unary(op, kind_of(operand, names))
        case ast.BinOp(left=left, op=op, right=right):
            return _binary(op, kind_of(left, names), kind_of(right, names))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(ops, [kind_of(one, names) for one in (left, *others)])
        case ast.BoolOp(values=parts):
            return _joined([kind_of(one, names) for one in parts])
        case ast.IfExp(test=test, body=yes, orelse=no):
            return _chosen([kind_of(one, names) for one in (test, yes, no)])
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _called(name, args, [kind_of(one, names) for one in args])
    return _refuse("公式只能用字段、数字、加减乘除、括号和比较")


def _refuse(reason: str) -> NoReturn:
    raise UserMistake(f"{reason}。例如：年采购额 * 5%，到期日 - 今天")


def _only(kind: Part, wanted: Part, reason: str) -> Part:
    if kind is not wanted:
        _refuse(reason)
    return kind


def _figure(kind: Part, reason: str) -> Part:
    if kind not in _FIGURES:
        _refuse(reason)
    return kind


def _unary(op: ast.unaryop, kind: Part) -> Part:
    if isinstance(op, ast.Not):
        return _only(kind, Part.TRUTH, "“不是”后面要是一个比较")
    if not isinstance(op, ast.USub | ast.UAdd):
        _refuse("公式只能用加减乘除")
    return _figure(kind, "负号后面要是数字或金额")


def _joined(kinds: Sequence[Part]) -> Part:
    for kind in kinds:
        _only(kind, Part.TRUTH, "“并且”“或者”两边要是比较")
    return Part.TRUTH


def _binary(op: ast.operator, left: Part, right: Part) -> Part:
    both = (left, right)
    sign = _SIGNS.get(type(op))
    if sign is None:
        _refuse("公式只能用加减乘除")
    if isinstance(op, ast.Add | ast.Sub):
        if set(both) <= _FIGURES:
            return Part.MONEY if Part.MONEY in both else Part.NUMBER
        if both == (Part.DATE, Part.DATE) and isinstance(op, ast.Sub):
            return Part.NUMBER
        if both == (Part.DATE, Part.NUMBER) or (both == (Part.NUMBER, Part.DATE) and isinstance(op, ast.Add)):
            return Part.DATE
    elif isinstance(op, ast.Mult) and set(both) <= _FIGURES and both != (Part.MONEY, Part.MONEY):
        return Part.MONEY if Part.MONEY in both else Part.NUMBER
    elif isinstance(op, ast.Div) and set(both) <= _FIGURES:
        return Part.MONEY if both == (Part.MONEY, Part.NUMBER) else Part.NUMBER
    elif both == (Part.NUMBER, Part.NUMBER):
        return Part.NUMBER
    _refuse(f"{_NAMES[left]}不能{sign}{_NAMES[right]}")


def _compared(ops: Sequence[ast.cmpop], kinds: Sequence[Part]) -> Part:
    if not all(isinstance(op, ORDERS) for op in ops):
        _refuse("比较用 > < >= <= = !=")
    if set(kinds) <= _FIGURES or set(kinds) == {Part.DATE}:
        return Part.TRUTH
    _refuse("日期只能和日期比，数字和数字比")


def _chosen(kinds: Sequence[Part]) -> Part:
    if len(kinds) != 3:
        _refuse("“如果”要有三部分：如果(条件, 是的话, 不是的话)")
    test, yes, no = kinds
    _only(test, Part.TRUTH, "“如果”的第一部分要是一个比较")
    if {yes, no} <= _FIGURES:
        return Part.MONEY if Part.MONEY in (yes, no) else Part.NUMBER
    if yes is not no:
        _refuse("“如果”的两个结果要是同一种：都是数字，或都是日期")
    return yes


def _called(name: str, args: Sequence[ast.expr], kinds: Sequence[Part]) -> Part:
    if name == "iff":
        return _chosen(kinds)
    if name in ("max", "min") and 1 <= len(kinds) <= MOST_ARGUMENTS:
        if set(kinds) <= _FIGURES:
            return Part.MONEY if Part.MONEY in kinds else Part.NUMBER
        if set(kinds) == {Part.DATE}:
            return Part.DATE
    if name in ("abs", "floor") and len(kinds) == 1:
        return _figure(kinds[0], "要是数字或金额")
    if name == "round" and 1 <= len(kinds) <= 2 and (len(args) == 1 or _few_places(args[1])):
        return _figure(kinds[0], "四舍五入的要是数字或金额")
    _refuse("这个函数这样用不了，能用：最大 最小 四舍五入 取整 绝对值 如果")


def _few_places(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) is int and 0 <= node.value <= MOST_PLACES
