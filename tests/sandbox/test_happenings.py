"""The rarer events, as the app hears them."""

from __future__ import annotations

import orjson
import pytest

from sandbox.wecom import happenings
from sandbox.wecom.happenings import Happening
from tests.sandbox.world import AGENT, Stage, answers, passive


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (happenings.subscribes(), {"Event": "subscribe", "EventKey": ""}),
        (happenings.unsubscribes(), {"Event": "unsubscribe", "EventKey": ""}),
        (happenings.is_at(31.2, 121.5), {"Event": "LOCATION", "Latitude": "31.2", "Longitude": "121.5"}),
        (happenings.views("https://example.com"), {"Event": "view", "EventKey": "https://example.com"}),
        (happenings.views_miniprogram("pages/a"), {"Event": "view_miniprogram", "EventKey": "pages/a"}),
        (
            happenings.scans("scan", "6901234"),
            {"Event": "scancode_push", "EventKey": "scan", "ScanCodeInfo/ScanResult": "6901234"},
        ),
        (happenings.scans("scan", "1", waits=True), {"Event": "scancode_waitmsg"}),
        (
            happenings.takes_pictures("photo", ["aa", "bb"]),
            {"Event": "pic_sysphoto", "SendPicsInfo/Count": "2", "SendPicsInfo/PicList/item/PicMd5Sum": "aa"},
        ),
        (
            happenings.picks_place("here", 31.2, 121.5, "上海中心", "上海中心大厦"),
            {
                "Event": "location_select",
                "SendLocationInfo/Location_X": "31.2",
                "SendLocationInfo/Location_Y": "121.5",
                "SendLocationInfo/Poiname": "上海中心大厦",
                "AppType": "wxwork",
            },
        ),
    ],
)
async def test_what_members_do(on: Stage, what: Happening, expected: dict[str, str]) -> None:
    """It comes from the member, without a MsgId."""
    assert (await on.sandbox.phones.happens("zhang", what)).ok
    (heard,) = on.bot.received
    assert (heard.text("FromUserName"), heard.text("MsgType"), heard.text("MsgId")) == ("Zhang", "event", "")
    assert heard.text("AgentID") == str(AGENT)
    assert {path: heard.text(path) for path in expected} == expected


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (happenings.job_done("j1", "sync_user"), {"Event": "batch_job_result", "BatchJob/JobId": "j1"}),
        (
            happenings.customer_group_changed("wr1", "update", [("UpdateDetail", "add_member")]),
            {"Event": "change_external_chat", "ChangeType": "update", "UpdateDetail": "add_member"},
        ),
        (
            happenings.customer_tag_changed("et1", "delete"),
            {"Event": "change_external_tag", "TagType": "tag", "ChangeType": "delete"},
        ),
        (happenings.app_warned("inactive_alert", 1700000000), {"EffectTime": "1700000000"}),
        (happenings.app_warned("reopen_inactive_agent"), {"Event": "reopen_inactive_agent"}),
        (happenings.shared(), {"Event": "share_agent_change"}),
        (
            happenings.flow_changed("t-1", 2, "Zhang", "Li", 2),
            {
                "Event": "open_approval_change",
                "ApprovalInfo/OpenSpStatus": "2",
                "ApprovalInfo/ApprovalNodes/ApprovalNode/Items/Item/ItemUserId": "Li",
                "ApprovalInfo/approverstep": "0",
            },
        ),
    ],
)
async def test_what_the_platform_tells(on: Stage, what: Happening, expected: dict[str, str]) -> None:
    """It comes from sys."""
    assert (await on.sandbox.phones.happens("Zhang", what)).ok
    (heard,) = on.bot.received
    assert heard.text("FromUserName") == "sys"
    assert {path: heard.text(path) for path in expected} == expected


async def test_some_of_them_can_be_answered(on: Stage) -> None:
    """Those of page 90241; to the others the platform does not listen."""
    answers(on, passive("text", "<Content>收到</Content>"))
    await on.sandbox.phones.happens("Zhang", happenings.scans("scan", "1"))
    await on.sandbox.phones.happens("Zhang", happenings.job_done("j1", "sync_user"))
    assert not on.sandbox.chat("Zhang")
    await on.sandbox.phones.happens("Zhang", happenings.scans("scan", "1", waits=True))
    assert [one.text for one in on.sandbox.chat("Zhang")] == ["收到"]


async def test_a_menu_entry_that_opens_a_page(on: Stage) -> None:
    """The app is told of the address, also below another entry."""
    page = {"type": "view", "name": "看板", "url": "https://example.com/board"}
    below = {"name": "更多", "sub_button": [{**page, "name": "帮助", "url": "https://example.com/help"}]}
    url = f"{on.api.base}/cgi-bin/menu/create"
    query = {"access_token": on.api.token, "agentid": str(AGENT)}
    body = orjson.dumps({"button": [page, below]})
    async with on.api.session.post(url, params=query, data=body) as response:
        assert (await response.json())["errcode"] == 0
    for label, where in (("看板", "https://example.com/board"), ("帮助", "https://example.com/help")):
        await on.sandbox.phones.chooses("Zhang", label)
        heard = on.bot.received[-1]
        assert (heard.text("Event"), heard.text("EventKey")) == ("view", where)
