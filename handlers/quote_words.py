"""What a message says about a quote, and what must still be asked."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from cards.card import Action, Button, Card
from crm.errors import UserMistake
from crm.quotes import FULL
from handlers.reply import Reply
from handlers.turn import Turn
from nlu.entities import Money
from nlu.reading import Found, Reading

EXAMPLE = "报价 华润置地 58万 9折 提交"
NOTE = 120  # characters of a note that are kept
MOST_CHOICES = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quote in the making: `amount` in fen, `discount` in ten-thousandths, None where it must be asked."""

    amount: int | None
    discount: int | None
    submit: bool = False
    note: str = ""

    @classmethod
    def of(cls, reading: Reading) -> Wanted:
        """From a message; whatever it leaves open stays None."""
        discount = None
        if reading.discount is not None and "discount" not in reading.ambiguous:
            discount = round(reading.discount * FULL)
        elif "discount" not in reading.ambiguous:
            discount = FULL
        return cls(_amount(reading), discount, reading.submit, (reading.comment or "")[:NOTE])

    def pack(self) -> str:
        """As a short string, for a button or for memory."""
        return orjson.dumps([self.amount, self.discount, self.submit, self.note]).decode()

    @classmethod
    def unpack(cls, packed: str) -> Wanted:
        """From such a string."""
        amount, discount, submit, note = orjson.loads(packed)
        return cls(amount, discount, bool(submit), str(note))


def missing(wanted: Wanted, customer: str) -> str:
    """The question for what is not known yet; empty when nothing is missing."""
    if wanted.amount is None:
        return f"给{customer}报多少？说一个准数，例如 58万 或 58万 9折"
    if wanted.discount is None:
        return "打几折？例如 9折、95折，不打折就说 10折"
    return ""


def read_amount(reading: Reading) -> int | None:
    """An amount said alone (58万), in fen; None for a range, a guess, or none at all."""
    found = _amount(reading)
    if found is not None:
        return found
    exact = [e for e in reading.entities if isinstance(e, Money) and e.low == e.high and not e.vague]
    return exact[0].low if len(exact) == 1 else None


def customer_of(turn: Turn, reading: Reading) -> int | None:
    """The one customer that is meant; None when it must be chosen. Raises `UserMistake` for a new name."""
    sure = [one for one in reading.customers if one.key and one.found in (Found.EXACT, Found.PART)]
    if len(sure) == 1 and "customer" not in reading.ambiguous:
        return int(sure[0].key)
    if sure or reading.candidates or any(one.key for one in reading.customers):
        return None
    new = next((one.name for one in reading.customers if one.found is Found.NEW), "")
    if new:
        raise UserMistake(f"还没有“{new}”这个客户，先回复 新建客户 {new}，再报价")
    raise UserMistake(f"给哪个客户报价？例如：{EXAMPLE}")


def choice(turn: Turn, reading: Reading, wanted: Wanted) -> Reply:
    """Which of several customers is meant: a button for each, or its number."""
    named = {one.key: one for one in (*reading.customers, *reading.candidates) if one.key}
    some = list(named.values())[:MOST_CHOICES]
    turn.memory.ask(
        "quote.customer", {"ids": [int(one.key) for one in some], "wanted": wanted.pack()}, turn.now
    )
    buttons = tuple(
        Button(one.name, Action("quote.pick", one.key, extra=wanted.pack()), say=f"回复 {place}")
        for place, one in enumerate(some, start=1)
    )
    return Reply(
        cards=(Card("给哪个客户报价", body="有几个客户都对得上，选一个就接着报价", buttons=buttons),)
    )


def _amount(reading: Reading) -> int | None:
    if reading.amount is None or "amount" in reading.ambiguous or reading.amount[0] != reading.amount[1]:
        return None
    return reading.amount[0]
