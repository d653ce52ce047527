"""Decrypted XML to Incoming."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wecom.events import Ignored, to_incoming
from bot.wecom.passive import may_reply_text, may_update_card
from bot.wecom.xml import BadXml
from handlers.incoming import Incoming, Kind, Place
from tests.bot.wecom.platform import CORP_ID, NOW, event, message, text


def read(inner: str) -> Incoming:
    incoming = to_incoming(inner.encode(), "crm", NOW + timedelta(seconds=3))
    assert isinstance(incoming, Incoming)
    return incoming


def test_a_text_message() -> None:
    incoming = read(text("今天拜访了华润置地的王总"))
    assert incoming.kind is Kind.TEXT
    assert incoming.text == "今天拜访了华润置地的王总"
    assert (incoming.platform, incoming.app, incoming.sender) == ("wecom", "crm", "ZhaoChen")
    assert incoming.conversation == "ZhaoChen"
    assert incoming.sent_at == NOW
    assert incoming.delivery_id == f"{CORP_ID}:1000002:4561255354251345929:ZhaoChen"
    assert not incoming.is_group


@pytest.mark.parametrize("content", ["", "   ", "😀😀", "长" * 5000, "]]>", "<b>"])
def test_odd_texts_are_texts(content: str) -> None:
    safe = content.replace("]]>", "]]]]><![CDATA[>")
    incoming = read(text(safe))
    assert incoming.kind is Kind.TEXT
    assert incoming.text == content.strip()


def test_a_quoted_message_is_split_off() -> None:
    incoming = read(text("「跟进：已记录 #1024」\n- - - - - - -\n撤销"))
    assert (incoming.quoted, incoming.text) == ("已记录 #1024", "撤销")


@pytest.mark.parametrize(
    ("msg_type", "extra", "kind", "name"),
    [
        ("image", "<PicUrl>https://p/1</PicUrl><MediaId>m1</MediaId>", Kind.IMAGE, ""),
        ("voice", "<MediaId>m1</MediaId><Format>amr</Format>", Kind.VOICE, "voice.amr"),
        ("video", "<MediaId>m1</MediaId><ThumbMediaId>t1</ThumbMediaId>", Kind.VIDEO, ""),
        ("file", "<MediaId>m1</MediaId><FileName>报价.xlsx</FileName>", Kind.FILE, "报价.xlsx"),
    ],
)
def test_files(msg_type: str, extra: str, kind: Kind, name: str) -> None:
    incoming = read(message(msg_type, extra))
    assert incoming.kind is kind
    (held,) = incoming.attachments
    assert (held.media_id, held.kind, held.name) == ("m1", kind, name)


def test_a_location_has_its_latitude_first() -> None:
    extra = "<Location_X>31.23</Location_X><Location_Y>121.47</Location_Y><Label>人民广场</Label>"
    incoming = read(message("location", extra))
    assert incoming.kind is Kind.LOCATION
    assert incoming.place == Place(31.23, 121.47, "人民广场")


def test_a_location_without_numbers_is_kept_as_its_label() -> None:
    incoming = read(message("location", "<Location_X/><Label>某处</Label>"))
    assert (incoming.kind, incoming.place, incoming.text) == (Kind.LOCATION, None, "某处")


def test_a_link() -> None:
    incoming = read(
        message("link", "<Title>官网</Title><Description>介绍</Description><Url>https://a.cn</Url>")
    )
    assert incoming.kind is Kind.LINK
    assert incoming.text == "官网\n介绍"
    assert incoming.attachments[0].url == "https://a.cn"


def test_an_unknown_type_of_message_is_an_event() -> None:
    incoming = read(message("hologram", "<X>1</X>"))
    assert (incoming.kind, incoming.event) == (Kind.EVENT, "message.hologram")


def test_entering_the_chat() -> None:
    assert read(event("enter_agent", "<EventKey/>")).kind is Kind.ENTER


CLICK = (
    "<EventKey>save.1.2</EventKey><TaskId>t-1</TaskId><CardType>multiple_interaction</CardType>"
    "<ResponseCode>rc</ResponseCode>"
)


@pytest.mark.parametrize(
    ("items", "fields"),
    [
        ("", {}),
        (
            "<SelectedItem><QuestionKey>stage</QuestionKey><OptionIds><OptionId>won</OptionId></OptionIds></SelectedItem>",
            {"stage": ("won",)},
        ),
        (
            (
                "<SelectedItem><QuestionKey>a</QuestionKey><OptionIds><OptionId>1</OptionId><OptionId>2</OptionId>"
                "</OptionIds></SelectedItem><SelectedItem><QuestionKey>b</QuestionKey><OptionIds/></SelectedItem>"
            ),
            {"a": ("1", "2"), "b": ()},
        ),
    ],
)
def test_a_pressed_button_with_its_form(items: str, fields: dict[str, tuple[str, ...]]) -> None:
    incoming = read(event("template_card_event", f"{CLICK}<SelectedItems>{items}</SelectedItems>"))
    assert incoming.kind is Kind.ACTION
    assert (incoming.action, incoming.card_id, incoming.response_code) == ("save.1.2", "t-1", "rc")
    assert incoming.fields == fields
    assert may_update_card(incoming)
    assert not may_reply_text(incoming)


def test_the_menu_of_a_card_may_be_answered_by_text() -> None:
    incoming = read(event("template_card_menu_event", CLICK))
    assert incoming.kind is Kind.ACTION
    assert may_reply_text(incoming)


def test_a_menu_item_is_an_action() -> None:
    incoming = read(event("click", "<EventKey>today</EventKey>"))
    assert (incoming.kind, incoming.event, incoming.action) == (Kind.ACTION, "click", "today")
    assert may_reply_text(incoming)
    assert not may_update_card(incoming)


def test_a_change_of_the_address_book() -> None:
    extra = "<ChangeType>update_user</ChangeType><UserID>ZhaoChen</UserID><Department>1,2</Department>"
    incoming = read(event("change_contact", extra, sender="sys"))
    assert (incoming.kind, incoming.event) == (Kind.EVENT, "change_contact")
    assert incoming.fields == {
        "ChangeType": ("update_user",),
        "UserID": ("ZhaoChen",),
        "Department": ("1,2",),
    }
    assert not may_reply_text(incoming)


def test_an_approval_keeps_its_nested_values() -> None:
    extra = (
        "<ApprovalInfo><SpNo>2026</SpNo><SpRecord><Details><Approver><UserId>li</UserId></Approver></Details>"
        "<Details><Approver><UserId>wu</UserId></Approver></Details></SpRecord></ApprovalInfo>"
    )
    incoming = read(event("sys_approval_change", extra, sender="sys"))
    assert incoming.fields["ApprovalInfo.SpNo"] == ("2026",)
    assert incoming.fields["ApprovalInfo.SpRecord.Details.Approver.UserId"] == ("li", "wu")


@pytest.mark.parametrize("name", ["subscribe", "unsubscribe", "view", "inactive_alert", "never_heard_of", ""])
def test_every_other_event_is_an_event(name: str) -> None:
    incoming = read(event(name, "<EventKey/>"))
    assert (incoming.kind, incoming.event) == (Kind.EVENT, name)


def test_two_events_of_one_second_are_two() -> None:
    first = read(event("template_card_event", CLICK))
    second = read(event("template_card_event", CLICK.replace("t-1", "t-2")))
    assert first.delivery_id != second.delivery_id
    assert first.delivery_id == read(event("template_card_event", CLICK)).delivery_id


def test_one_msgid_with_two_senders_is_two() -> None:
    assert read(text("甲", sender="a")).delivery_id != read(text("甲", sender="b")).delivery_id


@pytest.mark.parametrize(
    ("inner", "why"),
    [
        (event("LOCATION", "<Latitude>31</Latitude>"), "location_report"),
        ("<xml><MsgType>text</MsgType></xml>", "no_sender"),
        ("<xml><FromUserName>a</FromUserName></xml>", "no_type"),
        ("<xml/>", "no_type"),
    ],
)
def test_what_nobody_could_act_on_is_ignored(inner: str, why: str) -> None:
    assert to_incoming(inner.encode(), "crm", NOW) == Ignored(why)


@pytest.mark.parametrize("created", ["", "soon", "9" * 30, "-" + "9" * 18])
def test_a_time_that_is_none_becomes_now(created: str) -> None:
    inner = (
        f"<xml><FromUserName>a</FromUserName><MsgType>text</MsgType><CreateTime>{created}</CreateTime></xml>"
    )
    assert read(inner).sent_at == NOW + timedelta(seconds=3)


NAMES = st.sampled_from(
    ["FromUserName", "MsgType", "Event", "EventKey", "SelectedItems", "SelectedItem", "MsgId", "Location_X"]
)
VALUES = st.sampled_from(["", "text", "event", "location", "template_card_event", "a", "1", "-"])
TREES = st.recursive(
    VALUES,
    lambda inner: st.lists(st.tuples(NAMES, inner), max_size=5).map(
        lambda parts: "".join(f"<{name}>{value}</{name}>" for name, value in parts)
    ),
)


@given(TREES)
def test_no_shape_of_xml_raises_anything_unexpected(tree: str) -> None:
    with suppress(BadXml):
        to_incoming(f"<xml>{tree}</xml>".encode(), "crm", NOW)
