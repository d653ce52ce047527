"""Robot messages: one-to-one, groups, reply addresses, taking back."""

from __future__ import annotations

import orjson
import pytest

from tests.sandbox.dingtalk.stage import CLIENT, GROUP, HTTP_CLIENT, Json, Stage, heard, listen

BATCH, TO_GROUP = "v1.0/robot/oToMessages/batchSend", "v1.0/robot/groupMessages/send"
TEXT: Json = {"content": "今天有 3 个任务"}


def batch(*users: str, key: str = "sampleText", param: Json | None = None, **changes: object) -> Json:
    """The body of a batch send; a change to None takes the key out."""
    param = TEXT if param is None else param
    body: Json = {"robotCode": CLIENT, "userIds": list(users), "msgKey": key}
    body["msgParam"] = orjson.dumps(param).decode()
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def to_group(**changes: object) -> Json:
    """The body of a group send."""
    return {**batch(), "userIds": None, "openConversationId": GROUP, **changes}


async def test_batch_reaches_each_colleague_and_names_the_rest(on: Stage) -> None:
    on.ding.faults.flow_controlled.add("wang")
    status, answer = await on.call("POST", BATCH, batch("zhang", "li", "nobody", "wang", "zhang"))
    assert status == 200
    assert answer["invalidStaffIdList"] == ["nobody"]
    assert answer["flowControlledStaffIdList"] == ["wang"]
    assert [one.text for one in on.ding.chat("zhang")] == ["今天有 3 个任务"]
    assert [one.text for one in on.ding.chat("li")] == ["今天有 3 个任务"]
    assert on.ding.chat("wang") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (batch("zhang", robotCode=None), "invalidParameter.robotCode.empty"),
        (batch("zhang", robotCode=HTTP_CLIENT), "invalidParameter.robotCode.auth"),
        (batch(), "invalidParameter.userIds.empty"),
        (batch(*(f"u{number}" for number in range(21))), "invalidParameter.userIds.overMax"),
        (batch("$:LWCP_v1:$abc"), "staffId.notExisted"),
        (batch("zhang", key=""), "invalidParameter.msgKey.empty"),
        (batch("zhang", key="sampleTable"), "invalidParameter.msgKey.invalid"),
        (batch("zhang", param={"title": "x"}), "invalidParameter.msgParam.invalid"),
        (batch("zhang", msgParam="text"), "invalidParameter.msgParam.invalid"),
        (batch("zhang", param={"content": "长" * 5000}), "invalidParameter.msgParam.tooLong"),
        (batch("zhang", key="sampleMarkdown", param={"text": "x"}), "invalidParameter.msgParam.invalid"),
    ],
)
async def test_batch_that_breaks_a_rule_reaches_nobody(on: Stage, body: Json, code: str) -> None:
    status, answer = await on.call("POST", BATCH, body)
    assert (status, answer["code"]) == (400, code)
    assert {"code", "message", "requestid"} <= set(answer)
    assert on.ding.chat("zhang") == []


@pytest.mark.parametrize(
    ("key", "param", "kind", "links"),
    [
        ("sampleMarkdown", {"title": "早报", "text": "**3** 个任务"}, "markdown", []),
        (
            "sampleActionCard",
            {"title": "早报", "text": "看", "singleTitle": "打开", "singleURL": "https://a.b"},
            "action_card",
            ["打开"],
        ),
        (
            "sampleActionCard2",
            {
                "title": "选",
                "text": "哪个",
                "actionTitle1": "甲",
                "actionURL1": "https://a",
                "actionTitle2": "乙",
                "actionURL2": "https://b",
            },
            "action_card",
            ["甲", "乙"],
        ),
        (
            "sampleActionCard6",
            {
                "title": "选",
                "text": "哪个",
                "buttonTitle1": "甲",
                "buttonUrl1": "https://a",
                "buttonTitle2": "乙",
                "buttonUrl2": "https://b",
            },
            "action_card",
            ["甲", "乙"],
        ),
        (
            "sampleLink",
            {"title": "看板", "text": "x", "picUrl": "https://p", "messageUrl": "https://m"},
            "link",
            ["看板"],
        ),
    ],
)
async def test_each_message_type_is_drawn(
    on: Stage, key: str, param: Json, kind: str, links: list[str]
) -> None:
    status, _ = await on.call("POST", BATCH, batch("zhang", key=key, param=param))
    (bubble,) = on.ding.chat("zhang")
    assert (status, bubble.kind, [one.title for one in bubble.links]) == (200, kind, links)
    assert orjson.loads(orjson.dumps(bubble.view("zhang")))["title"] == param["title"]


