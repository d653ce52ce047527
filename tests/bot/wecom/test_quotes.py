"""Text that answers a quoted message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.quotes import split_quote

RULE = "- - - - - - - - - - - - - - -"


@pytest.mark.parametrize(
    ("text", "quoted", "own"),
    [
        (f"「跟进：已记录拜访 #1024」\n{RULE}\n撤销", "已记录拜访 #1024", "撤销"),
        ("「跟进：已记录」\n——————\n改到周四", "已记录", "改到周四"),
        ("「跟进：第一行\n第二行：58万」\n------\n撤销", "第一行\n第二行：58万", "撤销"),
        ("这是一条引用/回复消息：\n“跟进：\n已记录 #7”\n------\n撤销", "已记录 #7", "撤销"),
        ('This is a quote/reply:\n"Genjin:\n#7"\n------\nundo', "#7", "undo"),
        (f"「跟进：已记录」\n{RULE}\n", "已记录", ""),
        (f"「跟进：已记录」\n{RULE}\n第一行\n第二行", "已记录", "第一行\n第二行"),
    ],
)
def test_a_quote_and_the_answer_are_told_apart(text: str, quoted: str, own: str) -> None:
    assert split_quote(text) == (quoted, own)


def test_a_quote_of_a_quote_keeps_the_inner_one_quoted() -> None:
    inner = f"「赵晨：华润置地」\n{RULE}\n查一下"
    quoted, own = split_quote(f"「跟进：{inner}」\n{RULE}\n撤销")
    assert quoted == inner
    assert own == "撤销"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "撤销",
        "「华润置地」的报价",
        "「未完",
        "「甲」\n--\n乙"[:4],
        "\n------\n撤销",
        "“引号”\n------\n不是引用",
    ],
)
def test_plain_text_stays_whole(text: str) -> None:
    assert split_quote(text) == ("", text)


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    quoted, own = split_quote(text)
    assert own in text
    assert quoted in text


@given(st.text(alphabet="「」：\n- —ab", max_size=200))
def test_nothing_is_invented(text: str) -> None:
    quoted, own = split_quote(text)
    assert len(quoted) + len(own) <= len(text)
