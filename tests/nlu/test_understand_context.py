"""Messages that go on from what was said before, and whom they are about."""

from __future__ import annotations

from datetime import datetime

import pytest

from nlu.names.lexicon import Colleague, Lexicon, Name
from nlu.reading import Found, Intent, NamedCustomer, Reading
from nlu.understand import Context, understand

NOW = datetime.fromisoformat("2026-11-20T10:00")
NAMES = (Name("1", "安居企业股份有限公司", ("安居",), "me"), Name("2", "海岳视讯", ("海岳",), "you"))
LAST = NamedCustomer("安居企业股份有限公司", "1", Found.EXACT, "安居", 2, 4)


@pytest.fixture(scope="module")
def names() -> Lexicon:
    return Lexicon.of(NAMES, colleagues=[Colleague("u2", "李明轩")])


def after(text: str, names: Lexicon, context: Context | None = None) -> Reading:
    return understand(text, NOW, names, context or Context("me", LAST, Reading(Intent.LOG_ACTIVITY, (LAST,))))


@pytest.mark.parametrize("text", ["金额呢", "那电话呢", "联系人呢？", "下周呢"])
def test_a_short_question_is_about_the_last_customer(text: str, names: Lexicon) -> None:
    got = after(text, names)
    assert (got.intent, [c.key for c in got.customers]) == (Intent.QUERY, ["1"])


def test_that_one_is_moved(names: Lexicon) -> None:
    got = after("那个改成下周五", names)
    assert got.intent is Intent.RESCHEDULE
    assert got.next_time is not None
    assert got.next_time.value == datetime.fromisoformat("2026-11-27")
    assert [c.key for c in got.customers] == ["1"]


@pytest.mark.parametrize(
    "text",
    ["不是58万是56万", "刚才那条金额错了，是56万", "写错了，是56万", "金额改成56万", "应该是56万"],
)
def test_a_sum_is_corrected(text: str, names: Lexicon) -> None:
    got = after(text, names)
    assert (got.intent, got.amount) == (Intent.CORRECT, (56_000_000, 56_000_000))


def test_a_report_without_a_customer_asks_whether_it_is_the_last_one(names: Lexicon) -> None:
    got = after("王总说预算58万", names)
    assert (got.intent, got.customers) == (Intent.LOG_ACTIVITY, ())
    assert [c.key for c in got.candidates] == ["1"]
    assert got.reasons["customer"] == "说的是安居企业股份有限公司吗"


def test_without_a_context_it_asks_which_customer(names: Lexicon) -> None:
    got = after("王总说预算58万", names, Context())
    assert (got.candidates, "customer" in got.ambiguous) == ((), True)


def test_a_reminder_is_put_off_from_its_own_time(names: Lexicon) -> None:
    first = after("明天上午10点提醒我给海岳打电话", names)
    got = after("推迟半小时", names, Context("me", None, first))
    assert got.next_time is not None
    assert got.next_time.value == datetime.fromisoformat("2026-11-21T10:30")


def test_a_known_colleague_is_no_contact(names: Lexicon) -> None:
    got = after("今天和李明轩一起拜访了海岳的王总", names)
    assert got.contact == "王总"


@pytest.mark.parametrize(
    ("text", "intent"), [("让李明轩明天去海岳", Intent.REMIND), ("海岳转给李明轩", Intent.TRANSFER)]
)
def test_a_known_colleague_takes_over(text: str, intent: Intent, names: Lexicon) -> None:
    got = after(text, names)
    assert (got.intent, got.colleague, got.contact) == (intent, "李明轩", None)


def test_two_customers_are_both_named(names: Lexicon) -> None:
    got = after("今天走访了安居和海岳两家", names)
    assert [c.key for c in got.customers] == ["1", "2"]


def test_a_quoted_message_names_the_customer(names: Lexicon) -> None:
    got = after("这条改一下，金额是30万", names, Context("me", LAST, None, "今天拜访了海岳，预算20万"))
    assert (got.intent, [c.key for c in got.customers]) == (Intent.CORRECT, ["2"])
    assert got.amount == (30_000_000, 30_000_000)


def test_a_product_is_no_person() -> None:
    lexicon = Lexicon.of(NAMES, products=["张工宝"])
    assert understand("安居要张工宝20台", NOW, lexicon).contact is None
