"""What a message says about a quote, and what must still be asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

import orjson

from cards.card import Action, Button, Card
from crm.errors import UserMistake
from crm.quotes import FULL, short_name
from handlers.reply import Reply
from handlers.said import without
from handlers.turn import Turn
from nlu.entities import Money
from nlu.reading import Found, Reading

QUESTION = "给哪个客户报价"
EXAMPLE = "报价 华润置地 58万 9折 提交"
NOTE_WORDS = re.compile(r"备注[:： ]*(.+)", re.DOTALL)
NO_DISCOUNT = re.compile(r"不打折|原价|全价")
DISCOUNT_ALONE = re.compile(
    r"(?:那|就|再|要|给|按|打|改成|改为|改到|改|折扣|是|[:： ])*"
    r"(?:(?:[0-9.]{1,4}|[一二三四五六七八九十]{1,3}|对|半)折|不打折|原价|全价)"
    r"(?:吧|的|了|好了|就行|出)*[\s,，。]*(?:提交|报审|送审)?(?:吧|审批)?[。!！]?"
)
SENDS_OFF = re.compile(r"提交|报审|送审|审批")
AROUND_A_PRICE = re.compile(
    r"(?:那|就|再|要|按|给|报价|价格|价钱|金额|总价|原价|改[成为到]?|换成|降到|涨到|调到|应该|是|提交|报审|送审|审批|"
    r"[吧的了:：,，。!！\s])*"
)
NOTE = 120  # characters of a note that are kept
MOST_CHOICES = 5
LONGEST_ANSWER = 40  # characters; more is a report that mentions an amount


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quote in the making: `amount` in fen, `discount` in ten-thousandths, None where it must be asked."""

    amount: int | None
    discount: int | None
    submit: bool = False
    note: str = ""

    @classmethod
    def of(cls, reading: Reading, text: str = "") -> Wanted:
        """From a message as read and as written; whatever it leaves open stays None."""
        discount = None
        if "discount" not in reading.ambiguous:
            discount = FULL if reading.discount is None else round(reading.discount * FULL)
        note = NOTE_WORDS.search(text)
        return cls(_amount(reading), discount, reading.submit, note.group(1).strip()[:NOTE] if note else "")

    def pack(self) -> str:
        """As a short string, for a button or for memory."""
        return orjson.dumps([self.amount, self.discount, self.submit, self.note]).decode()

    @classmethod
    def unpack(cls, packed: str) -> Wanted:
        """From such a string."""
        amount, discount, submit, note = orjson.loads(packed)
        return cls(amount, discount, bool(submit), str(note))


def ask_amount(turn: Turn, customer_id: int, wanted: Wanted) -> None:
    """Take the next message for the amount of a quote to this customer."""
    turn.memory.ask("quote.amount", {"customer_id": customer_id, "wanted": wanted.pack()}, turn.now)


def missing(wanted: Wanted, customer: str) -> str:
    """The question for what is not known yet; empty when nothing is missing."""
    if wanted.amount is None:
        return f"给{customer}报多少？说一个准数，例如 58万 或 58万 9折"
    if wanted.discount is None:
        return "打几折？例如 9折、95折，不打折就说 10折"
    return ""


def answered(turn: Turn, before: Wanted) -> Wanted | None:
    """What is wanted after 58万, or 58万 9折, was said; None where the message is no answer."""
    text = turn.incoming.text
    alone = turn.understand(text)
    if names_customer(alone) or len(text.strip()) > LONGEST_ANSWER:
        return None
    given = turn.understand(f"报价 {text}")
    amount = _amount(given)
    if amount is None and given.discount is None:
        return None
    said = Wanted.of(given, text)
    return Wanted(
        amount if amount is not None else before.amount,
        said.discount if given.discount is not None else before.discount,
        submit=before.submit or given.submit,
        note=said.note or before.note,
    )


def price_alone(turn: Turn) -> Wanted | None:
    """What 9折, 不打折, 9折提交 or 改成28万 says of a quote just made; None for any other words."""
    return _discount_alone(turn) or _amount_alone(turn)


def _amount_alone(turn: Turn) -> Wanted | None:
    text = turn.incoming.text.strip()
    sums = [one for one in turn.understand(text).entities if isinstance(one, Money) and not one.vague]
    if len(sums) != 1 or sums[0].low != sums[0].high:
        return None
    left = without(text, [(sums[0].span.start, sums[0].span.end)])
    if not AROUND_A_PRICE.fullmatch(left):
        return None
    return Wanted(sums[0].low, None, submit=SENDS_OFF.search(left) is not None)


def _discount_alone(turn: Turn) -> Wanted | None:
    text = turn.incoming.text.strip()
    if not DISCOUNT_ALONE.fullmatch(text):
        return None
    if NO_DISCOUNT.search(text):
        return Wanted(None, FULL)
    given = turn.understand(f"报价 {text}")
    return Wanted.of(given) if given.discount is not None and "discount" not in given.ambiguous else None


def names_customer(reading: Reading) -> bool:
    """Whether the words themselves name a customer; the one spoken of before is in no place of the text."""
    return any(one.text for one in (*reading.customers, *reading.candidates))


def customer_of(reading: Reading) -> int | None:
    """The one customer that is meant beyond doubt, None otherwise."""
    sure = [one for one in reading.customers if one.key and one.found in (Found.EXACT, Found.PART)]
    return int(sure[0].key) if len(sure) == 1 and "customer" not in reading.ambiguous else None


def only_a_name(turn: Turn) -> int | None:
    """The customer whose name is all that was said."""
    text = turn.incoming.text.strip()
    reading = turn.understand(text)
    customer_id = customer_of(reading)
    return customer_id if customer_id is not None and reading.customers[0].text == text else None


def choice(turn: Turn, reading: Reading, wanted: Wanted) -> Reply:
    """Ask which customer is meant: a button for each that fits, or its number, or a name.

    Raises `UserMistake` for a name that nobody knows.
    """
    new = next((one.name for one in reading.customers if one.found is Found.NEW), "")
    if new and not reading.candidates:
        raise UserMistake(f"还没有“{new}”这个客户，先建档：新增客户 {new}，然后再报价")
    ids = [int(one.key) for one in (*reading.customers, *reading.candidates) if one.key]
    if not ids and turn.memory.customer_id is not None:
        ids = [turn.memory.customer_id]
    ids = list(dict.fromkeys(ids))[:MOST_CHOICES]
    turn.memory.ask("quote.customer", {"ids": ids, "wanted": wanted.pack()}, turn.now)
    if not ids:
        return Reply(f"给哪个客户报价？直接回复客户名，或一次说全：{EXAMPLE}")
    message = turn.ctx.inbox_id or 0
    buttons = tuple(
        Button(
            short_name(turn.ctx.session, one),
            Action("quote.pick", str(one), extra=f"{message} {wanted.pack()}"),
            say=f"回复 {place}",
        )
        for place, one in enumerate(ids, start=1)
    )
    body = "点一下就接着报价，都不是就回复客户名"
    return Reply(cards=(Card(QUESTION, body=body, buttons=buttons, about=("quote_choice", str(message))),))


def chosen_card(turn: Turn, message: str, customer_id: int) -> Card:
    """The choice after it was made, so that it is not made again."""
    done = f"已选{short_name(turn.ctx.session, customer_id)}"
    return Card(QUESTION, done=done, about=("quote_choice", message))


def _amount(reading: Reading) -> int | None:
    if reading.amount is None or "amount" in reading.ambiguous or reading.amount[0] != reading.amount[1]:
        return None
    return reading.amount[0]
