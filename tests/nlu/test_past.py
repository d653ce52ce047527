"""Questions about a time that is past: every order of name and time, and nothing that is no such question."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.past import standing_asked

at = datetime.fromisoformat
NOW = at("2026-11-26 10:30")
QUESTIONS = st.text("上周五月初昨天华星的是谁在跟什么状态情况看10-:日号 ？", max_size=80)


def readings(text: str, now: datetime = NOW) -> dict[str, datetime]:
    """Each name with its past moment."""
    return {one.name: one.moment for one in standing_asked(text, now) if one.moment is not None}


def now_asked(text: str) -> set[str]:
    """The names of which is asked how they stand now."""
    return {one.name for one in standing_asked(text, NOW) if one.moment is None}


@pytest.mark.parametrize("name", ["华星科技", "华星", "三一重工", "美的", "深圳迈瑞生物医疗电子股份有限公司"])
@pytest.mark.parametrize(
    "question",
    [
        "上周五{}是什么状态",
        "上周五{}什么情况",
        "{}上周五什么状态",
        "{} 上周五 是什么级别？",
        "{}在上周五那天是什么阶段",
        "上周五的时候{}是谁在跟",
        "上周五{}归谁管的呢",
        "上周五谁在跟{}",
        "谁上周五负责{}",
        "{}上周五的负责人是谁",
        "{}上周五到哪一步了",
        "{}上周五怎么样",
        "上周五{}进展如何",
        "看看上周五的{}",
        "想看下{}上周五的情况",
        "上周五我们{}的情况怎么样",
        "上周五{}是个什么情况",
        "{}上周五情况咋样",
        "上周五{}在谁手上",
        "{}上周五是谁的客户",
        "上周五谁是{}的负责人",
        "上周五那会儿谁跟{}",
        "回到上周五看{}",
        "请帮我查一下截至上周五{}是什么情况啊",
    ],
)
def test_name_and_time_stand_in_any_order(name: str, question: str) -> None:
    assert readings(question.format(name))[name] == at("2026-11-21")


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("昨天", at("2026-11-26")),
        ("11月20日", at("2026-11-21")),
        ("11.20", at("2026-11-21")),
        ("2026-11-20", at("2026-11-21")),
        ("11月20日下午三点", at("2026-11-20 15:00")),
        ("月初", at("2026-11-06")),
        ("上个月底", at("2026-11-01")),
        ("年初", at("2026-03-01")),
        ("去年", at("2026-01-01")),
        ("三天前", at("2026-11-24")),
        ("半年前", at("2026-05-27")),
        ("国庆前", at("2026-10-01")),
        ("周五", at("2026-11-21")),
        ("去年这个时候", at("2025-11-27")),
        ("上个月的今天", at("2026-10-27")),
        ("上季度末", at("2026-10-01")),
    ],
)
def test_every_time_is_looked_at_from_its_end(time: str, moment: datetime) -> None:
    assert readings(f"{time}华星是什么状态")["华星"] == moment
    assert readings(f"华星{time}是谁负责的")["华星"] == moment


def test_where_the_time_ends_is_left_open() -> None:
    found = readings("上周三一重工什么情况")
    assert found["三一重工"] == at("2026-11-23")
    assert found["一重工"] == at("2026-11-19")


def test_the_beginning_of_a_month_that_still_goes_on_is_its_first_day() -> None:
    assert readings("月初华润是谁在跟", at("2026-11-04 09:00"))["华润"] == at("2026-11-02")


def test_the_same_day_of_a_shorter_month_is_its_last() -> None:
    found = readings("上个月今天华星是什么状态", at("2026-03-31 09:00"))
    assert found["华星"] == at("2026-03-01")


def test_nobody_may_be_named() -> None:
    assert readings("上周五是什么状态")[""] == at("2026-11-21")
    assert "" not in readings("昨天什么情况")


@pytest.mark.parametrize(
    "text",
    [
        "华星什么情况",
        "今天华星什么情况",
        "华星现在怎么样",
        "最近华星进展如何",
        "谁在跟华星",
        "谁是华星的负责人",
        "这周华星是谁在跟",
        "看看华星",
    ],
)
def test_without_a_past_time_it_is_asked_of_now(text: str) -> None:
    assert "华星" in now_asked(text)
    assert not readings(text)


@pytest.mark.parametrize(
    "text",
    [
        "华星什么情况",
        "明天华星什么情况",
        "今天华星什么情况",
        "这周华星什么情况",
        "下周五去华星看看",
        "昨天拜访了华星，王总对报价有意见",
        "昨天和华星的王总吃饭，他问谁负责售后，我说周三答复",
        "上周五华星报价58万",
        "看看明天的安排",
        "谁是负责人",
        "什么状态",
        "",
    ],
)
def test_other_sentences_are_no_such_question(text: str) -> None:
    assert "华星" not in readings(text)
    assert "" not in readings(text)


@given(st.text("上周五月初昨天华星的是谁在跟什么状态情况看10-:日号 \n？", max_size=80))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    assert all(one.moment is None or one.moment < NOW for one in standing_asked(text, NOW))
