"""The built-in 审批 app: templates, handing in, reading, and the events that tell of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox.wecom import limits
from sandbox.wecom.approval_case import Act, CannotAct
from sandbox.wecom.approval_forms import EXPENSE, Template
from tests.sandbox.world import AGENT, Json, Stage, stage

FILLED: list[Json] = [
    {"control": "Text", "id": "Text-1", "value": {"text": "拜访华星"}},
    {"control": "Money", "id": "Money-1", "value": {"new_money": "320.50"}},
]


def form(**changes: Any) -> Json:
    """A claim of Zhang's, to be agreed by Li."""
    return {
        "creator_userid": "Zhang",
        "template_id": "sandbox",
        "use_template_approver": 0,
        "approver": [{"attr": 1, "userid": ["Li"]}],
        "notifyer": ["Wang"],
        "notify_type": 1,
        "apply_data": {"contents": FILLED},
        "summary_list": [{"summary_info": [{"text": "报销 320.5 元", "lang": "zh_CN"}]}],
        **changes,
    }


async def apply(on: Stage, **changes: Any) -> str:
    """Hand in, and wait until the app was told."""
    answer = await on.api.post("oa/applyevent", form(**changes))
    assert answer["errcode"] == 0, answer
    await on.sandbox.approvals.settled()
    return str(answer["sp_no"])


async def info(on: Stage, number: str) -> Json:
    """oa/getapprovaldetail."""
    found = (await on.api.post("oa/getapprovaldetail", {"sp_no": number}))["info"]
    assert isinstance(found, dict)
    return found


def told(on: Stage) -> list[tuple[str, str]]:
    """What the app has heard: what was done, and what it came to."""
    path = "ApprovalInfo/"
    return [
        (one.text(f"{path}StatuChangeEvent"), one.text(f"{path}SpStatus"))
        for one in on.bot.received
        if one.text("Event") == "sys_approval_change"
    ]


async def test_a_template(on: Stage) -> None:
    """Its fields, as they are to be filled in; an unknown one is 301026."""
    found = await on.api.post("oa/gettemplatedetail", {"template_id": "sandbox"})
    controls = found["template_content"]["controls"]
    assert found["template_names"] == [{"text": "费用报销", "lang": "zh_CN"}]
    assert [one["property"]["control"] for one in controls][:2] == ["Text", "Money"]
    assert [one["key"] for one in controls[3]["config"]["selector"]["options"]] == ["option-1", "option-2"]
    assert (await on.api.post("oa/gettemplatedetail", {"template_id": "none"}))["errcode"] == 301026


async def test_handed_in_and_agreed(on: Stage) -> None:
    """The events leave out the form, the detail has it."""
    number = await apply(on)
    assert number == "202603020001"
    assert told(on) == [("1", "1")]
    heard = on.bot.received[0]
    assert (heard.text("FromUserName"), heard.text("AgentID")) == ("sys", "3010040")
    assert "320.50" not in heard.plain
    found = await info(on, number)
    assert (found["sp_status"], found["applyer"]["userid"]) == (1, "Zhang")
    assert found["notifyer"] == [{"userid": "Wang"}]
    assert found["apply_data"]["contents"][1]["value"] == {"new_money": "320.50"}
    assert found["apply_data"]["contents"][1]["title"] == [{"text": "金额", "lang": "zh_CN"}]
    delivery = await on.sandbox.approvals.act(number, "Li", Act.AGREE, words="同意")
    assert delivery.ok
    assert told(on) == [("1", "1"), ("2", "2")]
    found = await info(on, number)
    assert found["sp_status"] == 2
    (said,) = found["sp_record"][0]["details"]
    assert (said["approver"]["userid"], said["speech"], said["sp_status"]) == ("Li", "同意", 2)


async def test_the_first_of_two_leaves_it_open(on: Stage) -> None:
    """All must agree: 同意 by the first is event 2 with state 1."""
    number = await apply(on, approver=[{"attr": 2, "userid": ["Li", "Wang"]}])
    await on.sandbox.approvals.act(number, "Li", Act.AGREE)
    await on.sandbox.approvals.act(number, "wang", Act.AGREE)
    assert told(on) == [("1", "1"), ("2", "1"), ("2", "2")]


async def test_one_of_two_is_enough_where_any_may(on: Stage) -> None:
    """And the other has nothing to say any more."""
    number = await apply(on, approver=[{"attr": 1, "userid": ["Li", "Wang"]}])
    await on.sandbox.approvals.act(number, "Wang", Act.AGREE)
    assert (await info(on, number))["sp_status"] == 2
    with pytest.raises(CannotAct):
        await on.sandbox.approvals.act(number, "Li", Act.REJECT)


