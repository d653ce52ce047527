"""The address book and the media store."""

from __future__ import annotations

import io
from datetime import timedelta

import aiohttp
import pytest

from sandbox import App, Corp, Department, User
from sandbox.wecom import limits
from tests.sandbox.world import AES_KEY, Json, Stage, company, stage

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


async def test_a_member(on: Stage) -> None:
    """In any case of letters, without what new apps do not get."""
    found = await on.api.get("user/get", userid="wANG")
    assert (found["userid"], found["name"], found["alias"]) == ("Wang", "王芳", "小王")
    assert (found["department"], found["main_department"]) == ([3, 2], 3)
    assert found["is_leader_in_dept"] == [0, 0]
    assert not {"avatar", "gender", "mobile", "email", "biz_mail", "qr_code", "address"} & set(found)
    leader = await on.api.get("user/get", userid="Li")
    assert leader["is_leader_in_dept"] == [1]
    assert (await on.api.get("user/get", userid="Zhang"))["direct_leader"] == ["Li"]


async def test_members_who_cannot_be_read() -> None:
    """41009, 60111, 60021; a leader out of sight is left out."""
    async with stage(visible=frozenset({"Zhang"})) as on:
        assert (await on.api.get("user/get"))["errcode"] == 41009
        assert (await on.api.get("user/get", userid="nobody"))["errcode"] == 60111
        assert (await on.api.get("user/get", userid="Li"))["errcode"] == 60021
        assert (await on.api.get("user/get", userid="Zhang"))["direct_leader"] == []
        inside = await on.api.get("user/simplelist", department_id="2")
        assert [one["userid"] for one in inside["userlist"]] == ["Zhang"]


async def test_members_of_a_department(on: Stage) -> None:
    """With and without those below."""
    own = await on.api.get("user/simplelist", department_id="1")
    below = await on.api.get("user/list", department_id="1", fetch_child="1")
    assert own["userlist"] == []
    assert {one["userid"] for one in below["userlist"]} == {"Zhang", "Li", "Wang", "Gone"}
    assert (await on.api.get("user/list", department_id="9"))["errcode"] == 60123


async def test_departments(on: Stage) -> None:
    """The tree, a branch, one, and none."""
    whole = await on.api.get("department/list")
    assert [one["id"] for one in whole["department"]] == [1, 2, 3]
    assert whole["department"][1]["department_leader"] == ["Li"]
    branch = await on.api.get("department/simplelist", id="2")
    assert branch["department_id"] == [{"id": 2, "parentid": 1, "order": 0}]
    assert (await on.api.get("department/get", id="3"))["department"]["name"] == "销售二部"
    assert (await on.api.get("department/get", id="9"))["errcode"] == 60123
    assert (await on.api.get("getcallbackip"))["ip_list"]


async def _upload(on: Stage, kind: str, data: bytes, field: str = "media", name: str = "文件.bin") -> Json:
    form = aiohttp.FormData(quote_fields=False)  # names in plain UTF-8
    form.add_field(field, io.BytesIO(data), filename=name, content_type="application/octet-stream")
    url = f"{on.api.base}/cgi-bin/media/upload"
    query = {"access_token": on.api.token, "type": kind}
    async with on.api.session.post(url, params=query, data=form) as response:
        return await response.json()  # type: ignore[no-any-return]


async def test_a_file_goes_up_and_comes_down_and_is_sent(on: Stage) -> None:
    """Byte for byte, for three days."""
    data = bytes(range(256)) + b"\r\n--\r\n"
    media_id = (await _upload(on, "file", data, name="报价单.xlsx"))["media_id"]
    url = f"{on.api.base}/cgi-bin/media/get"
    query = {"access_token": on.api.token, "media_id": media_id}
    async with on.api.session.get(url, params=query) as response:
        assert await response.read() == data
    assert (await on.api.send(msgtype="file", file={"media_id": media_id}))["errcode"] == 0
    (message,) = on.sandbox.chat("Zhang")
    assert message.media is not None
    assert (message.kind, message.media["name"]) == ("file", "报价单.xlsx")
    async with on.api.session.get(on.url + str(message.media["url"])) as response:
        assert await response.read() == data
    assert (await on.api.send(msgtype="image", image={"media_id": media_id}))["errcode"] == 40007
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.MEDIA_LIFE))
    await on.api.login()
    assert (await on.api.get("media/get", media_id=media_id))["errcode"] == 40007
    assert (await on.api.send(msgtype="file", file={"media_id": media_id}))["errcode"] == 40007


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [
        ("poem", PNG, 40004),
        ("image", b"not a picture", 40004),
        ("voice", b"not a voice", 40004),
        ("video", b"not a video at all", 40004),
        ("file", b"12345", 40006),
        ("image", PNG, 0),
    ],
)
async def test_what_may_be_uploaded(on: Stage, kind: str, data: bytes, code: int) -> None:
    """Types, and more than five bytes."""
    assert (await _upload(on, kind, data))["errcode"] == code


@pytest.mark.parametrize(
    ("kind", "start", "most", "code"),
    [
        ("voice", b"#!AMR", limits.VOICE_BYTES, 40006),
        ("image", PNG, limits.IMAGE_BYTES, 40009),
        ("video", b"\x00\x00\x00\x18ftyp", limits.VIDEO_BYTES, 40006),
        ("file", b"PK", limits.FILE_BYTES, 40006),
    ],
)
async def test_the_largest_upload(on: Stage, kind: str, start: bytes, most: int, code: int) -> None:
    """Exactly the limit is fine, one byte more is not."""
    whole = start.ljust(most, b"0")
    assert (await _upload(on, kind, whole))["errcode"] == 0
    refused = (await _upload(on, kind, whole + b"0"))["errcode"]
    assert refused == code


async def test_an_upload_without_the_field(on: Stage) -> None:
    """41005, also when the body is no form."""
    assert (await _upload(on, "file", PNG, field="file"))["errcode"] == 41005
    assert (await on.api.post("media/upload?type=file", b"{}"))["errcode"] == 41005


def test_a_company_that_cannot_be() -> None:
    """What the platform would refuse is refused when it is handed in."""
    good = company("http://127.0.0.1/callback")
    with pytest.raises(ValueError, match="userid"):
        User("带中文", "名", (1,))
    with pytest.raises(ValueError, match="belongs to a department"):
        User("a", "名", ())
    with pytest.raises(ValueError, match="direct leaders"):
        User("a", "名", (1,), direct_leader=tuple("bcdefg"))
    with pytest.raises(ValueError, match="EncodingAESKey"):
        App(1, "名", "s", "http://127.0.0.1", "token", "short")
    with pytest.raises(ValueError, match="Token"):
        App(1, "名", "s", "http://127.0.0.1", "", AES_KEY)
    with pytest.raises(ValueError, match="twice"):
        Corp("c", "名", good.departments, (*good.users, User("zhang", "重名", (1,))), good.apps)
    with pytest.raises(ValueError, match="no department"):
        Corp("c", "名", (Department(1, "根"),), good.users, good.apps)
    with pytest.raises(ValueError, match="no member"):
        Corp("c", "名", good.departments, (User("a", "名", (1,), direct_leader=("b",)),), good.apps)
    with pytest.raises(ValueError, match="no parent"):
        Corp("c", "名", (Department(1, "根", 7),), (), good.apps)
