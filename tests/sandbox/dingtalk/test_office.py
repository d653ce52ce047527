"""OA approval, todo, calendar, external contacts, quick entries; and the events they cause."""

from __future__ import annotations

import pytest

from sandbox.dingtalk import CannotPress
from tests.sandbox.dingtalk.stage import CLIENT, Json, Stage, heard, listen

INSTANCES = "v1.0/workflow/processInstances"
TODOS = "v1.0/todo/users/unionZhang/tasks"
EVENTS = "v1.0/calendar/users/unionZhang/calendars/primary/events"
TODO: Json = {"subject": "回访王总", "detailUrl": {"appUrl": "https://a", "pcUrl": "https://b"}}
ALL_DAY: Json = {
    "summary": "王总生日",
    "isAllDay": True,
    "start": {"date": "2026-03-03"},
    "end": {"date": "2026-03-04"},
}
CONTACT: Json = {"name": "王总", "mobile": "13900000000", "state_code": "86"}
CONTACT |= {"label_ids": [1001], "follower_user_id": "zhang"}


async def start(on: Stage, **changes: object) -> tuple[int, Json]:
    """Start an approval of zhang's."""
    form = {
        "name": "报价审批",
        "formComponents": [{"componentType": "TextField", "props": {"label": "金额"}}],
    }
    _, template = await on.call("POST", "v1.0/workflow/forms", form)
    body = {
        "processCode": template["result"]["processCode"],
        "originatorUserId": "zhang",
        "deptId": -1,
        "approvers": [
            {"actionType": "OR", "userIds": ["li", "wang"]},
            {"actionType": "NONE", "userIds": ["li"]},
        ],
        "formComponentValues": [{"name": "金额", "value": "580000"}],
        **changes,
    }
    return await on.call("POST", INSTANCES, {key: value for key, value in body.items() if value is not None})


async def test_approval_goes_from_node_to_node_and_tells_how_it_ended(on: Stage) -> None:
    listen(on, "bpms_instance_change", "bpms_task_change")
    await on.bot.connect()
    _, started = await start(on)
    name = started["instanceId"]
    await on.ding.decides("wang", name, "agree", "可以")
    with pytest.raises(CannotPress):
        await on.ding.decides("wang", name, "agree")
    _, seen = await on.call("GET", INSTANCES, processInstanceId=name)
    assert seen["success"] == "true"
    assert [one["status"] for one in seen["result"]["tasks"]] == ["CANCELED", "COMPLETED", "RUNNING"]
    task = seen["result"]["tasks"][2]
    body = {"processInstanceId": name, "taskId": task["taskId"], "actionerUserId": "li", "result": "agree"}
    _, done = await on.call("POST", f"{INSTANCES}/execute", body)
    assert done == {"result": True, "success": True}
    assert (await on.call("POST", f"{INSTANCES}/execute", body))[1]["code"] == "aflowTaskNotExist"
    _, seen = await on.call("GET", INSTANCES, processInstanceId=name)
    assert (seen["result"]["status"], seen["result"]["result"]) == ("COMPLETED", "agree")
    assert seen["result"]["finishTime"] == "2026-03-02T01:00Z"
    told = [(kind, data["type"]) for kind, data in await heard(on)]
    assert told[0] == ("bpms_instance_change", "start")
    assert told[-1] == ("bpms_instance_change", "finish")
    assert told.count(("bpms_task_change", "finish")) == 2
    assert (await heard(on))[-1][1]["result"] == "agree"
    assert on.ding.quota.pushes_used == len(told), "approval events are counted"


async def test_one_refusal_ends_an_approval(on: Stage) -> None:
    _, started = await start(on, approvers=[{"actionType": "AND", "userIds": ["li", "wang"]}])
    await on.ding.decides("li", started["instanceId"], "refuse", "太低")
    _, seen = await on.call("GET", INSTANCES, processInstanceId=started["instanceId"])
    assert (seen["result"]["status"], seen["result"]["result"]) == ("COMPLETED", "refuse")
    assert seen["result"]["operationRecords"][-1]["remark"] == "太低"


async def test_manager_approves_where_nobody_is_named(on: Stage) -> None:
    _, started = await start(on, approvers=None)
    await on.ding.decides("li", started["instanceId"], "agree")


