"""Values as they are typed or stand in a file, checked by the kind of their field and as they are kept.

The chat brings figures and days in plain form (`nlu` reads 一百二十万 and 下周五); files bring them as they
are: 120万, 1,200.50元, 2026/12/1, 12月1日. Everything else is refused with a word that names the field and
an example that works.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from crm import customers
from crm.colleagues import one_of
from crm.context import Context
from crm.custom.kinds import FieldSpec, Kind
from crm.errors import UserMistake
from crm.wording import FEN
from store.names import fold

LONGEST_TEXT = 200  # characters
MOST_NUMBER = Decimal(10) ** 11
MOST_YUAN = Decimal(10) ** 12
NUMBER_PLACES, MONEY_PLACES = 4, 2
MOST_SHOWN = 12
_UNITS = {
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "k": 10**3,
    "w": 10**4,
}
_FIGURE = re.compile(r"([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+)\s*(千万|百万|十万|[千万亿kw])?")
_CURRENCY = re.compile(r"^(?:人民币|rmb|cny|¥)\s*|\s*(?:人民币|元整?|块钱?|rmb|cny)$", re.IGNORECASE)
_DAY = re.compile(
    r"(?:(?P<year>\d{4})\s*[-/.年])?\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:[ T]0?0:00(?::00(?:\.0+)?)?)?"
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_NEAR = {"前天": -2, "昨天": -1, "今天": 0, "明天": 1, "后天": 2}
_BETWEEN = re.compile(r"[、,，;；/|]+|和|以及")


def value_of(ctx: Context, spec: FieldSpec, said: str) -> Any:  # noqa: ANN401 as `ext` holds it, see Kind
    """What was typed as it is kept. Raises `UserMistake` that names the field and gives an example."""
    text = unicodedata.normalize("NFKC", said).strip()
    if not text:
        _refuse(spec, "是空的")
    return _READERS[spec.kind](ctx, spec, text)


def option_of(spec: FieldSpec, said: str) -> str | None:
    """The option that a word means: the very word, whatever its case and width; None for another."""
    wanted = fold(said)
    return next((one for one in spec.options if fold(one) == wanted), None)


def choices(spec: FieldSpec, said: str) -> list[str]:
    """The options that a list of words means, in the order of the field. Raises `UserMistake`."""
    whole = option_of(spec, said)
    if whole is not None:
        return [whole]
    chosen = {_option(spec, part) for part in _BETWEEN.split(said) if part.strip()}
    if not chosen:
        _refuse(spec, "是空的")
    return [one for one in spec.options if one in chosen]


def unknown_choice(spec: FieldSpec, said: str) -> str:
    """The first word that is none of the options of a choice; "" where all are."""
    if spec.kind not in (Kind.CHOICE, Kind.CHOICES) or option_of(spec, said) is not None:
        return ""
    parts = [said] if spec.kind is Kind.CHOICE else [p for p in _BETWEEN.split(said) if p.strip()]
    return next((part.strip() for part in parts if option_of(spec, part) is None), "")


def _refuse(spec: FieldSpec, reason: str) -> NoReturn:
    raise UserMistake(f"{spec.label}{reason}，例如：{spec.label} {spec.example}")


def _figure(spec: FieldSpec, text: str, places: int, most: Decimal) -> Decimal:
    found = _FIGURE.fullmatch(text.lower())
    if found is None:
        _refuse(spec, f"要是{'金额' if spec.kind is Kind.MONEY else '数字'}，“{text[:20]}”看不懂")
    try:
        value = Decimal(found[1].replace(",", "")) * _UNITS.get(found[2] or "", 1)
    except InvalidOperation:
        _refuse(spec, f"“{text[:20]}”看不懂")
    if abs(value) >= most:
        _refuse(spec, "太大了")
    if value != round(value, places):
        _refuse(spec, f"最多{places}位小数")
    return value


def _text(ctx: Context, spec: FieldSpec, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        _refuse(spec, f"最多{LONGEST_TEXT}个字")
    return text


def _formula(ctx: Context, spec: FieldSpec, text: str) -> NoReturn:
    raise UserMistake(f"{spec.label}是公式算出来的，不用填。要改公式由管理员来，发“字段 帮助”看怎么写。")


def _number(ctx: Context, spec: FieldSpec, text: str) -> int | float:
    value = _figure(spec, text, NUMBER_PLACES, MOST_NUMBER)
    return int(value) if value == value.to_integral_value() else float(value)


def _money(ctx: Context, spec: FieldSpec, text: str) -> int:
    bare = _CURRENCY.sub("", _CURRENCY.sub("", text))
    return int(_figure(spec, bare.strip(), MONEY_PLACES, MOST_YUAN) * FEN)


def _iso(ctx: Context, spec: FieldSpec, text: str) -> str:
    return _date(ctx, spec, text).isoformat()


def _date(ctx: Context, spec: FieldSpec, text: str) -> date:
    today = ctx.local.date()
    if text in _NEAR:
        return today + timedelta(_NEAR[text])
    found = _DAY.fullmatch(text) or _COMPACT.fullmatch(text)
    if found is None:
        _refuse(spec, f"要是日期，“{text[:20]}”看不懂")
    try:
        return date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        _refuse(spec, f"没有“{text[:20]}”这一天")


def _one(ctx: Context, spec: FieldSpec, text: str) -> str:
    return _option(spec, text)


def _many(ctx: Context, spec: FieldSpec, text: str) -> list[str]:
    return choices(spec, text)


def _option(spec: FieldSpec, text: str) -> str:
    found = option_of(spec, text)
    if found is None:
        can = "、".join(spec.options[:MOST_SHOWN]) or "还没有设置选项"
        raise UserMistake(
            f"{spec.label}没有“{text.strip()[:20]}”这个选项，可选：{can}。例如：{spec.label} {spec.example}"
        )
    return found


def _member(ctx: Context, spec: FieldSpec, text: str) -> int:
    name = text.removeprefix("@").strip()
    if name in ("我", "自己", ctx.actor.name) and ctx.actor.id:
        return ctx.actor.id
    try:
        return one_of(ctx.session, name).id
    except UserMistake as mistake:
        raise UserMistake(f"{spec.label}要是一位同事，{mistake.message}") from mistake


def _customer(ctx: Context, spec: FieldSpec, text: str) -> int:
    found = customers.look_up(ctx, text)
    mine = [one for one in found.proposals if one.mine]
    if found.sure and mine:
        return mine[0].id
    if mine:
        names = "、".join(one.name for one in mine[:3])
        raise UserMistake(
            f"{spec.label}要写客户全称，“{text[:20]}”可能是：{names}。例如：{spec.label} {mine[0].name}"
        )
    _refuse(spec, f"要是一家客户，没有找到“{text[:20]}”")


_READERS: dict[Kind, Callable[[Context, FieldSpec, str], Any]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.DATE: _iso,
    Kind.CHOICE: _one,
    Kind.CHOICES: _many,
    Kind.MEMBER: _member,
    Kind.REFERENCE: _customer,
    Kind.FORMULA: _formula,
}
