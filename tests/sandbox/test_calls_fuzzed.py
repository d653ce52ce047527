"""Calls with anything anywhere: answered or refused with a code, never a crash."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any, cast

import orjson
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from sandbox import External, Follow, Group, MemberTag, StandingClock, Tag
from sandbox.state import World
from sandbox.wecom.call import Call, read_body
from sandbox.wecom.calls import table
from sandbox.wecom.customer_groups import CustomerGroup
from sandbox.wecom.errors import Refused
from sandbox.wecom.platform import Platform
from sandbox.wecom.webhooks import Robot
from tests.sandbox.world import AGENT, START, Json, button_card, company

TO = {"touser": "Zhang|Li", "toparty": "3", "totag": "7", "agentid": AGENT, "safe": 0}
OWNED = {"userid": "Zhang", "external_userid": "wmMo"}
TEXT = {"content": "你好", "mentioned_list": ["Li", "@all"]}
NEWS = {"articles": [{"title": "周报", "description": "三件事", "url": "https://example.com"}]}
NOTICE = {"appid": "wx1", "title": "会议", "content_item": [{"key": "客户", "value": "华星"}]}
FILLED = [
    {"control": "Text", "id": "Text-1", "value": {"text": "拜访"}},
    {"control": "Money", "id": "Money-1", "value": {"new_money": "10"}},
    {"control": "Date", "id": "Date-1", "value": {"date": {"type": "day", "s_timestamp": "1"}}},
    {"control": "Selector", "id": "Selector-1", "value": {"selector": {"options": [{"key": "option-1"}]}}},
    {"control": "Contact", "id": "Contact-1", "value": {"members": [{"userid": "Li"}]}},
    {"control": "File", "id": "File-1", "value": {"files": [{"file_id": "f"}]}},
]
CLAIM = {
    "creator_userid": "Zhang",
    "template_id": "sandbox",
    "use_template_approver": 0,
    "approver": [{"attr": 2, "userid": ["Li", "Wang"]}],
    "notifyer": ["Wang"],
    "notify_type": 1,
    "apply_data": {"contents": FILLED},
    "summary_list": [{"summary_info": [{"text": "报销", "lang": "zh_CN"}]}],
}
SPAN: Json = {"starttime": 1, "endtime": 10, "size": 10, "new_cursor": 0}
GOOD: list[tuple[str, Json]] = [
    ("message/send", {**TO, "msgtype": "text", "text": TEXT, "enable_id_trans": 1}),
    ("message/send", {**TO, "msgtype": "news", "news": NEWS, "enable_duplicate_check": 1}),
    ("message/send", {**TO, "msgtype": "miniprogram_notice", "miniprogram_notice": NOTICE}),
    ("message/send", {**TO, "msgtype": "template_card", "template_card": button_card()}),
    ("appchat/create", {"chatid": "deal42", "name": "群", "owner": "Li", "userlist": ["Zhang", "Li"]}),
    ("appchat/update", {"chatid": "made", "name": "群", "add_user_list": ["Wang"], "del_user_list": ["Li"]}),
    ("appchat/send", {"chatid": "made", "msgtype": "text", "text": TEXT, "safe": 0}),
    ("oa/applyevent", CLAIM),
    ("oa/getapprovalinfo", {**SPAN, "filters": [{"key": "sp_status", "value": "1"}]}),
    ("corp/getapprovaldata", {**SPAN, "next_spnum": 0}),
    ("user/list_id", {"cursor": "", "limit": 2}),
    ("externalcontact/remark", {**OWNED, "remark": "莫总", "remark_mobiles": ["138"]}),
    ("externalcontact/mark_tag", {**OWNED, "add_tag": ["et1"], "remove_tag": []}),
    ("externalcontact/add_corp_tag", {"group_name": "区域", "tag": [{"name": "华东", "order": 1}]}),
    ("externalcontact/edit_corp_tag", {"id": "et1", "name": "普通"}),
    ("externalcontact/del_corp_tag", {"tag_id": ["et1"], "group_id": ["et-1"]}),
    ("externalcontact/get_corp_tag_list", {"tag_id": ["et1"], "group_id": []}),
    ("externalcontact/batch/get_by_user", {"userid_list": ["Zhang"], "cursor": "", "limit": 1}),
    (
        "externalcontact/groupchat/list",
        {"status_filter": 0, "owner_filter": {"userid_list": ["Zhang"]}, "cursor": "0", "limit": 1},
    ),
    ("externalcontact/groupchat/get", {"chat_id": "wr1", "need_name": 1}),
    ("externalcontact/send_welcome_msg", {"welcome_code": "", "text": TEXT, "attachments": [{}]}),
    ("webhook/send", {"msgtype": "text", "text": TEXT}),
    ("webhook/send", {"msgtype": "news", "news": NEWS}),
    ("webhook/send", {"msgtype": "image", "image": {"base64": "AAAA", "md5": ""}}),
]
GONE = object()
ODD: list[Any] = [
    GONE,
    None,
    True,
    -1,
    10**15,
    1.5,
    "",
    "x",
    "字" * 3000,
    [],
    ["x"],
    [[]],
    [{}],
    {},
    {"x": 1},
]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key in it, outermost first."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(value, name) for name, _ in inside]
    return found + [place for owner, name in found for place in _places(owner[name])]


def platform() -> Platform:
    """A company with a little of everything."""
    corp = replace(
        company("http://127.0.0.1/callback"),
        externals=(External("wmMo", "莫言", (Follow("Zhang", tags=("et1",)),)),),
        tags=(Tag("et1", "重点"),),
        member_tags=(MemberTag(7, "组", ("Zhang",)),),
        groups=(Group("wr-sales", "销售群", ("Zhang", "Li")),),
    )
    on = Platform(World(corp, StandingClock(START)))
    on.contacts.sync = {AGENT}
    on.customer_groups.groups = [CustomerGroup("wr1", "群", "Zhang", externals=("wmMo",))]
    on.webhooks.robots["key"] = Robot("wr-sales")
    ask(on, "appchat/create", {"chatid": "made", "userlist": ["Zhang", "Li"]})
    return on


def ask(on: Platform, path: str, body: Json) -> Json:
    """What the platform answers. Raises Refused."""
    raw = orjson.dumps(body)
    if path == "webhook/send":
        return on.webhooks.send({"key": "key"}, read_body(raw))
    answer = table(on)[path][1](Call(on.world.app(AGENT), {}, raw, cast("web.Request", None)))
    assert isinstance(answer, dict)
    return answer


def test_the_good_ones_are_good() -> None:
    """Otherwise what is changed in them would prove little."""
    for path, body in GOOD:
        try:
            ask(platform(), path, body)
        except Refused as refused:
            assert refused.code in (41049, 40006, 301019), path  # noqa: PT017 (the code, not the refusal)


@pytest.mark.parametrize("nth", range(len(GOOD)))
def test_anything_anywhere(nth: int) -> None:
    """Each place of a good body changed to each odd value, or removed."""
    path, good = GOOD[nth]
    for place in range(len(_places(good))):
        for odd in ODD:
            body = copy.deepcopy(good)
            owner, name = _places(body)[place]
            if odd is GONE:
                del owner[name]
            else:
                owner[name] = odd
            try:
                answer = ask(platform(), path, body)
            except Refused:
                continue
            assert answer["errcode"] == 0
            orjson.dumps(answer)


@given(
    st.sampled_from(sorted(path for path, (method, _) in table(platform()).items() if method == "GET")),
    st.dictionaries(
        st.sampled_from(["userid", "code", "type", "chatid", "external_userid", "cursor", "id", "tagid"]),
        st.sampled_from(["Zhang", "wmMo", "made", "agent_config", "2", "7", "-1", "٣"]) | st.text(max_size=4),
    ),
)
def test_any_query(path: str, query: dict[str, str]) -> None:
    """Calls without a body."""
    on = platform()
    try:
        table(on)[path][1](Call(on.world.app(AGENT), query, b"", cast("web.Request", None)))
    except Refused:
        return