async def test_approval_is_taken_back_after_15_seconds(on: Stage) -> None:
    _, started = await start(on)
    body = {"processInstanceId": started["instanceId"], "operatingUserId": "zhang"}
    _, answer = await on.call("POST", f"{INSTANCES}/terminate", body)
    assert answer["code"] == "aflowProcessInstStatusException"
    on.later(seconds=15)
    assert (await on.call("POST", f"{INSTANCES}/terminate", body))[0] == 200
    with pytest.raises(CannotPress):
        await on.ding.decides("li", started["instanceId"], "agree")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"processCode": "PROC-X"}, "aflowProcessNotExist"),
        ({"originatorUserId": "nobody"}, "processInstanceStartFailed"),
        ({"formComponentValues": [{"name": "金额", "value": 58}]}, "aflowProcessFormContentInvalid"),
        ({"formComponentValues": []}, "aflowProcessFormContentInvalid"),
        ({"approvers": [{"actionType": "AND", "userIds": ["nobody"]}]}, "processInstanceStartFailed"),
        ({"approvers": [{"actionType": "NONE", "userIds": ["li"]}] * 21}, "processInstanceStartFailed"),
        ({"approvers": None, "deptId": None}, "processInstanceStartFailed"),
        ({"ccList": ["li"] * 51}, "processInstanceStartFailed"),
    ],
)
async def test_wrong_approval_is_not_started(on: Stage, changes: Json, code: str) -> None:
    assert (await start(on, **changes))[1]["code"] == code
    assert on.ding.office.approvals.instances == {}


async def test_todo_is_made_once_ticked_off_and_told(on: Stage) -> None:
    listen(on, "todo_task_create", "todo_task_update", "todo_task_delete")
    await on.bot.connect()
    body = {**TODO, "sourceId": "task-7", "executorIds": ["unionLi", "unionZhang"], "dueTime": 1772500000000}
    _, first = await on.call("POST", TODOS, body, operatorId="unionZhang")
    _, again = await on.call("POST", TODOS, body, operatorId="unionZhang")
    assert first["id"] == again["id"]
    await on.ding.ticks_off("li", first["id"])
    assert not on.ding.office.todos.tasks[first["id"]].done
    done = {"executorStatusList": [{"id": "unionZhang", "isDone": True}]}
    await on.call("PUT", f"{TODOS}/{first['id']}/executorStatus", done, operatorId="unionZhang")
    _, found = await on.call("POST", "v1.0/todo/users/unionLi/org/tasks/query", {"isDone": True})
    assert [one["subject"] for one in found["todoCards"]] == ["回访王总"]
    await on.call("PUT", f"{TODOS}/{first['id']}", {"subject": "改", "done": False}, operatorId="unionLi")
    assert on.ding.office.todos.tasks[first["id"]].subject == "改"
    await on.call("DELETE", f"{TODOS}/{first['id']}", operatorId="unionZhang")
    assert on.ding.office.todos.tasks == {}
    kinds = [kind for kind, _ in await heard(on)]
    assert kinds == ["todo_task_create", *["todo_task_update"] * 3, "todo_task_delete"]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": ""},
        {"subject": "长" * 1025},
        {"detailUrl": None},
        {"detailUrl": {"appUrl": "https://a"}},
        {"detailUrl": {"appUrl": "a" * 1025, "pcUrl": "b"}},
        {"priority": 15},
        {"dueTime": "明天"},
        {"executorIds": ["zhang"]},
    ],
)
async def test_wrong_todo_is_refused(on: Stage, changes: Json) -> None:
    assert (await on.call("POST", TODOS, {**TODO, **changes}, operatorId="unionZhang"))[0] == 400
    assert on.ding.office.todos.tasks == {}


async def test_todo_wants_union_ids_and_a_known_task(on: Stage) -> None:
    assert (await on.call("POST", "v1.0/todo/users/zhang/tasks", TODO))[1]["code"] == "user.notExist"
    _, answer = await on.call("PUT", f"{TODOS}/x", {"done": True}, operatorId="unionZhang")
    assert answer["code"] == "task.notExist"
    with pytest.raises(CannotPress):
        await on.ding.ticks_off("li", "x")


