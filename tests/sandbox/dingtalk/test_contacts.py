"""The address book and the media store, in the old style."""

from __future__ import annotations

import io
from dataclasses import replace

import aiohttp
import pytest

from sandbox.company import Corp, Department, Status, User
from sandbox.company import Group as Room
from sandbox.dingtalk import organisation_of
from tests.sandbox.dingtalk.stage import CLIENT, HTTP_CLIENT, Json, Stage, organisation


async def test_colleague_in_full(on: Stage) -> None:
    answer = await on.old("topapi/v2/user/get", {"userid": "zhang", "language": "zh_CN"})
    found = answer["result"]
    assert (found["userid"], found["unionid"], found["name"]) == ("zhang", "unionZhang", "张伟")
    assert found["manager_userid"] == "li"
    assert found["dept_id_list"] == [2]
    assert found["mobile"] == "13800000001"
    chief = (await on.old("topapi/v2/user/get", {"userid": "li"}))["result"]
    assert "manager_userid" not in chief
    assert chief["leader_in_dept"] == [{"dept_id": 2, "leader": True}]


@pytest.mark.parametrize(
    ("path", "body", "errcode"),
    [
        ("topapi/v2/user/get", {}, 400002),
        ("topapi/v2/user/get", {"userid": "nobody"}, 33012),
        ("topapi/v2/user/getbymobile", {"mobile": "abc"}, 40104),
        ("topapi/v2/user/getbymobile", {"mobile": "13900000000"}, 60121),
        ("topapi/user/getbyunionid", {"unionid": "x"}, 60121),
        ("topapi/v2/department/get", {"dept_id": 99}, 60003),
        ("topapi/v2/department/listsub", {"dept_id": "x"}, 400002),
        ("topapi/v2/user/list", {"dept_id": 2, "cursor": 0, "size": 101}, 400002),
    ],
)
async def test_what_is_not_there(on: Stage, path: str, body: Json, errcode: int) -> None:
    assert (await on.old(path, body))["errcode"] == errcode


async def test_departments_level_by_level(on: Stage) -> None:
    below = (await on.old("topapi/v2/department/listsub", {}))["result"]
    assert [(one["dept_id"], one["name"], one["parent_id"]) for one in below] == [
        (2, "销售一部", 1),
        (3, "销售二部", 1),
    ]
    assert (await on.old("topapi/v2/department/listsub", {"dept_id": 2}))["result"] == []
    ids = await on.old("topapi/v2/department/listsubid", {"dept_id": 1})
    assert ids["result"] == {"dept_id_list": [2, 3]}
    one = (await on.old("topapi/v2/department/get", {"dept_id": 2}))["result"]
    assert one["dept_manager_userid_list"] == ["li"]


async def test_members_page_by_page(on: Stage) -> None:
    found: list[str] = []
    cursor: int | None = 0
    while cursor is not None:
        body = {"dept_id": 2, "cursor": cursor, "size": 1}
        page = (await on.old("topapi/v2/user/list", body))["result"]
        found += [one["userid"] for one in page["list"]]
        assert page["has_more"] is ("next_cursor" in page)
        cursor = page.get("next_cursor")
    assert found == ["li", "wang", "zhang"]
    ids = await on.old("topapi/user/listid", {"dept_id": 2})
    assert ids["result"]["userid_list"] == found
    short = await on.old("topapi/user/listsimple", {"dept_id": 2, "cursor": 0, "size": 10})
    assert short["result"]["list"][0] == {"userid": "li", "name": "李经理"}


async def test_ids_by_union_id_and_mobile(on: Stage) -> None:
    answer = await on.old("topapi/user/getbyunionid", {"unionid": "unionLi"})
    assert answer["result"] == {"contact_type": 0, "userid": "li"}
    answer = await on.old("topapi/v2/user/getbymobile", {"mobile": "13800000001"})
    assert answer["result"] == {"userid": "zhang"}


async def test_login_code_is_good_once_for_five_minutes(on: Stage) -> None:
    contacts = on.ding.server.contacts
    code = contacts.login_code("li")
    answer = await on.old("topapi/v2/user/getuserinfo", {"code": code})
    assert answer["result"]["userid"] == "li"
    assert (await on.old("topapi/v2/user/getuserinfo", {"code": code}))["errcode"] == 40078
    late = contacts.login_code("li")
    on.later(minutes=5)
    assert (await on.old("topapi/v2/user/getuserinfo", {"code": late}))["errcode"] == 40078


