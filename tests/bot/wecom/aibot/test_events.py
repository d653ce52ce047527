"""Callbacks as the page shows them, read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.aibot.events import to_incoming
from bot.wecom.aibot.frames import Frame, compose, parse
from bot.wecom.events import Ignored
from handlers.codec import from_json, to_json
from handlers.incoming import Attachment, Incoming, Kind

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
SINGLE = {"msgid": "m1", "aibotid": "aib-1", "chattype": "single", "from": {"userid": "wohR_KCgAb"}}
GROUP = {**SINGLE, "chatid": "wrChat", "chattype": "group"}


def read(body: dict[str, Any], cmd: str = "aibot_msg_callback") -> Incoming:
    frame = parse(compose(cmd, "r1", body))
    assert frame is not None
    found = to_incoming(frame, "bot", NOW)
    assert isinstance(found, Incoming)
    return found


def event(inner: dict[str, Any]) -> dict[str, Any]:
    return {**SINGLE, "create_time": 1700000000, "msgtype": "event", "event": inner}


def test_a_text_keeps_the_case_of_an_opaque_id() -> None:
    incoming = read({**SINGLE, "msgtype": "text", "text": {"content": " @华润 见过了 "}})
    assert incoming == Incoming(
        platform="wecom",
        app="bot",
        conversation="wohR_KCgAb",
        sender="wohR_KCgAb",
        kind=Kind.TEXT,
        delivery_id="aib-1:m1",
        sent_at=NOW,
        text="@华润 见过了",
    )


def test_in_a_group_the_mention_is_taken_off_and_the_chat_is_the_conversation() -> None:
    incoming = read({**GROUP, "msgtype": "text", "text": {"content": "@跟进助手 今天 @李雷 去了华润"}})
    assert (incoming.text, incoming.conversation, incoming.is_group) == (
        "今天 @李雷 去了华润",
        "wrChat",
        True,
    )
    assert incoming.sender == "wohR_KCgAb"


def test_a_mention_alone_is_an_empty_text() -> None:
    assert read({**GROUP, "msgtype": "text", "text": {"content": "@跟进助手"}}).text == ""


def test_a_quoted_text_stands_beside_the_own_words() -> None:
    quote = {"msgtype": "text", "text": {"content": "已记录拜访 #1024"}}
    incoming = read({**SINGLE, "msgtype": "text", "text": {"content": "撤销"}, "quote": quote})
    assert (incoming.text, incoming.quoted) == ("撤销", "已记录拜访 #1024")


def test_a_quoted_mixture_gives_its_words() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "第一句"}},
        {"msgtype": "image", "image": {"url": "https://x"}},
        {"msgtype": "text", "text": {"content": "第二句"}},
    ]
    quote = {"msgtype": "mixed", "mixed": {"msg_item": items}}
    assert (
        read({**SINGLE, "msgtype": "text", "text": {"content": "记"}, "quote": quote}).quoted
        == "第一句\n第二句"
    )


def test_a_voice_message_is_the_text_that_was_said() -> None:
    incoming = read({**SINGLE, "msgtype": "voice", "voice": {"content": "今天拜访了华润"}})
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "今天拜访了华润")


def test_files_carry_their_address_and_key_through_the_inbox() -> None:
    for kind in (Kind.IMAGE, Kind.FILE, Kind.VIDEO):
        body = {**SINGLE, "msgtype": kind.value, kind.value: {"url": "https://x/1", "aeskey": "k" * 43}}
        incoming = read(body)
        assert incoming.kind is kind
        assert incoming.attachments == (Attachment("", kind, url="https://x/1", aes_key="k" * 43),)
        assert from_json(orjson.loads(orjson.dumps(to_json(incoming)))) == incoming


def test_a_mixture_is_a_text_with_pictures() -> None:
    items = [
        {"msgtype": "text", "text": {"content": "@跟进助手 名片"}},
        {"msgtype": "image", "image": {"url": "https://x/1", "aeskey": "k"}},
        {"msgtype": "image", "image": {"url": "https://x/2", "aeskey": "l"}},
    ]
    incoming = read({**GROUP, "msgtype": "mixed", "mixed": {"msg_item": items}})
    assert (incoming.kind, incoming.text) == (Kind.TEXT, "名片")
    assert [held.aes_key for held in incoming.attachments] == ["k", "l"]


def test_a_mixture_without_words_is_a_picture() -> None:
    items = [{"msgtype": "image", "image": {"url": "https://x/1"}}]
    assert read({**SINGLE, "msgtype": "mixed", "mixed": {"msg_item": items}}).kind is Kind.IMAGE


def test_opening_the_chat() -> None:
    incoming = read(event({"eventtype": "enter_chat"}), "aibot_event_callback")
    assert (incoming.kind, incoming.event) == (Kind.ENTER, "enter_chat")
    assert incoming.sent_at == datetime.fromtimestamp(1700000000, UTC)


def test_a_press_with_its_choices() -> None:
    chosen = [
        {"question_key": "q1", "option_ids": {"option_id": ["a", "b"]}},
        {"question_key": "q2", "option_ids": {"option_id": "c"}},
    ]
    inner = {
        "card_type": "multiple_interaction",
        "event_key": "1packed.mac",
        "task_id": "g12",
        "selected_items": {"selected_item": chosen},
    }
    pressed = event({"eventtype": "template_card_event", "template_card_event": inner})
    incoming = read(pressed, "aibot_event_callback")
    assert (incoming.kind, incoming.action, incoming.card_id) == (Kind.ACTION, "1packed.mac", "g12")
    assert incoming.fields == {"q1": ("a", "b"), "q2": ("c",)}


def test_an_event_that_we_do_not_know_keeps_its_values() -> None:
    inner = {"id": "f1", "type": 2, "inaccurate_reason_list": [1, 3], "more": {"deep": 1}}
    told = read(event({"eventtype": "feedback_event", "feedback_event": inner}), "aibot_event_callback")
    assert (told.kind, told.event) == (Kind.EVENT, "feedback_event")
    assert told.fields == {"id": ("f1",), "type": ("2",), "inaccurate_reason_list": ("1", "3")}


def test_two_events_without_msgid_in_one_second_are_two() -> None:
    def press(key: str) -> str:
        body = event({"eventtype": "template_card_event", "template_card_event": {"event_key": key}})
        del body["msgid"]
        return read(body, "aibot_event_callback").delivery_id

    assert press("a") == press("a") != press("b")


def test_what_nobody_could_act_on_is_ignored() -> None:
    def reason(body: dict[str, Any], cmd: str = "aibot_msg_callback") -> str:
        found = to_incoming(Frame(cmd, "r", body=body), "bot", NOW)
        assert isinstance(found, Ignored)
        return found.reason

    assert reason({}) == "no_sender"
    assert reason(SINGLE) == "no_type"
    assert reason({**SINGLE, "chattype": "group"}) == "no_chat"
    assert reason({**SINGLE, "event": []}, "aibot_event_callback") == "no_event_type"
    assert reason(SINGLE, "aibot_something_callback") == "no_callback"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
PLACES = "msgid aibotid chatid chattype from msgtype text mixed quote event image voice create_time msg_item"
NAMES = st.one_of(
    st.sampled_from(re.findall(r"\w+", PLACES)),
    st.sampled_from(["template_card_event", "selected_items", "content"]),
)
WORDS = st.sampled_from(["group", "single", "text", "mixed", "event", "image", "template_card_event", "u"])
BODIES = st.recursive(
    JSON | WORDS,
    lambda inner: st.dictionaries(NAMES, inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=25,
)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_bytes_break_the_reading_of_frames(data: bytes | str) -> None:
    parse(data)


@given(cmd=st.sampled_from(["aibot_msg_callback", "aibot_event_callback", "x"]), body=BODIES, head=JSON)
def test_no_body_breaks_the_reading_of_callbacks(cmd: str, body: Any, head: Any) -> None:
    sender = {"from": {"userid": "u"}}
    for inner in (body, {**sender, **body} if isinstance(body, dict) else sender):
        try:
            raw = orjson.dumps({"cmd": cmd, "headers": head, "body": inner})
        except (TypeError, orjson.JSONEncodeError):
            return
        frame = parse(raw)
        assert frame is not None
        found = to_incoming(frame, "bot", NOW)
        if isinstance(found, Incoming):
            assert from_json(orjson.loads(orjson.dumps(to_json(found)))) == found


@given(req_id=st.text(max_size=20).filter(str.isprintable), body=st.dictionaries(st.text(max_size=4), JSON))
def test_what_is_composed_can_be_read(req_id: str, body: dict[str, Any]) -> None:
    try:
        composed = compose("ping", req_id, body)
    except (TypeError, orjson.JSONEncodeError):
        return
    frame = parse(composed)
    assert frame is not None
    assert (frame.cmd, frame.req_id, dict(frame.body)) == ("ping", req_id, orjson.loads(orjson.dumps(body)))
