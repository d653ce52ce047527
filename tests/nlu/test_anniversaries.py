"""Birthdays: solar and lunar, with the days that not every year has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.anniversaries import Anniversary, Born, candidates, in_year, upcoming
from nlu.lunar import to_lunar

DAYS = st.dates(date(1950, 1, 1), date(2095, 12, 31))


def test_the_29th_of_february_is_kept_on_the_28th_in_other_years() -> None:
    born = Born("solar", 2, 29)
    assert in_year(born, 2027) == date(2027, 2, 28)
    assert in_year(born, 2028) == date(2028, 2, 29)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (4, 31), (13, 1), (0, 1), (1, 0), (1, 32)])
def test_a_day_that_no_year_has_is_never_kept(month: int, day: int) -> None:
    assert upcoming(Born("solar", month, day), date(2026, 1, 1)) is None


def test_a_lunar_birthday_moves_through_the_solar_year() -> None:
    born = Born("lunar", 8, 15)
    assert [in_year(born, year) for year in (2024, 2025, 2026)] == [
        date(2024, 9, 17),
        date(2025, 10, 6),
        date(2026, 9, 25),
    ]


def test_the_30th_of_a_short_lunar_month_is_kept_on_the_29th() -> None:
    new_years_eve = Born("lunar", 12, 30)
    assert in_year(new_years_eve, 2024) == date(2025, 1, 28)  # the twelfth month of 2024 has 29 days
    assert in_year(new_years_eve, 2023) == date(2024, 2, 9)


def test_a_leap_month_birthday_is_kept_in_the_leap_month_of_years_that_have_it() -> None:
    born = Born("lunar", 6, 10, leap=True)
    assert in_year(born, 2025) == date(2025, 8, 3)  # 2025 has the sixth month twice
    assert in_year(born, 2026) == in_year(Born("lunar", 6, 10), 2026)


def test_an_ordinary_birthday_is_not_kept_twice_in_a_leap_year() -> None:
    assert in_year(Born("lunar", 6, 10), 2025) == date(2025, 7, 4)


def test_two_lunar_birthdays_in_one_solar_year_are_told_apart() -> None:
    born = Born("lunar", 11, 28)
    first = upcoming(born, date(2024, 1, 1))
    assert first == Anniversary(date(2024, 1, 9), 2023)
    second = upcoming(born, date(2024, 1, 10))
    assert second == Anniversary(date(2024, 12, 28), 2024)


@given(DAYS, st.sampled_from(["solar", "lunar"]), st.integers(1, 12), st.integers(1, 29))
def test_the_next_birthday_is_within_thirteen_months_and_not_before_today(
    today: date, kind: str, month: int, day: int
) -> None:
    coming = upcoming(Born(kind, month, day), today)
    assert coming is not None
    assert today <= coming.day <= today + timedelta(days=390)


@given(DAYS, st.booleans())
def test_somebody_born_on_a_day_has_a_birthday_on_it(today: date, lunar: bool) -> None:
    day = to_lunar(today)
    assert day is not None
    born = Born("lunar", day.month, day.day, day.leap) if lunar else Born("solar", today.month, today.day)
    coming = upcoming(born, today)
    assert coming is not None
    assert coming.day == today


@given(DAYS, st.integers(1, 6), st.sampled_from(["solar", "lunar"]), st.integers(1, 12), st.integers(1, 30))
def test_the_candidates_miss_nobody(first: date, days: int, kind: str, month: int, day: int) -> None:
    for leap in (False, True):
        coming = upcoming(Born(kind, month, day, leap), first)
        if coming is not None and coming.day < first + timedelta(days=days):
            assert (kind, month, day) in candidates(first, days)