async def test_step_after_step_and_a_no(on: Stage) -> None:
    """Only whose turn it is can speak; a no ends it."""
    steps = [{"attr": 1, "userid": ["Li"]}, {"attr": 1, "userid": ["Wang"]}]
    number = await apply(on, approver=steps)
    with pytest.raises(CannotAct):
        await on.sandbox.approvals.act(number, "Wang", Act.AGREE)
    await on.sandbox.approvals.act(number, "Li", Act.AGREE)
    await on.sandbox.approvals.act(number, "Wang", Act.REJECT, words="超标")
    assert told(on) == [("1", "1"), ("2", "1"), ("3", "3")]


async def test_handed_on_urged_and_commented(on: Stage) -> None:
    """Whoever it was handed on to decides."""
    number = await apply(on)
    await on.sandbox.approvals.act(number, "Zhang", Act.URGE)
    await on.sandbox.approvals.act(number, "Li", Act.HAND_ON, to="Wang")
    await on.sandbox.approvals.act(number, "Wang", Act.COMMENT, words="请补发票")
    await on.sandbox.approvals.act(number, "Wang", Act.AGREE)
    assert told(on) == [("1", "1"), ("5", "1"), ("4", "1"), ("10", "1"), ("2", "2")]
    found = await info(on, number)
    assert [one["sp_status"] for one in found["sp_record"][0]["details"]] == [4, 2]
    assert found["comments"][0]["commentcontent"] == "请补发票"
    assert on.bot.received[-1].text("ApprovalInfo/Comments/CommentContent") == "请补发票"


async def test_withdrawn_before_and_after(on: Stage) -> None:
    """By the applicant alone: 6 to state 4, later 8 to state 6."""
    first, second = await apply(on), await apply(on)
    with pytest.raises(CannotAct):
        await on.sandbox.approvals.act(first, "Li", Act.WITHDRAW)
    await on.sandbox.approvals.act(first, "Zhang", Act.WITHDRAW)
    with pytest.raises(CannotAct):
        await on.sandbox.approvals.act(first, "Zhang", Act.WITHDRAW)
    await on.sandbox.approvals.act(second, "Li", Act.AGREE)
    await on.sandbox.approvals.act(second, "Zhang", Act.WITHDRAW)
    assert told(on)[2:] == [("6", "4"), ("2", "2"), ("8", "6")]


async def test_the_way_that_is_set_in_the_console(on: Stage) -> None:
    """With `use_template_approver` the approvers of the call do not count."""
    on.sandbox.wecom.approvals.templates["set"] = Template("set", "请款", EXPENSE.controls, ((1, ("Wang",)),))
    number = await apply(on, template_id="set", use_template_approver=1, approver=[])
    assert (await info(on, number))["sp_record"][0]["details"][0]["approver"] == {"userid": "Wang"}
    refused = await on.api.post("oa/applyevent", form(use_template_approver=1))
    assert refused["errcode"] == 301025


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"creator_userid": "nobody"}, 60111),
        ({"template_id": "none"}, 301025),
        ({"approver": []}, 301025),
        ({"approver": [{"attr": 1, "userid": []}]}, 301025),
        ({"approver": [{"attr": 1, "userid": ["nobody"]}]}, 301025),
        ({"approver": [{"attr": 3, "userid": ["Li"]}]}, 40058),
        ({"notifyer": ["nobody"]}, 301025),
        ({"notify_type": 4}, 40058),
        ({"summary_list": [{"summary_info": []}] * 4}, 301025),
        ({"apply_data": {"contents": FILLED[:1]}}, 301025),
        ({"apply_data": {"contents": [*FILLED, FILLED[0]]}}, 301025),
        ({"apply_data": {"contents": [*FILLED, {"control": "Text", "id": "Text-9", "value": {}}]}}, 301025),
        ({"apply_data": {}}, 40058),
    ],
)
async def test_what_cannot_be_handed_in(on: Stage, changes: Json, code: int) -> None:
    """Nothing is kept of it, and nobody is told."""
    assert (await on.api.post("oa/applyevent", form(**changes)))["errcode"] == code
    assert not on.sandbox.wecom.approvals.cases
    assert not on.bot.received


