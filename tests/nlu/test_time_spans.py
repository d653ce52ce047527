"""Weeks, months, ranges, deadlines, vague words, durations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import Duration, Time
from tests.nlu.reading_aids import day, of_kind, only

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("本周", "2026-11-16", "2026-11-23"),
        ("周六日", "2026-11-21", "2026-11-23"),
        ("今明两天", "2026-11-20", "2026-11-22"),
        ("明年夏天", "2027-06-01", "2027-09-01"),
        ("九十年代", "1990-01-01", "2000-01-01"),
        ("全年", "2026-01-01", "2027-01-01"),
        ("下周", "2026-11-23", "2026-11-30"),
        ("上上周", "2026-11-02", "2026-11-09"),
        ("下周末", "2026-11-28", "2026-11-30"),
        ("周末", "2026-11-21", "2026-11-23"),
        ("上个月", "2026-10-01", "2026-11-01"),
        ("这个月", "2026-11-01", "2026-12-01"),
        ("下下个月", "2027-01-01", "2027-02-01"),
        ("12月", "2026-12-01", "2027-01-01"),
        ("明年三月", "2027-03-01", "2027-04-01"),
        ("2026年5月份", "2026-05-01", "2026-06-01"),
        ("今年", "2026-01-01", "2027-01-01"),
        ("前年", "2024-01-01", "2025-01-01"),
        ("三季度", "2026-07-01", "2026-10-01"),
        ("明年一季度", "2027-01-01", "2027-04-01"),
        ("Q4", "2026-10-01", "2027-01-01"),
        ("上季度", "2026-07-01", "2026-10-01"),
        ("下个季度", "2027-01-01", "2027-04-01"),
        ("今年上半年", "2026-01-01", "2026-07-01"),
        ("下半年", "2026-07-01", "2027-01-01"),
        ("十二月上旬", "2026-12-01", "2026-12-11"),
        ("本月下旬", "2026-11-21", "2026-12-01"),
        ("上半月", "2026-11-01", "2026-11-16"),
        ("12月第二周", "2026-12-14", "2026-12-21"),
        ("今年前三个月", "2026-01-01", "2026-04-01"),
        ("本月最后三天", "2026-11-28", "2026-12-01"),
        ("今年国庆假期", "2026-10-01", "2026-10-08"),
        ("今年春节期间", "2026-02-15", "2026-02-24"),
        ("农历十月", "2026-11-09", "2026-12-09"),
    ],
)
def test_stretch(text: str, start: str, end: str) -> None:
    found = only(Time, text)
    assert (found.value, found.until) == (day(start), day(end))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("下周一到周三", "2026-11-23", "2026-11-26"),
        ("周一到周三", "2026-11-23", "2026-11-26"),
        ("周一至五", "2026-11-23", "2026-11-28"),
        ("12月1号到5号", "2026-12-01", "2026-12-06"),
        ("12月1-5号", "2026-12-01", "2026-12-06"),
        ("25-28号", "2026-11-25", "2026-11-29"),
        ("12月28号到1月3号", "2026-12-28", "2027-01-04"),
        ("3点到5点", "2026-11-20T15:00", "2026-11-20T17:00"),
        ("5:30-17:30", "2026-11-20T05:30", "2026-11-20T17:30"),
        ("明天下午2点到4点半", "2026-11-21T14:00", "2026-11-21T16:30"),
        ("9:30-11:00", "2026-11-20T09:30", "2026-11-20T11:00"),
        ("上午9点到下午3点", "2026-11-20T09:00", "2026-11-20T15:00"),
        ("晚上10点到6点", "2026-11-20T22:00", "2026-11-21T06:00"),
        ("从明天到下周三", "2026-11-21", "2026-11-26"),
        ("2026年3月到5月", "2026-03-01", "2026-06-01"),
        ("三月和五月之间", "2027-03-01", "2027-06-01"),
        ("今天~后天", "2026-11-20", "2026-11-23"),
        ("2024-2026年", "2024-01-01", "2027-01-01"),
        ("昨天22:00到次日6:30", "2026-11-19T22:00", "2026-11-20T06:30"),
        ("12月3号、4号、5号", "2026-12-03", "2026-12-06"),
        ("明天10点半至12点", "2026-11-21T10:30", "2026-11-21T12:00"),
        ("下午七八点", "2026-11-20T19:00", "2026-11-20T21:00"),
    ],
)
def test_range(text: str, start: str, end: str) -> None:
    found = only(Time, text)
    assert (found.value, found.until) == (day(start), day(end))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("近三个月", "2026-08-20", "2026-11-20T10:00"),
        ("最近一周", "2026-11-13", "2026-11-20T10:00"),
        ("过去两天", "2026-11-18", "2026-11-20T10:00"),
        ("未来三天", "2026-11-21", "2026-11-24"),
        ("接下来48小时", "2026-11-20T10:00", "2026-11-22T10:00"),
        ("近半年", "2026-05-20", "2026-11-20T10:00"),
        ("两年以来", "2024-11-20", "2026-11-20T10:00"),
        ("从去年9月起", "2025-09-01", "2026-11-20T10:00"),
    ],
)
def test_stretch_counted_from_now(text: str, start: str, end: str) -> None:
    found = only(Time, text)
    assert (found.value, found.until) == (day(start), day(end))


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("周一前", "2026-11-23"),
        ("下周五之前", "2026-11-27"),
        ("月底前", "2026-11-30"),
        ("本月底以前", "2026-11-30"),
        ("12月15号前", "2026-12-15"),
        ("本周内", "2026-11-22"),
        ("月内", "2026-11-30"),
        ("年内", "2026-12-31"),
        ("三天内", "2026-11-23"),
        ("一周之内", "2026-11-27"),
        ("5个工作日内", "2026-11-27"),
        ("截止到下周三", "2026-11-25"),
        ("最晚周日", "2026-11-22"),
        ("下周五截止", "2026-11-27"),
        ("年底前", "2026-12-31"),
        ("明天下午5点前", "2026-11-21T17:00"),
        ("两小时内", "2026-11-20T12:00"),
        ("周五下班前", "2026-11-20"),
        ("元旦前", "2027-01-01"),
        ("不晚于12月1日", "2026-12-01"),
        ("截至11月底", "2026-11-30"),
        ("下班前", "2026-11-20"),
    ],
)
def test_deadline_includes_its_day(text: str, limit: str) -> None:
    found = only(Time, text)
    assert (found.value, found.deadline) == (day(limit), True)


@pytest.mark.parametrize("text", ["周三前台登记了", "周五前端上线", "明天提前到", "前两天来过"])
def test_before_is_not_read_into_other_words(text: str) -> None:
    assert not any(each.deadline for each in of_kind(Time, text))


def test_before_a_month_is_marked_because_it_may_exclude_it() -> None:
    found = only(Time, "12月前交付")
    assert (found.value, found.deadline, found.guessed) == (day("2026-12-01"), True, frozenset({"vague"}))


@pytest.mark.parametrize(
    "text",
    [
        "过两天",
        "改天",
        "过几天",
        "过阵子",
        "待会儿",
        "稍后",
        "这两天",
        "前几天",
        "最近",
        "近期",
        "年前",
        "年后",
        "国庆后",
        "节后",
        "过完年",
        "等两天",
        "中秋前后",
        "12月5号左右",
        "明年年初",
        "年底",
        "月中",
    ],
)
def test_vague_words_are_marked(text: str) -> None:
    assert "vague" in only(Time, text).guessed


def test_before_the_new_year_ends_on_its_eve() -> None:
    found = only(Time, "年前要上线")
    assert (found.value, found.deadline) == (day("2027-02-05"), True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("聊了两个小时", 2 * HOUR),
        ("40分钟", 2400),
        ("半小时", 1800),
        ("一个半小时", 5400),
        ("半天", DAY / 2),
        ("三天", 3 * DAY),
        ("一天半", 1.5 * DAY),
        ("两周", 14 * DAY),
        ("一个月", 30 * DAY),
        ("一个半月", 45 * DAY),
        ("半年", 182.5 * DAY),
        ("一年", 365 * DAY),
        ("三年零两个月", (3 * 365 + 60) * DAY),
        ("两年半", 912.5 * DAY),
        ("质保36个月", 3 * 365 * DAY),
        ("账期60天", 60 * DAY),
        ("2小时15分钟", 8100),
        ("一刻钟", 900),
        ("90秒", 90),
        ("三个季度", 270 * DAY),
        ("合作10年", 3650 * DAY),
        ("1天6小时", DAY + 6 * HOUR),
        ("两个多小时", 2 * HOUR),
        ("试用半个月", 15 * DAY),
        ("三个钟头", 3 * HOUR),
        ("5周年", 5 * 365 * DAY),
    ],
)
def test_duration(text: str, seconds: float) -> None:
    assert only(Duration, text).seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text", ["三天后", "半小时前", "5月", "12月3日", "2026年", "第一天", "下个月", "今年"]
)
def test_offsets_and_dates_are_no_durations(text: str) -> None:
    assert of_kind(Duration, text) == []


@given(st.integers(1, 400))
def test_days_after_and_before_mirror_each_other(count: int) -> None:
    later, earlier = only(Time, f"{count}天后"), only(Time, f"{count}天前")
    assert later.value - day("2026-11-20") == day("2026-11-20") - earlier.value


@given(st.dates(day("1950-01-01").date(), day("2090-12-31").date()))
def test_full_dates_are_read_back_in_every_spelling(date: object) -> None:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"):
        text = day(str(date)).strftime(form)
        assert only(Time, text).value == day(str(date))