async def test_calendar_event_is_made_once_a_token(on: Stage) -> None:
    headers = {"x-acs-dingtalk-access-token": on.token, "x-client-token": "birthday-1"}
    names = set()
    for hours in (0, 1, 24):
        on.later(hours=hours)
        await on.login()
        headers["x-acs-dingtalk-access-token"] = on.token
        async with on.http.post(f"{on.ding.api_base}/{EVENTS}", json=ALL_DAY, headers=headers) as response:
            answer = await response.json()
            assert answer["reminders"] == [{"method": "dingtalk", "minutes": "15"}]
            names.add(answer["id"])
    assert len(names) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"summary": ""},
        {"summary": "长" * 2049},
        {"description": "长" * 5001},
        {"end": None},
        {"end": {"date": "2026-03-03"}},
        {"start": {"date": "三月"}},
        {"isAllDay": False},
        {"isAllDay": False, "start": {"dateTime": "2026-03-03T10:00:00"}},
        {"attendees": [{"id": "zhang"}]},
        {"attendees": [{"id": "unionLi"}] * 501},
        {"reminders": [{"method": "sms", "minutes": 5}]},
        {"recurrence": {"pattern": {"type": "yearly"}, "range": {"type": "noEnd"}}},
    ],
)
async def test_wrong_calendar_event_is_refused(on: Stage, changes: Json) -> None:
    assert (await on.call("POST", EVENTS, {**ALL_DAY, **changes}))[0] == 400
    assert on.ding.office.calendars.events == {}


async def test_calendar_of_a_day_is_full_after_a_hundred(on: Stage) -> None:
    on.ding.quota.calls_per_second = 1000
    recurrence = {"pattern": {"type": "absoluteYearly", "interval": 1}, "range": {"type": "noEnd"}}
    timed = {
        "summary": "x",
        "start": {"dateTime": "2026-03-03T10:00:00", "timeZone": "Asia/Shanghai"},
        "recurrence": recurrence,
        "reminders": [],
    }
    answers = [await on.call("POST", EVENTS, timed) for _ in range(101)]
    assert [status for status, _ in answers] == [200] * 100 + [400]
    assert answers[-1][1]["code"] == "flowLimit"
    assert answers[0][1]["reminders"] == []


async def test_external_contacts(on: Stage) -> None:
    listen(on, "contact_add_org", "contact_modify_org", "contact_leave_org")
    await on.bot.connect()
    made = await on.old("topapi/extcontact/create", {"contact": CONTACT})
    assert made["errcode"] == 0
    assert (await on.old("topapi/extcontact/create", {"contact": CONTACT}))["errcode"] == 22005
    change = {"contact": {"user_id": made["userid"], "title": "总经理"}}
    assert (await on.old("topapi/extcontact/update", change))["errcode"] == 0
    one = await on.old("topapi/extcontact/get", {"user_id": made["userid"]})
    assert (one["result"]["name"], one["result"]["title"]) == ("王总", "总经理")
    page = await on.old("topapi/extcontact/list", {"size": 100, "offset": 0})
    assert len(page["results"]) == 1
    assert (await on.old("topapi/extcontact/list", {"size": 101}))["errcode"] == 400002
    assert (await on.old("topapi/extcontact/listlabelgroups", {}))["results"][0]["labels"]
    assert (await on.old("topapi/extcontact/delete", {"user_id": made["userid"]}))["errcode"] == 0
    assert (await on.old("topapi/extcontact/get", {"user_id": made["userid"]}))["errcode"] == 60103
    kinds = [kind for kind, _ in await heard(on)]
    assert kinds == ["contact_add_org", "contact_modify_org", "contact_leave_org"]
    assert on.ding.quota.api_used == 0


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"name": ""}, 400002),
        ({"mobile": "abc"}, 60204),
        ({"label_ids": [7]}, 400002),
        ({"follower_user_id": "nobody"}, 400002),
    ],
)
async def test_wrong_external_contact_is_refused(on: Stage, changes: Json, errcode: int) -> None:
    assert (await on.old("topapi/extcontact/create", {"contact": {**CONTACT, **changes}}))[
        "errcode"
    ] == errcode


async def test_quick_entries_are_set(on: Stage) -> None:
    entry = {"name": "看板", "icon": "@x", "pcUrl": "https://a", "mobileUrl": "https://b"}
    body = {"robotCode": CLIENT, "pluginInfoList": [entry]}
    assert (await on.call("POST", "v1.0/robot/plugins/set", body))[1] == {"result": True}
    assert on.ding.server.robot.plugins == {CLIENT: [entry]}
    body = {"robotCode": CLIENT, "pluginInfoList": [{"name": "看板"}]}
    assert (await on.call("POST", "v1.0/robot/plugins/set", body))[0] == 400
