"""Limits, each where the platform draws it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sandbox.dingtalk import limits
from sandbox.dingtalk.quota import EDITIONS
from sandbox.dingtalk.switches import DingSwitches
from tests.sandbox.dingtalk.stage import CLIENT, GROUP, HTTP_CLIENT, PLAIN, Json, Stage, card_body

BATCH, TO_GROUP, DING = (
    "v1.0/robot/oToMessages/batchSend",
    "v1.0/robot/groupMessages/send",
    "v1.0/robot/ding/send",
)
INSTANCES, STREAMING = "v1.0/card/instances", "v1.0/card/streaming"
TEXT: Json = {"robotCode": CLIENT, "msgKey": "sampleText", "msgParam": '{"content":"x"}'}
EVENTS = "v1.0/calendar/users/unionZhang/calendars/primary/events"


def model(**parts: Any) -> Json:
    """A space model for a one-to-one chat."""
    return {"supportForward": False, **parts}


async def test_texts_that_announce_a_card_are_cut_to_200_characters(on: Stage) -> None:
    announced = model(
        lastMessageI18n={"ZH_CN": "新建拜访"},
        searchSupport={"searchIcon": "@x", "searchTypeName": "{}", "searchDesc": "搜" * 201},
        notification={"alertContent": "提" * 300, "notificationOff": False},
    )
    assert (await on.card(imRobotOpenSpaceModel=announced))[0] == 200
    card: Any = on.ding.chat("zhang")[0].view("zhang")["card"]
    assert card["announced"] == {
        "IM_ROBOT": {"summary": "新建拜访", "found_as": "搜" * 200, "alert": "提" * 200}
    }


@pytest.mark.parametrize(
    "wrong",
    [
        model(notification={"alertContent": 5}),
        model(notification={"notificationOff": "no"}),
        model(searchSupport={"searchDesc": []}),
        model(lastMessageI18n={"ZH_CN": 1}),
    ],
)
async def test_wrong_announcement_is_refused(on: Stage, wrong: Json) -> None:
    assert (await on.card(imRobotOpenSpaceModel=wrong))[1]["code"] == "param.openSpaceModelInvalid"


async def test_card_goes_to_another_kind_of_place_only_when_that_was_added(on: Stage) -> None:
    await on.card()
    body = {
        "outTrackId": "card-1",
        "openSpaceId": f"dtv1.card//IM_GROUP.{GROUP}",
        "imGroupOpenDeliverModel": {"robotCode": CLIENT},
    }
    assert (await on.call("POST", f"{INSTANCES}/deliver", body))[1]["code"] == "param.spaceDeliverModelEmpty"
    empty = await on.call("PUT", f"{INSTANCES}/spaces", {"outTrackId": "card-1"})
    assert empty[1]["code"] == "param.openSpaceModelInvalid"
    added = {"outTrackId": "card-1", "imGroupOpenSpaceModel": model()}
    assert (await on.call("PUT", f"{INSTANCES}/spaces", added))[0] == 200
    assert (await on.call("POST", f"{INSTANCES}/deliver", body))[1]["result"][0]["success"] is True
    assert len(on.ding.chat("li", GROUP)) == 1


async def test_one_variable_over_a_kilobyte_is_refused_only_where_that_is_enforced(on: Stage) -> None:
    long = {"cardParamMap": {"form": "x" * 1025}}
    assert (await on.card("one", cardData=long))[0] == 200
    await DingSwitches(on.ding).set("strict_values", value=True)
    assert (await on.card("two", cardData=long))[1]["code"] == "param.invalid"
    private = {"zhang": long}
    assert (await on.card("two", privateData=private))[1]["code"] == "param.invalid"
    assert (await on.call("PUT", INSTANCES, {"outTrackId": "one", "cardData": long}))[0] == 400
    assert (await on.card("two", cardData={"cardParamMap": {"form": "x" * 1024}}))[0] == 200


async def test_card_created_twice_silently_stays_the_old_one_where_that_is_so(on: Stage) -> None:
    await on.card(cardTemplateId=PLAIN)
    again = {"cardParamMap": {"status": "新的"}}
    assert (await on.card(cardData=again))[1]["code"] == "param.cardAlreadyExist"
    await DingSwitches(on.ding).set("old_cards", value=True)
    assert (await on.card(cardData=again))[0] == 200
    assert [one.shows("zhang").count("待处理") for one in on.ding.chat("zhang")] == [1, 1]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"content": "长" * 342}, "param.stream.contentTooLong"),
        ({"guid": ""}, "param.stream.guidEmpty"),
        ({"key": ""}, "param.stream.keyEmpty"),
        ({"isFull": "true"}, "param.stream.invalid"),
        ({"isFinalize": 1}, "param.stream.invalid"),
        ({"outTrackId": "other"}, "param.cardNotExist"),
    ],
)
async def test_streaming_that_breaks_a_rule_is_refused(on: Stage, changes: Json, code: str) -> None:
    await on.card()
    body = {"outTrackId": "card-1", "guid": "g", "key": "msg", "content": "x", **changes}
    assert (await on.call("PUT", STREAMING, body))[1]["code"] == code


async def test_card_streamed_beyond_3000_characters_is_blank(on: Stage) -> None:
    await on.card()
    for _ in range(3):
        body = {"outTrackId": "card-1", "guid": "g", "key": "msg", "content": "x" * 1000}
        assert (await on.call("PUT", STREAMING, body))[0] == 200
    assert len(on.ding.cards.cards["card-1"].view("zhang")["msg"]) == 3000
    await on.call("PUT", STREAMING, {**body, "content": "y"})
    assert on.ding.cards.cards["card-1"].view("zhang")["msg"] == ""


async def test_robot_that_writes_too_fast_is_held_back(on: Stage) -> None:
    await DingSwitches(on.ding).set("robot_pace", 2)
    body = {**TEXT, "userIds": ["zhang", "li"]}
    for expected in ([], [], ["zhang", "li"]):
        status, answer = await on.call("POST", BATCH, body)
        assert (status, answer["flowControlledStaffIdList"]) == (200, expected)
    assert (await on.call("POST", BATCH, {**TEXT, "userIds": ["wang"]}))[1]["flowControlledStaffIdList"] == []
    assert len(on.ding.chat("zhang")) == 2
    group = {**TEXT, "openConversationId": GROUP}
    answers = [await on.call("POST", TO_GROUP, group) for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 400]
    assert answers[-1][1]["code"] == "send.too.fast"
    on.later(minutes=1)
    assert (await on.call("POST", BATCH, body))[1]["flowControlledStaffIdList"] == []


async def test_unknown_robot_is_told_from_somebody_elses(on: Stage) -> None:
    body = {**TEXT, "userIds": ["zhang"]}
    _, answer = await on.call("POST", BATCH, {**body, "robotCode": "dingnothing"})
    assert answer["code"] == "invalidParameter.robotCode.notExsit"
    _, answer = await on.call("POST", BATCH, {**body, "robotCode": HTTP_CLIENT})
    assert answer["code"] == "invalidParameter.robotCode.auth"


async def test_custom_robot_calls_at_most_fifty_and_can_be_switched_off(on: Stage) -> None:
    token = on.ding.server.group_robots.add(GROUP)

    async def send(**at: Any) -> int:
        body = {"msgtype": "text", "text": {"content": "日报"}, "at": at}
        errcode: int = (await on.old("robot/send", body, access_token=token))["errcode"]
        return errcode

    assert await send(atUserIds=["zhang", "stranger"]) == 0
    assert on.ding.chat("li", GROUP)[-1].at == ("zhang",)
    assert await send(isAtAll=True) == 0
    assert on.ding.chat("li", GROUP)[-1].at == ("zhang", "li", "guest")
    assert await send(atMobiles=["1"] * 20, atUserIds=["zhang"] * 31) == 40035
    assert await send(atUserIds="zhang") == 40035
    on.ding.server.group_robots.disable(token)
    assert await send() == 400102


async def test_notice_for_more_people_than_allowed_reaches_nobody(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "NOTICE_REACHED", 2)
    body = {"agent_id": 1, "msg": {"msgtype": "text", "text": {"content": "x"}}}
    path = "topapi/message/corpconversation/asyncsend_v2"
    assert (await on.old(path, {**body, "userid_list": "zhang,li,wang"}))["errcode"] == 0
    assert list(on.ding.office.notices.chat("zhang").bubbles) == []
    assert (await on.old(path, {**body, "userid_list": "zhang,li"}))["errcode"] == 0
    assert len(on.ding.office.notices.chat("zhang").bubbles) == 1


async def test_ding_is_for_paid_editions_and_not_without_limit(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    body: Json = {
        "robotCode": CLIENT,
        "remindType": 1,
        "receiverUserIdList": ["zhang", "nobody"],
        "content": "请看一下",
    }
    assert (await on.call("POST", DING, body))[0] == 403
    await DingSwitches(on.ding).set("edition", "professional")
    status, answer = await on.call("POST", DING, body)
    assert (status, list(answer["failedList"])) == (200, ["nobody"])
    assert [one.text for one in on.ding.chat("zhang")] == ["请看一下"]
    mistakes: list[Json] = [{"remindType": 4}, {"remindType": True}, {"content": ""}]
    for wrong in (*mistakes, {"receiverUserIdList": []}):
        assert (await on.call("POST", DING, {**body, **wrong}))[0] == 400
    monkeypatch.setattr(limits, "DING_PER_MINUTE", 2)
    assert (await on.call("POST", DING, body))[1]["code"] == "toomuch.msg"
    on.later(minutes=1)
    assert (await on.call("POST", DING, body))[0] == 200


async def test_editions_have_their_own_quotas(on: Stage) -> None:
    quota, switches = on.ding.quota, DingSwitches(on.ding)
    assert (quota.api_month, quota.push_month, quota.calls_per_second) == (5_000, 3_000, 20)
    quota.use_up(api=True)
    body = {**TEXT, "userIds": ["zhang"]}
    assert (await on.call("POST", BATCH, body))[1]["code"].endswith("ApiCountLimitForOrg")
    for name, figures in (("professional", (200_000, 50_000, 20)), ("pack", (5_000_000, 500_000, 60))):
        await switches.set("edition", name)
        assert (quota.api_month, quota.push_month, quota.calls_per_second) == figures
        assert (await on.call("POST", BATCH, body))[0] == 200
    assert set(EDITIONS) == {"standard", "professional", "pack"}


async def test_many_come_to_an_event_but_not_all(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    day = {"summary": "x", "isAllDay": True, "start": {"date": "2026-03-03"}, "end": {"date": "2026-03-04"}}
    _, event = await on.call("POST", EVENTS, {**day, "attendees": [{"id": "unionLi"}]})
    url = f"{EVENTS}/{event['id']}/attendees"
    monkeypatch.setattr(limits, "CALENDAR_PARTICIPANTS", 2)
    for _ in range(2):
        assert (await on.call("POST", url, {"attendeesToAdd": [{"id": "unionWang"}]}))[0] == 200
    stored: Any = on.ding.office.calendars.events[event["id"]].fields["attendees"]
    assert [one["id"] for one in stored] == ["unionLi", "unionWang"]
    for wrong in ([{"id": "unionZhang"}], [{"id": "nobody"}], [{"id": "unionLi"}] * 501):
        assert (await on.call("POST", url, {"attendeesToAdd": wrong}))[0] == 400
    assert (await on.call("POST", f"{EVENTS}/other/attendees", {"attendeesToAdd": []}))[0] == 400


async def test_vendor_templates_are_there_for_every_app(on: Stage) -> None:
    ids = (
        "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema",
        "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema",
        "382e4302-551d-4880-bf29-a30acfab2e71.schema",
        "7f538f6d-ebb7-4533-a9ac-61a32da094cf.schema",
        "d28e2ac5-fb34-4d93-94bc-cf5c580c2d4f.schema",
    )
    for number, name in enumerate(ids):
        body = card_body(f"card-{number}", cardTemplateId=name)
        assert (await on.call("POST", f"{INSTANCES}/createAndDeliver", body))[0] == 200


async def test_visible_range_holds_for_messages_and_cards(on: Stage) -> None:
    space = on.ding.space
    first, *rest = space.organisation.apps
    narrow = replace(first, visible=frozenset({"zhang"}))
    space.organisation = replace(space.organisation, apps=(narrow, *rest))
    _, answer = await on.call("POST", BATCH, {**TEXT, "userIds": ["zhang", "li"]})
    assert answer["invalidStaffIdList"] == ["li"]
    _, answer = await on.card(openSpaceId="dtv1.card//IM_ROBOT.li")
    assert answer["result"]["deliverResults"][0]["success"] is False


async def test_failed_events_are_kept_for_minutes_and_read_page_by_page(
    on: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FAILED_LIST_PAGE", 2)
    on.ding.pushes.event_again = ()
    for number in range(3):
        await on.ding.event("user_modify_org", {"userId": [str(number)]}, [on.ding.space.app(CLIENT)])
    path = "call_back/get_call_back_failed_result"
    pages = [await on.old(path, method="GET") for _ in range(3)]
    assert [len(one["failed_list"]) for one in pages] == [2, 1, 0]
    assert [one["has_more"] for one in pages] == [True, False, False]
    await on.ding.event("user_modify_org", {"userId": ["x"]}, [on.ding.space.app(CLIENT)])
    on.later(minutes=5)
    assert (await on.old(path, method="GET"))["failed_list"] == []


async def test_private_data_belongs_to_somebody(on: Stage) -> None:
    private: Json = {"": {"cardParamMap": {}}}
    assert (await on.card(privateData=private))[1]["code"] == "param.userIdEmpty"


async def test_external_contacts_have_to_be_opened(on: Stage) -> None:
    on.ding.office.ext_contacts.opened = False
    for name in ("create", "update", "delete", "get", "list", "listlabelgroups"):
        assert (await on.old(f"topapi/extcontact/{name}", {}))["errcode"] == 60205
    on.ding.office.ext_contacts.opened = True
    assert (await on.old("topapi/extcontact/list", {}))["errcode"] == 0
