"""The help on DingTalk: examples stand out, nothing in them is markup, nothing can be tapped by mistake."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cards import limits_dingtalk as limits
from cards.render.dingtalk_text import listed

HELP = "张伟，想到什么直接说就行，例如：\n· 华润置地\n  看客户的全貌\n· 撤销\n  收回刚才的记录"


def test_examples_stand_out_from_what_they_do() -> None:
    shown = listed(HELP)
    assert shown is not None
    assert shown.title == "张伟，想到什么直接说就行，例如："
    assert "**华润置地**" in shown.text
    assert "> 看客户的全貌" in shown.text
    assert "dtmd://" not in shown.text


def test_words_without_a_list_stay_a_text() -> None:
    assert listed("改好了，确认后写入。") is None
    assert listed("第一行\n· 只有一条") is None


def test_markup_in_an_example_is_read_and_not_followed() -> None:
    shown = listed("例如：\n· **[点我](https://evil.example)**\n· # 大")
    assert shown is not None
    assert "](" not in shown.text
    assert "\n#" not in shown.text


@given(st.text(max_size=400))
def test_whatever_is_listed_fits(words: str) -> None:
    shown = listed(f"说明\n· {words}\n· {words}\n  {words * 20}")
    assert shown is None or len(shown.text.encode()) <= limits.TEXT_BYTES
