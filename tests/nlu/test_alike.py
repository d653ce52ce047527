"""Whether two company names may be the same company."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.names.alike import alike, forms_to_try


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("华星", "华星科技有限公司", "像是简称"),
        ("华星科技", "华星科技(上海)有限公司", "只差后缀或括号"),
        ("华星科技股份有限公司", "华星科技有限公司", "只差后缀或括号"),
        ("苏州华星科技", "上海华星科技", "只差地名"),
        ("苏州华星", "华星科技", "像是简称"),
        ("华兴科技", "华星科技", "读音相同"),
        ("上海电气", "上海电器", "读音相同"),
        ("汇川科技技术", "汇川技术", "名称相近"),
        ("恒瑞", "恒瑞医药", "像是简称"),
        ("深圳大疆", "大疆创新科技", "像是简称"),
    ],
)
def test_names_that_are_alike(one: str, other: str, why: str) -> None:
    assert alike(one, other) == alike(other, one) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华星科技", "华星电子"),
        ("美的集团", "格力电器"),
        ("海尔", "海信"),
        ("华润置地", "华润燃气"),
        ("苏州华星", "上海华星科技"),
        ("A", "美的"),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one) == ""


@given(st.text(max_size=20), st.text(max_size=20))
def test_it_does_not_matter_which_comes_first(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    assert one not in forms_to_try(one)
