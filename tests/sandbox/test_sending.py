"""message/send, except the shape of template cards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.wecom import limits
from tests.sandbox.world import AGENT, Stage, button_card, stage, text_card


async def test_a_text_arrives(on: Stage) -> None:
    """In the chat of the receiver and nobody else's."""
    answer = await on.api.say("下午好")
    assert answer["errcode"] == 0
    assert answer["msgid"]
    assert "response_code" not in answer
    assert [(one.kind, one.text) for one in on.sandbox.chat("Zhang")] == [("text", "下午好")]
    assert not on.sandbox.chat("Li")


@pytest.mark.parametrize("kind", ["text", "markdown"])
async def test_long_texts_are_cut_at_a_whole_character(on: Stage, kind: str) -> None:
    """2048 bytes are 682 characters of three bytes, and no error comes back."""
    answer = await on.api.send(msgtype=kind, **{kind: {"content": "字" * 1000}})
    assert answer["errcode"] == 0
    assert on.sandbox.chat("Zhang")[0].text == "字" * 682


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"touser": ""}, 82001),
        ({"touser": None}, 82001),
        ({"touser": ["Zhang"]}, 40031),
        ({"touser": "|".join(f"u{n}" for n in range(1001))}, 40032),
        ({"touser": "", "toparty": "|".join(str(n) for n in range(101))}, 82002),
        ({"touser": "", "totag": "|".join(str(n) for n in range(101))}, 82003),
        ({"touser": "nobody|Gone"}, 81013),
        ({"touser": "", "totag": "7"}, 81013),
        ({"agentid": None}, 41011),
        ({"agentid": "app"}, 40056),
        ({"agentid": 1000003}, 301002),
        ({"msgtype": "poem"}, 40008),
        ({"text": {"content": " \n"}}, 44004),
        ({"text": {}}, 44004),
        ({"text": "hello"}, 40058),
        ({"safe": 7}, 40058),
        ({"duplicate_check_interval": limits.DUPLICATE_CHECK_MAX + 1}, 40058),
    ],
)
async def test_bad_requests(on: Stage, change: dict[str, Any], code: int) -> None:
    """Each gets its own code and leaves no message."""
    body = {"touser": "Zhang", "agentid": AGENT, "msgtype": "text", "text": {"content": "你好"}, **change}
    assert (await on.api.post("message/send", body))["errcode"] == code
    assert not on.sandbox.chat("Zhang")


async def test_bodies_that_are_no_json_or_escaped(on: Stage) -> None:
    """47001 and 40033."""
    assert (await on.api.post("message/send", b"not json"))["errcode"] == 47001
    assert (await on.api.post("message/send", b"[1]"))["errcode"] == 47001
    escaped = b'{"touser":"Zhang","agentid":1000002,"msgtype":"text","text":{"content":"\\u4f60"}}'
    assert (await on.api.post("message/send", escaped))["errcode"] == 40033
    control = (
        b'{"touser":"Zhang","agentid":1000002,"msgtype":"text","text":{"content":"a\\u0007 C:\\\\user"}}'
    )
    assert (await on.api.post("message/send", control))["errcode"] == 0


async def test_partly_invalid_receivers_are_listed_in_lower_case(on: Stage) -> None:
    """errcode 0, and the good ones get it; upper and lower case do not matter."""
    answer = await on.api.say("大家好", touser="zhang|Nobody|Gone", toparty="3|99", totag="5")
    assert answer["errcode"] == 0
    assert answer["invaliduser"] == "nobody|gone"
    assert answer["invalidparty"] == "99"
    assert answer["invalidtag"] == "5"
    assert len(on.sandbox.chat("Zhang")) == len(on.sandbox.chat("Wang")) == 1


async def test_departments_include_those_below_and_nobody_twice(on: Stage) -> None:
    """Department 1 is the root; 王芳 is in two teams."""
    await on.api.say("全体", touser="Wang", toparty="1|2|3")
    assert [len(on.sandbox.chat(one)) for one in ("Zhang", "Li", "Wang")] == [1, 1, 1]


async def test_everybody_the_app_can_see() -> None:
    """@all is the visible range; whoever is outside of it is invalid."""
    async with stage(visible=frozenset({"zhang", "Li"})) as on:
        await on.api.say("全体", touser="@all")
        assert [len(on.sandbox.chat(one)) for one in ("Zhang", "Li", "Wang")] == [1, 1, 0]
        assert (await on.api.say("你好", touser="Wang"))["errcode"] == 81013


async def test_more_than_thirty_a_minute_are_dropped_without_a_word(on: Stage) -> None:
    """errcode 0 for all; the excess is recorded as dropped and not counted."""
    for number in range(35):
        assert (await on.api.say(f"第 {number} 条"))["errcode"] == 0
    assert len(on.sandbox.chat("Zhang")) == limits.MEMBER_PER_MINUTE
    assert [one.text for one in on.sandbox.dropped("Zhang")] == [
        f"第 {number} 条" for number in range(30, 35)
    ]
    assert (await on.api.say("别人", touser="Li"))["errcode"] == 0
    assert len(on.sandbox.chat("Li")) == 1
    on.clock.jump(on.clock.now() + timedelta(minutes=1))
    await on.api.say("又可以了")
    assert on.sandbox.chat("Zhang")[-1].text == "又可以了"


