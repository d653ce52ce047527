"""wechatpy's own modules for pages, groups, approvals and customers, against the simulated API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from wechatpy.exceptions import WeChatClientException

from sandbox import External, Follow, Tag
from sandbox.wecom.customer_groups import CustomerGroup
from sandbox.wecom.js_tickets import PageSignature
from tests.contract.test_wechatpy_client import client_of
from tests.sandbox.world import AGENT, Stage, stage

# The library's own modules call the old names of its methods.
pytestmark = pytest.mark.filterwarnings("ignore:`_(get|post)` method of:DeprecationWarning")


@dataclass
class Desk:
    """A running sandbox and the library's client of it."""

    on: Stage
    client: Any

    async def call(self, method: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Call the client, which blocks, in a thread."""
        return await asyncio.to_thread(method, *args, **more)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """Everything running."""
    async with stage() as on:
        client = client_of(on.api.base)
        yield Desk(on, client)
        client._http.close()


async def test_who_opened_the_page(desk: Desk) -> None:
    """The library's address is followed, its question answered."""
    url = desk.client.oauth.authorize_url("https://crm.example.com/open", state="abc")
    opened = desk.on.sandbox.wecom.oauth.open(url, "Zhang")
    (code,) = parse_qs(urlsplit(opened).query)["code"]
    assert (await desk.call(desk.client.oauth.get_user_info, code))["UserId"] == "Zhang"
    with pytest.raises(WeChatClientException) as refused:
        await desk.call(desk.client.oauth.get_user_info, code)
    assert refused.value.errcode == 40029


async def test_pages_are_signed(desk: Desk) -> None:
    """The library's signature is the one the client expects."""
    js, url = desk.client.jsapi, "https://crm.example.com/visit"
    for ticket, agent in (
        ((await desk.call(js.get_ticket))["ticket"], False),
        ((await desk.call(js.get_agent_ticket))["ticket"], True),
    ):
        signature = js.get_jsapi_signature("noise", ticket, 1700000000, url)
        page = PageSignature(url, "noise", 1700000000, signature)
        desk.on.sandbox.wecom.js_tickets.register(desk.on.sandbox.world.app(AGENT), page, agent=agent)


async def test_a_group_is_made_and_spoken_in(desk: Desk) -> None:
    """Made, read, changed, spoken in."""
    chats = desk.client.appchat
    await desk.call(chats.create, "deal42", "华星项目", "Li", ["Zhang", "Li"])
    await desk.call(chats.update, "deal42", name="华星二期", add_user_list=["Wang"])
    info = await desk.call(chats.get, "deal42")
    assert (info["name"], info["userlist"]) == ("华星二期", ["Zhang", "Li", "Wang"])
    await desk.call(chats.send_text, "deal42", "已签约")
    (message,) = desk.on.sandbox.world.room("appchat:deal42:Wang").messages
    assert message.text == "已签约"


async def test_an_approval_is_handed_in_and_read(desk: Desk) -> None:
    """Template, submission, numbers, detail."""
    oa, now = desk.client.OA, int(desk.on.clock.now().timestamp())
    template = await desk.call(oa.get_template_detail, "sandbox")
    first, second = (one["property"] for one in template["template_content"]["controls"][:2])
    contents = [
        {"control": first["control"], "id": first["id"], "value": {"text": "拜访"}},
        {"control": second["control"], "id": second["id"], "value": {"new_money": "10"}},
    ]
    approver, summary = (
        [{"attr": 1, "userid": ["Li"]}],
        [{"summary_info": [{"text": "报销", "lang": "zh_CN"}]}],
    )
    sent = await desk.call(oa.apply_event, "Zhang", "sandbox", 0, approver, {"contents": contents}, summary)
    await desk.on.sandbox.approvals.settled()
    listed = await desk.call(oa.get_approval_info, now - 1, now + 1, 0)
    assert listed["sp_no_list"] == [sent["sp_no"]]
    detail = (await desk.call(oa.get_approval_detail, sent["sp_no"]))["info"]
    assert detail["apply_data"]["contents"][0]["value"] == {"text": "拜访"}


async def test_customers_and_their_groups(desk: Desk) -> None:
    """Tags are put on, groups are listed and read."""
    world = desk.on.sandbox.world
    mo = External("wmMo", "莫言", (Follow("Zhang"),))
    world.change_corp(replace(world.corp, externals=(mo,), tags=(Tag("et1", "重点"),)))
    desk.on.sandbox.wecom.customer_groups.groups = [
        CustomerGroup("wr1", "华星群", "Zhang", externals=("wmMo",))
    ]
    await desk.call(desk.client.external_contact.mark_tag, "Zhang", "wmMo", add_tag=["et1"])
    found = await desk.call(desk.client.external_contact.get, "wmMo")
    assert [one["tag_name"] for one in found["follow_user"][0]["tags"]] == ["重点"]
    groups = desk.client.external_contact_group_chat
    listed = await desk.call(groups.list, limit=10)
    assert [one["chat_id"] for one in listed["group_chat_list"]] == ["wr1"]
    group = (await desk.call(groups.get, "wr1"))["group_chat"]
    assert [one["userid"] for one in group["member_list"]] == ["Zhang", "wmMo"]
