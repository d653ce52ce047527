"""The API client: one token for all, both envelopes, and each kind of failure told apart."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession, web

from bot.dingtalk import codes
from bot.dingtalk.client import (
    CARD,
    DOWNLOAD,
    GROUP,
    SINGLE,
    UPDATE,
    UPLOAD,
    WEBHOOK,
    DingTalkClient,
    Placed,
    Sent,
)
from bot.dingtalk.directory import Department, Member
from bot.dingtalk.transport import Call, Hosts, Transport
from bot.errors import (
    Misconfigured,
    RateLimited,
    ReceiverGone,
    Rejected,
    TokenExpired,
    Unreachable,
    VendorFault,
)
from tests.bot.dingtalk.gateway import CLIENT_ID
from tests.bot.platform import ACCESS_TOKEN, Hands, OpenApi, Step, ban_page, drop, forbidden, no_json, refused
from tests.bot.sinks import MemorySink

USER = "topapi/v2/user/get"


async def test_one_token_serves_both_apis(client: DingTalkClient, api: OpenApi) -> None:
    api.answers[SINGLE] = {
        "processQueryKey": "k1",
        "invalidStaffIdList": ["U1"],
        "flowControlledStaffIdList": [],
    }
    api.answers[USER] = {"errcode": 0, "result": {"userid": "ZhaoChen", "name": "赵晨"}}
    assert await client.send_single(b'{"a":1}') == Sent("k1", ("u1",))
    assert (await client.get_user("ZhaoChen")).name == "赵晨"
    assert api.calls[ACCESS_TOKEN] == 1
    assert api.bodies == [{"a": 1}, {"userid": "ZhaoChen", "language": "zh_CN"}]


async def test_many_callers_cause_one_token_call(client: DingTalkClient, api: OpenApi) -> None:
    await asyncio.gather(*(client.send_group(b"{}") for _ in range(32)))
    assert api.calls[ACCESS_TOKEN] == 1


async def test_a_token_is_renewed_five_minutes_before_its_end(
    client: DingTalkClient, api: OpenApi, hands: Hands
) -> None:
    await client.send_group(b"{}")
    hands.forward(7200 - 301)
    await client.send_group(b"{}")
    assert api.calls[ACCESS_TOKEN] == 1
    hands.forward(2)
    await client.send_group(b"{}")
    assert api.calls[ACCESS_TOKEN] == 2


@pytest.mark.parametrize("path", [GROUP, USER])
async def test_a_refused_token_is_renewed_exactly_once(transport: Transport, api: OpenApi, path: str) -> None:
    call = Call(path, is_old=path == USER, body=b"{}")
    await transport.answer(call)
    api.revoke()
    await asyncio.gather(*(transport.answer(call) for _ in range(16)))
    assert api.calls[ACCESS_TOKEN] == 2
    api.stubborn = True
    with pytest.raises(TokenExpired):
        await transport.answer(call)
    assert api.calls[ACCESS_TOKEN] == 3


@pytest.mark.parametrize("code", [40001, 40014, 42001, 33001])
async def test_the_old_apis_codes_of_a_spent_token(client: DingTalkClient, api: OpenApi, code: int) -> None:
    api.script[USER].append({"errcode": code})
    api.answers[USER] = {"errcode": 0, "result": {"userid": "u"}}
    assert (await client.get_user("u")).userid == "u"
    assert api.calls[ACCESS_TOKEN] == 2


async def test_wrong_credentials_are_not_tried_again_at_once(
    session: ClientSession, base_url: str, api: OpenApi, hands: Hands
) -> None:
    hosts = Hosts(base_url, base_url)
    wrong = Transport(session, hosts, CLIENT_ID, "wrong", hands.clock, sleep=hands.sleep)
    for _ in range(5):
        with pytest.raises(Misconfigured) as fault:
            await wrong.answer(Call(GROUP))
        assert "Client Secret" in fault.value.hint
    assert api.calls[ACCESS_TOKEN] == 1
    hands.forward(61)
    with pytest.raises(Misconfigured):
        await wrong.answer(Call(GROUP))
    assert api.calls[ACCESS_TOKEN] == 2


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (forbidden("QpsLimitForAppkeyAndApi"), RateLimited),
        (forbidden("QpsLimitForApi"), RateLimited),
        (forbidden("QpmLimitForAppkeyAndApi"), RateLimited),
        (refused("send.too.fast"), RateLimited),
        ((429, {}), RateLimited),
        ((200, {"status": 1111, "wait": 5, "punish": "deny"}), RateLimited),
        (forbidden("ApiCountLimitForOrg"), codes.QuotaSpent),
        (forbidden("AccessTokenPermissionDenied"), Misconfigured),
        (forbidden("IpNotInWhiteList"), Misconfigured),
        (refused("invalidParameter.robotCode.notExsit"), Misconfigured),
        (refused("param.templateUnpublished"), codes.CardsRefused),
        (refused("staffId.notExisted"), ReceiverGone),
        (refused("robot.oto.notExist"), ReceiverGone),
        (refused("group.disbanded"), ReceiverGone),
        (refused("param.cardAlreadyExist"), codes.CardKnown),
        (refused("param.cardNotExist"), codes.CardGone),
        (refused("invalidParameter.msgParam.tooLong"), Rejected),
        (refused("x" * 200), Unreachable),
        (refused("system.busy", 500), Unreachable),
        ((502, {}), Unreachable),
        (no_json, Unreachable),
        (ban_page, RateLimited),
        (drop, Unreachable),
    ],
)
async def test_failures_of_the_new_api(
    client: DingTalkClient, api: OpenApi, step: Step, expected: type[VendorFault]
) -> None:
    api.answers[GROUP] = step
    with pytest.raises(VendorFault) as fault:
        await client.send_group(b"{}")
    assert type(fault.value) is expected
    assert "不要看这里" not in str(fault.value)
    assert "token-" not in str(fault.value)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"errcode": 90018}, RateLimited),
        ({"errcode": 88, "sub_code": "90018"}, RateLimited),
        ({"errcode": "90002"}, RateLimited),
        ({"errcode": 90020}, codes.QuotaSpent),
        ({"errcode": 60011}, Misconfigured),
        ({"errcode": 33012}, ReceiverGone),
        ({"errcode": 60121}, ReceiverGone),
        ({"errcode": -1}, Unreachable),
        ({"errcode": 400002}, Rejected),
    ],
)
async def test_failures_of_the_old_api(
    client: DingTalkClient, api: OpenApi, answer: dict[str, object], expected: type[VendorFault]
) -> None:
    api.answers[USER] = answer
    with pytest.raises(VendorFault) as fault:
        await client.get_user("u")
    assert type(fault.value) is expected


async def test_a_missing_permission_is_named(client: DingTalkClient, api: OpenApi) -> None:
    scopes = {"requiredScopes": ["Card.Instance.Write", "<script>"]}
    api.answers[CARD] = forbidden("AccessTokenPermissionDenied", accessdenieddetail=scopes)
    with pytest.raises(Misconfigured) as fault:
        await client.create_card(b"{}")
    assert fault.value.hint.endswith("（Card.Instance.Write）")


async def test_an_api_that_said_too_often_is_left_alone(
    client: DingTalkClient, api: OpenApi, hands: Hands
) -> None:
    api.script[GROUP].append(forbidden("QpmLimitForAppkeyAndApi"))
    for _ in range(3):
        with pytest.raises(RateLimited):
            await client.send_group(b"{}")
    assert api.calls[GROUP] == 1
    await client.send_single(b"{}")
    hands.forward(60)
    await client.send_group(b"{}")
    assert api.calls[GROUP] == 2


async def test_a_busy_platform_is_asked_three_times(
    client: DingTalkClient, api: OpenApi, hands: Hands
) -> None:
    api.script[SINGLE].extend([refused("system.busy", 500), refused("system.busy", 500)])
    await client.send_single(b"{}")
    assert hands.slept == [pytest.approx(0.3), pytest.approx(0.6)]


async def test_a_message_that_may_have_arrived_is_not_sent_again_at_once(
    client: DingTalkClient, api: OpenApi
) -> None:
    api.script[SINGLE].append(drop)
    with pytest.raises(Unreachable):
        await client.send_single(b"{}")
    assert api.calls[SINGLE] == 1
    api.script[CARD].append(drop)
    await client.create_card(b"{}")
    assert api.calls[CARD] == 2


async def test_only_calls_that_were_taken_are_counted(
    client: DingTalkClient, api: OpenApi, spent: list[str], base_url: str
) -> None:
    api.script[GROUP].extend([forbidden("QpsLimitForApi")])
    with pytest.raises(RateLimited):
        await client.send_group(b"{}")
    await client.send_single(b"{}")
    await client.reply(f"{base_url}/robot/sendBySession?session=s", b"{}")
    assert spent == [SINGLE, WEBHOOK]


async def test_a_card_that_reached_nobody(client: DingTalkClient, api: OpenApi) -> None:
    results: list[dict[str, object]] = [
        {"spaceType": "IM_ROBOT", "spaceId": "u1", "success": True, "carrierId": "c1"},
        {"spaceType": "IM_ROBOT", "spaceId": "u2", "success": False, "errorMsg": "x"},
    ]
    api.answers[CARD] = {"success": True, "result": {"outTrackId": "g1", "deliverResults": results}}
    assert await client.create_card(b"{}") == Placed("c1", 2, ("u2",))


async def test_a_card_is_changed_by_put(client: DingTalkClient, api: OpenApi) -> None:
    methods: list[str] = []

    def look(request: web.Request) -> web.StreamResponse:
        methods.append(request.method)
        return web.json_response({"success": True, "result": True})

    api.answers[UPDATE] = look
    await client.update_card(b"{}")
    assert methods == ["PUT"]


async def test_a_reply_needs_no_token(client: DingTalkClient, api: OpenApi, base_url: str) -> None:
    await client.reply(f"{base_url}/robot/sendBySession?session=s%2B1", b'{"msgtype":"text"}')
    assert api.calls[ACCESS_TOKEN] == 0
    assert api.queries == [{"session": "s+1"}]


async def test_an_ended_webhook_is_told_apart(client: DingTalkClient, api: OpenApi, base_url: str) -> None:
    api.answers[WEBHOOK] = {"errcode": 300001, "errmsg": "session 不存在"}
    with pytest.raises(codes.SessionGone):
        await client.reply(f"{base_url}/robot/sendBySession?session=s", b"{}")


@pytest.mark.parametrize(
    "url", ["https://evil.example/robot/sendBySession", "file:///etc/passwd", "", "http://["]
)
async def test_a_webhook_elsewhere_is_not_called(client: DingTalkClient, url: str) -> None:
    with pytest.raises(codes.SessionGone):
        await client.reply(url, b"{}")


async def test_a_file_is_downloaded_and_uploaded(client: DingTalkClient, api: OpenApi, base_url: str) -> None:
    api.answers[DOWNLOAD] = {"downloadUrl": f"{base_url}/files/1?Expires=2"}
    api.answers["files/1"] = lambda _: web.Response(body=b"\x00bytes")
    sink = MemorySink()
    await client.download("code1", sink)
    assert bytes(sink.data) == b"\x00bytes"
    assert api.bodies[0] == {"downloadCode": "code1", "robotCode": "dingrobot"}
    api.answers[UPLOAD] = {"errcode": 0, "media_id": "@lAD1"}
    assert await client.upload("file", "报价.xlsx", b"data", "application/octet-stream") == "@lAD1"
    assert "报价.xlsx".encode() in api.bodies[-1] or b"filename" in api.bodies[-1]
    for data in (b"", b"x" * (2 * 1024 * 1024 + 1)):
        with pytest.raises(Rejected):
            await client.upload("voice", "a.amr", data, "audio/amr")


async def test_members_and_departments(client: DingTalkClient, api: OpenApi) -> None:
    api.answers[USER] = {
        "errcode": 0,
        "result": {
            "userid": "ZhaoChen",
            "unionid": "u1",
            "name": "赵晨",
            "title": "销售",
            "manager_userid": "LiJing",
            "dept_id_list": [2, "3"],
            "leader_in_dept": [{"dept_id": 2, "leader": True}, {"dept_id": 3, "leader": "false"}],
            "active": True,
            "admin": "true",
        },
    }
    assert await client.get_user("ZhaoChen") == Member(
        "ZhaoChen", "u1", "赵晨", (2, 3), (2,), "LiJing", "销售", active=True, admin=True
    )
    api.answers["topapi/v2/department/get"] = {
        "errcode": 0,
        "result": {"dept_id": 2, "name": "销售一部", "parent_id": 1, "dept_manager_userid_list": ["LiJing"]},
    }
    assert await client.get_department(2) == Department(2, "销售一部", 1, ("LiJing",))
    api.answers["topapi/v2/department/listsub"] = {
        "errcode": 0,
        "result": [{"dept_id": 2, "name": "销售一部", "parent_id": 1}],
    }
    assert await client.list_departments(1) == (Department(2, "销售一部", 1),)
    api.answers["topapi/user/listid"] = {"errcode": 0, "result": {"userid_list": ["ZhaoChen", 7]}}
    assert await client.list_userids(2) == ("ZhaoChen",)
    api.answers["topapi/v2/user/list"] = {
        "errcode": 0,
        "result": {"has_more": True, "next_cursor": 100, "list": [{"userid": "a", "name": "甲"}]},
    }
    assert await client.list_users(2) == ((Member("a", "", "甲"),), 100)
    api.answers["topapi/user/getbyunionid"] = {"errcode": 0, "result": {"userid": "ZhaoChen"}}
    assert await client.userid_of_union("u1") == "ZhaoChen"
    api.answers["topapi/v2/user/getuserinfo"] = {"errcode": 0, "result": {"userid": "ZhaoChen"}}
    assert await client.userid_of_code("c1") == "ZhaoChen"


async def test_a_member_without_an_id_is_no_answer(client: DingTalkClient, api: OpenApi) -> None:
    api.answers[USER] = {"errcode": 0, "result": {"name": "赵晨"}}
    with pytest.raises(Unreachable):
        await client.get_user("u")


@pytest.mark.parametrize("base", ["", "not a url", "http://["])
async def test_an_address_that_is_none(session: ClientSession, hands: Hands, base: str) -> None:
    broken = Transport(session, Hosts(base, base), "a", "b", hands.clock, sleep=hands.sleep)
    with pytest.raises((Misconfigured, Unreachable)):
        await broken.answer(Call(GROUP))
