"""Own fields and kinds of records in messages: what is plainly about them, and what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from nlu.names.custom import CustomNames, KnownField, KnownObject
from nlu.names.lexicon import Lexicon, Name
from nlu.reading import CustomWhat, Intent, Reading
from nlu.understand import Context, understand
from tests.local import local
from tests.nlu.reading_aids import strung

NOW = local("2026-11-19T10:30")  # a Thursday
CUSTOM = CustomNames.of(
    [
        KnownField("customer", "pref", "设备型号偏好", "choice", ("A", "B", "C")),
        KnownField("customer", "annual", "年采购额", "money"),
        KnownField("customer", "count", "台数", "number"),
        KnownField("customer", "focus", "关注点", "choices", ("价格", "交期")),
        KnownField("customer", "due", "到期日", "date"),
        KnownField("contact", "plate", "车牌", "text"),
        KnownField("asset", "care", "保养周期", "number"),
        KnownField("loan", "device", "设备", "text"),
        KnownField("loan", "back", "归还日期", "date"),
    ],
    [KnownObject("loan", "样机借用")],
)
NAMES = [Name("1", "华星科技", ("华星",), "9"), Name("2", "华润置地", (), "9")]
LEXICON = Lexicon.of(NAMES, custom=CUSTOM)
PLAIN = Lexicon.of(NAMES)


def read(text: str) -> Reading:
    """What a message means to somebody whose customers these are."""
    return understand(text, NOW, LEXICON, Context(sender_key="9"))


def said(reading: Reading) -> dict[str, str]:
    """What is said of each field."""
    assert reading.custom is not None
    return {one.key: one.value for one in reading.custom.said}


@pytest.mark.parametrize(
    ("text", "customer", "expected"),
    [
        ("华星 设备型号偏好 B", "华星科技", {"pref": "B"}),
        ("华星 设备型号偏好 b", "华星科技", {"pref": "B"}),
        ("华星设备型号偏好B", "华星科技", {"pref": "B"}),
        ("华星的年采购额是120万", "华星科技", {"annual": "1200000"}),
        ("把华星的设备型号偏好改成C", "华星科技", {"pref": "C"}),
        ("客户 华星 台数：十二台", "华星科技", {"count": "12"}),
        ("华星 到期日 12月1日", "华星科技", {"due": "2026-12-01"}),
        ("华星 到期日 下周五", "华星科技", {"due": "2026-11-27"}),
        ("华星 关注点 价格和交期", "华星科技", {"focus": "价格、交期"}),
        (
            "华星 设备型号偏好 B，年采购额一百二十万，到期日2026-12-01",
            "华星科技",
            {"pref": "B", "annual": "1200000", "due": "2026-12-01"},
        ),
        ("设备型号偏好 B", "", {"pref": "B"}),
        ("华星 设备型号偏好 D", "华星科技", {"pref": "D"}),
        ("华星 年采购额 清空", "华星科技", {"annual": "清空"}),
    ],
)
def test_fields_are_set(text: str, customer: str, expected: dict[str, str]) -> None:
    reading = read(text)
    assert reading.intent is Intent.CUSTOM
    assert reading.custom is not None
    assert reading.custom.what is CustomWhat.SET
    assert [one.name for one in reading.customers] == ([customer] if customer else [])
    assert said(reading) == expected


def test_a_field_of_a_person_is_set_with_the_person() -> None:
    reading = read("华星王总的车牌是沪A12345")
    assert reading.custom is not None
    assert (reading.custom.object, reading.contact, said(reading)) == (
        "contact",
        "王总",
        {"plate": "沪A12345"},
    )
    assert read("客户 华星 车牌 沪A12345").custom == read("华星 车牌 沪A12345").custom


@pytest.mark.parametrize(
    "text", ["华星的年采购额是多少", "华星年采购额", "华星 年采购额？", "华星的年采购额呢"]
)
def test_fields_are_asked_for(text: str) -> None:
    reading = read(text)
    assert reading.intent is Intent.CUSTOM
    assert reading.custom is not None
    assert (reading.custom.what, list(said(reading))) == (CustomWhat.ASK, ["annual"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("设备型号偏好 B 的客户", [("pref", "is", "B", "")]),
        ("设备型号偏好是A或B的客户", [("pref", "is", "A、B", "")]),
        ("设备型号偏好不是B的客户", [("pref", "not", "B", "")]),
        ("年采购额大于100万的客户", [("annual", "over", "1000000", "")]),
        ("查一下年采购额100万以上的客户有哪些？", [("annual", "from", "1000000", "")]),
        ("年采购额不到50万的客户", [("annual", "under", "500000", "")]),
        ("年采购额不超过50万的客户", [("annual", "up_to", "500000", "")]),
        ("年采购额50万到100万的客户", [("annual", "between", "500000", "1000000")]),
        ("没填年采购额的客户", [("annual", "empty", "", "")]),
        ("到期日没填的客户", [("due", "empty", "", "")]),
        ("到期日在12月1日之前的客户", [("due", "under", "2026-12-01", "")]),
        ("到期日12月的客户", [("due", "between", "2026-12-01", "2026-12-31")]),
        (
            "设备型号偏好 B 且年采购额大于100万的客户",
            [("pref", "is", "B", ""), ("annual", "over", "1000000", "")],
        ),
    ],
)
def test_lists_are_asked_for(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    reading = read(text)
    assert reading.intent is Intent.CUSTOM_QUERY
    assert reading.custom is not None
    assert (reading.custom.what, reading.custom.object) == (CustomWhat.LIST, "customer")
    assert [(one.key, one.op, one.value, one.high) for one in reading.custom.said] == expected


def test_records_of_an_own_kind_are_added_listed_and_changed() -> None:
    added = read("样机借用 新增 华星 GA37 归还日期 12月1日")
    assert added.custom is not None
    assert (added.intent, added.custom.what, added.custom.free) == (Intent.CUSTOM, CustomWhat.ADD, "GA37")
    assert [one.name for one in added.customers] == ["华星科技"]
    assert said(added) == {"back": "2026-12-01"}
    for text in ("新增样机借用 华星 GA37", "样机借用 登记 华星 GA37", "给华星新增样机借用 GA37"):
        again = read(text)
        assert again.custom is not None, text
        assert (again.custom.what, again.custom.free) == (CustomWhat.ADD, "GA37"), text
        assert [one.name for one in again.customers] == ["华星科技"], text
    for text in ("样机借用", "我的样机借用", "样机借用列表", "样机借用 华星", "华星的样机借用"):
        listed = read(text)
        assert listed.intent is Intent.CUSTOM_QUERY, text
        assert listed.custom is not None
        assert listed.custom.what is CustomWhat.RECORDS, text
        assert bool(listed.customers) == ("华星" in text), text
    changed = read("YJ-2026-0001 归还日期 12月5日")
    assert changed.custom is not None
    assert (changed.custom.number, said(changed)) == ("YJ-2026-0001", {"back": "2026-12-05"})
    asked = read("归还日期在12月6日之前的样机借用")
    assert asked.custom is not None
    assert (asked.custom.what, asked.custom.object) == (CustomWhat.LIST, "loan")


@pytest.mark.parametrize(
    "text",
    [
        "今天拜访华星，聊了年采购额大概120万",
        "华星设备型号偏好聊了一下，他们想要B",
        "华星的设备",
        "明天提醒我问华星的到期日",
        "下午去华星看设备，王总说台数还要加",
        "今天给华星做样机借用的演示",
    ],
)
def test_a_sentence_that_merely_mentions_a_field_is_read_as_without_it(text: str) -> None:
    assert read(text) == understand(text, NOW, PLAIN, Context(sender_key="9"))


def test_without_own_fields_nothing_is_looked_for() -> None:
    assert CustomNames.of([]) is None
    assert understand("华星 设备型号偏好 B", NOW, PLAIN).custom is None


PIECES = [
    *(
        "华星",
        "华润置地",
        "王总",
        "设备型号偏好",
        "年采购额",
        "到期日",
        "车牌",
        "样机借用",
        "归还日期",
        "关注点",
        "设备",
    ),
    *(
        " ",
        "的",
        "是",
        "，",
        "B",
        "120万",
        "12月1日",
        "大于",
        "之间",
        "到",
        "客户",
        "没填",
        "新增",
        "YJ-2026-0001",
    ),
    *("，今天拜访", "？", "\n", "İ", "１２", "-", "以上", "，，", "和", "空"),
]


@settings(max_examples=300, deadline=None)
@given(strung(PIECES, 14))
def test_any_mixture_is_read_somehow(text: str) -> None:
    reading = read(text)
    if reading.custom is not None:
        assert reading.custom.object in {"customer", "contact", "activity", "asset", "loan"}
        assert all(one.key for one in reading.custom.said)
