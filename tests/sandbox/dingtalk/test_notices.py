"""Work notices: always yes, and silence beyond the limits."""

from __future__ import annotations

import pytest

from sandbox.dingtalk import limits
from sandbox.dingtalk.state import Bubble
from tests.sandbox.dingtalk.stage import Json, Stage

SEND = "topapi/message/corpconversation/asyncsend_v2"
TEXT: Json = {"msgtype": "text", "text": {"content": "王总今天生日"}}


def notices(on: Stage, staff_id: str) -> list[Bubble]:
    """What a colleague finds among the notices."""
    return on.ding.office.notices.chat(staff_id).bubbles


async def send(on: Stage, **changes: object) -> Json:
    """A notice for zhang."""
    return await on.old(SEND, {"agent_id": 1, "userid_list": "zhang", "msg": TEXT, **changes})


async def test_notice_arrives(on: Stage) -> None:
    answer = await send(on, userid_list="zhang,li,nobody")
    assert answer["errcode"] == 0
    assert answer["task_id"]
    assert [one.text for one in notices(on, "zhang")] == ["王总今天生日"]
    assert len(notices(on, "li")) == 1


async def test_departments_and_everybody(on: Stage) -> None:
    await send(on, userid_list="", dept_id_list="3")
    assert len(notices(on, "wang")) == 1
    assert notices(on, "zhang") == []
    for number in range(4):
        words = {"msgtype": "text", "text": {"content": f"第 {number} 次"}}
        assert (await send(on, userid_list="", to_all_user=True, msg=words))["errcode"] == 0
    assert len(notices(on, "zhang")) == 3


async def test_same_words_reach_a_colleague_once_a_day(on: Stage) -> None:
    for _ in range(3):
        assert (await send(on))["errcode"] == 0
    assert len(notices(on, "zhang")) == 1
    on.later(days=1)
    await on.login()
    await send(on)
    assert len(notices(on, "zhang")) == 2


async def test_five_hundred_a_day(on: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "NOTICE_USER_DAY", 2)
    for number in range(4):
        await send(on, msg={"msgtype": "markdown", "markdown": {"title": "t", "text": str(number)}})
    assert [one.text for one in notices(on, "zhang")] == ["0", "1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"agent_id": 2},
        {"userid_list": ""},
        {"userid_list": ",".join(str(one) for one in range(101))},
        {"msg": None},
        {"msg": "{"},
        {"msg": {"msgtype": "text", "text": {}}},
        {"msg": {"msgtype": "dance"}},
        {"msg": {"msgtype": "text", "text": {"content": "长" * 700}}},
    ],
)
async def test_wrong_notice_is_refused(on: Stage, changes: Json) -> None:
    assert (await send(on, **changes))["errcode"] == 400002
    assert notices(on, "zhang") == []
