"""The one entry of the phrase level: what holds for every text, however strange."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlu.entities import Duration, Entity, Money, Number, Phone, Time
from nlu.extract import extract
from tests.nlu.reading_aids import NOW, day, strung

PIECES = [
    "1",
    "12",
    "2026",
    "三",
    "十",
    "百",
    "万",
    "亿",
    "点",
    "半",
    "刻",
    "分",
    "秒",
    "年",
    "月",
    "日",
    "号",
    "周",
    "星期",
    "上",
    "下",
    "下下",
    "前",
    "后",
    "内",
    "每",
    "隔",
    "到",
    "至",
    "-",
    "~",
    "和",
    "之间",
    "天",
    "小时",
    "个",
    "工作日",
    "早上",
    "下午",
    "晚",
    "农历",
    "闰",
    "腊",
    "初",
    "廿",
    "国庆",
    "春节",
    "除夕",
    "第",
    "最后",
    "底",
    "初",
    "末",
    "旬",
    "季度",
    "折",
    "%",
    "成",
    "百分之",
    "元",
    "块",
    "毛",
    "¥",
    "$",
    "w",
    "k",
    "多",
    "来",
    "几",
    "负",
    ".",
    ",",
    "，",
    ":",
    "/",
    " ",
    "电话",
    "138",
    "0013",
    "8000",
    "+86",
    "截止",
    "从",
    "起",
    "未来",
    "近",
    "还剩",
    "再过",
    "今",
    "明",
    "昨",
    "零",
    "预算",
    "am",
    "pm",
]
SENTENCES = strung(PIECES, 14)


def _check(text: str, found: tuple[Entity, ...]) -> None:
    starts = [each.span.start for each in found]
    assert starts == sorted(starts)
    for each in found:
        assert 0 <= each.span.start < each.span.end <= len(text)
        assert text[each.span.start : each.span.end] == each.span.text
        if isinstance(each, Money):
            assert each.low <= each.high
        if isinstance(each, Time):
            assert each.until > each.value
        if isinstance(each, Duration):
            assert each.seconds > 0
        if isinstance(each, Phone):
            assert each.value.isdigit()
        if isinstance(each, Number):
            assert each.value == each.value
    firm = sorted((e.span.start, e.span.end) for e in found if isinstance(e, Time | Money | Phone))
    assert all(left[1] <= right[0] for left, right in pairwise(firm))


@settings(max_examples=600, deadline=None)
@given(SENTENCES)
@example("2月30日到2月31号")
@example("99999999999年后")
@example("9999年12月31日")
@example("闰十二月三十")
@example("1900年1月1日前三百年")
def test_any_string_of_time_and_money_words_is_read_without_error(text: str) -> None:
    _check(text, extract(text, NOW))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120))
def test_any_text_is_read_without_error(text: str) -> None:
    _check(text, extract(text, NOW))


@settings(max_examples=100, deadline=None)
@given(SENTENCES, st.datetimes(day("1950-01-01"), day("2090-01-01")))
def test_any_reference_time_will_do(text: str, now: datetime) -> None:
    _check(text, extract(text, now))


@settings(max_examples=100, deadline=None)
@given(SENTENCES, st.integers(0, 20), st.integers(0, 20))
def test_nothing_is_found_in_masked_places(text: str, first: int, second: int) -> None:
    low, high = sorted((first, second))
    for each in extract(text, NOW, masked=((low, high),)):
        assert each.span.end <= low or each.span.start >= high or low == high


def test_a_customer_name_hides_its_words() -> None:
    text = "前天和明天科技张总开会"
    (found,) = extract(text, NOW, masked=((3, 7),))
    assert isinstance(found, Time)
    assert found.value == day("2026-11-18")


def test_plain_chat_has_nothing_in_it() -> None:
    assert extract("好的收到", NOW) == ()
    assert extract("", NOW) == ()


HOSTILE = {
    "one digit": "1" * 2000,
    "ones": "一" * 10000,
    "tens": "十" * 10000,
    "commas": "1," * 5000,
    "points": "1." * 5000,
    "weekdays": "周一" * 5000,
    "hours": "3点" * 5000,
    "hours in words": "十点零" * 3333,
    "dates": "2月29日" * 2000,
    "lunar": "1985年腊月初八" * 1200,
    "leap": "闰六月初三" * 2000,
    "money": "1元" * 5000,
    "ranges": "5万8到" * 2500,
    "days": "明天到" * 3333,
    "every": "每周一三五" * 2000,
    "spaces": " " * 10000,
    "a gap": "1" + " " * 9000 + "天",
    "phones": "138 0013 8000" * 800,
    "before": "前" * 10000,
    "half": "半" * 10000,
    "last": "三月最后一个周一" * 1250,
    "ages": "1年1个月" * 2000,
    "brackets": "《" * 10000,
    "control": "".join(map(chr, range(32))) * 312,
    "blocks": "".join(chr(i) for i in range(0, 0x11000, 7) if unicodedata.category(chr(i)) != "Cs"),
    "surrogates": "\ud800\udfff" * 5000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_quickly(name: str) -> None:
    extract("明天下午3点回款5万", NOW)  # the lazy tables are read once
    assert any(_timed(HOSTILE[name]) < 0.15 for _ in range(3))  # 0.05 on an idle machine
    _check(HOSTILE[name], extract(HOSTILE[name], NOW))


def test_a_message_is_read_in_well_under_a_millisecond() -> None:
    text = "昨天跟万科的李经理打了个电话，他们明年一季度要上二期，预算5万8左右，下周三上午十点再约"
    extract(text, NOW)
    assert any(_timed(text) < 0.003 for _ in range(20))


def _timed(text: str) -> float:
    start = time.process_time()
    extract(text, NOW)
    return time.process_time() - start


def test_importing_the_phrase_level_is_light() -> None:
    code = (
        "import time; start = time.process_time(); import nlu.extract; print(time.process_time() - start);"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    assert any(_is_light([sys.executable, "-c", code]) for _ in range(3))


def _is_light(command: list[str]) -> bool:
    """Whether it took 0.4 s at most, where an idle machine takes well under 0.1, and 40 MB."""
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, kilobytes = run.stdout.split()
    return float(seconds) < 0.4 and int(kilobytes) < 40 * 1024
