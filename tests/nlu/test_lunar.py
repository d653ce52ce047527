"""The lunar table against two libraries, and the conversions against each other."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lunar_python import LunarYear, Solar
from zhdate import ZhDate

from nlu.lunar import LunarDay, leap_month, month_days, new_year, to_lunar, to_solar
from nlu.times.festivals import day_in

YEARS = range(1900, 2101)
# The new moon comes close to midnight: zhdate lets the month begin a day earlier than lunar_python does.
DISPUTED = (date(2057, 9, 28), date(2057, 10, 27))
FIRST, LAST = date(1900, 1, 31), date(2101, 1, 28)


def _months(year: int) -> dict[int, int]:
    """The days of each month by its number; a leap month's is negative."""
    found = {month: month_days(year, month) for month in range(1, 13)}
    if leap := leap_month(year):
        found[-leap] = month_days(year, leap, leap=True)
    return found


def test_months_of_every_year_agree_with_lunar_python() -> None:
    theirs = {year: LunarYear.fromYear(year).getMonthsInYear() for year in YEARS}
    expected = {
        year: {month.getMonth(): month.getDayCount() for month in months} for year, months in theirs.items()
    }
    assert {year: _months(year) for year in YEARS} == expected


def test_new_year_agrees_with_zhdate() -> None:
    expected = {year: ZhDate(year, 1, 1).to_datetime().date() for year in YEARS}
    assert {year: new_year(year) for year in YEARS} == expected


@given(st.dates(FIRST, LAST))
def test_solar_to_lunar_agrees_with_lunar_python(day: date) -> None:
    moon = to_lunar(day)
    assert moon is not None
    theirs = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    sign = -1 if moon.leap else 1
    assert (moon.year, sign * moon.month, moon.day) == (theirs.getYear(), theirs.getMonth(), theirs.getDay())


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_solar_to_lunar_agrees_with_zhdate(day: date) -> None:
    assume(not DISPUTED[0] <= day <= DISPUTED[1])
    moon = to_lunar(day)
    theirs = ZhDate.from_datetime(datetime.combine(day, time()))
    assert moon == LunarDay(theirs.lunar_year, theirs.lunar_month, theirs.lunar_day, theirs.leap_month)


@given(st.dates(FIRST, LAST))
def test_there_and_back(day: date) -> None:
    moon = to_lunar(day)
    assert moon is not None
    assert to_solar(moon.year, moon.month, moon.day, leap=moon.leap) == day


@pytest.mark.parametrize(
    ("moon", "day"),
    [
        ((2026, 1, 1, False), date(2026, 2, 17)),
        ((2025, 6, 3, True), date(2025, 7, 27)),
        ((2027, 8, 15, False), date(2027, 9, 15)),
        ((1985, 12, 8, False), date(1986, 1, 17)),
        ((2033, 11, 1, True), date(2033, 12, 22)),
        ((2100, 12, 29, False), date(2101, 1, 28)),
    ],
)
def test_known_days(moon: tuple[int, int, int, bool], day: date) -> None:
    assert to_solar(*moon[:3], leap=moon[3]) == day


@pytest.mark.parametrize(
    ("year", "month", "day", "leap"),
    [
        (2026, 6, 3, True),
        (2026, 13, 1, False),
        (2026, 0, 1, False),
        (2026, 1, 31, False),
        (2026, 1, 0, False),
        (1899, 1, 1, False),
        (2101, 1, 1, False),
    ],
)
def test_days_that_do_not_exist_are_none(year: int, month: int, day: int, leap: bool) -> None:
    assert to_solar(year, month, day, leap=leap) is None


def test_days_outside_the_table_are_none() -> None:
    assert to_lunar(FIRST - timedelta(days=1)) is None
    assert to_lunar(LAST + timedelta(days=1)) is None
    assert new_year(1899) is None


def test_solar_terms_agree_with_lunar_python() -> None:
    expected = {year: _terms(year) for year in range(2000, 2100)}
    assert {year: (day_in("清明", year), day_in("冬至", year)) for year in expected} == expected


def _terms(year: int) -> tuple[date, date]:
    """The days of 清明 and 冬至; the table goes from one winter to the next, whose 冬至 has its own name."""
    table = Solar.fromYmd(year, 6, 1).getLunar().getJieQiTable()
    winter = table["冬至"] if table["冬至"].getYear() == year else table["DONG_ZHI"]
    return _date(table["清明"]), _date(winter)


def _date(day: Solar) -> date:
    return date(day.getYear(), day.getMonth(), day.getDay())
