from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk import frames
from bot.dingtalk.frames import BadFrame, Code, Frame

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def test_a_frame_as_the_protocol_page_has_it() -> None:
    text = json.dumps(
        {
            "specVersion": "1.0",
            "type": "CALLBACK",
            "headers": {"messageId": "212ca9d7", "topic": frames.ROBOT, "time": "1690362102194"},
            "data": '{"a":1}',
        }
    )
    frame = frames.parse(text)
    assert (frame.type, frame.topic, frame.message_id, frame.read()) == (
        "CALLBACK",
        frames.ROBOT,
        "212ca9d7",
        {"a": 1},
    )


def test_the_other_spelling_of_headers_is_no_frame() -> None:
    with pytest.raises(BadFrame):
        frames.parse('{"type":"EVENT","header":{"topic":"*","messageId":"m"},"data":"{}"}')


def test_what_can_be_answered_says_to_whom() -> None:
    with pytest.raises(BadFrame) as bad:
        frames.parse('{"type":"EVENT","headers":{"messageId":"m9"},"data":"{}"}')
    assert bad.value.message_id == "m9"


def test_an_acknowledgement_has_its_data_as_text() -> None:
    ack = json.loads(frames.acknowledge("m1", frames.response(None)))
    assert ack == {
        "code": 200,
        "message": "OK",
        "headers": {"contentType": "application/json", "messageId": "m1"},
        "data": '{"response":null}',
    }
    assert json.loads(frames.acknowledge("m1", "{}", Code.UNKNOWN_TOPIC))["code"] == 404
    assert json.loads(frames.event_status(kept=False))["status"] == "LATER"


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "type": anything,
            "data": anything,
            "headers": anything
            | st.dictionaries(st.sampled_from(["messageId", "topic", "time"]), anything, max_size=3),
        },
    )
)
def test_any_json_is_a_frame_or_none(outer: dict[str, Any]) -> None:
    try:
        frame = frames.parse(json.dumps(outer))
    except BadFrame:
        return
    assert isinstance(frame, Frame)
    assert frame.message_id
    with contextlib.suppress(BadFrame):
        assert isinstance(frame.read(), dict)


@given(st.text(max_size=60))
def test_any_text_is_a_frame_or_none(text: str) -> None:
    with pytest.raises(BadFrame):
        frames.parse(text)