@pytest.mark.parametrize(
    ("control", "id_", "bad", "good"),
    [
        ("Text", "Text-1", {"text": " "}, {"text": "拜访"}),
        ("Money", "Money-1", {"new_money": "很多"}, {"new_money": 12}),
        ("Date", "Date-1", {"date": {"type": "week"}}, {"date": {"type": "day", "s_timestamp": "1"}}),
        (
            "Selector",
            "Selector-1",
            {"selector": {"type": "single", "options": [{"key": "option-9"}]}},
            {"selector": {"type": "single", "options": [{"key": "option-1"}]}},
        ),
        ("Contact", "Contact-1", {"members": []}, {"members": [{"userid": "Li"}]}),
        ("File", "File-1", {"files": [{"file_id": "f"}] * 7}, {"files": [{"file_id": "f"}]}),
    ],
)
async def test_values_by_kind(on: Stage, control: str, id_: str, bad: Json, good: Json) -> None:
    """Each kind of field has its own shape; an optional one may stay empty."""
    others = [one for one in FILLED if one["id"] != id_]
    for value, code in ((bad, 301025), (good, 0)):
        contents = [*others, {"control": control, "id": id_, "value": value}]
        answer = await on.api.post("oa/applyevent", form(apply_data={"contents": contents}))
        assert answer["errcode"] == code
    await on.sandbox.approvals.settled()


async def test_numbers_of_a_time(on: Stage) -> None:
    """Page by page, filtered, at most 31 days at once."""
    numbers = [await apply(on) for _ in range(3)]
    numbers.append(await apply(on, creator_userid="Wang"))
    await on.sandbox.approvals.act(numbers[0], "Li", Act.AGREE)
    now = int(on.clock.now().timestamp())
    span = {"starttime": str(now - 10), "endtime": str(now + 10)}

    async def ask(**more: Any) -> Json:
        return await on.api.post("oa/getapprovalinfo", {**span, **more})

    first = await ask(size=3)
    assert first["sp_no_list"] == numbers[:3]
    second = await ask(size=3, new_cursor=first["new_next_cursor"])
    assert second["sp_no_list"] == numbers[3:]
    assert "new_next_cursor" not in second
    for key, value, expected in (
        ("sp_status", "2", numbers[:1]),
        ("creator", "Wang", numbers[3:]),
        ("department", "3", numbers[3:]),
        ("template_id", "other", []),
        ("record_type", "1", []),
    ):
        found = await ask(filters=[{"key": key, "value": value}])
        assert found["sp_no_list"] == expected
    assert (await ask(filters=[{"key": "colour", "value": "1"}]))["errcode"] == 301025
    assert (await ask(size=101))["errcode"] == 301025
    assert (await ask(new_cursor="x"))["errcode"] == 301025
    assert (await ask(endtime=str(now - 10 + limits.APPROVAL_SPAN + 1)))["errcode"] == 301025
    assert (await ask(starttime="yesterday"))["errcode"] == 301025
    old = await on.api.post("corp/getapprovaldata", span)
    assert (old["total"], old["data"][0]["sp_num"]) == (4, int(numbers[0]))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("oa/applyevent", form()),
        ("corp/getapprovaldata", {"starttime": 1, "endtime": 2}),
    ],
)
async def test_six_hundred_a_minute(on: Stage, path: str, body: Json) -> None:
    """45009 until the minute is over."""
    for name, most in (
        ("oa/applyevent", limits.APPLY_PER_MINUTE),
        ("getapprovaldata", limits.APPROVAL_DATA_PER_MINUTE),
    ):
        on.sandbox.wecom.flow.check_rate(name, most, 60, on.clock.now().timestamp(), most)
    assert (await on.api.post(path, body))["errcode"] == 45009
    on.clock.jump(on.clock.now() + timedelta(minutes=1))
    assert (await on.api.post(path, body))["errcode"] == 0
    await on.sandbox.approvals.settled()


async def test_who_may_ask(on: Stage) -> None:
    """301055 for an app that is not listed; unknown numbers are 301025."""
    assert (await on.api.post("oa/getapprovaldetail", {"sp_no": "1"}))["errcode"] == 301025
    on.sandbox.wecom.approvals.apps = frozenset({AGENT + 1})
    for path in ("oa/gettemplatedetail", "oa/applyevent", "oa/getapprovaldetail", "oa/getapprovalinfo"):
        assert (await on.api.post(path, form()))["errcode"] == 301055


async def test_for_members_in_sight_alone() -> None:
    """60021."""
    async with stage(visible=frozenset({"Li"})) as on:
        assert (await on.api.post("oa/applyevent", form()))["errcode"] == 60021
