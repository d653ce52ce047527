"""OA approval: templates, instances, tasks; decided by people or by the API.

Pages create-an-approval-form-template, create-an-approval-instance,
obtains-the-details-of-a-single-approval-instance-pop, revoke-an-approval-instance,
approve-or-reject-the-approval-task, event-bpms-instance-change, event-bpms-task-change.
"""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.card_client import CannotPress
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.shape import JsonObject, needed, objects, text, texts
from sandbox.dingtalk.state import Space

READ, WRITE = "Workflow.Instance.Read", "Workflow.Instance.Write"
FORM = "Workflow.Form.Write"
RUNNING, COMPLETED, TERMINATED, CANCELED = "RUNNING", "COMPLETED", "TERMINATED", "CANCELED"
AGREE, REFUSE = "agree", "refuse"
WAYS = ("AND", "OR", "NONE")


@dataclass(slots=True, eq=False)
class Task:
    """One approver's task in one node."""

    id: int
    user_id: str
    created_ms: int
    status: str = RUNNING
    result: str = "NONE"


@dataclass(slots=True, eq=False)
class Instance:
    """One approval. `nodes` are the ways and approvers, one after the other; `records` what was done."""

    id: str
    process_code: str
    title: str
    originator: str
    values: list[JsonObject]
    nodes: list[tuple[str, list[str]]]
    created_ms: int
    business_id: str
    status: str = RUNNING
    result: str = ""
    finished_ms: int = 0
    node: int = 0
    tasks: list[Task] = field(default_factory=list)
    records: list[JsonObject] = field(default_factory=list)


