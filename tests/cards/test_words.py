"""How amounts, days, times and birthdays are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards import words
from tests.local import local

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (58_000_000, "58万元"),
        (3_500_000, "3.5万元"),
        (580_000, "5,800元"),
        (1_234_560, "12,345.60元"),
        (1_234_500, "12,345元"),
        (12_000_000_000, "1.2亿元"),
        (128_000_000, "128万元"),
        (123_450_000, "123.45万元"),
        (0, "0元"),
        (5, "0.05元"),
        (-58_000_000, "-58万元"),
        (1_234_567_000_000, "1,234,567万元"),
    ],
)
def test_money(fen: int, text: str) -> None:
    assert words.money(fen) == text


@given(st.integers(-(10**15), 10**15))
def test_no_fen_is_lost(fen: int) -> None:
    text = words.money(fen).replace(",", "").removesuffix("元")
    factor = {"亿": 10**8, "万": 10**4}.get(text[-1], 1)
    assert Decimal(text.rstrip("亿万")) * factor * 100 == fen


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (58_000_000, 58_000_000, "58万元"),
        (80_000_000, 100_000_000, "80万–100万元"),
        (500_000, 1_000_000, "5,000–1万元"),
    ],
)
def test_ranges(low: int, high: int, text: str) -> None:
    assert words.money_range(low, high) == text


@pytest.mark.parametrize(
    ("share", "text"), [(9000, "9折"), (9500, "9.5折"), (8750, "8.75折"), (10_000, "不打折"), (10, "0.01折")]
)
def test_discounts(share: int, text: str) -> None:
    assert words.discount(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-11-20T10:00", "今天 10:00"),
        ("2026-11-21T10:00", "明天 10:00"),
        ("2026-11-22T10:00", "后天 10:00"),
        ("2026-11-19T10:00", "昨天 10:00"),
        ("2026-11-25T10:00", "11月25日 周三 10:00"),
        ("2027-01-04T09:05", "2027年1月4日 周一 09:05"),
    ],
)
def test_moments(value: str, text: str) -> None:
    assert words.moment(local(value), TODAY) == text


def test_a_time_is_shown_as_exactly_as_it_was_said() -> None:
    assert words.when(local("2026-11-20T14:00"), "part_of_day", "下午", TODAY) == "今天 下午"
    assert words.when(local("2026-11-25T00:00"), "day", "", TODAY) == "11月25日 周三"
    assert words.due(local("2026-11-23T00:00"), "day", TODAY, deadline=True) == "11月23日 周一前"


@pytest.mark.parametrize(
    ("kind", "month", "day", "leap", "text"),
    [
        ("solar", 3, 5, False, "3月5日"),
        ("lunar", 12, 8, False, "农历腊月初八"),
        ("lunar", 1, 10, False, "农历正月初十"),
        ("lunar", 8, 15, False, "农历八月十五"),
        ("lunar", 11, 20, False, "农历冬月二十"),
        ("lunar", 6, 21, True, "农历闰六月廿一"),
        ("lunar", 2, 30, False, "农历二月三十"),
        ("", 0, 0, False, ""),
    ],
)
def test_birthdays(kind: str, month: int, day: int, leap: bool, text: str) -> None:
    assert words.birthday(kind, month, day, leap=leap) == text


@given(st.text(max_size=200), st.integers(1, 60))
def test_one_line_fits(text: str, most: int) -> None:
    line = words.one_line(text, most)
    assert len(line) <= most
    assert "\n" not in line


def test_names_without_their_legal_form() -> None:
    assert words.short("华润置地（华东）有限公司") == "华润置地（华东）"
    assert words.short("有限公司") == "有限公司"
