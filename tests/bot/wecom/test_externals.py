"""External contacts from the API, in both of its shapes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import Misconfigured, Unreachable
from bot.external_contacts import ExternalReader
from bot.wecom.client import WeComClient
from bot.wecom.externals import Page
from crm.directory import Source
from crm.externals import External, Follow
from tests.bot.platform import QyApi

BATCH, GET = "externalcontact/batch/get_by_user", "externalcontact/get"
WHO = {"external_userid": "wmMo", "name": "莫言", "type": 1, "unknown": [1]}


async def test_a_batch_has_one_side_and_tags_by_id(wecom: WeComClient, api: QyApi) -> None:
    side = {"userid": "ZhaoChen", "remark": "莫\0总", "tag_id": ["et1", "et9"], "createtime": 1_700_000_000}
    api.answers[BATCH] = {
        "errcode": 0,
        "external_contact_list": [{"external_contact": WHO, "follow_info": side}],
        "next_cursor": "c2",
        "fail_info": {"unlicensed_userid_list": ["LiJing"]},
    }
    page = await wecom.list_externals(["ZhaoChen", "LiJing"], "", {"et1": "重点"})
    met = datetime.fromtimestamp(1_700_000_000, UTC)
    follow = Follow("zhaochen", "莫总", tags=("重点", "et9"), added_at=met)
    assert page == Page((External("wmMo", "莫言", kind=1, follows=(follow,)),), "c2", ("LiJing",))
    assert b'"limit":100' in api.bodies[-1]


async def test_one_has_all_sides_over_several_pages(wecom: WeComClient, api: QyApi) -> None:
    for userid, cursor in (("A", "more"), ("B", "")):
        side = {"userid": userid, "tags": [{"tag_id": "t", "tag_name": "重点", "type": 1}]}
        answer: dict[str, object] = {"errcode": 0, "external_contact": WHO, "follow_user": [side]}
        api.script[GET].append({**answer, "next_cursor": cursor})
    await wecom.callback_ips()  # a token, so that the script is not used up without one
    found = await wecom.get_external("wmMo")
    assert found is not None
    assert [(one.userid, one.tags) for one in found.follows] == [("a", ("重点",)), ("b", ("重点",))]


async def test_nobody_outside_is_an_answer_and_no_fault(wecom: WeComClient, api: QyApi) -> None:
    api.answers[BATCH] = api.answers[GET] = {"errcode": 84061}
    assert await wecom.list_externals(["ZhaoChen"], "", {}) == Page()
    assert await wecom.get_external("wmMo") is None


async def test_a_missing_permission_says_where_to_give_it(wecom: WeComClient, api: QyApi) -> None:
    api.answers[BATCH] = api.answers[GET] = {"errcode": 84074}
    with pytest.raises(Misconfigured, match="权限配置"):
        await wecom.list_externals(["ZhaoChen"], "", {})
    with pytest.raises(Misconfigured, match="权限配置"):
        await wecom.get_external("wmMo")


@pytest.mark.parametrize("shape", [{}, {"external_contact_list": None}, {"external_contact_list": ["x"]}])
async def test_another_shape_breaks_nothing(wecom: WeComClient, api: QyApi, shape: dict[str, object]) -> None:
    api.answers[BATCH] = {"errcode": 0, **shape}
    assert await wecom.list_externals(["ZhaoChen"], "", {}) == Page()


async def test_somebody_without_an_id_is_no_answer(wecom: WeComClient, api: QyApi) -> None:
    api.answers[BATCH] = {"errcode": 0, "external_contact_list": [{"external_contact": {"name": "x"}}]}
    with pytest.raises(Unreachable):
        await wecom.list_externals(["ZhaoChen"], "", {})


async def test_a_cursor_that_leads_nowhere_ends_and_proves_nobody_gone(
    wecom: WeComClient, api: QyApi
) -> None:
    api.answers["externalcontact/get_follow_user_list"] = {"errcode": 0, "follow_user": ["ZhaoChen"]}
    api.answers[BATCH] = {"errcode": 0, "external_contact_list": [], "next_cursor": "again"}
    read = await ExternalReader(Source("wecom", "main"), wecom).whole()
    assert (read.people, read.owners) == ((), ())
    assert api.calls[BATCH] == 2


async def test_a_hundred_members_are_asked_about_at_once(wecom: WeComClient, api: QyApi) -> None:
    names = [f"u{n}" for n in range(250)]
    api.answers["externalcontact/get_follow_user_list"] = {"errcode": 0, "follow_user": names}
    read = await ExternalReader(Source("wecom", "main"), wecom).whole()
    assert api.calls[BATCH] == 3
    assert len(read.owners) == 250
