"""Limits on sending: never more in any window, whoever counts, and no longer a wait than is needed."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import Session, col

from store import rates
from store.rates import STRETCHES, Counts, Granted, Rule, Wanted
from store.tables import SendWindow

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MINUTE = Rule("m", 5, 60.0)
NUMBERS = itertools.count()


@dataclass
class Gate:
    """A process that counts."""

    session: Session
    counts: Counts = field(default_factory=Counts)

    def take(self, now: datetime, count: int = 1, *rules: Rule, scope: str = "s") -> Granted[int]:
        wanted = [Wanted(number, rules or (MINUTE,), scope) for number in range(count)]
        return rates.take(self.session, wanted, now, self.counts)


@pytest.fixture
def gate(session: Session) -> Gate:
    return Gate(session)


def test_beyond_the_limit_is_told_when_there_is_room_again(gate: Gate) -> None:
    granted = gate.take(NOW, 7)
    assert granted.now == [0, 1, 2, 3, 4]
    (_, first), (_, second) = granted.later
    assert first == second
    assert timedelta(seconds=60) <= first - NOW <= timedelta(seconds=60 + 60 / STRETCHES)
    assert gate.take(first - timedelta(milliseconds=1)).now == []
    assert gate.take(first).now == [0]


def test_each_key_has_its_own_count_and_the_strictest_rule_holds(gate: Gate) -> None:
    hour = Rule("m", 7, 3600.0)
    assert len(gate.take(NOW, 5, MINUTE, hour).now) == 5
    later = NOW + timedelta(minutes=3)
    again = gate.take(later, 5, MINUTE, hour)
    assert len(again.now) == 2
    assert again.later[0][1] - NOW >= timedelta(hours=1)
    assert len(gate.take(later, 5, Rule("other", 5, 60.0)).now) == 5


def test_a_pause_holds_up_its_scope_and_nothing_else(gate: Gate) -> None:
    until = NOW + timedelta(seconds=60)
    rates.pause(gate.session, "wecom:corp:send", until, gate.counts)
    held = gate.take(NOW, 1, scope="wecom:corp:send")
    assert held.later == [(0, until)]
    assert gate.take(NOW, 1, scope="wecom:corp:update").now == [0]
    assert gate.take(until, 1, scope="wecom:corp:send").now == [0]


def test_what_goes_in_one_call_counts_once(gate: Gate) -> None:
    second = Rule("qps", 2, 1.0)
    same = [Wanted(number, (second,), "d", "hello", 20) for number in range(45)]
    granted = rates.take(gate.session, same, NOW, gate.counts)
    assert granted.now == list(range(40))
    assert len(granted.later) == 5


def test_what_is_old_is_forgotten(gate: Gate) -> None:
    gate.take(NOW, 3)
    rates.forget(gate.session, NOW + timedelta(hours=3), gate.counts)
    assert gate.session.execute(select(func.count(col(SendWindow.key)))).scalar_one() == 0
    assert gate.counts.counted == {}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 4)), max_size=25))
def test_no_window_ever_holds_more_than_the_limit(gate: Gate, asked: list[tuple[int, int]]) -> None:
    rule = Rule(f"k{next(NUMBERS)}", 4, 30.0)
    now, sent = NOW, list[datetime]()
    for pause, count in asked:
        now += timedelta(milliseconds=pause)
        sent += [now] * len(gate.take(now, count, rule).now)
    for start in sent:
        assert sum(start <= one < start + timedelta(seconds=30) for one in sent) <= 4


@pytest.mark.parametrize("window", [1.0, 60.0, 3600.0])
def test_nobody_waits_much_longer_than_the_window(gate: Gate, window: float) -> None:
    rule = Rule("w", 1, window)
    gate.take(NOW, 1, rule)
    waits = gate.take(NOW + timedelta(seconds=window / 2), 1, rule).later[0][1] - NOW
    assert timedelta(seconds=window) <= waits <= timedelta(seconds=window * (1 + 1.1 / STRETCHES))
