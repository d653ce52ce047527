"""No text makes it fail or dawdle, and importing it is cheap."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.reading import Intent
from nlu.understand import understand, warm
from nlu.wire import to_wire
from tests.nlu.reading_aids import strung
from tests.nlu.sentences.customers import lexicon

NOW = datetime.fromisoformat("2026-11-20T10:00")
NAMES = lexicon()
WORDS = [
    "拜访",
    "安居",
    "恒信",
    "王总",
    "赵敏",
    "跟",
    "和",
    "给",
    "的",
    "了",
    "昨天",
    "下周三",
    "上午十点",
    "提醒我",
    "报价",
    "58万",
    "9折",
    "合同",
    "签了",
    "回款",
    "竞品报",
    "单价",
    "生日",
    "农历八月十五",
    "电话",
    "13800138000",
    "积分",
    "标签",
    "公海",
    "转给",
    "小李",
    "撤销",
    "刚才那条",
    "不是",
    "改到",
    "取消",
    "每周一",
    "，",
    "。",
    "？",
    "同意",
    "Q0012",
    "/",
    "有限公司",
    "新客户",
]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "8" * 2000,
        "一" * 10_000,
        "拜访" * 5000,
        "王总" * 5000,
        "恒信" * 5000,
        " " * 10_000,
        "1 " * 5000,
        "跟和给" * 3000,
        "周三" * 5000,
        "\x00\x1f\x7f" * 3000,
        "(（" * 5000,
        "有限公司" * 2500,
        "".join(map(chr, range(0, 0x11000, 9))),
        "\ud800\udfff" * 100,
    ],
    ids=lambda text: ascii(text[:4]),
)
def test_hostile_text_is_read_quickly(text: str) -> None:
    assert any(_seconds(text) < 0.05 for _ in range(5))


def _seconds(text: str) -> float:
    start = process_time()
    understand(text, NOW, NAMES)
    return process_time() - start


@given(st.text(max_size=200))
def test_any_text_has_a_reading(text: str) -> None:
    to_wire("x", understand(text, NOW, NAMES), 0.0)


@settings(max_examples=300)
@given(strung(WORDS, 14))
def test_any_words_have_a_reading_with_names_where_they_stand(text: str) -> None:
    got = understand(text, NOW, NAMES)
    assert all(text[c.start : c.end] == c.text for c in (*got.customers, *got.candidates))
    assert set(got.ambiguous) <= set(got.reasons)
    if got.intent in (Intent.CHITCHAT, Intent.HELP, Intent.UNDO):
        assert (got.customers, got.contact, got.amount, got.next_time, got.phone) == (
            (),
            None,
            None,
            None,
            None,
        )


def test_the_usual_message_takes_about_a_millisecond() -> None:
    text = "昨天上午跟恒信置地李经理碰面，谈了设备清单，预算36万左右，周五下午三点过去看样机"
    assert any(_seconds(text) < 0.005 for _ in range(20))


def test_importing_loads_no_pinyin_and_little_else() -> None:
    heavy = "{'pypinyin', 'rapidfuzz', 'sqlmodel', 'aiohttp'}"
    code = f"import sys, nlu.understand; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
