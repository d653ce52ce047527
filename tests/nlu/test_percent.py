"""Shares and discounts."""

from __future__ import annotations

import pytest

from nlu.entities import Percent
from tests.nlu.reading_aids import of_kind, only


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("九折", 0.9),
        ("八八折", 0.88),
        ("95折", 0.95),
        ("7.5折", 0.75),
        ("九点五折", 0.95),
        ("七五折", 0.75),
        ("打6折", 0.6),
        ("对折", 0.5),
        ("半价", 0.5),
        ("98折", 0.98),
        ("六五 折", 0.65),
        ("给他打了个九二折", 0.92),
        ("捌折", 0.8),
    ],
)
def test_discount(text: str, value: float) -> None:
    found = only(Percent, text)
    assert found.discount
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("首付40%", 0.4),
        ("12.5%", 0.125),
        ("百分之三十五", 0.35),
        ("百分之8", 0.08),
        ("百分之百", 1.0),
        ("千分之三", 0.003),
        ("两成", 0.2),
        ("四成半", 0.45),
        ("八成五", 0.85),
        ("3个百分点", 0.03),
        ("一点五个百分点", 0.015),
        ("-4.5%", -0.045),
        ("负百分之二", -0.02),
        ("三分之一", 1 / 3),
        ("６０％", 0.6),
        ("百 分 之 七", 0.07),
        ("万分之五", 0.0005),
        ("5‰", 0.005),
    ],
)
def test_share(text: str, value: float) -> None:
    found = only(Percent, text)
    assert not found.discount
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "38万成交",
        "三成立",
        "两折叠",
        "这事成了",
        "一成不变的话不说",
        "3折腾",
        "九成交给他",
        "打折吗",
        "折旧",
        "一成都的客户",
    ],
)
def test_words_with_these_characters_are_no_shares(text: str) -> None:
    assert [each for each in of_kind(Percent, text) if each.span.text != "一成"] == []


def test_amount_and_discount_stand_side_by_side() -> None:
    assert [each.value for each in of_kind(Percent, "报价 58万 9折 首付30%")] == [0.9, 0.3]
