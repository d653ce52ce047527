"""How an app speaks: by the webhook while it lives, as a card where something must be pressed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dingtalk import events
from bot.dingtalk.envelope import BadEnvelope, Envelope, Via, load
from bot.dingtalk.speech import DingTalkVoice
from bot.voice import Voice
from cards.actions import unpack
from cards.card import Action, Button, Card, Field, Option
from cards.render.dingtalk import VARIABLES
from handlers.incoming import Incoming, Kind
from tests.bot.dingtalk.gateway import NOW, press, robot
from tests.cards.samples import SAMPLES
from tests.cards.strategies import cards, long_words

SECRET = b"a secret of the test, long enough"
TEMPLATE = "0f-template.schema"
PLAIN = DingTalkVoice("dingrobot", SECRET)
FULL = DingTalkVoice("dingrobot", SECRET, TEMPLATE)
SILENT_UNDO = Card("已记录", buttons=(Button("撤销", Action("undo", "7")),))
FORM = Card(
    "补全", form=(Field("stage", "阶段", (Option("1", "初访"),)),), submit=Button("保存", Action("save", "7"))
)


def asked(**more: Any) -> Incoming:
    return events.message(robot(**more), "main", NOW)


GROUP = asked(conversationType="2", conversationId="cidGroup==")


def test_it_is_a_voice() -> None:
    voice: Voice = FULL
    assert voice.updates_card(asked()) is False


def test_a_text_to_a_member() -> None:
    sent = load(PLAIN.text("LiJing", "明天 10:00 演示"))
    assert sent.via is Via.SINGLE
    assert sent.body == {
        "robotCode": "dingrobot",
        "userIds": ["LiJing"],
        "msgKey": "sampleText",
        "msgParam": '{"content":"明天 10:00 演示"}',
    }


def test_an_answer_goes_to_the_webhook_with_the_api_behind_it() -> None:
    sent = load(PLAIN.answering(asked()).text("zhaochen", "已记录"))
    assert (sent.via, sent.url) == (Via.WEBHOOK, asked().reply_url)
    assert sent.until == NOW + timedelta(minutes=90)
    assert sent.body == {"msgtype": "text", "text": {"content": "已记录"}}
    assert sent.instead is not None
    assert sent.instead.via is Via.SINGLE
    assert sent.instead.body["userIds"] == ["ZhaoChen"]


def test_others_are_not_told_at_the_senders_webhook() -> None:
    assert load(PLAIN.answering(asked()).text("LiJing", "请审批")).via is Via.SINGLE


def test_an_answer_in_a_group_names_who_asked() -> None:
    sent = load(PLAIN.answering(GROUP).text("ZhaoChen", "已记录"))
    assert sent.body == {
        "msgtype": "text",
        "text": {"content": "@ZhaoChen 已记录"},
        "at": {"atUserIds": ["ZhaoChen"]},
    }
    assert sent.instead is not None
    assert (sent.instead.via, sent.instead.body["openConversationId"]) == (Via.GROUP, "cidGroup==")


def test_without_a_webhook_a_group_is_answered_by_the_api() -> None:
    quiet = replace(GROUP, reply_url="", reply_until=None)
    assert load(PLAIN.answering(quiet).text("ZhaoChen", "好")).via is Via.GROUP


def test_an_outsider_gets_his_answer_and_nothing_else() -> None:
    outside = asked(senderStaffId="", senderUnionId="u9")
    sent = load(FULL.answering(outside).text("outside:u9", "请先加入组织"))
    assert (sent.via, sent.instead) == (Via.WEBHOOK, None)
    group = asked(senderStaffId="", senderUnionId="u9", conversationType="2")
    said = load(FULL.answering(group).text("outside:u9", "好"))
    assert "at" not in said.body
    assert load(FULL.answering(outside).card("outside:u9", SILENT_UNDO, "g1").body).via is Via.WEBHOOK


def test_a_recorded_visit_costs_no_api_call() -> None:
    rendered = FULL.answering(asked()).card("ZhaoChen", SAMPLES["visit_recorded"], "g1")
    sent = load(rendered.body)
    assert (sent.via, rendered.shown) == (Via.WEBHOOK, None)
    assert sent.body["msgtype"] == "markdown"
    assert "dtmd://dingtalkclient/sendMessage?content=" in sent.body["markdown"]["text"]


def test_what_must_be_pressed_is_a_card() -> None:
    for card in (SILENT_UNDO, FORM):
        rendered = FULL.answering(asked()).card("ZhaoChen", card, "g77")
        sent = load(rendered.body)
        assert sent.via is Via.CARD
        assert sent.body["outTrackId"] == "g77"
        assert sent.body["cardTemplateId"] == TEMPLATE
        assert sent.body["callbackType"] == "STREAM"
        assert sent.body["userIdType"] == 1
        assert sent.body["openSpaceId"] == "dtv1.card//IM_ROBOT.ZhaoChen"
        assert sent.body["imRobotOpenDeliverModel"] == {"spaceType": "IM_ROBOT", "robotCode": "dingrobot"}
        assert rendered.shown == sent.body["cardData"]["cardParamMap"]


def test_a_notice_with_buttons_is_a_card_that_is_updated_later() -> None:
    rendered = FULL.card("LiJing", SAMPLES["quote_approval"], "g5")
    assert load(rendered.body).via is Via.CARD
    assert set(rendered.shown or {}) == set(VARIABLES)
    (approve, *_) = json.loads((rendered.shown or {})["buttons"])
    assert unpack(approve["action"], SECRET) == Action("quote.approve", "1024", 3)


def test_a_card_in_a_group_is_seen_by_who_asked() -> None:
    sent = load(FULL.answering(GROUP).card("ZhaoChen", FORM, "g1").body)
    assert sent.body["openSpaceId"] == "dtv1.card//IM_GROUP.cidGroup=="
    assert sent.body["imGroupOpenDeliverModel"] == {"robotCode": "dingrobot", "recipients": ["ZhaoChen"]}


@pytest.mark.parametrize("name", SAMPLES)
def test_without_a_template_every_card_is_a_message(name: str) -> None:
    rendered = PLAIN.card("ZhaoChen", SAMPLES[name], "g1")
    assert rendered.shown is None
    assert load(rendered.body).body["msgKey"].startswith(("sampleMarkdown", "sampleActionCard"))
    assert PLAIN.shape(SAMPLES[name]) == {}


def test_links_make_an_action_card() -> None:
    sent = load(PLAIN.card("ZhaoChen", SAMPLES["customer_360"], "g1").body)
    assert sent.body["msgKey"] == "sampleActionCard3"
    param = json.loads(sent.body["msgParam"])
    assert (param["actionTitle1"], param["actionURL1"]) == (
        "全部跟进",
        "https://crm.example.com/customers/7/timeline",
    )
    one = json.loads(load(PLAIN.card("ZhaoChen", SAMPLES["quote_approval"], "g1").body).body["msgParam"])
    assert one["singleTitle"] == "明细"
    spoken = load(PLAIN.answering(asked()).card("ZhaoChen", SAMPLES["customer_360"], "g1").body)
    assert [button["title"] for button in spoken.body["actionCard"]["btns"]] == [
        "全部跟进",
        "报价",
        "查看详情",
    ]


def test_clicks_come_where_the_app_listens() -> None:
    voice = DingTalkVoice("dingrobot", SECRET, TEMPLATE, route_key="genjin")
    body = load(voice.card("LiJing", FORM, "g1").body).body
    assert (body["callbackType"], body["callbackRouteKey"]) == ("HTTP", "genjin")


def test_an_update_and_the_answer_to_a_click_are_by_key() -> None:
    shown = FULL.shape(SAMPLES["quote_approved"])
    sent = load(FULL.update("LiJing", shown))
    assert sent.via is Via.CARD_UPDATE
    assert sent.body == FULL.ride_back(shown)
    assert sent.body["cardUpdateOptions"] == {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
    assert sent.body["cardData"]["cardParamMap"]["done"] == "李经理 10:42 已同意"


def test_a_press_updates_the_card_and_a_message_does_not() -> None:
    pressed = events.card(press({"action": "a"}), "main", "m1", NOW)
    assert FULL.updates_card(pressed)
    assert not FULL.updates_card(replace(pressed, card_id=""))


def test_a_text_rides_back_over_http_only() -> None:
    over = replace(FULL, in_response=True)
    assert over.ride_back_text(asked(), "已记录") == "已记录"
    assert FULL.ride_back_text(asked(), "已记录") is None
    assert over.ride_back_text(asked(), "") is None
    assert over.ride_back_text(asked(), "长" * 5000) is None
    assert over.ride_back_text(replace(asked(), kind=Kind.ACTION), "已记录") is None


@pytest.mark.parametrize("track", ["", "a b", "g" * 101, "卡"])
def test_an_id_that_dingtalk_would_not_take(track: str) -> None:
    with pytest.raises(ValueError, match="outTrackId"):
        FULL.card("LiJing", FORM, track)


@given(cards, st.sampled_from([PLAIN, FULL]), st.sampled_from([None, asked(), GROUP]))
def test_every_card_is_a_body_within_the_limits(
    card: Card, voice: DingTalkVoice, incoming: Incoming | None
) -> None:
    voice = voice.answering(incoming) if incoming else voice
    rendered = voice.card("ZhaoChen", card, "g1")
    assert rendered == voice.card("ZhaoChen", card, "g1")
    sent = load(rendered.body)
    assert sent.dump() == rendered.body
    for one in (sent, sent.instead):
        if one is not None and "msgParam" in one.body:
            assert len(one.body["msgParam"].encode()) <= 15_000
    assert (sent.via is Via.CARD) == (rendered.shown is not None)


@given(long_words)
def test_every_text_is_a_body_within_the_limits(text: str) -> None:
    sent = load(PLAIN.answering(asked()).text("ZhaoChen", text))
    assert 0 < len(sent.body["text"]["content"].encode()) <= 7000
    assert sent.instead is not None
    assert len(sent.instead.body["msgParam"].encode()) <= 15_000


@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"[]",
        b"{}",
        b'{"via":"pigeon","body":{}}',
        b'{"via":"single","body":[]}',
        b'{"via":"webhook","body":{},"until":"x"}',
        b'{"via":"webhook","body":{},"instead":{}}',
    ],
)
def test_what_is_no_envelope(row: bytes) -> None:
    with pytest.raises(BadEnvelope):
        load(row)


def test_an_envelope_is_read_as_it_was_written() -> None:
    behind = Envelope(Via.GROUP, {"b": "二"})
    envelope = Envelope(Via.WEBHOOK, {"a": [1]}, "https://a.example/?s=1", NOW, behind)
    assert load(envelope.dump()) == envelope
    assert orjson.loads(envelope.payload()) == {"a": [1]}
