"""Money: currencies, sizes, ranges, rough words; and what is not money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import Money
from tests.nlu.reading_aids import of_kind, only

WAN = 1_000_000  # fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("报价36万", 36 * WAN),
        ("¥48,500", 4_850_000),
        ("￥７２００", 720_000),
        ("RMB 3000", 300_000),
        ("6600元", 660_000),
        ("九千八百块", 980_000),
        ("15.8w", 15_800_000),
        ("3.2k", 320_000),
        ("四十二万八", 42_800_000),
        ("两百三十万", 230 * WAN),
        ("1.5亿", 15000 * WAN),
        ("两个亿", 20000 * WAN),
        ("60个W", 60 * WAN),
        ("总计480,000.00元", 48 * WAN),
        ("6万5左右", 6_500_000),
        ("88万以内", 88 * WAN),
        ("大概27万", 27 * WAN),
        ("不到12万", 12 * WAN),
        ("人民币2万元整", 2 * WAN),
        ("三元五角", 350),
        ("八块二", 820),
        ("十二块零五分", 1205),
        ("两毛", 20),
        ("6毛5", 65),
        ("三分钱", 3),
        ("9块9", 990),
        ("壹万伍仟元整", 1_500_000),
        ("七块钱", 700),
        ("58 万", 58 * WAN),
        ("金额是45000", 4_500_000),
        ("预算：120000", 12_000_000),
        ("收到回款 23600", 2_360_000),
        ("尾款一万八", 1_800_000),
        ("26000的报价", 2_600_000),
        ("单价2680", 268_000),
        ("首付30000", 3_000_000),
        ("付了5600", 560_000),
        ("五百五十万", 550 * WAN),
    ],
)
def test_amount_in_fen(text: str, fen: int) -> None:
    found = only(Money, text)
    assert (found.low, found.high, found.currency) == (fen, fen, "CNY")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("60到90万", 60, 90),
        ("七十到一百二十万", 70, 120),
        ("35万-50万", 35, 50),
        ("20~30w", 20, 30),
        ("四五十万", 40, 50),
        ("两百多万", 200, 300),
        ("150多万", 150, 160),
        ("三十万到四十万", 30, 40),
        ("3w-5w", 3, 5),
        ("一百多个w", 100, 200),
        ("2万多", 2, 3),
        ("从9500到3万元", 0.95, 3),
        ("两到三百万", 200, 300),
        ("80至100万元", 80, 100),
        ("六七百万", 600, 700),
        ("1.2-1.5亿", 12000, 15000),
    ],
)
def test_stated_range(text: str, low: float, high: float) -> None:
    found = only(Money, text)
    assert (found.low, found.high, found.vague) == (low * WAN, high * WAN, False)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("百来万", 100, 100),
        ("几十万", 10, 100),
        ("二十来万", 20, 20),
        ("十几万", 10, 20),
        ("上百万", 100, 100),
        ("盘子大概三百个", 300, 300),
        ("预算五百个", 500, 500),
        ("数百万", 100, 1000),
        ("千把万", 1000, 1000),
    ],
)
def test_rough_words_are_vague(text: str, low: int, high: int) -> None:
    found = only(Money, text)
    assert (found.low, found.high, found.vague) == (low * WAN, high * WAN, True)


def test_a_bare_small_figure_beside_an_amount_word_is_vague() -> None:
    assert only(Money, "预算58").vague
    assert not only(Money, "单价58").vague


@pytest.mark.parametrize(
    ("text", "currency", "hundredths"),
    [
        ("3万美元", "USD", 3_000_000),
        ("$99", "USD", 9900),
        ("HKD 500", "HKD", 50000),
        ("港币八百元", "HKD", 80000),
        ("12欧元", "EUR", 1200),
        ("5000日元", "JPY", 500_000),
        ("新台币 30 万元", "TWD", 30_000_000),
        ("二百英镑", "GBP", 20000),
        ("40澳元", "AUD", 4000),
        ("7泰铢", "THB", 700),
    ],
)
def test_other_currencies_are_named(text: str, currency: str, hundredths: int) -> None:
    found = only(Money, text)
    assert (found.currency, found.low) == (currency, hundredths)


@pytest.mark.parametrize(
    "text",
    [
        "3万台设备",
        "两万人的厂",
        "150套",
        "型号DS-3600",
        "2026年",
        "11月18号",
        "15号楼",
        "跑了3万公里",
        "30W电源",
        "加200积分",
        "4k屏",
        "一块去吃饭",
        "两块屏幕",
        "三元桥那边",
        "五角大楼",
        "千万别忘了",
        "电话13800138000",
        "下午3点",
        "回款3次",
        "房间302",
        "第5期",
        "单元2",
        "十分满意",
        "3.5寸",
        "人民币升值",
        "订单号A20260101",
        "一毛不拔",
        "万一不行",
        "500个摄像头",
        "30%",
        "85折",
        "参加了2次会",
    ],
)
def test_this_is_not_money(text: str) -> None:
    assert of_kind(Money, text) == []


def test_every_amount_of_a_message_is_found_in_order() -> None:
    found = of_kind(Money, "竞品报42万，我们报四十八万五，首付30%也就是14.55万")
    assert [each.low // WAN for each in found] == [42, 48, 14]


def test_a_currency_sign_belongs_to_one_amount() -> None:
    assert [each.span.text for each in of_kind(Money, "138k¥23")] == ["138k", "¥23"]


def test_an_amount_without_a_currency_word_stands_after_a_weekday() -> None:
    assert only(Money, "周五五万到账").low == 5 * WAN
    assert only(Money, "5月6万到账").low == 6 * WAN


@given(st.integers(1, 10**7))
def test_whole_wan_amounts_keep_their_fen(wan: int) -> None:
    assert only(Money, f"报价{wan}万元").low == wan * WAN


@given(st.integers(1, 999), st.integers(1, 999))
def test_ranges_are_ordered(low: int, high: int) -> None:
    for found in of_kind(Money, f"预算{low}到{high}万"):
        assert found.low <= found.high
