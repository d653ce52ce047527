"""What somebody filled in: read, checked, and written so that it means the same whenever it is read again.

A value is text that a person could have typed, so that it makes no difference whether it was typed in the
chat or in a form that the platform shows: 580,000元 as 58万元, 明天上午10点 as 2026-11-22 10:00. A customer
is #12, its id, because names may change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cards import words
from cards.card import Field, FieldKind, Option
from crm import customers
from crm.errors import UserMistake
from crm.moments import Grain, Moment
from handlers.quote_words import customer_of
from handlers.said import point, proposals
from handlers.turn import Turn
from nlu.reading import Found

FULL: Final = 10_000  # ten-thousandths
NO_DISCOUNT: Final = frozenset({"不打折", "无折扣", "没有折扣", "没折扣", "全价", "原价", "10折", "十折"})
NEGATED: Final = re.compile(r"(?:先|暂时|还|暂)?(?:不|别|否|草稿)")  # 不提交, 先不提交
BLANKS: Final = re.compile(r"\s+")
BETWEEN: Final = re.compile(r"[\s,，、;；和]+")
A_CUSTOMER: Final = re.compile(r"#(\d{1,19})")
AROUND: Final = " \t\n,，。.;；:："
PERSON: Final = re.compile(r"^(?:联系人|对接人)[是为叫:：\s]*")
MOST_OFFERED: Final = 5


@dataclass(frozen=True, slots=True)
class Value:
    """What a field was filled with: `words` to keep, several for several choices; `shown` to people."""

    words: tuple[str, ...]
    shown: str


class Which(Exception):
    """Several may be meant: the one who fills in chooses."""

    def __init__(self, options: tuple[Option, ...]) -> None:
        super().__init__("several")
        self.options = options


def read(turn: Turn, field: Field, given: tuple[str, ...]) -> Value:
    """Check what was filled in. Raises `UserMistake` with an example that fits, `NotAllowed`, or `Which`."""
    if field.kind.is_choice:
        return _chosen(field, given)
    text = unicodedata.normalize("NFKC", " ".join(given)).strip()
    if field.options and (option := _option(field, text)) is not None:
        text = option.id
    if not text:
        raise _mistake(field, "还没有填")
    return READERS[field.kind](turn, field, text)


def beside(turn: Turn, field: Field, text: str) -> Value | None:
    """What an answer to another question says of this field as well: 华润置地 58万 9折."""
    if field.kind not in (FieldKind.AMOUNT, FieldKind.DISCOUNT, FieldKind.PHONE, FieldKind.PERSON):
        return None
    if field.kind is FieldKind.PERSON:
        person = turn.understand(text).contact
        return Value((person,), person) if person else None
    try:
        return READERS[field.kind](turn, field, text)
    except UserMistake:
        return None


def amount_of(turn: Turn, value: str) -> int:
    """Fen."""
    low, high = turn.understand(f"报价 {value}").amount or (0, 0)
    return max(low, high)


def discount_of(turn: Turn, value: str) -> int:
    """Ten-thousandths; all of the price where nothing was said."""
    share = None if not value or value in NO_DISCOUNT else turn.understand(f"报价 {value}").discount
    return FULL if share is None else round(share * FULL)


def filled_moment(turn: Turn, value: str) -> Moment | None:
    """A time as it was filled in."""
    return point(turn.understand(value), turn.ctx.local) if value else None


def customer_id_of(value: str) -> int:
    """The id of a customer that was filled in."""
    found = A_CUSTOMER.fullmatch(value)
    return int(found[1]) if found else 0


def customer_option(customer_id: int, name: str) -> Option:
    """A customer to propose, or to fill in beforehand."""
    return Option(f"#{customer_id}", name)


def _mistake(field: Field, what: str) -> UserMistake:
    example = f"，例如：{field.example}" if field.example else ""
    return UserMistake(f"“{field.title}”{what}{example}")


def _plain(text: str) -> str:
    return BLANKS.sub("", unicodedata.normalize("NFKC", text)).lower()


def _option(field: Field, text: str) -> Option | None:
    """The option that a number, an id, its words or a part of them names."""
    said = text.strip(AROUND)
    exact = next((one for one in field.options if one.id == said), None)
    if exact is not None:
        return exact
    if said.isdecimal() and 1 <= int(said) <= len(field.options):
        return field.options[int(said) - 1]
    plain = _plain(said)
    same = [one for one in field.options if _plain(one.text) == plain]
    no = next((one for one in field.options if one.id == "no"), None)
    if not same and no is not None and NEGATED.match(plain):
        return no
    like = same or [one for one in field.options if plain and plain in _plain(one.text)]
    return like[0] if len(like) == 1 else None


def _chosen(field: Field, given: tuple[str, ...]) -> Value:
    many = field.kind is FieldKind.CHECK_MANY
    said = [one for one in given if one.strip()]
    whole = [_option(field, one) for one in said]
    if many and None in whole:
        whole = [_option(field, part) for one in said for part in BETWEEN.split(one.strip(AROUND)) if part]
    found = list(dict.fromkeys(one for one in whole if one is not None))
    if not found or None in whole or (len(found) > 1 and not many):
        offered = "、".join(f"{n} {one.text}" for n, one in enumerate(field.options, start=1))
        several = "，可以选几个，例如：1 2" if many else ""
        raise UserMistake(f"“{field.title}”选一个序号就行：{offered}{several}")
    return Value(tuple(one.id for one in found), "、".join(one.text for one in found))


def _text(_turn: Turn, field: Field, text: str) -> Value:
    if len(text) > field.most:
        raise _mistake(field, f"太长了，最多{field.most}个字")
    return Value((text,), words.one_line(text, LONGEST_SHOWN))


LONGEST_SHOWN: Final = 30


def _company(turn: Turn, field: Field, text: str) -> Value:
    """The company alone where more was said with it."""
    reading = turn.understand(f"新增客户 {text}")
    name = next((one.name for one in reading.customers if one.found is Found.NEW), "")
    rest = bool(reading.phone or reading.contact)
    return _text(turn, field, name if name and rest else text)


def _person(turn: Turn, field: Field, text: str) -> Value:
    reading = turn.understand(text)
    named = reading.contact if reading.contact and reading.phone else PERSON.sub("", text)
    return _text(turn, field, named or text)


def _customer(turn: Turn, field: Field, text: str) -> Value:
    known = customer_id_of(text)
    if known:
        return _known(turn, known)
    reading = turn.understand(text)
    sure = customer_of(reading)
    if sure is not None:
        return _known(turn, sure)
    named = [one for one in (*reading.candidates, *reading.customers) if one.key]
    several = tuple(customer_option(one.id, one.name) for one in proposals(turn.ctx, named))
    if not several:
        found = customers.look_up(turn.ctx, text[: customers.LONGEST_NAME]).proposals
        several = tuple(customer_option(one.id, one.name) for one in found if one.mine)
    if several:
        raise Which(several[:MOST_OFFERED])
    said = words.one_line(text, 12)
    raise UserMistake(f"没有找到客户“{said}”，写全名试试；还没建档就先发：新增客户 {said}")


def _known(turn: Turn, customer_id: int) -> Value:
    customers.get(turn.ctx, customer_id, to_change=True)
    name = customers.short_names(turn.ctx, [customer_id])[customer_id]
    return Value((f"#{customer_id}",), name)


def _phone(turn: Turn, field: Field, text: str) -> Value:
    phone = turn.understand(text).phone
    if not phone:
        raise _mistake(field, "看着不是电话号码")
    return Value((phone,), phone)


def _amount(turn: Turn, field: Field, text: str) -> Value:
    reading = turn.understand(f"报价 {text}")
    amount = reading.amount
    if amount is None or "amount" in reading.ambiguous or amount[0] != amount[1] or amount[0] <= 0:
        raise _mistake(field, "说一个准数")
    said = words.money(amount[0])
    return Value((said,), said)


def _discount(turn: Turn, field: Field, text: str) -> Value:
    if _plain(text) in NO_DISCOUNT:
        return Value(("不打折",), "不打折")
    reading = turn.understand(f"报价 {text}")
    if reading.discount is None or "discount" in reading.ambiguous or not 0 < reading.discount <= 1:
        raise _mistake(field, "没看懂")
    said = words.discount(round(reading.discount * FULL))
    return Value((said,), said)


def _moment(turn: Turn, field: Field, text: str) -> Value:
    when = point(turn.understand(text), turn.ctx.local)
    if when is None:
        raise _mistake(field, "没看懂是什么时候")
    return Value((_written(when),), words.when(when.value, when.grain, when.part, turn.ctx.local.date()))


def _written(when: Moment) -> str:
    """The time in words that mean the same at any later moment."""
    if when.grain == Grain.MINUTE:
        return f"{when.value:%Y-%m-%d %H:%M}"
    return f"{when.value.year}年{when.value.month}月{when.value.day}日{when.part}"


READERS: Final[Mapping[FieldKind, Callable[[Turn, Field, str], Value]]] = {
    FieldKind.TEXT: _text,
    FieldKind.COMPANY: _company,
    FieldKind.PERSON: _person,
    FieldKind.CUSTOMER: _customer,
    FieldKind.PHONE: _phone,
    FieldKind.AMOUNT: _amount,
    FieldKind.DISCOUNT: _discount,
    FieldKind.MOMENT: _moment,
}
