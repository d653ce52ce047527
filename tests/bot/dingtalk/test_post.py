"""The sender: each envelope by its call, each fault by its outcome, and how many calls a thing costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.dingtalk import events
from bot.dingtalk.client import CARD, GROUP, SINGLE, UPDATE, WEBHOOK, DingTalkClient
from bot.dingtalk.post import DingTalkPost, track_id_of
from bot.dingtalk.speech import DingTalkVoice
from handlers.incoming import Incoming
from scheduler.delivery import Delivered, Outcome, Pointless, Refused, Retry, Sender, Stopped
from store.outbox import Parcel
from tests.bot.dingtalk.gateway import NOW, robot
from tests.bot.platform import Hands, OpenApi, Step, drop, forbidden, refused
from tests.cards.samples import SAMPLES

VOICE = DingTalkVoice("dingrobot", b"a secret of the test, long enough", "t.schema")


@pytest.fixture
def post(client: DingTalkClient, hands: Hands) -> DingTalkPost:
    return DingTalkPost(client, hands.clock)


@pytest.fixture
def asked(base_url: str) -> Incoming:
    return events.message(robot(sessionWebhook=f"{base_url}/robot/sendBySession?session=s1"), "main", NOW)


def parcel(body: bytes, kind: str = "send", card_id: int | None = None) -> Parcel:
    return Parcel(1, "dingtalk", "main", "lane", "zhaochen", kind, body, 1, card_id, "", NOW)


def test_it_is_a_sender(post: DingTalkPost) -> None:
    sender: Sender = post
    assert callable(sender.send)


async def test_an_answer_costs_no_api_call(
    post: DingTalkPost, api: OpenApi, asked: Incoming, spent: list[str]
) -> None:
    body = VOICE.answering(asked).card("zhaochen", SAMPLES["visit_recorded"], "g1").body
    assert await post.send(parcel(body)) == Delivered()
    assert dict(api.calls) == {WEBHOOK: 1}
    assert spent == [WEBHOOK]
    assert api.bodies[0]["msgtype"] == "markdown"


async def test_a_notice_costs_one_call(post: DingTalkPost, api: OpenApi, spent: list[str]) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    assert await post.send(parcel(VOICE.text("ZhaoChen", "明天演示"))) == Delivered("k1")
    assert spent == [SINGLE]


async def test_a_webhook_that_has_ended_by_the_clock_is_not_tried(
    post: DingTalkPost, api: OpenApi, asked: Incoming, hands: Hands
) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    hands.forward(timedelta(minutes=90).total_seconds() - 4)
    assert await post.send(parcel(VOICE.answering(asked).text("zhaochen", "好"))) == Delivered("k1")
    assert (api.calls[WEBHOOK], api.calls[SINGLE]) == (0, 1)
    assert api.bodies[0]["userIds"] == ["ZhaoChen"]


async def test_a_webhook_that_ended_early_falls_back(
    post: DingTalkPost, api: OpenApi, asked: Incoming
) -> None:
    api.answers[WEBHOOK] = {"errcode": 300001, "errmsg": "session 不存在"}
    group = replace(asked, is_group=True, conversation="cid1==")
    assert await post.send(parcel(VOICE.answering(group).text("zhaochen", "好"))) == Delivered()
    assert (api.calls[WEBHOOK], api.calls[GROUP]) == (1, 1)
    assert api.bodies[1]["openConversationId"] == "cid1=="


async def test_an_outsider_cannot_be_reached_later(post: DingTalkPost, api: OpenApi, asked: Incoming) -> None:
    api.answers[WEBHOOK] = {"errcode": 300001}
    outside = replace(asked, sender="outside:u9")
    outcome = await post.send(parcel(VOICE.answering(outside).text("outside:u9", "好")))
    assert isinstance(outcome, Refused)


async def test_a_lost_answer_is_tried_again_the_same_way(
    post: DingTalkPost, api: OpenApi, asked: Incoming
) -> None:
    api.script[WEBHOOK].append(drop)
    sent = parcel(VOICE.answering(asked).text("zhaochen", "好"))
    outcome = await post.send(sent)
    assert isinstance(outcome, Retry)
    assert outcome.counts
    assert await post.send(sent) == Delivered()
    assert api.calls[SINGLE] == 0


async def test_a_member_out_of_range_is_refused(post: DingTalkPost, api: OpenApi) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k", "invalidStaffIdList": ["ZhaoChen"]}
    assert isinstance(await post.send(parcel(VOICE.text("ZhaoChen", "好"))), Refused)


async def test_a_member_whose_messages_flow_too_fast_waits(post: DingTalkPost, api: OpenApi) -> None:
    api.answers[SINGLE] = {"processQueryKey": "k", "flowControlledStaffIdList": ["ZhaoChen"]}
    assert await post.send(parcel(VOICE.text("ZhaoChen", "好"))) == Retry(
        60.0, "flow controlled", counts=False
    )


def placed(*successes: bool) -> dict[str, object]:
    rows = [{"spaceId": "u", "success": success, "carrierId": "c1"} for success in successes]
    return {"success": True, "result": {"outTrackId": "g5", "deliverResults": rows}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (placed(True), Delivered("c1")),
        (placed(True, False), Delivered("c1")),
        (refused("param.cardAlreadyExist"), Delivered()),
    ],
)
async def test_a_card_is_delivered(post: DingTalkPost, api: OpenApi, answer: Step, expected: Outcome) -> None:
    api.answers[CARD] = answer
    body = VOICE.card("ZhaoChen", SAMPLES["deal_form"], "g5").body
    assert await post.send(parcel(body, card_id=5)) == expected
    assert api.calls[CARD] == 1


async def test_a_card_that_reaches_nobody_is_refused(post: DingTalkPost, api: OpenApi) -> None:
    api.answers[CARD] = placed(False)
    body = VOICE.card("ZhaoChen", SAMPLES["deal_form"], "g5").body
    assert isinstance(await post.send(parcel(body)), Refused)


@pytest.mark.parametrize(
    "step", [refused("param.templateUnpublished"), forbidden("AccessTokenPermissionDenied")]
)
async def test_where_cards_cannot_be_made_the_message_is_sent(
    post: DingTalkPost, api: OpenApi, step: Step
) -> None:
    api.answers[CARD] = step
    api.answers[SINGLE] = {"processQueryKey": "k1"}
    body = VOICE.card("ZhaoChen", SAMPLES["quote_approval"], "g5").body
    assert await post.send(parcel(body, card_id=5)) == Delivered("k1")
    assert api.bodies[1]["msgKey"] == "sampleActionCard"


async def test_a_spent_quota_is_not_spent_on_a_second_way(post: DingTalkPost, api: OpenApi) -> None:
    api.answers[CARD] = forbidden("ApiCountLimitForOrg")
    body = VOICE.card("ZhaoChen", SAMPLES["quote_approval"], "g5").body
    assert isinstance(await post.send(parcel(body, card_id=5)), Stopped)
    assert api.calls[SINGLE] == 0


async def test_a_change_names_its_card(post: DingTalkPost, api: OpenApi) -> None:
    body = VOICE.update("ZhaoChen", VOICE.shape(SAMPLES["quote_approved"]))
    assert await post.send(parcel(body, "update", 5)) == Delivered()
    assert api.bodies[0]["outTrackId"] == track_id_of(5) == "g5"
    assert api.bodies[0]["cardUpdateOptions"]["updateCardDataByKey"] is True
    api.answers[UPDATE] = refused("param.cardNotExist")
    assert isinstance(await post.send(parcel(body, "update", 5)), Pointless)
    assert isinstance(await post.send(parcel(body, "update")), Refused)


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (forbidden("QpsLimitForAppkeyAndApi"), Retry(1.0, "", counts=False, pauses=True)),
        (forbidden("ApiCountLimitForOrg"), Stopped("", "", 3600.0)),
        (forbidden("AccessTokenPermissionDenied"), Stopped("", "")),
        (refused("bot.stopped"), Stopped("", "")),
        (refused("staffId.notExisted"), Refused("")),
        (refused("contain.unsafe.url"), Refused("")),
        (refused("system.busy", 500), Retry(1.0, "")),
        (drop, Retry(1.0, "")),
    ],
)
async def test_each_fault_has_its_outcome(
    post: DingTalkPost, api: OpenApi, step: Step, expected: Outcome
) -> None:
    api.answers[SINGLE] = step
    outcome = await post.send(parcel(VOICE.text("ZhaoChen", "好")))
    if isinstance(outcome, Stopped):
        assert outcome.hint
        outcome = replace(outcome, hint="")
    assert isinstance(outcome, Retry | Stopped | Refused)
    assert replace(outcome, reason="") == expected


async def test_the_nineteenth_call_of_a_second_waits(post: DingTalkPost, api: OpenApi, hands: Hands) -> None:
    for _ in range(18):
        assert isinstance(await post.send(parcel(VOICE.text("ZhaoChen", "好"))), Delivered)
    outcome = await post.send(parcel(VOICE.text("ZhaoChen", "好")))
    assert outcome == Retry(1.0, "our pace", counts=False)
    assert api.calls[SINGLE] == 18
    hands.forward(1)
    assert isinstance(await post.send(parcel(VOICE.text("ZhaoChen", "好"))), Delivered)


async def test_a_row_that_is_no_envelope(post: DingTalkPost) -> None:
    assert isinstance(await post.send(parcel(b"nonsense")), Refused)
