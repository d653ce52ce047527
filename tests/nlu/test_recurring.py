"""What comes again: the rule and its first time."""

from __future__ import annotations

import pytest

from nlu.entities import Recurring, Rule, Time
from tests.nlu.reading_aids import day, of_kind, only

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("每天", Rule("DAILY"), "2026-11-20"),
        ("每天早上9点", Rule("DAILY", at="09:00"), "2026-11-21T09:00"),
        ("每天下午6点", Rule("DAILY", at="18:00"), "2026-11-20T18:00"),
        ("每晚10点", Rule("DAILY", at="22:00"), "2026-11-20T22:00"),
        ("隔天", Rule("DAILY", 2), "2026-11-20"),
        ("每两天", Rule("DAILY", 2), "2026-11-20"),
        ("每隔5天", Rule("DAILY", 5), "2026-11-20"),
        ("每周二", Rule("WEEKLY", byday=("TU",)), "2026-11-24"),
        ("每周一9点", Rule("WEEKLY", byday=("MO",), at="09:00"), "2026-11-23T09:00"),
        ("每个星期四下午两点半", Rule("WEEKLY", byday=("TH",), at="14:30"), "2026-11-26T14:30"),
        ("每周一三五上午10点", Rule("WEEKLY", byday=("MO", "WE", "FR"), at="10:00"), "2026-11-20T10:00"),
        ("每周二和周四", Rule("WEEKLY", byday=("TU", "TH")), "2026-11-24"),
        ("每周一到周五9点", Rule("WEEKLY", byday=WEEKDAYS, at="09:00"), "2026-11-23T09:00"),
        ("每个工作日下午5点半", Rule("WEEKLY", byday=WEEKDAYS, at="17:30"), "2026-11-20T17:30"),
        ("工作日每天8点半", Rule("WEEKLY", byday=WEEKDAYS, at="08:30"), "2026-11-23T08:30"),
        ("每周末", Rule("WEEKLY", byday=("SA", "SU")), "2026-11-21"),
        ("每周", Rule("WEEKLY"), "2026-11-20"),
        ("每两周", Rule("WEEKLY", 2), "2026-11-20"),
        ("隔周周三", Rule("WEEKLY", 2, ("WE",)), "2026-11-25"),
        ("每两周的周一上午9点", Rule("WEEKLY", 2, ("MO",), at="09:00"), "2026-11-23T09:00"),
        ("每月25号", Rule("MONTHLY", bymonthday=25), "2026-11-25"),
        ("每个月5号上午10点", Rule("MONTHLY", bymonthday=5, at="10:00"), "2026-12-05T10:00"),
        ("每月底", Rule("MONTHLY", bymonthday=-1), "2026-11-30"),
        ("每月最后一天", Rule("MONTHLY", bymonthday=-1), "2026-11-30"),
        ("每月第一个周一", Rule("MONTHLY", byday=("1MO",)), "2026-12-07"),
        ("每个月的第二个星期三上午10点", Rule("MONTHLY", byday=("2WE",), at="10:00"), "2026-12-09T10:00"),
        ("每月最后一个周五下午4点", Rule("MONTHLY", byday=("-1FR",), at="16:00"), "2026-11-27T16:00"),
        ("每月1号和15号", Rule("MONTHLY", bymonthday=(1, 15)), "2026-12-01"),
        ("每月5、15、25号上午9点", Rule("MONTHLY", bymonthday=(5, 15, 25), at="09:00"), "2026-11-25T09:00"),
        ("每三个月", Rule("MONTHLY", 3), "2026-11-20"),
        ("每季度", Rule("MONTHLY", 3), "2026-11-20"),
        ("每年3月8号", Rule("YEARLY"), "2027-03-08"),
        ("每年中秋节", Rule("YEARLY"), "2027-09-15"),
        ("每年12月1日上午9点", Rule("YEARLY", at="09:00"), "2026-12-01T09:00"),
        ("逢周三", Rule("WEEKLY", byday=("WE",)), "2026-11-25"),
        ("每周六上午9点到11点", Rule("WEEKLY", byday=("SA",), at="09:00"), "2026-11-21T09:00"),
        ("周一至周五每天9点", Rule("WEEKLY", byday=WEEKDAYS, at="09:00"), "2026-11-23T09:00"),
    ],
)
def test_rule_and_first_time(text: str, rule: Rule, first: str) -> None:
    found = only(Recurring, text)
    assert (found.rule, found.first) == (rule, day(first))
    assert found.span.text == text


def test_a_part_of_day_gives_its_usual_hour() -> None:
    found = only(Recurring, "每天早上提醒我")
    assert (found.rule.at, found.grain, found.first) == ("09:00", "part_of_day", day("2026-11-21T09:00"))


def test_a_rule_is_not_also_a_time() -> None:
    assert of_kind(Time, "每周一早上9点提醒我发周报") == []


@pytest.mark.parametrize(
    "text", ["每个客户", "每次都来", "每人一份", "每台3万", "一周三次", "下周一", "周三"]
)
def test_this_does_not_come_again(text: str) -> None:
    assert of_kind(Recurring, text) == []


def test_so_many_times_a_week_names_no_weekday() -> None:
    assert only(Recurring, "每周三次电话").rule == Rule("WEEKLY")
