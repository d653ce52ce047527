"""Formulas over the numbers, amounts and dates of a record: 年采购额 * 5%, 到期日 - 今天.

A formula is read by Python's own parser and nothing of it is ever executed: the tree may hold the few
nodes named here, each part has a kind (an amount times a number is an amount, a date less a date is days),
and length, depth and results are bounded. What cannot be done raises `UserMistake`, nothing else. Pure.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, DecimalException, DivisionByZero, localcontext
from enum import StrEnum
from functools import lru_cache

from crm.custom.formula_kinds import Part, kind_of
from crm.custom.formula_values import Value, value_of
from crm.custom.kinds import FieldSpec, Kind
from crm.errors import UserMistake

LONGEST = 200  # characters as typed
MOST_NODES, DEEPEST = 100, 20
LARGEST = Decimal(10) ** 13  # yuan or pieces; what is more is a slip
EXAMPLE = "年采购额 * 5%，到期日 - 今天，如果(数量 > 10, 单价 * 90%, 单价)"
FUNCTIONS = {
    "最大": "max",
    "最小": "min",
    "四舍五入": "round",
    "取整": "floor",
    "绝对值": "abs",
    "如果": "iff",
}
WORDS = {"今天": "today", "今日": "today", "并且": " and ", "或者": " or "}
KNOWN = frozenset({*FUNCTIONS.values(), "today", "and", "or", "not", "if", "else"})
OPERANDS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DATE})

_PERCENT = re.compile(r"(\d+(?:\.\d+)?) *%(?! *[\w(.])")
_LARGE = re.compile(r"(\d+(?:\.\d+)?) *([万亿])")
_SPOKEN = (
    (re.compile(r"\((\d+(?:\.\d+)?)/100\)"), r"\1%"),
    (re.compile(r"\((\d+(?:\.\d+)?)\*10000\)"), r"\1万"),
    (re.compile(r"\((\d+(?:\.\d+)?)\*100000000\)"), r"\1亿"),
    (re.compile(r" *([-+*/<>=!]+) *"), r" \1 "),
    (re.compile(r"\( +"), "("),
    (re.compile(r" +(?=[),])"), ""),
)
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_NAME = re.compile(r"[^\W\d]\w*")
_GLUED = re.compile(r"\d[^\W\d]|\d\.\d*\.")
_ALLOWED = re.compile(r"[0-9a-z_ .+\-*/%(),<>=!]*")
_KEY = re.compile(r"\{(\w+)\}")
_ARITHMETIC = Context(prec=28, Emin=-99, Emax=99)


class Shape(StrEnum):
    """Why a formula has no result now."""

    ZERO = "除数是0"
    LARGE = "结果太大"


@dataclass(frozen=True, slots=True)
class Program:
    """A formula that is known to make sense: what it yields, and the keys of the fields that it needs."""

    kind: Part
    uses: tuple[str, ...]
    body: ast.expr

    def run(self, values: Mapping[str, Decimal | date | None], today: date) -> Value | None:
        """The result; None where a value is missing. Raises `UserMistake` where there is none."""
        names: dict[str, Decimal | date | None] = {f"_f{n}": values.get(k) for n, k in enumerate(self.uses)}
        if any(value is None for value in names.values()):
            return None
        try:
            with localcontext(_ARITHMETIC):
                result = value_of(self.body, {**names, "today": today})
        except DivisionByZero as error:
            raise UserMistake(f"公式算不出来：{Shape.ZERO}。") from error
        except (DecimalException, OverflowError, ValueError) as error:
            raise UserMistake(f"公式算不出来：{Shape.LARGE}。") from error
        if isinstance(result, Decimal) and abs(result) > LARGEST:
            raise UserMistake(f"公式算不出来：{Shape.LARGE}。")
        return result


def define(text: str, fields: Sequence[FieldSpec]) -> str:
    """A formula as it is kept, with keys in braces, from one as it is typed, with labels.

    Raises `UserMistake` that says what is wrong and what can be used.
    """
    said = unicodedata.normalize("NFKC", text.translate(_SIGNS)).strip()
    if not said:
        raise UserMistake(f"公式是空的，例如：{EXAMPLE}")
    if len(said) > LONGEST:
        raise UserMistake(f"公式最多{LONGEST}个字，可以拆成两个字段。例如：{EXAMPLE}")
    if "{" in said or "}" in said:
        raise UserMistake(f"公式里不用大括号，直接写字段名，例如：{EXAMPLE}")
    usable = [spec for spec in fields if spec.kind in OPERANDS]
    stored = _with_keys(said, usable)
    program(stored, kinds_of(usable))
    return stored


def kinds_of(fields: Sequence[FieldSpec]) -> tuple[tuple[str, Kind], ...]:
    """The keys and kinds of fields that a formula can use."""
    return tuple((spec.key, spec.kind) for spec in fields if spec.kind in OPERANDS)


def uses(stored: str) -> tuple[str, ...]:
    """The keys that a kept formula names, each once."""
    return tuple(dict.fromkeys(_KEY.findall(stored)))


def spoken(stored: str, fields: Sequence[FieldSpec]) -> str:
    """A kept formula with the labels of today."""
    labels = {spec.key: spec.label for spec in fields}
    said = _KEY.sub(lambda found: labels.get(found[1], "（已删除的字段）"), stored)
    for chinese, name in {**FUNCTIONS, "今天": "today"}.items():
        said = re.sub(rf"\b{name}\b", chinese, said)
    for pattern, words in _SPOKEN:
        said = pattern.sub(words, said)
    return said.strip()


@lru_cache(maxsize=512)
def program(stored: str, kinds: tuple[tuple[str, Kind], ...]) -> Program:
    """A kept formula ready to run. Raises `UserMistake` where it makes no sense (any more)."""
    keys = uses(stored)
    known = dict(kinds)
    missing = [key for key in keys if key not in known]
    if missing:
        raise UserMistake("公式里用到的字段已经删除或改了类型，请重新设置公式。")
    names = {f"_f{n}": Part(known[key].value) for n, key in enumerate(keys)} | {"today": Part.DATE}
    places = {key: f" _f{n} " for n, key in enumerate(keys)}
    body = _parsed(_KEY.sub(lambda found: places[found[1]], stored))
    return Program(kind_of(body, names), keys, body)


_SIGNS = {ord("×"): "*", ord("÷"): "/", ord("≥"): ">=", ord("≤"): "<=", ord("≠"): "!=", ord("−"): "-"}


def _with_keys(said: str, fields: Sequence[FieldSpec]) -> str:
    """The text with labels, functions and units in their kept form."""
    labels = {spec.label: f" {{{spec.key}}} " for spec in fields}
    words = sorted({*labels, *FUNCTIONS, *WORDS}, key=len, reverse=True)
    whole = {**{name: f" {own}" for name, own in FUNCTIONS.items()}, **WORDS, **labels}
    said = re.sub("|".join(map(re.escape, words)), lambda found: whole[found[0]], said)
    said = _LARGE.sub(lambda m: f"({m[1]}*{10_000 if m[2] == '万' else 100_000_000})", said)
    said = _EQUALS.sub("==", _PERCENT.sub(r"(\1/100)", said))
    bare = _KEY.sub(" ", said)
    stranger = next((name for name in _NAME.findall(bare) if name not in KNOWN), None)
    if stranger is not None:
        can = "、".join(spec.label for spec in fields[:8]) or "还没有数字、金额或日期字段"
        raise UserMistake(f"公式里的“{stranger[:12]}”不认识。能用的字段：{can}。例如：{EXAMPLE}")
    if _GLUED.search(bare) or not _ALLOWED.fullmatch(bare):
        raise UserMistake(f"公式只能用字段、数字、加减乘除、括号和比较，例如：{EXAMPLE}")
    return " ".join(said.split())


def _parsed(text: str) -> ast.expr:
    try:
        body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UserMistake(f"公式写得不完整，检查一下括号和运算符，例如：{EXAMPLE}") from error
    if sum(1 for _ in ast.walk(body)) > MOST_NODES * 3 or _depth(body) > DEEPEST:
        raise UserMistake(f"公式太复杂了，可以拆成两个字段。例如：{EXAMPLE}")
    return body


def _depth(node: ast.AST) -> int:
    """How deep the expressions of a tree are nested."""
    level, deep = [node], 0
    while level and deep <= DEEPEST:
        level = [child for one in level for child in ast.iter_child_nodes(one) if isinstance(child, ast.expr)]
        deep += 1
    return deep