async def test_who_is_out_of_range_is_unknown_to_the_app(on: Stage) -> None:
    space = on.ding.space
    apps = tuple(replace(one, visible=frozenset({"li"})) for one in space.organisation.apps)
    space.organisation = replace(space.organisation, apps=apps)
    assert (await on.old("topapi/v2/user/get", {"userid": "zhang"}))["errcode"] == 33012


async def test_leaver_disappears_everywhere(on: Stage) -> None:
    await on.bot.connect()
    pushes = await on.ding.leaves_org("wang")
    assert pushes[0].ok
    assert (await on.old("topapi/v2/user/get", {"userid": "wang"}))["errcode"] == 33012
    assert "wang" not in (await on.old("topapi/user/listid", {"dept_id": 2}))["result"]["userid_list"]


async def test_change_of_department_is_told_and_seen(on: Stage) -> None:
    await on.bot.connect()
    await on.ding.changes(replace(on.ding.space.person("zhang"), department_ids=(3,), manager=""))
    assert on.bot.frames[0]["headers"]["eventType"] == "user_modify_org"
    found = (await on.old("topapi/v2/user/get", {"userid": "zhang"}))["result"]
    assert found["dept_id_list"] == [3]


async def upload(on: Stage, kind: str, data: bytes, name: str = "a.png") -> Json:
    """media/upload."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("media", io.BytesIO(data), filename=name, content_type="image/png")
    query = {"access_token": on.token, "type": kind}
    async with on.http.post(f"{on.ding.oapi_base}/media/upload", data=form, params=query) as response:
        answer: Json = await response.json()
        return answer


async def test_media_round_trip(on: Stage) -> None:
    answer = await upload(on, "image", b"\x89PNG data", "图.png")
    assert answer["errcode"] == 0
    assert answer["media_id"].startswith("@")
    on.later(days=400)
    await on.login()
    query = {"access_token": on.token, "media_id": answer["media_id"]}
    async with on.http.get(f"{on.ding.oapi_base}/media/downloadFile", params=query) as response:
        assert await response.read() == b"\x89PNG data"
    body = {"robotCode": CLIENT, "userIds": ["zhang"], "msgKey": "sampleImageMsg"}
    body |= {"msgParam": f'{{"photoURL":"{answer["media_id"]}"}}'}
    assert (await on.call("POST", "v1.0/robot/oToMessages/batchSend", body))[0] == 200
    shown = on.ding.chat("zhang")[0].media
    assert shown is not None
    assert shown["name"] == "图.png"


@pytest.mark.parametrize(
    ("kind", "data", "errcode"),
    [("image", b"", 40006), ("sticker", b"x", 40004), ("voice", b"x" * (2 * 1024 * 1024 + 1), 40006)],
)
async def test_bad_upload(on: Stage, kind: str, data: bytes, errcode: int) -> None:
    assert (await upload(on, kind, data))["errcode"] == errcode


def test_same_colleagues_have_ids_of_their_own() -> None:
    users = (
        User("Zhang", "张伟", (1,), direct_leader=("Li",)),
        User("Li", "李经理", (1,)),
        User("Gone", "赵离职", (1,), status=Status.LEFT),
    )
    departments = (Department(1, "远望科技", leaders=("Li",)),)
    corp = Corp("ww1", "远望科技", departments, users, (), groups=(Room("g1", "一群", ("Zhang", "Gone")),))
    made = organisation_of(corp, organisation().apps, staff_ids={"Li": "manager1"})
    zhang, li = made.staff
    assert (li.staff_id, zhang.manager, zhang.wecom_userid) == ("manager1", "manager1", "Zhang")
    assert zhang.staff_id.isdigit()
    assert made.departments[0].leaders == ("manager1",)
    assert zhang.union_id != zhang.staff_id
    assert made == organisation_of(corp, organisation().apps, staff_ids={"Li": "manager1"})
    (group,) = made.groups
    assert (group.title, group.members) == ("一群", (zhang.staff_id,))
    assert group.robots == (CLIENT, HTTP_CLIENT)
