"""When people are told, and when a time has passed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.business import Business
from crm.moments import Grain, Moment, happened, is_over, reminder, settled
from tests.local import local

NOW = local("2026-11-19T10:30")
BUSINESS = Business()


def at(text: str, grain: str = Grain.MINUTE, part: str = "") -> Moment:
    """A moment from ISO text."""
    return Moment(local(text), grain, part)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at("2026-11-25T10:00"), "2026-11-25T09:50"),
        (at("2026-11-25", Grain.DAY), "2026-11-25T09:00"),
        (at("2026-11-25", Grain.PART, "上午"), "2026-11-25T09:00"),
        (at("2026-11-25", Grain.PART, "中午"), "2026-11-25T12:00"),
        (at("2026-11-25", Grain.PART, "下午"), "2026-11-25T14:00"),
        (at("2026-11-25", Grain.PART, "晚上"), "2026-11-25T19:00"),
        (at("2026-11-19T10:35"), "2026-11-19T10:35"),
        (at("2026-11-19", Grain.DAY), "2026-11-19T10:40"),
    ],
)
def test_when_the_person_is_told(moment: Moment, expected: str) -> None:
    assert reminder(moment, NOW, BUSINESS) == local(expected)


def test_a_reminder_asked_for_comes_at_its_hour() -> None:
    told = reminder(at("2026-11-25T10:00"), NOW, BUSINESS, at_the_time=True)
    assert told == local("2026-11-25T10:00")


def test_a_day_is_over_when_it_is_over() -> None:
    assert not is_over(at("2026-11-19", Grain.DAY), NOW)
    assert not is_over(at("2026-11-19", Grain.PART, "上午"), NOW)
    assert is_over(at("2026-11-18", Grain.DAY), NOW)
    assert is_over(at("2026-11-19T10:29"), NOW)


def test_what_happened_today_happened_by_now() -> None:
    assert happened(None, NOW) == Moment(NOW, Grain.DAY)
    assert happened(at("2026-11-19", Grain.DAY), NOW).value == NOW
    assert happened(at("2026-11-18", Grain.PART, "下午"), NOW).value == local("2026-11-18T14:00")


grains = st.sampled_from([(Grain.MINUTE, ""), (Grain.DAY, ""), (Grain.PART, "上午"), (Grain.PART, "晚上")])
spans = st.timedeltas(timedelta(0), timedelta(days=400))


@given(spans, grains)
def test_nobody_is_told_before_now(span: timedelta, grain: tuple[Grain, str]) -> None:
    moment = Moment(NOW + span, *grain)
    assert reminder(moment, NOW, BUSINESS) >= NOW


@given(spans, grains)
def test_a_moment_stays_on_its_day(span: timedelta, grain: tuple[Grain, str]) -> None:
    moment = Moment(NOW + span, *grain)
    assert settled(moment).date() == moment.value.date()
