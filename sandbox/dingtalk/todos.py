"""Todo tasks; everybody is named by union id.

Pages add-dingtalk-to-do-task, updates-dingtalk-to-do-tasks, update-dingtalk-to-do-status,
delete-dingtalk-to-do-tasks, query-the-to-do-list-of-enterprise-users.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.card_client import CannotPress
from sandbox.dingtalk.errors import Refused, request_id
from sandbox.dingtalk.shape import JsonObject, flag, needed, obj, objects, text, texts
from sandbox.dingtalk.state import Space

READ, WRITE = "Todo.Todo.Read", "Todo.Todo.Write"
PRIORITIES = (10, 20, 30, 40)
BAD = "param.error"


@dataclass(slots=True, eq=False)
class Todo:
    """One task. Times in milliseconds; `done_by` are the executors who have done their part."""

    id: str
    owner: str
    source_id: str
    subject: str
    description: str
    due_ms: int
    executors: list[str]
    urls: JsonObject
    priority: int
    created_ms: int
    done: bool = False
    done_by: set[str] = field(default_factory=set)

    def view(self) -> JsonObject:
        """As calls answer it."""
        return {
            "id": self.id,
            "sourceId": self.source_id,
            "subject": self.subject,
            "description": self.description,
            "dueTime": self.due_ms,
            "executorIds": self.executors,
            "creatorId": self.owner,
            "detailUrl": self.urls,
            "priority": self.priority,
            "createdTime": self.created_ms,
            "done": self.done,
        }


class Todos:
    """All todo tasks of the organisation."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self.tasks: dict[str, Todo] = {}

    def create(self, call: Call) -> JsonObject:
        """A task; the same sourceId again gives the same task. Raises Refused."""
        call.needs_scope(WRITE)
        body, owner = call.body(), self._person(call.names["union_id"])
        self._person(call.query.get("operatorId", ""))
        subject = _short(body, "subject")
        if not subject:
            raise Refused(BAD, "subject 不能为空")
        executors = [self._person(one) for one in texts(body, "executorIds", BAD)] or [owner]
        source = text(body, "sourceId", BAD)
        for one in self.tasks.values():
            if source and one.source_id == source:
                return {**one.view(), "requestId": request_id()}
        urls = _urls(body)
        priority = _number(body, "priority", 20)
        if priority not in PRIORITIES:
            raise Refused(BAD, "priority 应为 10、20、30 或 40")
        name, due = f"task{secrets.token_hex(12)}", _number(body, "dueTime", 0)
        words = text(body, "description", BAD)
        task = Todo(name, owner, source, subject, words, due, executors, urls, priority, self._space.now_ms())
        self.tasks[name] = task
        self._space.announce("todo_task_create", _event(task))
        return {**task.view(), "requestId": request_id()}

    def update(self, call: Call) -> JsonObject:
        """Change subject, due time or done. Raises Refused."""
        call.needs_scope(WRITE)
        body, task = call.body(), self._task(call)
        task.subject = _short(body, "subject") or task.subject
        task.due_ms = _number(body, "dueTime", task.due_ms)
        if "done" in body:
            task.done = flag(body, "done", BAD)
        self._space.announce("todo_task_update", _event(task))
        return {"result": True, "requestId": request_id()}

    def update_executors(self, call: Call) -> JsonObject:
        """Say who has done his part. Raises Refused."""
        call.needs_scope(WRITE)
        task = self._task(call)
        for one in objects(call.body(), "executorStatusList", BAD):
            who = needed(one, "id", BAD)
            if who not in task.executors:
                raise Refused(BAD, "不是执行者")
            self._mark(task, who, done=flag(one, "isDone", BAD))
        return {"result": True, "requestId": request_id()}

    def delete(self, call: Call) -> JsonObject:
        """Take a task away. Raises Refused."""
        call.needs_scope(WRITE)
        task = self._task(call)
        del self.tasks[task.id]
        self._space.announce("todo_task_delete", _event(task))
        return {"result": True, "requestId": request_id()}

    def query(self, call: Call) -> JsonObject:
        """The tasks one executes, newest first. Raises Refused."""
        call.needs_scope(READ)
        body, who = call.body(), self._person(call.names["union_id"])
        wanted = flag(body, "isDone", BAD) if "isDone" in body else None
        mine = [one for one in self.tasks.values() if who in one.executors and wanted in (None, one.done)]
        mine.sort(key=lambda one: one.created_ms, reverse=True)
        return {"todoCards": [{**one.view(), "taskId": one.id, "isDone": one.done} for one in mine]}

    def ticks_off(self, staff_id: str, task_id: str) -> Todo:
        """A person does his part in the client. Raises CannotPress."""
        person, task = self._space.person(staff_id), self.tasks.get(task_id)
        if task is None or person.union_id not in task.executors:
            raise CannotPress("没有这个待办")
        self._mark(task, person.union_id, done=True)
        return task

    def _mark(self, task: Todo, who: str, *, done: bool) -> None:
        (task.done_by.add if done else task.done_by.discard)(who)
        task.done = task.done_by >= set(task.executors)
        self._space.announce("todo_task_update", _event(task))

    def _person(self, union_id: str) -> str:
        if self._space.by_union(union_id) is None:
            raise Refused("user.notExist", f"unionId 不存在：{union_id}")
        return union_id

    def _task(self, call: Call) -> Todo:
        self._person(call.names["union_id"])
        self._person(call.query.get("operatorId", ""))
        task = self.tasks.get(call.names["task_id"])
        if task is None:
            raise Refused("task.notExist", "待办不存在")
        return task


def _short(body: JsonObject, name: str) -> str:
    words = text(body, name, BAD)
    if len(words) > limits.TODO_SUBJECT_CHARS:
        raise Refused(BAD, f"{name} 过长")
    return words


def _urls(body: JsonObject) -> JsonObject:
    """Both addresses, needed since 2024-02-01."""
    urls = obj(body, "detailUrl", BAD)
    if urls is None:
        raise Refused(BAD, "detailUrl 不能为空")
    for name in ("appUrl", "pcUrl"):
        if len(needed(urls, name, BAD).encode()) > limits.TODO_URL_BYTES:
            raise Refused(BAD, f"detailUrl.{name} 过长")
    return urls


def _number(body: JsonObject, name: str, default: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refused(BAD, f"{name} 应为整数")
    return value


def _event(task: Todo) -> JsonObject:
    return {"taskId": task.id, "creatorId": task.owner, "executorIds": task.executors, "done": task.done}