class Approvals:
    """All approval templates and instances."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._numbers = itertools.count(70_000_000_001)
        self.templates: dict[str, str] = {}
        self.instances: dict[str, Instance] = {}

    def create_template(self, call: Call) -> JsonObject:
        """A form template. Raises Refused."""
        call.needs_scope(FORM)
        body = call.body()
        name = needed(body, "name", "aflowProcessNameInvalid")
        if not objects(body, "formComponents", "aflowProcessFormContentInvalid"):
            raise Refused("aflowProcessFormContentInvalid", "formComponents 不能为空")
        code = text(body, "processCode") or f"PROC-{secrets.token_hex(16).upper()}"
        self.templates[code] = name
        return {"result": {"processCode": code}}

    def create(self, call: Call) -> JsonObject:
        """Start an approval. Raises Refused."""
        call.needs_scope(WRITE)
        body = call.body()
        code = needed(body, "processCode", "aflowProcessNotExist")
        if code not in self.templates:
            raise Refused("aflowProcessNotExist", "审批模板不存在")
        person = self._space.staff(needed(body, "originatorUserId", "processInstanceStartFailed"))
        if person is None:
            raise Refused("processInstanceStartFailed", "发起人不存在")
        values = objects(body, "formComponentValues", "aflowProcessFormContentInvalid")
        if not values or len(values) > limits.APPROVAL_VALUES or not all(map(_is_value, values)):
            raise Refused("aflowProcessFormContentInvalid", "表单内容不合法")
        if len(texts(body, "ccList", "processInstanceStartFailed")) > limits.APPROVAL_CC:
            raise Refused("processInstanceStartFailed", "抄送人过多")
        nodes = self._nodes(body, person.manager)
        now = self._space.now_ms()
        name, title = secrets.token_urlsafe(16), f"{person.name}提交的{self.templates[code]}"
        business = self._space.world.now().strftime("%Y%m%d%H%M") + f"{len(self.instances):08}"
        instance = Instance(name, code, title, person.staff_id, values, nodes, now, business)
        self.instances[name] = instance
        self._record(instance, person.staff_id, "START_PROCESS_INSTANCE", "NONE", "")
        self._tell_instance(instance, "start")
        self._begin_node(instance)
        return {"instanceId": name}

    def get(self, call: Call) -> JsonObject:
        """Everything about an approval. Raises Refused."""
        call.needs_scope(READ)
        one = self._instance(call.query.get("processInstanceId", ""))
        result: JsonObject = {
            "title": one.title,
            "businessId": one.business_id,
            "originatorUserId": one.originator,
            "originatorDeptId": "-1",
            "status": one.status,
            "result": one.result,
            "createTime": _minute(one.created_ms),
            "tasks": [_task(task) for task in one.tasks],
            "operationRecords": one.records,
            "formComponentValues": one.values,
        }
        if one.finished_ms:
            result["finishTime"] = _minute(one.finished_ms)
        return {"result": result, "success": "true"}

    def terminate(self, call: Call) -> JsonObject:
        """Take an approval back; not within its first 15 seconds. Raises Refused."""
        call.needs_scope(WRITE)
        body = call.body()
        one = self._instance(text(body, "processInstanceId"))
        young = self._space.now_ms() - one.created_ms < limits.APPROVAL_UNSTOPPABLE * 1000
        if one.status != RUNNING or young:
            raise Refused("aflowProcessInstStatusException", "当前状态不能撤销")
        self._record(
            one, text(body, "operatingUserId"), "TERMINATE_PROCESS_INSTANCE", "NONE", text(body, "remark")
        )
        self._end(one, TERMINATED, "", "terminate")
        return {"result": True, "success": True}

    def execute(self, call: Call) -> JsonObject:
        """Decide a task for its approver. Raises Refused."""
        call.needs_scope(WRITE)
        body = call.body()
        one = self._instance(text(body, "processInstanceId"))
        result = text(body, "result")
        actor = text(body, "actionerUserId")
        task = next((it for it in one.tasks if it.id == body.get("taskId")), None)
        if task is None or task.status != RUNNING or task.user_id != actor:
            raise Refused("aflowTaskNotExist", "任务不存在或已处理")
        if result not in (AGREE, REFUSE):
            raise Refused("aflowTaskResultInvalid", "result 应为 agree 或 refuse")
        self._decide(one, task, result, text(body, "remark"))
        return {"result": True, "success": True}

    def decide(self, staff_id: str, instance_id: str, result: str, remark: str = "") -> Instance:
        """A person decides in the client: agree or refuse. Raises CannotPress."""
        one = self.instances.get(instance_id)
        tasks = [it for it in one.tasks if it.user_id == staff_id and it.status == RUNNING] if one else []
        if one is None or not tasks or result not in (AGREE, REFUSE):
            raise CannotPress("没有待处理的审批")
        self._decide(one, tasks[0], result, remark)
        return one

    def _nodes(self, body: JsonObject, manager: str) -> list[tuple[str, list[str]]]:
        bad = "processInstanceStartFailed"
        given = objects(body, "approvers", bad)
        if not given:
            if body.get("deptId") is None or not manager:
                raise Refused(bad, "没有审批人")
            return [("NONE", [manager])]
        nodes = []
        for one in given:
            way, users = text(one, "actionType", bad), texts(one, "userIds", bad)
            alone = len(users) == 1
            known = all(self._space.staff(user) is not None for user in users)
            if way not in WAYS or not users or not known or (way == "NONE") is not alone:
                raise Refused(bad, "审批人不合法")
            nodes.append((way, users))
        if len(nodes) > limits.APPROVAL_NODES:
            raise Refused(bad, "审批节点过多")
        return nodes

    def _begin_node(self, one: Instance) -> None:
        for user in one.nodes[one.node][1]:
            task = Task(next(self._numbers), user, self._space.now_ms())
            one.tasks.append(task)
            self._tell_task(one, task, "start", "")

    def _decide(self, one: Instance, task: Task, result: str, remark: str) -> None:
        task.status, task.result = COMPLETED, result.upper()
        self._record(one, task.user_id, "EXECUTE_TASK_NORMAL", result.upper(), remark)
        self._tell_task(one, task, "finish", remark)
        way = one.nodes[one.node][0]
        open_tasks = [it for it in one.tasks if it.status == RUNNING]
        if result == REFUSE:
            self._end(one, COMPLETED, REFUSE, "finish")
        elif way == "OR" or not open_tasks:
            self._cancel(one)
            one.node += 1
            if one.node == len(one.nodes):
                self._end(one, COMPLETED, AGREE, "finish")
            else:
                self._begin_node(one)

    def _cancel(self, one: Instance) -> None:
        for task in one.tasks:
            if task.status == RUNNING:
                task.status = CANCELED
                self._tell_task(one, task, "cancel", "")

    def _end(self, one: Instance, status: str, result: str, event: str) -> None:
        self._cancel(one)
        one.status, one.result, one.finished_ms = status, result, self._space.now_ms()
        self._tell_instance(one, event)

    def _instance(self, name: str) -> Instance:
        if name not in self.instances:
            raise Refused("aflowProcessInstNotExist", "审批实例不存在")
        return self.instances[name]

    def _record(self, one: Instance, user_id: str, kind: str, result: str, remark: str) -> None:
        entry: JsonObject = {"userId": user_id, "date": _minute(self._space.now_ms()), "type": kind}
        one.records.append({**entry, "result": result, "remark": remark})

    def _tell_instance(self, one: Instance, kind: str) -> None:
        data = {**self._common(one), "type": kind, "createTime": one.created_ms, "staffId": one.originator}
        if kind == "finish":
            data["result"] = one.result
        if one.finished_ms:
            data["finishTime"] = one.finished_ms
        self._space.announce("bpms_instance_change", data)

    def _tell_task(self, one: Instance, task: Task, kind: str, remark: str) -> None:
        data = {**self._common(one), "type": kind, "taskId": task.id, "staffId": task.user_id}
        data["createTime"] = task.created_ms
        if kind == "finish":
            data |= {"result": task.result.lower(), "remark": remark, "finishTime": self._space.now_ms()}
        self._space.announce("bpms_task_change", data)

    def _common(self, one: Instance) -> JsonObject:
        url = f"https://aflow.dingtalk.com/dingtalk/mobile/homepage.htm?procInstId={one.id}"
        named: JsonObject = {"processInstanceId": one.id, "processCode": one.process_code, "title": one.title}
        return {**named, "businessId": one.business_id, "businessType": "", "bizCategoryId": "", "url": url}


def _is_value(one: JsonObject) -> bool:
    return isinstance(one.get("name"), str) and isinstance(one.get("value"), str)


def _task(task: Task) -> JsonObject:
    found: JsonObject = {"taskId": task.id, "userId": task.user_id, "status": task.status}
    return {**found, "result": task.result, "createTime": _minute(task.created_ms)}


def _minute(stamp_ms: int) -> str:
    return datetime.fromtimestamp(stamp_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")
