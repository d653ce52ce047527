"""The clocks give aware UTC, and the one that jumps runs on from where it was set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.clock import Clock, JumpingClock, SystemClock

SOON = timedelta(seconds=5)


@pytest.mark.parametrize("clock", [SystemClock(), JumpingClock()])
def test_the_present_is_aware_utc(clock: Clock) -> None:
    now = clock.now()
    assert now.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - now) < SOON


def test_it_starts_where_it_is_told() -> None:
    start = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert timedelta(0) <= JumpingClock(start).now() - start < SOON


def test_it_jumps_forward_and_back_and_runs_on() -> None:
    clock = JumpingClock()
    for to in (datetime(2030, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)):
        clock.jump(to)
        first, second = clock.now(), clock.now()
        assert timedelta(0) <= first - to < SOON
        assert first <= second
