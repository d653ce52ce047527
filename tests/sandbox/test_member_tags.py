"""Tags of the address book: as receivers, for updates, and to be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from sandbox import MemberTag
from tests.sandbox.world import Stage, button_card, stage


@pytest.fixture
async def tagged() -> AsyncIterator[Stage]:
    """One tag for a member and a department, one for somebody who has left."""
    async with stage() as on:
        world = on.sandbox.world
        tags = (MemberTag(7, "重点客户组", ("zhang",), (3,)), MemberTag(8, "旧人", ("Gone",)))
        world.change_corp(replace(world.corp, member_tags=tags))
        yield on


async def test_everybody_with_the_tag_gets_it_once(tagged: Stage) -> None:
    """Members and departments; unknown tags are listed."""
    answer = await tagged.api.say("开会", touser="Zhang", totag="7|9")
    assert (answer["errcode"], answer["invalidtag"]) == (0, "9")
    counts = [len(tagged.sandbox.chat(one)) for one in ("Zhang", "Li", "Wang")]
    assert counts == [1, 0, 1]


async def test_a_tag_of_nobody(tagged: Stage) -> None:
    """81013, though the tag is there."""
    assert (await tagged.api.say("开会", touser="", totag="8"))["errcode"] == 81013


async def test_a_card_is_updated_by_tag(tagged: Stage) -> None:
    """Those with the tag, of those who have the card."""
    code = str((await tagged.api.card(button_card(), touser="Zhang|Li"))["response_code"])
    answer = await tagged.api.update(code, userids=[], tagids=[7], button={"replace_name": "好"})
    assert answer == {"errcode": 0, "errmsg": "ok"}
    states = [tagged.sandbox.chat(one)[0].state for one in ("Zhang", "Li")]
    assert [one.disabled for one in states if one is not None] == [True, False]


async def test_tags_can_be_read(tagged: Stage) -> None:
    """The list, and who has one; 40068 for another."""
    assert (await tagged.api.get("tag/list"))["taglist"][0] == {"tagid": 7, "tagname": "重点客户组"}
    found = await tagged.api.get("tag/get", tagid="7")
    assert (found["userlist"], found["partylist"]) == ([{"userid": "Zhang", "name": "张伟"}], [3])
    assert (await tagged.api.get("tag/get", tagid="9"))["errcode"] == 40068


async def test_all_ids_for_the_synchronisation_alone(tagged: Stage) -> None:
    """48002 for an app; page by page, one row per department."""
    assert (await tagged.api.post("user/list_id", {}))["errcode"] == 48002
    tagged.sandbox.wecom.contacts.sync = {1000002}
    first = await tagged.api.post("user/list_id", {"limit": 3})
    rest = await tagged.api.post("user/list_id", {"limit": 3, "cursor": first["next_cursor"]})
    rows = [(one["userid"], one["department"]) for one in first["dept_user"] + rest["dept_user"]]
    assert rows == [("Zhang", 2), ("Li", 2), ("Wang", 3), ("Wang", 2), ("Gone", 3)]
    assert rest["next_cursor"] == ""
    assert (await tagged.api.post("user/list_id", {"limit": 10_001}))["errcode"] == 40058
    assert (await tagged.api.post("user/list_id", {"cursor": "x"}))["errcode"] == 50100