async def test_more_than_a_thousand_an_hour_are_dropped(on: Stage) -> None:
    """However slowly they come."""
    flow, now = on.sandbox.wecom.flow, on.clock.now().timestamp()
    reached = [flow.reaches(AGENT, "Zhang", now + number * 3) for number in range(1001)]
    assert reached == [True] * 1000 + [False]
    assert flow.reaches(AGENT, "Zhang", now + 3600)


async def test_the_daily_allowance_of_an_app(on: Stage) -> None:
    """45009 beyond 200 person-times per account, until the next day."""
    flow, now, cap = on.sandbox.wecom.flow, on.clock.now().timestamp(), on.sandbox.world.corp.account_cap
    flow.check_day(AGENT, cap * limits.SENDS_PER_ACCOUNT_AND_DAY, cap, now)
    assert (await on.api.say("你好"))["errcode"] == 45009
    on.clock.jump(on.clock.now() + timedelta(days=1))
    await on.api.login()
    assert (await on.api.say("你好"))["errcode"] == 0


async def test_duplicate_check(on: Stage) -> None:
    """Identical content inside the interval is accepted and not delivered again."""
    first = await on.api.say("提醒", enable_duplicate_check=1)
    again = await on.api.say("提醒", enable_duplicate_check=1)
    assert (again["errcode"], again["msgid"]) == (0, first["msgid"])
    assert len(on.sandbox.chat("Zhang")) == 1
    await on.api.say("提醒", enable_duplicate_check=1, touser="Li")
    assert len(on.sandbox.chat("Li")) == 1
    await on.api.say("提醒")
    assert len(on.sandbox.chat("Zhang")) == 2
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.DUPLICATE_CHECK_DEFAULT))
    await on.api.say("提醒", enable_duplicate_check=1)
    assert len(on.sandbox.chat("Zhang")) == 3


async def test_a_repeated_card_is_a_duplicate_before_it_is_a_used_task_id(on: Stage) -> None:
    """The same bytes after a lost yes do no harm; another card with that task_id is refused."""
    card = button_card()
    assert (await on.api.card(card, enable_duplicate_check=1))["errcode"] == 0
    assert (await on.api.card(card, enable_duplicate_check=1))["errcode"] == 0
    assert len(on.sandbox.chat("Zhang")) == 1
    assert (await on.api.card(card))["errcode"] == 42014


async def test_textcard_and_news(on: Stage) -> None:
    """Drawn as they are; their limits are kept."""
    card = {"title": "报价", "description": "58 万", "url": "https://example.com"}
    assert (await on.api.send(msgtype="textcard", textcard=card))["errcode"] == 0
    assert on.sandbox.chat("Zhang")[0].card == {**card, "btntxt": "详情"}
    for wrong in ({"title": "字" * 43}, {"description": "字" * 171}, {"url": ""}, {"btntxt": "查看全部吧"}):
        assert (await on.api.send(msgtype="textcard", textcard={**card, **wrong}))["errcode"] == 40058
    article = {"title": "周报", "description": "本周", "url": "https://example.com"}
    assert (await on.api.send(msgtype="news", news={"articles": [article] * 8}))["errcode"] == 0
    assert (await on.api.send(msgtype="news", news={"articles": [article] * 9}))["errcode"] == 45008
    assert (await on.api.send(msgtype="news", news={"articles": []}))["errcode"] == 45008


async def test_an_app_without_a_callback_sends_no_interactive_cards() -> None:
    """43012; plain notices are fine."""
    async with stage(callback_url="") as on:
        assert (await on.api.card(button_card()))["errcode"] == 43012
        menu = {"desc": "更多", "action_list": [{"text": "不再提醒", "key": "mute"}]}
        assert (await on.api.card(text_card(task_id="t", action_menu=menu)))["errcode"] == 43012
        assert (await on.api.card(text_card()))["errcode"] == 0


async def test_ids_become_names(on: Stage) -> None:
    """Only where asked for, and only ids that exist."""
    words = "$userName=zhang$ $userAlias=Wang$ $userAliasOrName=Li$ $departmentName=2$ $userName=who$"
    await on.api.say(words, enable_id_trans=1)
    await on.api.say(words)
    shown = [one.text for one in on.sandbox.chat("Zhang")]
    assert shown == ["张伟 小王 李经理 销售一部 $userName=who$", words]


async def test_recall(on: Stage) -> None:
    """Everybody sees that something was taken back; after a day it is too late."""
    sent = await on.api.say("发错了", touser="Zhang|Li")
    assert (await on.api.post("message/recall", {"msgid": sent["msgid"]}))["errcode"] == 0
    assert [(one.kind, one.text) for one in on.sandbox.chat("Li")] == [("system", "跟进撤回了一条消息")]
    assert (await on.api.post("message/recall", {"msgid": "unknown"}))["errcode"] == 40058
    late = await on.api.say("太晚了")
    on.clock.jump(on.clock.now() + timedelta(seconds=limits.RECALL_WINDOW))
    await on.api.login()
    assert (await on.api.post("message/recall", {"msgid": late["msgid"]}))["errcode"] == 42052
