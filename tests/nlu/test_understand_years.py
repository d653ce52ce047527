"""Dates without a year in a report and in a plan."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from nlu.names.lexicon import Lexicon, Name
from nlu.understand import understand

NOW = datetime.fromisoformat("2026-11-20T10:00:00")
LEXICON = Lexicon.of([Name("1", "海康威视", ("海康",))])


@pytest.mark.parametrize(
    ("text", "happened", "due"),
    [
        ("3月5日去了海康", date(2026, 3, 5), None),
        ("12月5号去了海康", date(2025, 12, 5), None),
        ("11月18号拜访海康", date(2026, 11, 18), None),
        ("1月8号要去海康签合同", None, date(2027, 1, 8)),
        ("12月5号去海康签合同", None, date(2026, 12, 5)),
        ("11月18日和海康开了个会，12月5号再去", date(2026, 11, 18), date(2026, 12, 5)),
        ("今天拜访海康，12月5号过去签合同", date(2026, 11, 20), date(2026, 12, 5)),
    ],
)
def test_what_was_done_is_past_and_what_is_planned_is_to_come(
    text: str, happened: date | None, due: date | None
) -> None:
    reading = understand(text, NOW, LEXICON)
    assert (reading.activity_time.value.date() if reading.activity_time else None) == happened
    assert (reading.next_time.value.date() if reading.next_time else None) == due
