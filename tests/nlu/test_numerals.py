"""Numerals: figures, Chinese numerals, mixtures, and what is only part of a word."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import Number
from nlu.folding import fold
from nlu.numerals import read
from tests.nlu.reading_aids import of_kind

VALUES = [
    ("36", "36"),
    ("4,520", "4520"),
    ("1,280,000", "1280000"),
    ("0.75", "0.75"),
    ("8.25万", "82500"),
    ("15w", "150000"),
    ("2.5k", "2500"),
    ("7m", "7000000"),
    ("三", "3"),
    ("十", "10"),
    ("十七", "17"),
    ("二十", "20"),
    ("四十二", "42"),
    ("一百", "100"),
    ("一百零七", "107"),
    ("一百一十", "110"),
    ("一百八", "180"),
    ("三百二", "320"),
    ("三百零二", "302"),
    ("两百五十六", "256"),
    ("一千", "1000"),
    ("一千五", "1500"),
    ("一千零五", "1005"),
    ("一千零五十", "1050"),
    ("六千六百六十六", "6666"),
    ("一万", "10000"),
    ("一万二", "12000"),
    ("一万零二", "10002"),
    ("两万三千", "23000"),
    ("七万八千九百", "78900"),
    ("十二万", "120000"),
    ("十二万五", "125000"),
    ("二十六万八", "268000"),
    ("三十五万六千", "356000"),
    ("一百零三万", "1030000"),
    ("一百三十万", "1300000"),
    ("两百二十万零六百", "2200600"),
    ("一千二百万", "12000000"),
    ("一亿", "100000000"),
    ("一亿二", "120000000"),
    ("三亿五千万", "350000000"),
    ("一点五亿", "150000000"),
    ("两万亿", "2000000000000"),
    ("三点五", "3.5"),
    ("零点零八", "0.08"),
    ("十二点六万", "126000"),
    ("一二三四", "1234"),
    ("二零二六", "2026"),
    ("叁拾伍万陆仟", "356000"),
    ("玖佰捌拾", "980"),
    ("壹万贰仟叁佰", "12300"),
    ("6万2", "62000"),
    ("6万2千", "62000"),
    ("6万200", "60200"),
    ("3千5", "3500"),
    ("12万3400", "123400"),
    ("1亿5千万", "150000000"),
    ("廿五", "25"),
    ("卅", "30"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_numeral_has_its_value(text: str, value: str) -> None:
    found = read(fold(text), 0)
    assert found is not None
    assert (found.low, found.high, found.end) == (Decimal(value), Decimal(value), len(text))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三四万", 30000, 40000),
        ("二三十万", 200000, 300000),
        ("一两百", 100, 200),
        ("七八千", 7000, 8000),
        ("三五万", 30000, 50000),
        ("十五六万", 150000, 160000),
        ("二十七八万", 270000, 280000),
        ("五六百万", 5000000, 6000000),
    ],
)
def test_neighbours_name_a_range(text: str, low: int, high: int) -> None:
    found = read(text, 0)
    assert found is not None
    assert (found.low, found.high, found.end) == (Decimal(low), Decimal(high), len(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [("２６", 26), ("１２，５００", 12500), ("９.５万", 95000), ("−", None), ("兩萬三", 23000)],
)
def test_full_width_and_traditional_read_alike(text: str, value: float | None) -> None:
    found = of_kind(Number, text)
    assert [each.value for each in found] == ([] if value is None else [value])


@pytest.mark.parametrize(
    ("text", "value"),
    [("-36", -36), ("负十二", -12), ("负 4,000", -4000), ("-1.5w", -15000), ("负三点二", -3.2)],
)
def test_signs(text: str, value: float) -> None:
    assert of_kind(Number, text)[0].value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("四 百 二", 420), ("两千 六百", 2600), ("8万 6千", 86000), ("三 十 七 万", 370000)],
)
def test_dictated_blanks_are_read_over(text: str, value: float) -> None:
    found = of_kind(Number, text)
    assert [each.value for each in found] == [value]
    assert found[0].span.text == text


@pytest.mark.parametrize(
    "text",
    [
        "一起去",
        "试一下",
        "万一不行",
        "一定要来",
        "三思而行",
        "千万别忘了",
        "说一声",
        "十分满意",
        "一般般",
        "四川的客户",
        "千方百计",
        "八方来客",
        "五一路上",
    ],
)
def test_figures_inside_words_are_no_numbers(text: str) -> None:
    assert of_kind(Number, text) == []


@pytest.mark.parametrize(
    "text", ["DS-2CD3T46", "型号A20210718", "RTX4090", "5G模组", "V2.3", "MX-500", "订单号SO20260088"]
)
def test_model_and_order_numbers_are_nothing(text: str) -> None:
    assert of_kind(Number, text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("两台", 2), ("要三个", 3), ("九套设备", 9), ("15人", 15), ("买了6箱", 6), ("一百二十套", 120)],
)
def test_counted_things_are_numbers(text: str, value: float) -> None:
    assert [each.value for each in of_kind(Number, text)] == [value]


@pytest.mark.parametrize(
    ("text", "value"), [("三分之一", 1 / 3), ("十二分之七", 7 / 12), ("一又二分之一", 1.5)]
)
def test_fractions_are_numbers(text: str, value: float) -> None:
    assert of_kind(Number, text)[0].value == pytest.approx(value)


@pytest.mark.parametrize("text", ["三四个", "三五台", "两三家"])
def test_a_few_things_count_from_the_lower_one(text: str) -> None:
    assert of_kind(Number, text)[0].value in (2, 3)


def _spoken(value: int) -> str:
    """A number below a hundred million in plain Chinese, written independently of the reader."""
    digits, small = "零一二三四五六七八九", ("", "十", "百", "千")

    def four(part: int) -> str:
        words, gap = "", False
        for place in (3, 2, 1, 0):
            digit = part // 10**place % 10
            if digit == 0:
                gap = gap or bool(words)
                continue
            words += ("零" if gap else "") + digits[digit] + small[place]
            gap = False
        return words

    high, low = divmod(value, 10000)
    if not high:
        return four(low) or "零"
    zero = "零" if 0 < low < 1000 else ""
    return f"{four(high)}万{zero}{four(low)}"


@given(st.integers(0, 99_999_999))
def test_every_number_spoken_in_full_is_read_back(value: int) -> None:
    found = read(_spoken(value), 0)
    assert found is not None
    assert int(found.low) == value


@given(st.integers(0, 10**15), st.booleans())
def test_figures_are_read_back_with_and_without_commas(value: int, commas: bool) -> None:
    found = read(f"{value:,}" if commas else str(value), 0)
    assert found is not None
    assert int(found.low) == value
