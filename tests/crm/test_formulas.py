"""Formulas: what they yield, what they refuse, and that nothing typed into one can do harm."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.custom import formulas
from crm.custom.kinds import FieldSpec, Kind
from crm.errors import UserMistake

TODAY = date(2026, 11, 19)
FIELDS = (
    FieldSpec("customer", "annual", "年采购额", Kind.MONEY),
    FieldSpec("customer", "cost", "成本", Kind.MONEY),
    FieldSpec("customer", "count", "数量", Kind.NUMBER),
    FieldSpec("customer", "due", "到期日", Kind.DATE),
    FieldSpec("customer", "pref", "偏好", Kind.CHOICE, ("A", "B")),
)
VALUES: dict[str, Decimal | date | None] = {
    "annual": Decimal(1_200_000),
    "cost": Decimal(900_000),
    "count": Decimal(12),
    "due": date(2026, 12, 1),
}


def result(text: str, **changed: Decimal | date | None) -> object:
    """What a formula yields as it is typed."""
    stored = formulas.define(text, FIELDS)
    return formulas.program(stored, formulas.kinds_of(FIELDS)).run({**VALUES, **changed}, TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年采购额*5%", Decimal(60_000)),
        ("年采购额 - 成本", Decimal(300_000)),
        ("（年采购额－成本）÷年采购额", Decimal("0.25")),
        ("到期日 - 今天", Decimal(12)),
        ("到期日+30", date(2026, 12, 31)),
        ("如果(数量 > 10, 年采购额 * 90%, 年采购额)", Decimal(1_080_000)),
        ("1 if 数量 >= 20 else 2", Decimal(2)),
        ("最大(数量, 20)", Decimal(20)),
        ("最小(到期日, 今天)", TODAY),
        ("四舍五入(数量 / 7, 2)", Decimal("1.71")),
        ("取整(数量 / 7)", Decimal(1)),
        ("数量 % 5", Decimal(2)),
        ("-数量 // 5", Decimal(-3)),
        ("数量 ** 2", Decimal(144)),
        ("绝对值(-数量)", Decimal(12)),
        ("年采购额 > 100万 and 数量 = 12", True),
        ("not 数量 ≥ 13", True),
    ],
)
def test_formulas_yield(text: str, expected: object) -> None:
    assert result(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "年采购额*",
        "年采购额 年采购额",
        "偏好 + 1",
        "利润 * 2",
        "年采购额 * 成本",
        "到期日 * 2",
        "到期日 > 3",
        "到期日 + 到期日",
        "如果(数量, 1, 2)",
        "如果(数量 > 1, 1, 到期日)",
        "__import__('os').system('true')",
        "年采购额.real",
        "[1][0]",
        "(lambda: 1)()",
        "{annual}",
        "1_000",
        "1e9",
        "0x10",
        "1j",
        "数量 if",
        "数量 is 数量",
        "max()",
        "round(数量, 99)",
        "abs(数量)(1)",
        "True",
        "'a'",
        "f'{数量}'",
        "数量 := 3",
        "*数量",
        "~数量",
        "数量 @ 2",
        "数量 & 1",
        "+".join(["数量"] * 101),
        "-" * 30 + "数量",
    ],
)
def test_what_is_no_formula_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UserMistake) as refused:
        result(text)
    assert refused.value.message


def test_a_missing_value_gives_nothing_and_a_division_by_zero_its_reason() -> None:
    assert result("年采购额 * 5%", annual=None) is None
    with pytest.raises(UserMistake, match="除数是0"):
        result("年采购额 / 数量", count=Decimal(0))
    with pytest.raises(UserMistake, match="太大"):
        result("数量 ** 10 ** 2")
    with pytest.raises(UserMistake, match="太大"):
        result("到期日 + 数量 * 99999999")


def test_a_formula_is_told_with_the_labels_of_today() -> None:
    stored = formulas.define("如果(年采购额>100万, 年采购额*5%, 0)", FIELDS)
    assert formulas.spoken(stored, FIELDS) == "如果(年采购额 > 100万, 年采购额 * 5%, 0)"
    renamed = [FieldSpec("customer", "annual", "年度采购", Kind.MONEY)]
    assert formulas.spoken(stored, renamed) == "如果(年度采购 > 100万, 年度采购 * 5%, 0)"


def test_a_formula_whose_field_is_gone_says_so() -> None:
    stored = formulas.define("年采购额 * 2", FIELDS)
    with pytest.raises(UserMistake, match="已经删除"):
        formulas.program(stored, ())


PIECES = st.sampled_from(
    [
        *(
            "年采购额",
            "成本",
            "数量",
            "到期日",
            "今天",
            "偏好",
            "最大",
            "如果",
            "四舍五入",
            "取整",
            "abs",
            "min",
        ),
        *(
            "+",
            "-",
            "*",
            "/",
            "//",
            "%",
            "**",
            "(",
            ")",
            ",",
            "<",
            ">",
            "=",
            "==",
            "!=",
            " and ",
            " or ",
            " not ",
        ),
        *(
            " if ",
            " else ",
            "0",
            "1",
            "9",
            "99999999",
            "0.5",
            "5%",
            "100万",
            "亿",
            ".",
            "[",
            "]",
            "{",
            "}",
            "'",
        ),
        *(
            "lambda",
            "__class__",
            ":",
            ":=",
            "\\",
            "\n",
            "\x00",
            "é",
            "²",
            "Ⅷ",
            "１",
            "~",
            "@",
            "@x",
            "_f0",
            "e9",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60))
def test_nothing_typed_as_a_formula_does_harm(text: str) -> None:
    start = time.process_time()
    try:
        found = result(text)
    except UserMistake:
        found = None
    assert found is None or isinstance(found, Decimal | date | bool)
    assert time.process_time() - start < 1


NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=2)


@settings(max_examples=200, deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, st.dates())
def test_any_values_give_a_bounded_result_or_a_reason(a: Decimal, b: Decimal, c: Decimal, day: date) -> None:
    for text in (
        "年采购额 / 成本 * 数量",
        "到期日 + 数量",
        "数量 ** 10",
        "取整(最大(年采购额 * 数量, 成本) / 7)",
        "到期日 - 今天",
    ):
        try:
            found = result(text, annual=a, cost=b, count=c, due=day)
        except UserMistake as refused:
            found = refused.message
        assert not isinstance(found, str) or "算不出来" in found
        assert not isinstance(found, Decimal) or abs(found) <= formulas.LARGEST
