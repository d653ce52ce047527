"""Customers' groups: what is sent, and how answers are read."""

from __future__ import annotations

import orjson
import pytest

from bot.errors import Rejected
from bot.wecom.client import WeComClient
from bot.wecom.groups import Group
from tests.bot.platform import QyApi

LIST, GET = "externalcontact/groupchat/list", "externalcontact/groupchat/get"
LEFT, HERE = "externalcontact/groupchat/transfer", "externalcontact/groupchat/onjob_transfer"


async def test_the_groups_of_a_member_are_read_to_the_last_page(wecom: WeComClient, api: QyApi) -> None:
    for number, cursor in ((1, "more"), (2, "more2"), (3, "more2")):  # the last leads nowhere
        row = {"chat_id": f"wr{number}", "status": 0}
        page = {"errcode": 0, "group_chat_list": [row, {"status": 0}, 5], "next_cursor": cursor}
        api.script[LIST].append(page)
    assert await wecom.groups_of("Zhang") == ["wr1", "wr2", "wr3"]
    api.answers[LIST] = {"errcode": 0, "group_chat_list": None}
    assert await wecom.groups_of("Li") == []
    asked = {"status_filter": 0, "owner_filter": {"userid_list": ["Li"]}, "limit": 1000}
    assert orjson.loads(api.bodies[-1]) == asked


async def test_of_a_group_the_people_outside_are_known(wecom: WeComClient, api: QyApi) -> None:
    members = [{"userid": "Zhang", "type": 1}, {"userid": "wm1", "type": 2}, {"type": 2}, None]
    api.answers[GET] = {
        "errcode": 0,
        "group_chat": {"chat_id": "wr1", "name": "美的", "member_list": members},
    }
    assert await wecom.get_group("wr1") == Group("wr1", "美的", ("wm1",))
    api.answers[GET] = {"errcode": 0, "group_chat": None}
    assert await wecom.get_group("wr1") == Group("wr1", "")


async def test_only_what_did_not_go_over_is_named(wecom: WeComClient, api: QyApi) -> None:
    rows = [{"chat_id": "wr2", "errcode": 90501}, {"chat_id": "wr3"}, {"errcode": 5}]
    api.answers[LEFT] = {"errcode": 0, "failed_chat_list": rows}
    assert await wecom.transfer_groups(["wr1", "wr2"], "Li", resigned=True) == {"wr2": 90501, "wr3": -1}
    assert orjson.loads(api.bodies[-1]) == {"chat_id_list": ["wr1", "wr2"], "new_owner": "Li"}
    api.answers[HERE] = {"errcode": 0}
    assert await wecom.transfer_groups(["wr1"], "Li", resigned=False) == {}
    api.answers[HERE] = {"errcode": 40098}
    with pytest.raises(Rejected):
        await wecom.transfer_groups(["wr1"], "Li", resigned=False)
