"""Working days: statutory holidays, make-up workdays, years not yet published, own files."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.calendar import WorkCalendar, packaged
from nlu.entities import Time
from nlu.extract import extract
from tests.nlu.reading_aids import NOW, day


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-12",
        "2024-05-03",
        "2024-10-07",
        "2025-01-28",
        "2025-06-02",
        "2025-10-08",
        "2026-01-02",
        "2026-02-23",
        "2026-05-05",
        "2026-09-25",
        "2026-10-07",
        "2026-11-21",
    ],
)
def test_holidays_and_weekends_are_off(text: str) -> None:
    assert not packaged().is_workday(date.fromisoformat(text))


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-04",
        "2024-02-18",
        "2024-09-29",
        "2024-10-12",
        "2025-01-26",
        "2025-09-28",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
        "2026-11-20",
    ],
)
def test_make_up_days_and_weekdays_are_worked(text: str) -> None:
    assert packaged().is_workday(date.fromisoformat(text))


@pytest.mark.parametrize(("year", "off"), [(2024, 28), (2025, 28), (2026, 33)])
def test_every_year_has_its_days_off(year: int, off: int) -> None:
    holidays = packaged().years[year]
    assert sum((each.end - each.start).days + 1 for each in holidays) == off
    for each in holidays:
        assert each.start <= each.end
        assert all(extra.weekday() >= 5 for extra in each.workdays)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-11-20", 3, "2026-11-25"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-09", 1, "2026-10-10"),
        ("2026-11-21", 0, "2026-11-21"),
    ],
)
def test_working_days_are_counted_over_holidays(start: str, count: int, expected: str) -> None:
    assert packaged().workday_after(date.fromisoformat(start), count) == date.fromisoformat(expected)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 1)), st.integers(1, 40))
def test_the_working_day_found_is_worked_and_lies_ahead(start: date, count: int) -> None:
    found = packaged().workday_after(start, count)
    between = [start + timedelta(days=i) for i in range(1, (found - start).days + 1)]
    assert sum(packaged().is_workday(each) for each in between) == count


def test_a_year_not_published_is_not_known() -> None:
    assert packaged().knows(date(2026, 5, 1))
    assert not packaged().knows(date(2035, 5, 1))
    assert packaged().holiday("国庆", 2035) is None


def _own(directory: Path, year: int, content: object) -> Path:
    (directory / f"{year}.json").write_text(json.dumps(content), encoding="utf-8")
    return directory


def test_an_administrator_adds_a_year(tmp_path: Path) -> None:
    content = {
        "year": 2027,
        "source": "own",
        "holidays": [
            {"name": "国庆节", "from": "2027-10-01", "to": "2027-10-08", "workdays": ["2027-10-09"]}
        ],
    }
    calendar = WorkCalendar.load(_own(tmp_path, 2027, content))
    assert calendar.knows(date(2027, 10, 1))
    assert calendar.knows(date(2026, 10, 1))
    (found,) = extract("明年国庆后第一个工作日", NOW, calendar)
    assert isinstance(found, Time)
    assert (found.value, found.guessed) == (day("2027-10-09"), frozenset())


def test_without_that_year_the_day_is_a_guess_and_says_so() -> None:
    (found,) = extract("明年国庆后第一个工作日", NOW)
    assert isinstance(found, Time)
    assert (found.value, found.guessed) == (day("2027-10-08"), frozenset({"calendar"}))


@pytest.mark.parametrize(
    "content",
    [
        {"year": 2027},
        {"year": 2027, "holidays": [{"name": "x", "from": "soon", "to": "2027-01-01"}]},
        {"year": "y", "holidays": []},
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: object) -> None:
    with pytest.raises(ValueError, match=r"2027\.json"):
        WorkCalendar.load(_own(tmp_path, 2027, content))
