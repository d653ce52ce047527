"""Groups that an app makes and speaks in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox import CannotPress
from sandbox.wecom import limits
from tests.sandbox.world import Json, Stage, button_card, stage

CHAT = "deal42"


async def create(on: Stage, **changes: Any) -> Json:
    """A group of three, unless told otherwise."""
    body = {"chatid": CHAT, "name": "华星项目", "owner": "Li", "userlist": ["zhang", "Li", "Wang"], **changes}
    return await on.api.post(
        "appchat/create", {name: value for name, value in body.items() if value is not None}
    )


async def say(on: Stage, words: str, **more: Any) -> Json:
    """A text into the group."""
    text = {"content": words, **more}
    return await on.api.post("appchat/send", {"chatid": CHAT, "msgtype": "text", "text": text, "safe": 0})


def shown(on: Stage, userid: str) -> list[str]:
    """What a member reads in the group."""
    room = on.sandbox.world.room(on.sandbox.wecom.appchats.chats[CHAT].room(userid))
    return [one.text for one in room.messages if not one.dropped]


async def test_a_group_as_it_was_made(on: Stage) -> None:
    """Ids as the address book spells them; without an id and an owner the platform chooses."""
    assert await create(on) == {"errcode": 0, "errmsg": "ok", "chatid": CHAT}
    info = (await on.api.get("appchat/get", chatid=CHAT))["chat_info"]
    assert info == {"chatid": CHAT, "name": "华星项目", "owner": "Li", "userlist": ["Zhang", "Li", "Wang"]}
    other = (await create(on, chatid=None, owner=None, name="字" * 60))["chatid"]
    info = (await on.api.get("appchat/get", chatid=other))["chat_info"]
    assert len(other) <= limits.APPCHAT_ID_CHARS
    assert info["owner"] in info["userlist"]
    assert len(info["name"]) == limits.APPCHAT_NAME_CHARS


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"chatid": "a-b"}, 86001),
        ({"chatid": "a" * 33}, 86205),
        ({"userlist": None}, 86204),
        ({"userlist": ["Zhang"], "owner": None}, 86006),
        ({"userlist": ["Zhang", "zhang"], "owner": None}, 86006),
        ({"userlist": ["Zhang", "Gone"]}, 86007),
        ({"userlist": "Zhang|Li"}, 40058),
        ({"owner": "nobody"}, 86005),
        ({"owner": "Wang", "userlist": ["Zhang", "Li"]}, 86207),
    ],
)
async def test_groups_that_cannot_be(on: Stage, changes: Json, code: int) -> None:
    """Each by its own code, and nothing is made."""
    assert (await create(on, **changes))["errcode"] == code
    assert not on.sandbox.wecom.appchats.chats


async def test_an_id_is_used_once(on: Stage) -> None:
    """86215."""
    await create(on)
    assert (await create(on))["errcode"] == 86215


async def test_members_come_and_go(on: Stage) -> None:
    """A new owner must be in it; one who leaves is followed by another."""
    await create(on)
    update = {"chatid": CHAT, "name": "华星二期", "del_user_list": ["li"]}
    assert (await on.api.post("appchat/update", update))["errcode"] == 0
    chat = on.sandbox.wecom.appchats.chats[CHAT]
    assert (chat.name, chat.owner, chat.members) == ("华星二期", "Zhang", ["Zhang", "Wang"])
    for change, code in (
        ({"del_user_list": ["Li"]}, 86216),
        ({"add_user_list": ["nobody"]}, 86216),
        ({"del_user_list": ["Zhang"]}, 86006),
        ({"owner": "Li"}, 86207),
        ({"chatid": "unknown"}, 86003),
        ({"chatid": ""}, 86201),
    ):
        assert (await on.api.post("appchat/update", {"chatid": CHAT, **change}))["errcode"] == code
    joined = {"chatid": CHAT, "add_user_list": ["Li"], "owner": "Li"}
    assert (await on.api.post("appchat/update", joined))["errcode"] == 0
    assert (chat.owner, chat.members) == ("Li", ["Zhang", "Wang", "Li"])


async def test_what_is_said_everybody_reads(on: Stage) -> None:
    """Mentions by name, in front of nobody's own chat with the app."""
    await create(on)
    assert (await say(on, "<@zhang> 已签约", mentioned_list=["Wang", "@all"]))["errcode"] == 0
    for userid in ("Zhang", "Li", "Wang"):
        assert shown(on, userid) == ["@张伟 已签约 @王芳 @所有人"]
        assert not on.sandbox.chat(userid)
    card = {"title": "合同", "description": "58 万", "url": "https://example.com"}
    sent = await on.api.post("appchat/send", {"chatid": CHAT, "msgtype": "textcard", "textcard": card})
    assert sent["errcode"] == 0
    assert shown(on, "Li")[-1] == "合同"


