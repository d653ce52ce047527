"""Tasks that come again."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.repeats import WEEKDAYS, Repeat, following
from tests.local import local

MONDAY = local("2026-11-23T09:00")


@pytest.mark.parametrize(
    ("repeat", "last", "expected"),
    [
        (Repeat("DAILY"), MONDAY, "2026-11-24T09:00"),
        (Repeat("DAILY", 3), MONDAY, "2026-11-26T09:00"),
        (Repeat("WEEKLY", weekdays=("MO",)), MONDAY, "2026-11-30T09:00"),
        (Repeat("WEEKLY", weekdays=("MO", "TH")), MONDAY, "2026-11-26T09:00"),
        (Repeat("WEEKLY", 2, ("MO",)), MONDAY, "2026-12-07T09:00"),
        (Repeat("WEEKLY", weekdays=WEEKDAYS[:5]), local("2026-11-27T09:00"), "2026-11-30T09:00"),
        (Repeat("MONTHLY", month_days=(15,)), MONDAY, "2026-12-15T09:00"),
        (Repeat("MONTHLY", month_days=(-1,)), MONDAY, "2026-11-30T09:00"),
        (Repeat("MONTHLY", month_days=(31,)), local("2026-11-30T09:00"), "2026-12-31T09:00"),
        (Repeat("MONTHLY", month_days=(1, 15)), local("2026-12-01T09:00"), "2026-12-15T09:00"),
        (Repeat("MONTHLY", weekdays=("1MO",)), local("2026-12-07T09:00"), "2027-01-04T09:00"),
        (Repeat("MONTHLY", weekdays=("-1FR",)), local("2026-11-27T09:00"), "2026-12-25T09:00"),
        (Repeat("YEARLY"), MONDAY, "2027-11-23T09:00"),
    ],
)
def test_the_next_time(repeat: Repeat, last: datetime, expected: str) -> None:
    assert following(repeat, last) == local(expected)


@pytest.mark.parametrize(
    ("repeat", "words"),
    [
        (Repeat("DAILY"), "每天"),
        (Repeat("WEEKLY", weekdays=("MO",)), "每周一"),
        (Repeat("WEEKLY", weekdays=WEEKDAYS[:5]), "每个工作日"),
        (Repeat("MONTHLY", month_days=(15,)), "每月15日"),
        (Repeat("MONTHLY", 3), "每3个月"),
        (Repeat("MONTHLY", month_days=(1, 15)), "每月1日、15日"),
        (Repeat("MONTHLY", weekdays=("1MO",)), "每月第一个周一"),
        (Repeat("MONTHLY", weekdays=("-1FR",)), "每月最后一个周五"),
        (Repeat("MONTHLY", month_days=(-1,)), "每月最后一天"),
    ],
)
def test_the_words(repeat: Repeat, words: str) -> None:
    assert repeat.words() == words


repeats = st.builds(
    Repeat,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 12),
    st.lists(st.sampled_from(WEEKDAYS), unique=True).map(tuple),
    st.lists(st.integers(1, 31) | st.just(-1), max_size=3, unique=True).map(tuple),
)


@given(repeats)
def test_the_text_says_it_all(repeat: Repeat) -> None:
    assert Repeat.parse(repeat.text()) == repeat


@given(repeats, st.integers(1, 4))
def test_a_series_goes_forward(repeat: Repeat, interval: int) -> None:
    last = local("2026-11-23T14:30")
    one = Repeat(repeat.freq, interval, repeat.weekdays, repeat.month_days)
    coming = following(one, last)
    assert coming > last
    assert (coming.hour, coming.minute) == (14, 30)