async def test_group_message_is_seen_by_its_members(on: Stage) -> None:
    status, _ = await on.call("POST", TO_GROUP, to_group())
    assert status == 200
    assert [one.text for one in on.ding.chat("li", GROUP)] == [TEXT["content"]]
    with pytest.raises(KeyError):
        on.ding.chat("wang", GROUP)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"openConversationId": ""}, "miss.openConversationId"),
        ({"openConversationId": "cidNothing=="}, "invalid.openConversationId"),
    ],
)
async def test_wrong_group_is_refused(on: Stage, changes: Json, code: str) -> None:
    assert (await on.call("POST", TO_GROUP, to_group(**changes)))[1]["code"] == code


async def test_single_chat_is_no_group_and_a_disbanded_group_is_none_either(on: Stage) -> None:
    single = on.ding.space.single("zhang", CLIENT)
    _, answer = await on.call("POST", TO_GROUP, to_group(openConversationId=single.id))
    assert answer["code"] == "resource.not.found"
    on.ding.space.conversations[GROUP].disbanded = True
    _, answer = await on.call("POST", TO_GROUP, to_group())
    assert answer["code"] == "group.disbanded"


async def test_recall_takes_a_message_away_within_24_hours(on: Stage) -> None:
    _, sent = await on.call("POST", BATCH, batch("zhang"))
    body = {"robotCode": CLIENT, "processQueryKeys": [sent["processQueryKey"], "unknown"]}
    _, answer = await on.call("POST", "v1.0/robot/otoMessages/batchRecall", body)
    assert answer["successResult"] == [sent["processQueryKey"]]
    assert list(answer["failedResult"]) == ["unknown"]
    assert on.ding.chat("zhang") == []
    _, late = await on.call("POST", TO_GROUP, to_group())
    on.later(hours=25)
    await on.login()
    body = {"robotCode": CLIENT, "openConversationId": GROUP, "processQueryKeys": [late["processQueryKey"]]}
    _, answer = await on.call("POST", "v1.0/robot/groupMessages/recall", body)
    assert answer["successResult"] == []
    many = {"robotCode": CLIENT, "processQueryKeys": [str(number) for number in range(21)]}
    assert (await on.call("POST", "v1.0/robot/otoMessages/batchRecall", many))[0] == 400


async def test_reading_is_reported(on: Stage) -> None:
    _, sent = await on.call("POST", BATCH, batch("zhang", "li"))
    listen(on, "robot_msg_read")
    await on.bot.connect()
    for _ in range(2):
        on.ding.people.reads("li", on.ding.chat("li")[0])
    ((kind, data),) = await heard(on)
    assert (kind, data["userId"], data["processQueryKey"]) == (
        "robot_msg_read",
        "li",
        sent["processQueryKey"],
    )
    query = {"robotCode": CLIENT, "processQueryKey": sent["processQueryKey"]}
    _, answer = await on.call("GET", "v1.0/robot/oToMessages/readStatus", **query)
    status = {one["userId"]: one["readStatus"] for one in answer["messageReadInfoList"]}
    assert status == {"zhang": "UNREAD", "li": "READ"}


async def hook(on: Stage, body: Json, group: str | None = None) -> Json:
    """Say something as zhang and reply by the address that came with it."""
    if not on.bot.sockets:
        await on.bot.connect()
    await on.ding.says("zhang", "你好", group)
    async with on.http.post(on.bot.said()[-1]["sessionWebhook"], json=body) as response:
        assert response.status == 200
        answer: Json = await response.json()
        return answer


async def test_reply_address_needs_no_token_and_costs_no_call(on: Stage) -> None:
    before = on.ding.quota.api_used
    answer = await hook(on, {"msgtype": "text", "text": {"content": "记下了"}})
    assert answer == {"errcode": 0, "errmsg": "ok"}
    assert on.ding.chat("zhang")[-1].text == "记下了"
    assert on.ding.quota.api_used == before


