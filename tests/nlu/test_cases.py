"""Corrections as test cases of the grammar: the format of `genjin understand`, field by field."""

from __future__ import annotations

import json
from datetime import datetime

from nlu.cases import changes, corrected, expected, line
from nlu.names.lexicon import Lexicon, Name
from nlu.understand import understand

NOW = datetime.fromisoformat("2026-11-20T10:00")
LEXICON = Lexicon.of([Name("1", "安居企业股份有限公司", ("安居",)), Name("2", "安居客网络", ("安居客",))])


def test_a_reading_becomes_what_a_right_answer_says() -> None:
    reading = understand("今天下午拜访了安居王总，预算58万，竞品42万，下周五前给报价", NOW, LEXICON)
    assert expected(reading) == {
        "intent": "log_activity",
        "customer": "安居企业股份有限公司",
        "contact": "王总",
        "contact_title": "总",
        "method": "visit",
        "activity_time": {"value": "2026-11-20", "grain": "part_of_day", "part": "下午"},
        "next_time": {"value": "2026-11-27", "grain": "day", "deadline": True},
        "next_action": "给报价",
        "amount": 580_000,
    }


def test_what_was_said_goes_over_what_was_read() -> None:
    read = {"intent": "log_activity", "amount": 580_000, "method": "visit", "new_customer": True}
    right = corrected(read, {"amount": 560_000, "method": None, "customer": "安居客网络"})
    assert right == {"intent": "log_activity", "amount": 560_000, "customer": "安居客网络"}
    assert changes(read, right) == ["amount", "customer", "method", "new_customer"]


def test_a_field_that_was_settled_is_no_longer_open() -> None:
    read = {"intent": "log_activity", "ambiguous": ["amount", "customer"]}
    assert corrected(read, {"customer": "安居"})["ambiguous"] == ["amount"]
    assert "ambiguous" not in corrected(read, {"customer": "安居", "amount": 5})


def test_a_case_is_a_line_that_the_grammar_can_be_asked_again() -> None:
    case = json.loads(line("c1", "安居预算58万", NOW, {"intent": "log_activity"}, "amount"))
    assert case == {
        "id": "c1",
        "text": "安居预算58万",
        "reference_time": "2026-11-20T10:00:00",
        "intent": "log_activity",
        "note": "amount",
    }
