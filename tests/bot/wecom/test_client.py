"""The API client against a server on loopback."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.errors import (
    Misconfigured,
    RateLimited,
    ReceiverGone,
    Rejected,
    TokenExpired,
    Unreachable,
    VendorFault,
)
from bot.wecom import codes, limits
from bot.wecom.client import Sent, WeComClient
from bot.wecom.directory import Department, Member
from tests.bot.platform import SECRET, Hands, QyApi, Step, bad_gateway, drop, no_json
from tests.bot.sinks import MemorySink
from tests.bot.wecom.platform import CORP_ID

BODY = '{"touser":"ZhaoChen","msgtype":"text","agentid":2,"text":{"content":"王总13800138000"}}'.encode()
SEND = "message/send"


async def test_a_message_goes_out_byte_for_byte(wecom: WeComClient, api: QyApi) -> None:
    api.answers[SEND] = {
        "errcode": 0,
        "msgid": "m1",
        "response_code": "rc",
        "invaliduser": "a|B",
        "unlicenseduser": "c",
    }
    assert await wecom.send_message(BODY) == Sent("m1", "rc", ("a", "b", "c"))
    assert api.bodies == [BODY]


async def test_one_token_serves_many_calls(wecom: WeComClient, api: QyApi) -> None:
    await asyncio.gather(*(wecom.send_message(BODY) for _ in range(64)))
    assert api.calls["gettoken"] == 1
    assert api.calls[SEND] == 64


@pytest.mark.parametrize("code", [40014, 42001, 40001])
async def test_a_token_that_ends_under_64_in_flight_is_renewed_once(
    wecom: WeComClient, api: QyApi, code: int
) -> None:
    await wecom.send_message(BODY)
    api.revoke()
    api.refusal = code
    sent = await asyncio.gather(*(wecom.send_message(BODY) for _ in range(64)))
    assert len(sent) == 64
    assert api.calls["gettoken"] == 2
    assert api.calls[SEND] == 1 + 64 + 64


async def test_the_same_bad_token_again_ends_it(wecom: WeComClient, api: QyApi) -> None:
    api.stubborn = True
    results = await asyncio.gather(*(wecom.send_message(BODY) for _ in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {TokenExpired}
    assert api.calls["gettoken"] == 2
    assert api.calls[SEND] == 40


async def test_the_token_is_renewed_before_its_end(wecom: WeComClient, api: QyApi, hands: Hands) -> None:
    await wecom.send_message(BODY)
    hands.forward(7200 - 301)
    await wecom.send_message(BODY)
    assert api.calls["gettoken"] == 1
    hands.forward(2)
    await wecom.send_message(BODY)
    assert api.calls["gettoken"] == 2


async def test_the_old_token_does_while_no_new_one_can_be_had(
    wecom: WeComClient, api: QyApi, hands: Hands
) -> None:
    await wecom.send_message(BODY)
    hands.forward(7200 - 299)
    api.script["gettoken"].extend([{"errcode": -1}] * 3)
    assert await wecom.send_message(BODY)


async def test_a_wrong_secret_is_not_tried_again_and_again(
    session: ClientSession, base_url: str, api: QyApi, hands: Hands
) -> None:
    wrong = WeComClient(session, base_url, CORP_ID, "wrong", 1, hands.clock, sleep=hands.sleep)
    for _ in range(50):
        with pytest.raises(Misconfigured) as fault:
            await wrong.send_message(BODY)
        assert "Secret" in fault.value.hint
    assert api.calls["gettoken"] == 1
    hands.forward(61)
    with pytest.raises(Misconfigured):
        await wrong.send_message(BODY)
    assert api.calls["gettoken"] == 2


async def test_a_platform_that_is_down_is_not_stormed_for_tokens(wecom: WeComClient, api: QyApi) -> None:
    api.script["gettoken"].extend([bad_gateway] * 100)
    results = await asyncio.gather(*(wecom.send_message(BODY) for _ in range(64)), return_exceptions=True)
    assert {type(result) for result in results} == {Unreachable}
    assert api.calls["gettoken"] == limits.TRIES


@pytest.mark.parametrize(
    "trouble",
    [{"errcode": -1}, {"errcode": 6000}, bad_gateway, no_json, drop],
    ids=["busy", "conflict", "502", "not json", "cut off"],
)
async def test_passing_trouble_is_tried_three_times(
    wecom: WeComClient, api: QyApi, hands: Hands, trouble: Step
) -> None:
    api.script[SEND].extend([trouble] * 2)
    await wecom.send_message(BODY)
    assert api.calls[SEND] == 3
    assert hands.slept == [pytest.approx(0.3), pytest.approx(0.6)]
    api.script[SEND].extend([trouble] * 3)
    with pytest.raises(Unreachable):
        await wecom.send_message(BODY)
    assert api.calls[SEND] == 6
    assert api.bodies == [BODY]


async def test_too_often_closes_that_api_for_its_window(wecom: WeComClient, api: QyApi, hands: Hands) -> None:
    api.script[SEND].append({"errcode": 45009, "errmsg": "api freq out of limit"})
    with pytest.raises(RateLimited) as limited:
        await wecom.send_message(BODY)
    assert limited.value.retry_after == 60
    hands.forward(20)
    for _ in range(100):
        with pytest.raises(RateLimited) as limited:
            await wecom.send_message(BODY)
    assert limited.value.retry_after == pytest.approx(40)
    assert api.calls[SEND] == 1
    assert await wecom.callback_ips() == ()
    hands.forward(40)
    assert await wecom.send_message(BODY)


async def test_too_many_at_once_is_a_short_wait(wecom: WeComClient, api: QyApi) -> None:
    api.script[SEND].append({"errcode": 45033})
    with pytest.raises(RateLimited) as limited:
        await wecom.send_message(BODY)
    assert limited.value.retry_after < 10


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (60020, Misconfigured),
        (301002, Misconfigured),
        (48002, Misconfigured),
        (43012, Misconfigured),
        (81013, ReceiverGone),
        (60111, ReceiverGone),
        (60140, Rejected),
        (40058, Rejected),
        (42014, Rejected),
        (99999, Rejected),
    ],
)
async def test_an_error_code_is_what_it_means(
    wecom: WeComClient, api: QyApi, code: int, kind: type[VendorFault]
) -> None:
    api.script[SEND].append({"errcode": code, "errmsg": f"王总, from ip: 1.2.3.4, e={code}"})
    with pytest.raises(kind) as fault:
        await wecom.send_message(BODY)
    assert type(fault.value) is kind
    assert (fault.value.call, fault.value.code) == (SEND, code)
    assert api.calls[SEND] == 1
    assert "王总" not in repr(fault.value)


async def test_the_hint_for_an_untrusted_address_is_chinese(wecom: WeComClient, api: QyApi) -> None:
    api.script["gettoken"].append({"errcode": 60020})
    with pytest.raises(Misconfigured, match="企业可信IP"):
        await wecom.send_message(BODY)


@pytest.mark.parametrize(("status", "kind"), [(301, Misconfigured), (404, Misconfigured), (429, RateLimited)])
def test_an_answer_that_is_no_200_has_its_meaning(status: int, kind: type[VendorFault]) -> None:
    assert type(codes.http_fault(SEND, status)) is kind


@pytest.mark.parametrize("base", ["nonsense", "http://127.0.0.1:1", "http://"])
async def test_an_address_that_leads_nowhere(session: ClientSession, hands: Hands, base: str) -> None:
    lost = WeComClient(session, base, CORP_ID, SECRET, 1, hands.clock, sleep=hands.sleep)
    with pytest.raises((Unreachable, Misconfigured)) as fault:
        await lost.send_message(BODY)
    assert SECRET not in repr(fault.value)
    assert fault.value.__cause__ is None


async def test_a_card_is_updated(wecom: WeComClient, api: QyApi) -> None:
    api.answers["message/update_template_card"] = {"errcode": 0, "invaliduser": ["Bo"]}
    assert await wecom.update_template_card(b'{"a":1}') == ("bo",)
    assert api.bodies == [b'{"a":1}']


async def test_a_message_is_recalled(wecom: WeComClient, api: QyApi) -> None:
    await wecom.recall("m1")
    assert api.bodies == [b'{"msgid":"m1"}']


async def test_a_file_is_uploaded_again_after_trouble(wecom: WeComClient, api: QyApi) -> None:
    api.answers["media/upload"] = {"errcode": 0, "media_id": "mm"}
    api.script["media/upload"].append({"errcode": -1})
    assert await wecom.upload_media("file", "报价.xlsx", b"0123456789", "application/xlsx") == "mm"
    assert b'name="media"' in api.bodies[0]
    assert b"0123456789" in api.bodies[0]
    assert api.queries[0]["type"] == "file"


@pytest.mark.parametrize("size", [0, 5, 2 * 1024 * 1024 + 1])
async def test_a_file_of_a_wrong_size_is_not_sent(wecom: WeComClient, api: QyApi, size: int) -> None:
    with pytest.raises(Rejected):
        await wecom.upload_media("voice", "a.amr", b"x" * size, "audio/amr")
    assert api.calls["media/upload"] == 0


async def test_a_file_is_downloaded(wecom: WeComClient, api: QyApi) -> None:
    headers = {"Content-Disposition": 'attachment; filename="a.json"'}
    api.script["media/get"].append(web.json_response({"errcode": 7}, headers=headers))
    sink = MemorySink()
    assert await wecom.get_media("m1", sink) == "a.json"
    assert bytes(sink.data) == b'{"errcode": 7}'
    api.script["media/get"].append(web.Response(body=b"\xff\xd8", content_type="image/jpeg"))
    assert await wecom.get_media("m1", sink) == ""
    assert bytes(sink.data) == b"\xff\xd8"


async def test_a_file_that_is_gone_is_rejected(wecom: WeComClient, api: QyApi) -> None:
    api.script["media/get"].append({"errcode": 40007})
    with pytest.raises(Rejected) as fault:
        await wecom.get_media("m1", MemorySink())
    assert fault.value.code == 40007


async def test_members_and_departments(wecom: WeComClient, api: QyApi) -> None:
    row = {
        "errcode": 0,
        "userid": "ZhaoChen",
        "name": "赵晨",
        "department": [2, 3],
        "is_leader_in_dept": [0, 1],
        "direct_leader": ["LiJing"],
        "main_department": 2,
        "position": "销售",
        "status": 1,
        "mobile": "13800138000",
    }
    zhao = Member("ZhaoChen", "赵晨", (2, 3), (False, True), 2, ("LiJing",), "销售", active=True)
    api.answers["user/get"] = row
    assert await wecom.get_user("ZhaoChen") == zhao
    api.answers["user/list"] = {"errcode": 0, "userlist": [row, {"userid": "x", "status": 5}]}
    assert await wecom.list_users(2) == (zhao, Member("x", "", active=False))
    assert api.queries[-1]["department_id"] == "2"
    api.answers["department/list"] = {
        "errcode": 0,
        "department": [{"id": 2, "name": "销售一部", "parentid": 1, "department_leader": ["LiJing"]}],
    }
    assert await wecom.list_departments() == (Department(2, "销售一部", 1, ("LiJing",)),)


@pytest.mark.parametrize("shape", [{"userlist": None}, {"userlist": ["x"]}, {"userlist": {}}, {}])
async def test_a_directory_of_another_shape_breaks_nothing(
    wecom: WeComClient, api: QyApi, shape: dict[str, object]
) -> None:
    api.answers["user/list"] = {"errcode": 0, **shape}
    assert await wecom.list_users(1) == ()


async def test_a_member_without_a_userid_is_no_answer(wecom: WeComClient, api: QyApi) -> None:
    api.answers["user/list"] = {"errcode": 0, "userlist": [{"name": "x"}]}
    with pytest.raises(Unreachable):
        await wecom.list_users(1)


async def test_where_callbacks_come_from(wecom: WeComClient, api: QyApi) -> None:
    api.answers["getcallbackip"] = {"errcode": 0, "ip_list": ["101.226.103.*"]}
    assert await wecom.callback_ips() == ("101.226.103.*",)


async def test_no_secret_token_or_text_is_logged_or_raised(wecom: WeComClient, api: QyApi) -> None:
    steps: list[Step] = [{"errcode": -1}, {"errcode": 42001}, drop, {"errcode": 45009}, {"errcode": 40058}]
    raised = []
    with capture_logs() as logs:
        for step in steps:
            api.script[SEND].append(step)
            try:
                await wecom.send_message(BODY)
            except VendorFault as fault:
                raised.append(repr(fault))
    shown = str(logs) + str(raised)
    assert logs
    assert all(word not in shown for word in (SECRET, "token-1", "王总", "13800138000"))