async def test_reply_in_a_group_calls_somebody(on: Stage) -> None:
    body = {
        "msgtype": "markdown",
        "markdown": {"title": "t", "text": "@zhang 好"},
        "at": {"atUserIds": ["zhang", "x"]},
    }
    await hook(on, body, GROUP)
    assert on.ding.chat("li", GROUP)[-1].at == ("zhang",)


async def test_reply_address_ends_after_90_minutes(on: Stage) -> None:
    await hook(on, {"msgtype": "text", "text": {"content": "一"}})
    on.later(minutes=90)
    async with on.http.post(
        on.bot.said()[-1]["sessionWebhook"], json={"msgtype": "text", "text": {"content": "二"}}
    ) as response:
        assert response.status == 200
        assert await response.json() | {"request_id": ""} == {
            "errcode": 300001,
            "errmsg": "session 不存在",
            "request_id": "",
        }


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"msgtype": "interactiveCard"}, 400105),
        ({"msgtype": "text"}, 40035),
        ({"msgtype": "markdown", "markdown": {"text": "x"}}, 40035),
        ({"msgtype": "markdown", "markdown": {"title": "x", "text": "长" * 7000}}, 40035),
        ({"msgtype": "actionCard", "actionCard": {"title": "x", "text": "y"}}, 40035),
    ],
)
async def test_wrong_reply_is_refused(on: Stage, body: Json, errcode: int) -> None:
    assert (await hook(on, body))["errcode"] == errcode


async def test_tapping_a_quick_reply_says_its_words(on: Stage) -> None:
    text = (
        "看 [客户列表](dtmd://dingtalkclient/sendMessage?content=%E5%AE%A2%E6%88%B7) 或 [网页](https://a.b)"
    )
    await hook(on, {"msgtype": "markdown", "markdown": {"title": "t", "text": text}})
    message = on.ding.chat("zhang")[-1]
    assert await on.ding.taps("zhang", message, "网页") == "https://a.b"
    await on.ding.taps("zhang", message, "客户列表")
    assert on.bot.said()[-1]["text"]["content"] == "客户"


async def test_action_card_buttons_can_be_tapped(on: Stage) -> None:
    send = "dtmd://dingtalkclient/sendMessage?content=%E5%AE%8C%E6%88%90"
    card = {"title": "t", "text": "x", "btnOrientation": "1", "btns": [{"title": "完成", "actionURL": send}]}
    await hook(on, {"msgtype": "actionCard", "actionCard": card})
    await on.ding.taps("zhang", on.ding.chat("zhang")[-1], "完成")
    assert on.bot.said()[-1]["text"]["content"] == "完成"


async def test_pictures_voice_and_files_arrive_with_download_codes(on: Stage) -> None:
    await on.bot.connect()
    await on.ding.people.sends_picture("zhang", b"\x89PNG picture", GROUP)
    await on.ding.people.sends_voice("zhang", b"#!AMR voice", "拜访了华润", 2100)
    await on.ding.people.sends_file("zhang", "报价.pdf", b"%PDF")
    await on.ding.people.sends_rich_text("zhang", "看这个", b"\x89PNG two")
    picture, voice, file, rich = on.bot.said()
    assert picture["msgtype"] == "picture"
    assert voice["content"]["recognition"] == "拜访了华润"
    assert voice["content"]["duration"] == 2100
    assert file["content"]["fileName"] == "报价.pdf"
    assert rich["content"]["richText"][0] == {"text": "看这个"}
    body = {"downloadCode": picture["content"]["downloadCode"], "robotCode": CLIENT}
    _, answer = await on.call("POST", "v1.0/robot/messageFiles/download", body)
    async with on.http.get(answer["downloadUrl"]) as response:
        assert await response.read() == b"\x89PNG picture"
    on.later(hours=2)
    async with on.http.get(answer["downloadUrl"]) as response:
        assert response.status == 403


async def test_download_code_of_another_robot_is_refused(on: Stage) -> None:
    await on.bot.connect()
    await on.ding.people.sends_picture("zhang", b"\x89PNG", client_id=HTTP_CLIENT)
    body = orjson.loads(on.bodies[-1])
    code = {"downloadCode": body["content"]["downloadCode"], "robotCode": CLIENT}
    _, answer = await on.call("POST", "v1.0/robot/messageFiles/download", code)
    assert answer["code"] == "invalidParameter.robotCode.auth"
