"""Telephone numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import Money, Phone, Time
from tests.nlu.reading_aids import of_kind, only


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13912345678", "13912345678"),
        ("139 1234 5678", "13912345678"),
        ("139-1234-5678", "13912345678"),
        ("+86 13912345678", "13912345678"),
        ("0086-139 1234 5678", "13912345678"),
        ("８６ 13912345678", "13912345678"),
        ("1391 234 5678", "13912345678"),
        ("0571-88886666", "057188886666"),
        ("010 6552 8899", "01065528899"),
        ("(021)62345678", "02162345678"),
        ("021-6234 5678转8012", "02162345678"),
        ("0755-8888666", "07558888666"),
        ("400-610-1234", "4006101234"),
        ("4006 101 234", "4006101234"),
        ("800-820-1111", "8008201111"),
        ("幺三九幺二三四五六七八", "13912345678"),
        ("打一三七零零一一二二三三", "13700112233"),
        ("电话：88886666", "88886666"),
        ("座机6552-8899", "65528899"),
        ("手机号改成 177 0000 1111", "17700001111"),
    ],
)
def test_phone_digits(text: str, digits: str) -> None:
    assert only(Phone, text).value == digits


@pytest.mark.parametrize(
    "text",
    [
        "订单202611200001",
        "身份证330102199001011234",
        "金额13800000",
        "1234567",
        "A13912345678X",
        "2026-11-20",
        "192.168.1.100",
    ],
)
def test_other_digits_are_no_phones(text: str) -> None:
    assert of_kind(Phone, text) == []


def test_a_phone_is_neither_money_nor_a_time() -> None:
    text = "联系人李娜 电话 0512-66668888 手机18612345678"
    assert [each.value for each in of_kind(Phone, text)] == ["051266668888", "18612345678"]
    assert of_kind(Money, text) == []
    assert of_kind(Time, text) == []


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_every_mobile_number_is_read_with_any_separator(number: str, separator: str) -> None:
    written = separator.join((number[:3], number[3:7], number[7:]))
    assert only(Phone, f"电话{written}，谢谢").value == number
