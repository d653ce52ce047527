from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk.client import CARD, GROUP, SINGLE, UPDATE, WEBHOOK
from bot.dingtalk.pace import Pace
from bot.dingtalk.quota import (
    Level,
    Notice,
    Quota,
    Usage,
    counts_as_call,
    counts_as_push,
    level,
    notices,
    summary,
)
from bot.dingtalk.transport import AUTH_PATH

NOW = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize("path", [SINGLE, GROUP, CARD, UPDATE, "v1.0/robot/messageFiles/download"])
def test_robot_and_card_calls_count(path: str) -> None:
    assert counts_as_call(path)


@pytest.mark.parametrize(
    "path", [AUTH_PATH, WEBHOOK, "topapi/v2/user/get", "topapi/v2/department/listsub", "topapi/user/listid"]
)
def test_tokens_the_address_book_and_webhooks_are_free(path: str) -> None:
    assert not counts_as_call(path)


def test_messages_count_as_pushes_and_contact_events_do_not() -> None:
    assert counts_as_push("")
    assert counts_as_push("bpms_instance_change")
    assert not counts_as_push("user_leave_org")


def test_a_month_begins_in_china() -> None:
    used = Usage("2026-03", calls=4999, pushes=2999).call(SINGLE, NOW)
    assert used == Usage("2026-03", 5000, 2999)
    assert used.push("", NOW + timedelta(minutes=2)) == Usage("2026-04", 0, 1)


def test_levels() -> None:
    assert [level(used, 5000) for used in (0, 3999, 4000, 4999, 5000, 9000)] == [
        Level.OK,
        Level.OK,
        Level.WARNING,
        Level.WARNING,
        Level.SPENT,
        Level.SPENT,
    ]


def test_the_administrator_is_told_once_for_each_step() -> None:
    quota = Quota()
    assert notices(Usage("2026-03", 100, 100), quota) == ()
    assert notices(Usage("2026-03", 4100, 3000), quota) == (
        Notice(
            "dingtalk.quota:2026-03:calls:warning",
            "钉钉本月接口调用已用 82%（4,100 / 5,000 次），用完后消息会停到下月初",
        ),
        Notice(
            "dingtalk.quota:2026-03:pushes:spent",
            "钉钉本月消息推送已用完（3,000 / 3,000 次），下月初恢复，也可以在开发者后台购买增购包",
        ),
    )
    keys = {one.key for calls in range(4000, 5000, 100) for one in notices(Usage("2026-03", calls), quota)}
    assert len(keys) == 1


def test_both_counts_in_words() -> None:
    assert summary(Usage("2026-03", 1234, 56), Quota()) == (
        "2026-03  接口调用 1,234 / 5,000 次，消息推送 56 / 3,000 次"
    )


@given(st.lists(st.floats(0, 0.3), min_size=1, max_size=200))
def test_no_second_ever_holds_more_calls_than_the_platform_takes(pauses: list[float]) -> None:
    now = NOW
    pace = Pace(lambda: now)
    made: list[datetime] = []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not (wait := pace.take("a")):
            made.append(now)
        else:
            assert 0 < wait <= 1
    for begin in made:
        assert sum(begin <= moment < begin + timedelta(seconds=1) for moment in made) <= 18


def test_apis_are_counted_apart() -> None:
    pace = Pace(lambda: NOW, per_second=1)
    assert pace.take("a") == 0
    assert pace.take("a") > 0
    assert pace.take("b") == 0
