"""The sender and the pace it keeps."""

from __future__ import annotations

from datetime import datetime, timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import RateLimited, ReceiverGone, Rejected, Unreachable
from bot.wecom import limits
from bot.wecom.client import WeComClient
from bot.wecom.pace import Pace
from bot.wecom.sender import Delivered, Parcel, WeComSender
from tests.bot.platform import Hands, QyApi
from tests.bot.wecom.platform import NOW

BODY = '{"touser":"ZhaoChen","msgtype":"text","text":{"content":"已记录"}}'.encode()
SEND = "message/send"
UPDATE = "message/update_template_card"
PARCEL = Parcel("send", "ZhaoChen", BODY)


@pytest.fixture
def sender(wecom: WeComClient, hands: Hands) -> WeComSender:
    return WeComSender(wecom, hands.clock)


async def test_a_message_is_delivered_as_rendered(sender: WeComSender, api: QyApi) -> None:
    api.answers[SEND] = {"errcode": 0, "msgid": "m1", "response_code": "rc"}
    assert await sender.send(PARCEL) == Delivered(response_code="rc", msgid="m1")
    assert api.bodies == [BODY]


async def test_the_26th_message_of_a_minute_waits(sender: WeComSender, api: QyApi, hands: Hands) -> None:
    for _ in range(limits.OUR_MEMBER_PER_MINUTE):
        await sender.send(PARCEL)
        hands.forward(1)
    with pytest.raises(RateLimited) as limited:
        await sender.send(Parcel("send", "ZHAOCHEN", BODY))
    assert limited.value.retry_after == pytest.approx(35)
    assert await sender.send(Parcel("send", "LiJing", BODY))
    assert api.calls[SEND] == limits.OUR_MEMBER_PER_MINUTE + 1
    hands.forward(35)
    assert await sender.send(PARCEL)


async def test_a_refused_message_is_not_counted(sender: WeComSender, api: QyApi) -> None:
    api.script[SEND].extend([{"errcode": 40058}] * 40)
    for _ in range(40):
        with pytest.raises(Rejected):
            await sender.send(PARCEL)
    assert await sender.send(PARCEL)


async def test_a_message_that_may_have_arrived_is_counted(sender: WeComSender, api: QyApi) -> None:
    for _ in range(limits.OUR_MEMBER_PER_MINUTE):
        api.script[SEND].extend([{"errcode": -1}] * limits.TRIES)
        with pytest.raises(Unreachable):
            await sender.send(PARCEL)
    with pytest.raises(RateLimited):
        await sender.send(PARCEL)


@pytest.mark.parametrize(
    "lost", [{"invaliduser": "zhaochen"}, {"unlicenseduser": "zhaochen"}, {"errcode": 81013}]
)
async def test_a_receiver_not_reached_is_gone(
    sender: WeComSender, api: QyApi, lost: dict[str, object]
) -> None:
    api.answers[SEND] = {"errcode": 0, **lost}
    with pytest.raises(ReceiverGone):
        await sender.send(PARCEL)


async def test_an_update_carries_its_code(sender: WeComSender, api: QyApi) -> None:
    update = Parcel("update", "ZhaoChen", b'{"userids":["ZhaoChen"],"agentid":1}', response_code='r"c')
    assert await sender.send(update) == Delivered()
    assert orjson.loads(api.bodies[0]) == {"userids": ["ZhaoChen"], "agentid": 1, "response_code": 'r"c'}


async def test_updates_do_not_count_as_messages(sender: WeComSender) -> None:
    for _ in range(40):
        await sender.send(Parcel("update", "ZhaoChen", b"{}", response_code="rc"))
    assert await sender.send(PARCEL)


@pytest.mark.parametrize(
    ("body", "code"), [(b"{}", None), (b"{}", ""), (b"[]", "rc"), (b"nonsense", "rc")], ids=str
)
async def test_an_update_that_cannot_work_is_not_sent(
    sender: WeComSender, api: QyApi, body: bytes, code: str | None
) -> None:
    with pytest.raises(Rejected):
        await sender.send(Parcel("update", "ZhaoChen", body, response_code=code))
    assert api.calls[UPDATE] == 0


async def test_an_update_for_somebody_without_the_card(sender: WeComSender, api: QyApi) -> None:
    api.answers[UPDATE] = {"errcode": 0, "invaliduser": ["zhaochen"]}
    with pytest.raises(ReceiverGone):
        await sender.send(Parcel("update", "ZhaoChen", b"{}", response_code="rc"))


@settings(max_examples=50)
@given(st.lists(st.floats(0, 20), max_size=200))
def test_no_minute_ever_holds_more_than_the_platform_takes(pauses: list[float]) -> None:
    """Every window of 60 s, wherever it begins, whoever waits as told or not."""
    hands = Hands()
    pace = Pace(hands.clock)
    passed: list[datetime] = []
    for pause in pauses:
        hands.forward(pause / 10)
        if pace.take("zhao") == 0:
            passed.append(hands.now)
    for moment in passed:
        window = [other for other in passed if moment <= other < moment + timedelta(minutes=1)]
        assert len(window) <= limits.OUR_MEMBER_PER_MINUTE < limits.MEMBER_PER_MINUTE


def test_the_hour_has_its_own_limit() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    taken = 0
    while pace.take("zhao") == 0:
        taken += 1
        hands.forward(3)
    assert taken == limits.OUR_MEMBER_PER_HOUR < limits.MEMBER_PER_HOUR
    assert pace.take("zhao") == pytest.approx(3600 - 3 * taken)


def test_whoever_waits_as_told_passes() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    for _ in range(200):
        wait = pace.take("zhao")
        hands.forward(wait)
        assert wait == 0 or pace.take("zhao") == 0


def test_a_clock_set_back_costs_a_minute_at_most() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    for _ in range(limits.OUR_MEMBER_PER_MINUTE):
        pace.take("zhao")
    hands.now = NOW - timedelta(hours=5)
    assert 0 < pace.take("zhao") <= 60


def test_members_of_long_ago_are_forgotten() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    for number in range(3000):
        pace.take(f"member-{number}")
    hands.forward(3700)
    for _ in range(1000):
        pace.take("zhao")
    assert pace.remembered == 1
