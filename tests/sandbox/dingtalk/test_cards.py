"""Interactive cards: strict calls, who sees what, clicks and forms, late answers, HTTP callbacks."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from aiohttp import web

from sandbox.dingtalk import CannotPress
from sandbox.dingtalk.crypto import card_sign
from sandbox.dingtalk.frames import CARD_TOPIC
from tests.sandbox.dingtalk.stage import CLIENT, DRAFT, GROUP, PLAIN, Json, Stage, card_body, group_card

INSTANCES = "v1.0/card/instances"
BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
FIELDS: list[Json] = [
    {"name": "rec", "type": "TEXT", "hidden": True, "defaultValue": "cust-42"},
    {"name": "customer", "label": "客户", "type": "TEXT", "required": True, "requiredMsg": "请填客户"},
    {"name": "note", "type": "TEXT_AREA"},
    {"name": "amount", "label": "金额", "type": "NUMBER"},
    {
        "name": "stage",
        "type": "SELECT",
        "options": [{"value": "1", "text": "初访"}, {"value": "3", "text": "报价"}],
    },
    {
        "name": "tags",
        "type": "MULTI_SELECT",
        "options": [{"value": "a", "text": "甲"}, {"value": "b", "text": "乙"}],
    },
    {"name": "next", "type": "DATETIME"},
    {"name": "ok", "type": "CHECKBOX"},
]


def with_form(**values: str) -> Json:
    """Card data with the form."""
    return {"cardParamMap": {"form": orjson.dumps({"fields": FIELDS}).decode(), **values}}


async def test_card_is_created_and_delivered(on: Stage) -> None:
    status, answer = await on.card()
    assert status == 200
    assert answer["result"]["outTrackId"] == "card-1"
    (result,) = answer["result"]["deliverResults"]
    assert result["success"] is True
    assert result["carrierId"]
    (bubble,) = on.ding.chat("zhang")
    assert "新建拜访" in bubble.shows("zhang")
    body = {"robotCode": CLIENT, "processQueryKeys": [result["carrierId"]]}
    _, recalled = await on.call("POST", "v1.0/robot/otoMessages/batchRecall", body)
    assert recalled["successResult"] == [result["carrierId"]]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"cardTemplateId": None}, "param.cardTemplateIdEmpty"),
        ({"cardTemplateId": "x.schema"}, "param.templateNotExist"),
        ({"cardTemplateId": DRAFT}, "param.templateUnpublished"),
        ({"outTrackId": ""}, "param.outTrackIdEmpty"),
        ({"outTrackId": "x" * 101}, "param.invalid"),
        ({"cardData": None}, "param.cardPublicDataEmpty"),
        ({"cardData": {"cardParamMap": {"amount": 58}}}, "param.invalid"),
        ({"cardData": {"cardParamMap": {"x": None}}}, "param.invalid"),
        ({"cardData": {"cardParamMap": {"键" * 34: "x"}}}, "param.invalid"),
        ({"cardData": {"cardParamMap": {"x": "长" * 35000}}}, "param.invalid"),
        ({"callbackType": "stream"}, "param.invalid"),
        ({"callbackType": "HTTP", "callbackRouteKey": "unknown"}, "param.invalid"),
        ({"userIdType": 3}, "param.invalid"),
        ({"privateData": {"nobody": {"cardParamMap": {}}}}, "param.userIdNotExist"),
        ({"openSpaceId": None}, "param.openSpaceIdEmpty"),
        ({"openSpaceId": "IM_ROBOT.zhang"}, "param.openSpaceIdInvalid"),
        ({"openSpaceId": "dtv1.card//IM_MOON.zhang"}, "param.openSpaceIdInvalid"),
        ({"openSpaceId": "dtv1.card//IM_ROBOT." + "z" * 1000}, "param.openSpaceIdInvalid"),
        ({"imRobotOpenDeliverModel": None}, "param.openDeliverModelEmpty"),
        ({"imRobotOpenDeliverModel": {}}, "param.openDeliverModelEmpty"),
        ({"imRobotOpenDeliverModel": {"robotCode": "other"}}, "param.openDeliverModelError"),
        ({"imRobotOpenSpaceModel": None}, "param.spaceDeliverModelEmpty"),
        ({"imRobotOpenSpaceModel": {"supportForward": "no"}}, "param.openSpaceModelInvalid"),
        (group_card(robotCode=""), "param.openDeliverModelError"),
    ],
)
async def test_card_that_breaks_a_rule_is_refused_and_not_kept(on: Stage, changes: Json, code: str) -> None:
    status, answer = await on.card(**changes)
    assert (status, answer["code"]) == (400, code)
    assert on.ding.cards.cards == {}


async def test_out_track_id_is_used_once(on: Stage) -> None:
    await on.card()
    assert (await on.card())[1]["code"] == "param.cardAlreadyExist"


@pytest.mark.parametrize("space", ["nobody", "wang"])
async def test_undelivered_card_is_told_with_http_200(on: Stage, space: str) -> None:
    on.ding.faults.undeliverable["wang"] = "用户不在机器人可见范围内"
    status, answer = await on.card(openSpaceId=f"dtv1.card//IM_ROBOT.{space}")
    assert status == 200
    assert answer["success"] is True
    (result,) = answer["result"]["deliverResults"]
    assert result["success"] is False
    assert result["errorMsg"]


async def test_several_spaces_in_one_call(on: Stage) -> None:
    _, answer = await on.card(openSpaceId="dtv1.card//IM_ROBOT.zhang;IM_ROBOT.nobody;im_robot.li")
    assert [one["success"] for one in answer["result"]["deliverResults"]] == [True, False, True]


async def test_lying_delivery_says_yes_and_shows_nothing(on: Stage) -> None:
    on.ding.faults.lying.add("zhang")
    _, answer = await on.card()
    assert answer["result"]["deliverResults"][0]["success"] is True
    assert on.ding.chat("zhang") == []


async def test_create_then_deliver(on: Stage) -> None:
    body = card_body()
    _, answer = await on.call("POST", INSTANCES, body)
    assert answer["result"] == "card-1"
    assert on.ding.chat("zhang") == []
    _, answer = await on.call("POST", f"{INSTANCES}/deliver", body)
    assert answer["result"][0]["success"] is True
    assert len(on.ding.chat("zhang")) == 1
    _, answer = await on.call("POST", f"{INSTANCES}/deliver", {**body, "outTrackId": "other"})
    assert answer["code"] == "param.cardNotExist"


async def test_group_card_for_recipients_only(on: Stage) -> None:
    _, answer = await on.card(**group_card(robotCode=CLIENT, recipients=["li"], atUserIds={"@ALL": "@ALL"}))
    assert answer["result"]["deliverResults"][0]["success"] is True
    assert [one.kind for one in on.ding.chat("li", GROUP)] == ["card"]
    assert on.ding.chat("zhang", GROUP) == []


async def test_update_overwrites_unless_told_to_update_by_key(on: Stage) -> None:
    await on.card()
    body: Json = {"outTrackId": "card-1", "cardData": {"cardParamMap": {"status": "已同意"}}}
    _, answer = await on.call("PUT", INSTANCES, {**body, "cardUpdateOptions": BY_KEY})
    assert answer == {"success": True, "result": True}
    (bubble,) = on.ding.chat("zhang")
    assert bubble.card is not None
    assert bubble.card.view("zhang") == {"title": "新建拜访", "status": "已同意"}
    await on.call("PUT", INSTANCES, body)
    assert bubble.card.view("zhang") == {"status": "已同意"}
    _, answer = await on.call("PUT", INSTANCES, {"outTrackId": "card-1"})
    assert answer["code"] == "param.cardDataAndPrivateDataBothEmpty"


async def test_answer_to_a_click_is_seen_by_the_clicker_alone_until_the_update(on: Stage) -> None:
    async def agree(_frame: Json) -> Json:
        answer = {"cardUpdateOptions": BY_KEY, "cardData": {"cardParamMap": {"status": "已同意"}}}
        return {"response": {**answer, "userPrivateData": {"cardParamMap": {"form_status": "disabled"}}}}

    on.bot.answers[CARD_TOPIC] = agree
    await on.bot.connect()
    await on.card(**group_card(robotCode=CLIENT), cardTemplateId=PLAIN)
    click = await on.ding.presses("li", "card-g", "1", {"action": "accept"})
    assert click.status == "answered"
    card = on.ding.cards.cards["card-g"]
    assert card.view("li") == {"title": "新建拜访", "status": "已同意", "form_status": "disabled"}
    assert card.view("zhang")["status"] == "待处理"
    update: Json = {"outTrackId": "card-g", "cardUpdateOptions": BY_KEY}
    await on.call("PUT", INSTANCES, {**update, "cardData": {"cardParamMap": {"status": "李经理已同意"}}})
    assert {card.view("li")["status"], card.view("zhang")["status"]} == {"李经理已同意"}


async def test_click_arrives_as_documented(on: Stage) -> None:
    await on.bot.connect()
    await on.card(cardTemplateId=PLAIN)
    await on.ding.presses("zhang", "card-1", "1", {"action": "accept"})
    frame = on.bot.frames[-1]
    data = orjson.loads(frame["data"])
    assert (frame["type"], data["type"], data["outTrackId"]) == ("CALLBACK", "actionCallback", "card-1")
    assert data["userId"] == "zhang"
    private = orjson.loads(data["content"])["cardPrivateData"]
    assert private == {"actionIds": ["1"], "params": {"action": "accept"}}
    assert orjson.loads(data["extension"]) == {}


async def test_late_answer_fails_the_click_and_is_ignored(on: Stage) -> None:
    release = asyncio.Event()

    async def late(_frame: Json) -> Json:
        await release.wait()
        return {"response": {"cardData": {"cardParamMap": {"status": "太晚"}}}}

    on.bot.answers[CARD_TOPIC] = late
    on.ding.pushes.card_timeout = 0.05
    await on.bot.connect()
    await on.card(cardTemplateId=PLAIN)
    click = await on.ding.presses("zhang", "card-1", "1")
    assert click.status == "failed"
    release.set()
    (connection,) = on.ding.gateway.of(CLIENT)
    assert await connection.ping()
    assert on.ding.cards.cards["card-1"].view("zhang")["status"] == "待处理"
    assert "late" in on.ding.gateway.complaints[-1]
    assert on.ding.pushes.waiting == 0


async def test_card_without_callback_type_reaches_nobody(on: Stage) -> None:
    await on.bot.connect()
    await on.card(cardTemplateId=PLAIN, callbackType=None)
    assert (await on.ding.presses("zhang", "card-1", "1")).status == "unheard"
    assert on.bot.frames == []


async def test_click_by_union_id(on: Stage) -> None:
    await on.bot.connect()
    await on.card(cardTemplateId=PLAIN, userIdType=2, openSpaceId="dtv1.card//IM_ROBOT.unionZhang")
    click = await on.ding.presses("zhang", "card-1", "1")
    assert click.data["userId"] == "unionZhang"


async def test_answer_that_cannot_be_shown_is_noted(on: Stage) -> None:
    async def keyed(_frame: Json) -> Json:
        return {"response": {"userPrivateData": {"zhang": {"cardParamMap": {"a": "b"}}}}}

    on.bot.answers[CARD_TOPIC] = keyed
    await on.bot.connect()
    await on.card(cardTemplateId=PLAIN)
    await on.ding.presses("zhang", "card-1", "1")
    assert "cannot" not in on.ding.gateway.complaints[-1]
    assert "not shown" in on.ding.gateway.complaints[-1]


async def test_buttons_come_from_the_card(on: Stage) -> None:
    await on.bot.connect()
    listed = [
        {"text": "同意", "id": "agree", "request": True, "params": {"q": "Q1"}},
        {"text": "灰", "id": "gone", "request": True, "status": "disabled"},
        {"text": "看板", "url": "https://a.b"},
    ]
    await on.card(cardData={"cardParamMap": {"btns": orjson.dumps(listed).decode()}})
    click = await on.ding.taps("zhang", "card-1", "同意")
    assert not isinstance(click, str)
    assert orjson.loads(orjson.loads(on.bot.frames[-1]["data"])["content"])["cardPrivateData"] == {
        "actionIds": ["agree"],
        "params": {"q": "Q1"},
    }
    assert await on.ding.taps("zhang", "card-1", "看板") == "https://a.b"
    for action in ("gone", "nothing"):
        with pytest.raises(CannotPress):
            await on.ding.presses("zhang", "card-1", action)
    with pytest.raises(CannotPress):
        await on.ding.presses("li", "card-1", "agree")


async def test_form_is_checked_by_the_client_and_comes_back_as_documented(on: Stage) -> None:
    await on.bot.connect()
    await on.card(cardData=with_form())
    with pytest.raises(CannotPress, match="请填客户"):
        await on.ding.submits("zhang", "card-1", {"note": "x"})
    for wrong in (
        {"stage": "9"},
        {"amount": "很多"},
        {"next": "明天"},
        {"ok": "是"},
        {"rec": "x"},
        {"who": "x"},
    ):
        with pytest.raises(CannotPress):
            await on.ding.submits("zhang", "card-1", {"customer": "华润", **wrong})
    values = {"customer": "华润", "stage": "3", "tags": ["b", "a"], "next": "2026-06-13 10:26", "ok": True}
    await on.ding.submits("zhang", "card-1", values)
    private = orjson.loads(orjson.loads(on.bot.frames[-1]["data"])["content"])["cardPrivateData"]
    assert private["actionIds"] == ["form"]
    assert private["params"]["form"] == {
        "rec": "cust-42",
        "customer": "华润",
        "stage": {"index": 1, "value": "3"},
        "tags": {"index": [0, 1], "value": ["a", "b"]},
        "next": "2026-06-13 10:26",
        "ok": True,
    }
    assert private["params"]["current_form"]["fields"][0]["name"] == "rec"


async def test_every_kind_of_field_comes_back_in_its_shape(on: Stage) -> None:
    options = [{"value": "1", "text": "甲"}, {"value": "2", "text": "乙"}]
    fields: list[Json] = [
        {"name": "one", "type": "CHECKBOX_GROUP", "options": options},
        {"name": "many", "type": "MULTI_CHECKBOX_GROUP", "options": options},
        {"name": "day", "type": "DATE"},
        {"name": "time", "type": "TIME"},
        {"name": "on", "type": "SWITCH", "defaultValue": True},
        {"name": "list", "type": "TEXT_ARRAY", "defaultValue": ["中餐"]},
        {"name": "stage", "type": "SELECT", "options": options, "defaultValue": {"index": 1, "value": "2"}},
        {"name": "fixed", "type": "TEXT", "readOnly": True, "defaultValue": "不变"},
        {"name": "amount", "type": "NUMBER"},
        {"name": "empty", "type": "MULTI_SELECT", "options": options},
    ]
    await on.bot.connect()
    await on.card(cardData={"cardParamMap": {"form": orjson.dumps({"fields": fields}).decode()}})
    for wrong in (
        {"one": "3"},
        {"many": ["1", "3"]},
        {"day": "6 月 13 日"},
        {"time": "晚上"},
        {"fixed": "x"},
    ):
        with pytest.raises(CannotPress):
            await on.ding.submits("zhang", "card-1", wrong)
    values = {"one": "2", "many": ["2", "1"], "day": "2026-06-13", "time": "10:26", "amount": "3.5"}
    await on.ding.submits("zhang", "card-1", {**values, "empty": []})
    private = orjson.loads(orjson.loads(on.bot.frames[-1]["data"])["content"])["cardPrivateData"]
    assert private["params"]["form"] == {
        "one": "2",
        "many": ["1", "2"],
        "day": "2026-06-13",
        "time": "10:26",
        "on": True,
        "list": ["中餐"],
        "stage": {"index": 1, "value": "2"},
        "fixed": "不变",
        "amount": "3.5",
    }


async def test_frozen_form_cannot_be_sent_again(on: Stage) -> None:
    await on.bot.connect()
    await on.card(cardData=with_form(form_status="disabled"))
    with pytest.raises(CannotPress):
        await on.ding.submits("zhang", "card-1", {"customer": "华润"})


async def test_click_over_http_is_signed_and_answered(on: Stage) -> None:
    async def answer(_request: web.Request, _body: bytes) -> web.StreamResponse:
        return web.json_response(
            {"cardData": {"cardParamMap": {"status": "好"}}, "cardUpdateOptions": BY_KEY}
        )

    on.replies["/card"] = answer
    url = on.ding.space.app("dinghttp0001").robot_url.replace("/robot", "/card")
    register = {"callbackRouteKey": "crm", "callbackUrl": url, "apiSecret": "s3cret"}
    assert (await on.call("POST", "v1.0/card/callbacks/register", register))[1]["success"] is True
    await on.card(cardTemplateId=PLAIN, callbackType="HTTP", callbackRouteKey="crm")
    click = await on.ding.presses("zhang", "card-1", "1")
    assert click.status == "answered"
    headers = on.received[-1].headers
    stamp = headers["x-ddpaas-signature-timestamp"]
    assert headers["x-ddpaas-signature"] == card_sign(stamp, "s3cret")
    assert on.ding.cards.cards["card-1"].view("zhang")["status"] == "好"


async def test_streaming_writes_one_variable(on: Stage) -> None:
    await on.card()
    for part, whole in (("记", False), ("下了", False), ("记好了", True)):
        body = {"outTrackId": "card-1", "guid": "g", "key": "msg", "content": part, "isFull": whole}
        assert (await on.call("PUT", "v1.0/card/streaming", body))[0] == 200
    assert on.ding.cards.cards["card-1"].view("zhang")["msg"] == "记好了"
