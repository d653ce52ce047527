"""Bodies of messages, presses and events become what the dispatcher takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk import events
from bot.dingtalk.events import NotUnderstood
from bot.dingtalk.forms import chosen, pressed
from handlers.codec import from_json, to_json
from handlers.incoming import Attachment, Incoming, Kind
from tests.bot.dingtalk.gateway import CREATED, NOW, press, robot


def message(**more: Any) -> Incoming:
    return events.message(robot(**more), "main", NOW)


def rich(*parts: dict[str, str]) -> Incoming:
    return message(msgtype="richText", content={"richText": list(parts)})


def test_a_text_in_a_single_chat() -> None:
    read = message(text=" 今天拜访了华润置地 ")
    assert (read.platform, read.app, read.kind, read.text) == (
        "dingtalk",
        "main",
        Kind.TEXT,
        "今天拜访了华润置地",
    )
    assert (read.sender, read.conversation, read.is_group) == ("ZhaoChen", "ZhaoChen", False)
    assert (read.delivery_id, read.sent_at) == ("msg1", NOW)


def test_the_way_to_answer_is_kept() -> None:
    read = message()
    assert read.reply_url == "https://oapi.dingtalk.com/robot/sendBySession?session=s1"
    assert read.reply_until == NOW + timedelta(minutes=90)


def test_a_group_is_named_by_its_conversation() -> None:
    read = message(text="\u2005 报价 华润", conversationType="2", conversationId="cidGroup==")
    assert (read.conversation, read.is_group, read.text) == ("cidGroup==", True, "报价 华润")


def test_a_press_belongs_to_the_single_chat_of_who_pressed() -> None:
    pressed_card = events.card(press({"action": "p"}), "main", "m1", NOW)
    assert pressed_card.conversation == message().conversation


def test_an_outsider_is_nobody_we_know() -> None:
    read = message(senderStaffId=None, senderUnionId="u9")
    assert read.sender == "outside:u9"
    assert message(senderStaffId=None).sender == "outside:$:LWCP_v1:$abc"


def test_words_and_pictures_together() -> None:
    read = rich({"text": "现场照片"}, {"type": "picture", "downloadCode": "d1", "pictureDownloadCode": "p1"})
    assert (read.kind, read.text) == (Kind.TEXT, "现场照片")
    assert read.attachments == (Attachment("d1", Kind.IMAGE),)


def test_pictures_alone_are_a_picture() -> None:
    assert rich({"type": "picture", "pictureDownloadCode": "p1"}).kind is Kind.IMAGE
    assert rich().kind is Kind.TEXT


@pytest.mark.parametrize(
    ("name", "content", "kind", "attachment", "text"),
    [
        ("picture", {"downloadCode": "d"}, Kind.IMAGE, Attachment("d", Kind.IMAGE), ""),
        (
            "audio",
            {"downloadCode": "d", "duration": 3000, "recognition": "拜访了万科 "},
            Kind.VOICE,
            Attachment("d", Kind.VOICE),
            "拜访了万科",
        ),
        (
            "video",
            {"downloadCode": "d", "videoType": "mp4"},
            Kind.VIDEO,
            Attachment("d", Kind.VIDEO, "video.mp4"),
            "",
        ),
        (
            "file",
            {"downloadCode": "d", "fileName": "报价.xlsx"},
            Kind.FILE,
            Attachment("d", Kind.FILE, "报价.xlsx"),
            "",
        ),
    ],
)
def test_files(name: str, content: dict[str, object], kind: Kind, attachment: Attachment, text: str) -> None:
    read = message(msgtype=name, content=content)
    assert (read.kind, read.attachments, read.text) == (kind, (attachment,), text)


def test_a_type_we_do_not_know_is_an_event() -> None:
    read = message(msgtype="unknownMsgType")
    assert (read.kind, read.event) == (Kind.EVENT, "message.unknownMsgType")


def test_a_message_beyond_the_quota_has_no_words() -> None:
    read = message(errorCode="20001", errorMessage="超出限制", msgtype=None)
    assert (read.kind, read.event) == (Kind.EVENT, events.OVER_QUOTA)
    assert read.reply_url


@pytest.mark.parametrize("lacking", [{"msgId": ""}, {"msgId": 7}, {"senderStaffId": "", "senderId": ""}])
def test_a_message_without_id_or_sender_is_not_understood(lacking: dict[str, object]) -> None:
    with pytest.raises(NotUnderstood):
        events.message(robot() | lacking, "main", NOW)


def test_a_pressed_button() -> None:
    read = events.card(press({"action": "packed"}), "main", "m1", NOW)
    assert (read.kind, read.action, read.card_id, read.sender) == (Kind.ACTION, "packed", "g1", "ZhaoChen")


def test_a_submitted_form() -> None:
    form = {
        "genjin_action": "packed",
        "stage": {"index": 1, "value": "2"},
        "tags": {"index": [0, 2], "value": ["a", "c"]},
        "amount": 58,
        "share": 9.5,
        "ok": True,
        "no": False,
        "many": ["x", "y"],
        "note": "已谈",
        "empty": "",
    }
    read = events.card(press({"form": form, "current_form": {"fields": []}}), "main", "m1", NOW)
    assert read.action == "packed"
    assert read.fields == {
        "stage": ("2",),
        "tags": ("a", "c"),
        "amount": ("58",),
        "share": ("9.5",),
        "ok": ("true",),
        "no": ("false",),
        "many": ("x", "y"),
        "note": ("已谈",),
    }


def test_a_form_whose_action_is_a_choice() -> None:
    action, fields = chosen({"form": {"genjin_action": {"index": 0, "value": "p1"}, "until": {"value": "3"}}})
    assert (action, fields) == ("p1", {"until": ("3",)})


def test_older_pages_call_the_content_value() -> None:
    body = press({"action": "p"})
    body["value"] = body.pop("content")
    assert pressed(body) == {"action": "p"}


@pytest.mark.parametrize(
    "broken", [{"userId": ""}, {"content": "nonsense"}, {"content": "{}"}, {"content": None}]
)
def test_a_press_without_user_or_params_is_not_understood(broken: dict[str, object]) -> None:
    with pytest.raises(NotUnderstood):
        events.card(press({"action": "p"}) | broken, "main", "m1", NOW)


def test_an_event_keeps_its_values() -> None:
    read = events.event(
        "bpms_instance_change",
        "e1",
        str(CREATED),
        {"processInstanceId": "p1", "staffId": "ZhaoChen", "createTime": 1, "deep": {"a": [{"b": True}]}},
        "main",
        NOW,
    )
    assert (read.kind, read.event, read.sender, read.sent_at) == (
        Kind.EVENT,
        "bpms_instance_change",
        "ZhaoChen",
        NOW,
    )
    assert read.fields["deep.a.b"] == ("true",)


def test_what_came_can_be_kept_and_read_again() -> None:
    for read in (
        message(conversationType="2"),
        rich({"text": "a"}, {"downloadCode": "d"}),
        events.card(press({"form": {"genjin_action": "p", "s": {"value": "1"}}}), "main", "m1", NOW),
        events.event("x", "e1", None, {"userId": ["a", "b"]}, "main", NOW),
        message(sessionWebhookExpiredTime=None),
    ):
        assert from_json(json.loads(json.dumps(to_json(read)))) == read


leaf = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
anything = st.recursive(
    leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
bodies = st.dictionaries(
    st.sampled_from([*robot(), "content", "errorCode", "userId", "outTrackId", "value"]), anything
)


@given(bodies)
def test_no_body_is_ever_a_surprise(body: dict[str, Any]) -> None:
    reads: list[Callable[[], Incoming]] = [
        lambda: events.message(robot() | body, "main", NOW),
        lambda: events.card(press({"action": "p"}) | body, "main", "m1", NOW),
        lambda: events.event("x", "e1", body.get("createAt"), body, "main", NOW),
    ]
    for read in reads:
        try:
            incoming = read()
        except NotUnderstood:
            continue
        assert isinstance(incoming, Incoming)
        kept = json.dumps(to_json(incoming))
        assert "\\u0000" not in kept
        assert from_json(json.loads(kept)) == incoming


@given(st.dictionaries(st.sampled_from(["form", "action", "x"]), anything))
def test_any_params_are_an_action_and_texts(params: dict[str, Any]) -> None:
    action, fields = chosen(params)
    assert isinstance(action, str)
    assert all(isinstance(value, str) and value for values in fields.values() for value in values)