async def test_no_cards_and_no_unknown_groups(on: Stage) -> None:
    """40008, 86003, 86201; an empty text is 44004."""
    await create(on)
    body = {"chatid": CHAT, "msgtype": "template_card", "template_card": button_card()}
    assert (await on.api.post("appchat/send", body))["errcode"] == 40008
    assert (await on.api.post("appchat/send", {**body, "msgtype": "miniprogram_notice"}))["errcode"] == 40008
    assert (await on.api.post("appchat/send", {"chatid": "unknown", "msgtype": "text"}))["errcode"] == 86003
    assert (await on.api.get("appchat/get"))["errcode"] == 86201
    assert (await say(on, " "))["errcode"] == 44004


async def test_a_group_belongs_to_the_app_that_made_it(on: Stage) -> None:
    """86008 for another one."""
    await create(on)
    await on.api.login(secret="secret-of-other")
    assert (await say(on, "你好"))["errcode"] == 86008
    assert (await on.api.get("appchat/get", chatid=CHAT))["errcode"] == 86008


async def test_only_for_apps_that_everybody_sees() -> None:
    """48002."""
    async with stage(visible=frozenset({"Zhang", "Li"})) as on:
        assert (await create(on))["errcode"] == 48002
        assert (await on.api.get("appchat/get", chatid=CHAT))["errcode"] == 48002


async def test_a_thousand_groups_a_day(on: Stage) -> None:
    """45009, until tomorrow."""
    flow, now = on.sandbox.wecom.flow, on.clock.now().timestamp()
    most = limits.APPCHATS_PER_DAY
    flow.check_rate("appchats of a day", most, 86400, now, most)
    assert (await create(on))["errcode"] == 45009
    on.clock.jump(on.clock.now() + timedelta(days=1))
    await on.api.login()
    assert (await create(on))["errcode"] == 0


async def test_twenty_thousand_person_times_a_minute(on: Stage) -> None:
    """45009; the next minute it goes."""
    await create(on)
    flow, now = on.sandbox.wecom.flow, on.clock.now().timestamp()
    most = limits.APPCHAT_SENDS_PER_MINUTE
    flow.check_rate("person-times in appchats", most, 60, now, most - 2)
    assert (await say(on, "你好"))["errcode"] == 45009
    assert shown(on, "Zhang") == []
    on.clock.jump(on.clock.now() + timedelta(minutes=1))
    assert (await say(on, "你好"))["errcode"] == 0


async def test_what_is_too_much_for_a_member_is_lost_without_a_word(on: Stage) -> None:
    """200 a minute and 10,000 a day, over all groups."""
    await create(on)
    flow, start = on.sandbox.wecom.flow, on.clock.now().timestamp()
    for _ in range(limits.APPCHAT_MEMBER_PER_MINUTE):
        assert flow.reaches_in_group("Zhang", start)
    assert (await say(on, "你好"))["errcode"] == 0
    assert (shown(on, "Zhang"), shown(on, "Li")) == ([], ["你好"])
    rest = limits.APPCHAT_MEMBER_PER_DAY - limits.APPCHAT_MEMBER_PER_MINUTE
    assert all(flow.reaches_in_group("Zhang", start + 60 + number) for number in range(rest))
    assert not flow.reaches_in_group("Zhang", start + 60 + rest + 600)


async def test_the_group_on_the_phone(on: Stage) -> None:
    """It is there from the first message on; members talk to each other, and no app hears it."""
    await create(on)
    assert all(one["kind"] == "app" for one in on.sandbox.chats.view("Zhang"))
    await say(on, "大家好")
    key = on.sandbox.wecom.appchats.chats[CHAT].room("Zhang")
    line = on.sandbox.chats.find("Zhang", key)
    assert line is not None
    assert line.view()["name"] == "华星项目"
    await line.enter()
    left = {"chatid": CHAT, "del_user_list": ["Wang"]}
    assert (await on.api.post("appchat/update", left))["errcode"] == 0
    assert all(one["kind"] == "app" for one in on.sandbox.chats.view("Wang"))
    assert (await on.api.post("appchat/update", {"chatid": CHAT, "add_user_list": ["Wang"]}))["errcode"] == 0
    assert [one["name"] for one in on.sandbox.chats.view("Wang") if one["kind"] == "group"] == ["华星项目"]
    await line.say("收到", None)
    assert (shown(on, "Zhang"), shown(on, "Li")) == (["大家好", "收到"], ["大家好", "收到"])
    assert not on.bot.received
    for refused in (line.press("m1", "yes", {}), line.menu("m1", "yes"), line.be_at(31.2, 121.4, "上海")):
        with pytest.raises(CannotPress):
            await refused
    with pytest.raises(CannotPress):
        await line.say(" ", None)
