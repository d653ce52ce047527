"""The JSON lines of the command: what stands in them, and in which units."""

from __future__ import annotations

import json

import pytest

from nlu.names.lexicon import Lexicon, Name
from nlu.wire import Wire, serve_lines

LEXICON = Lexicon.of([Name("1", "安居企业股份有限公司", ("安居",))])


def ask(*texts: str) -> list[Wire]:
    lines = [
        json.dumps({"id": str(i), "text": t, "reference_time": "2026-11-20T10:00:00"})
        for i, t in enumerate(texts)
    ]
    return [json.loads(line) for line in serve_lines(lines, LEXICON)]


def test_answers_come_in_order_one_for_each_line() -> None:
    assert [answer["id"] for answer in ask("安居", "好的", "撤销")] == ["0", "1", "2"]


def test_amounts_are_yuan_and_ranges_are_lists() -> None:
    one, two = ask("安居预算58万", "安居预算80到100万")
    assert (one["amount"], two["amount"]) == (580_000, [800_000, 1_000_000])


def test_times_say_their_grain_part_and_deadline() -> None:
    [got] = ask("昨天下午拜访了安居王总，下周五前给报价")
    assert got["activity_time"] == {"value": "2026-11-19", "grain": "part_of_day", "part": "下午"}
    assert got["next_time"] == {"value": "2026-11-27", "grain": "day", "deadline": True}


def test_what_was_not_said_is_absent() -> None:
    [got] = ask("好的收到")
    assert set(got) == {"id", "intent", "ambiguous", "entities", "ms"}


def test_every_expression_is_listed_whatever_the_message_means() -> None:
    [got] = ask("大家明天下午三点带30%的样品和5000元，打13800138000，每周一9点开会，两个小时")
    entities = got["entities"]
    assert isinstance(entities, list)
    assert {"time", "percent", "money", "phone", "recurring", "duration"} <= {
        entity["kind"] for entity in entities
    }


def test_a_recurrence_leaves_out_an_interval_of_one() -> None:
    [got] = ask("每周四上午10点提醒我开例会")
    assert got["recurring"] == {"freq": "WEEKLY", "byday": ["TH"], "at": "10:00"}


def test_an_open_customer_is_asked_with_a_reason() -> None:
    [got] = ask("今天拜访了客户，聊了聊")
    assert got["ambiguous"] == ["customer"]
    assert got["reasons"] == {"customer": "说的是哪一家客户"}


def test_figures_that_no_field_took_are_shown() -> None:
    [got] = ask("拜访安居，竞品报42万，我们报48万，要20台")
    assert (got["amount"], got["unread"]) == (480_000, ["42万", "20"])


def test_a_zone_in_the_reference_time_is_left_aside() -> None:
    line = json.dumps({"id": "1", "text": "明天提醒我开会", "reference_time": "2026-11-20T10:00:00+08:00"})
    assert json.loads(next(serve_lines([line], LEXICON)))["next_time"]["value"] == "2026-11-21"


@pytest.mark.parametrize("line", ["{}x", '{"id": "1", "text": "x", "reference_time": "soon"}'])
def test_a_broken_line_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        list(serve_lines([line], LEXICON))
