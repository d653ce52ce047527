"""Which call is answered by what: the paths of both hosts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.dingtalk.approvals import Approvals
from sandbox.dingtalk.calendars import Calendars
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.card_calls import CardCalls
from sandbox.dingtalk.contacts import Contacts
from sandbox.dingtalk.dings import Dings
from sandbox.dingtalk.errors import old
from sandbox.dingtalk.ext_contacts import ExtContacts
from sandbox.dingtalk.media import Media, MediaStore, read_upload
from sandbox.dingtalk.notices import Notices
from sandbox.dingtalk.pushes import Pushes
from sandbox.dingtalk.robot import Robot
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import Space
from sandbox.dingtalk.todos import Todos

Handler = Callable[[Call], JsonObject | Media]


@dataclass(frozen=True, slots=True)
class Api:
    """One call; an `exempt` one is not counted against the month."""

    handler: Handler
    exempt: bool = False


class Table:
    """Paths to calls. A path may have parts that vary, as in `v1.0/todo/users/{union_id}/tasks`."""

    def __init__(self, calls: Mapping[tuple[str, str], Api]) -> None:
        self._plain = {name: api for name, api in calls.items() if "{" not in name[1]}
        patterns = {name: api for name, api in calls.items() if "{" in name[1]}
        self._patterns = [(method, path, _pattern(path), api) for (method, path), api in patterns.items()]

    def find(self, method: str, path: str) -> tuple[Api, str, dict[str, str]] | None:
        """The call, the path it is counted under, and the parts that vary; None for an unknown one."""
        for name in ((method, path), ("*", path)):
            if name in self._plain:
                return self._plain[name], path, {}
        for wanted, written, pattern, api in self._patterns:
            if wanted == method and (found := pattern.fullmatch(path)) is not None:
                return api, written, found.groupdict()
        return None

    def all(self) -> list[tuple[str, Api]]:
        """Every path with its call."""
        return [(path, api) for (_, path), api in self._plain.items()] + [
            (path, api) for _, path, _, api in self._patterns
        ]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def new_calls(robot: Robot, dings: Dings, cards: CardCalls, office: Office) -> Table:
    """api.dingtalk.com, by method and path."""
    approvals, todos = office.approvals, office.todos
    tasks = "v1.0/todo/users/{union_id}/tasks"
    events = "v1.0/calendar/users/{union_id}/calendars/primary/events"
    calls: dict[tuple[str, str], Handler] = {
        ("POST", "v1.0/robot/oToMessages/batchSend"): robot.batch_send,
        ("POST", "v1.0/robot/groupMessages/send"): robot.group_send,
        ("POST", "v1.0/robot/otoMessages/batchRecall"): robot.recall,
        ("POST", "v1.0/robot/groupMessages/recall"): robot.recall,
        ("GET", "v1.0/robot/oToMessages/readStatus"): robot.read_status,
        ("POST", "v1.0/robot/messageFiles/download"): robot.download,
        ("POST", "v1.0/robot/plugins/set"): robot.set_plugins,
        ("POST", "v1.0/robot/ding/send"): dings.send,
        ("POST", "v1.0/card/instances"): cards.create,
        ("PUT", "v1.0/card/instances"): cards.update,
        ("PUT", "v1.0/card/instances/spaces"): cards.add_spaces,
        ("POST", "v1.0/card/instances/deliver"): cards.deliver,
        ("POST", "v1.0/card/instances/createAndDeliver"): cards.create_and_deliver,
        ("PUT", "v1.0/card/streaming"): cards.stream,
        ("POST", "v1.0/card/callbacks/register"): cards.register_callback,
        ("POST", "v1.0/workflow/forms"): approvals.create_template,
        ("POST", "v1.0/workflow/processInstances"): approvals.create,
        ("GET", "v1.0/workflow/processInstances"): approvals.get,
        ("POST", "v1.0/workflow/processInstances/terminate"): approvals.terminate,
        ("POST", "v1.0/workflow/processInstances/execute"): approvals.execute,
        ("POST", tasks): todos.create,
        ("PUT", tasks + "/{task_id}"): todos.update,
        ("DELETE", tasks + "/{task_id}"): todos.delete,
        ("PUT", tasks + "/{task_id}/executorStatus"): todos.update_executors,
        ("POST", "v1.0/todo/users/{union_id}/org/tasks/query"): todos.query,
        ("POST", events): office.calendars.create,
        ("POST", events + "/{event_id}/attendees"): office.calendars.invite,
    }
    return Table({name: Api(handler) for name, handler in calls.items()})


def old_calls(contacts: Contacts, files: Files, failed: FailedList, office: Office) -> Table:
    """oapi.dingtalk.com, by path; contacts are exempt."""
    outside = office.ext_contacts
    exempt: dict[str, Handler] = {
        "topapi/v2/user/get": contacts.user_get,
        "topapi/v2/user/list": contacts.user_list,
        "topapi/user/listsimple": contacts.user_list,
        "topapi/user/listid": contacts.user_ids,
        "topapi/v2/user/getbymobile": contacts.user_by_mobile,
        "topapi/user/getbyunionid": contacts.user_by_union,
        "topapi/v2/user/getuserinfo": contacts.user_by_code,
        "topapi/v2/department/get": contacts.department_get,
        "topapi/v2/department/listsub": contacts.department_sub,
        "topapi/v2/department/listsubid": contacts.department_sub_ids,
        "topapi/extcontact/create": outside.create,
        "topapi/extcontact/update": outside.update,
        "topapi/extcontact/delete": outside.delete,
        "topapi/extcontact/get": outside.get,
        "topapi/extcontact/list": outside.page,
        "topapi/extcontact/listlabelgroups": outside.label_groups,
        "call_back/get_call_back_failed_result": failed.take,
    }
    counted: dict[str, Handler] = {
        "media/upload": files.upload,
        "media/downloadFile": files.fetch,
        "topapi/message/corpconversation/asyncsend_v2": office.notices.send,
    }
    calls = {("*", name): Api(handler, exempt=True) for name, handler in exempt.items()}
    return Table(calls | {("*", name): Api(handler) for name, handler in counted.items()})


@dataclass(frozen=True, slots=True)
class Office:
    """What an organisation has beside its chats."""

    approvals: Approvals
    todos: Todos
    calendars: Calendars
    ext_contacts: ExtContacts
    notices: Notices


def office_of(space: Space) -> Office:
    """An empty office."""
    return Office(Approvals(space), Todos(space), Calendars(space), ExtContacts(space), Notices(space))


class Files:
    """Media by the old calls (page upload-media-files)."""

    def __init__(self, space: Space, media: MediaStore) -> None:
        self._space, self._media = space, media

    def upload(self, call: Call) -> JsonObject:
        """Keep a file. Raises Refused (41005, 40004, 40006, 40009)."""
        fields, found = read_upload(call.content_type, call.raw)
        if found is None:
            raise old(41005, "缺少多媒体文件数据")
        media = self._media.put(call.query.get("type") or fields.get("type", ""), *found)
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "media_id": media.id}
        return {**answer, "type": media.type, "created_at": self._space.now_ms()}

    def fetch(self, call: Call) -> Media:
        """A file. Raises Refused (40007)."""
        media = self._media.get(call.query.get("media_id", ""))
        if media is None:
            raise old(40007, "不合法的媒体文件id")
        return media


class FailedList:
    """Events that were given up (page obtain-the-event-list-of-failed-push-messages)."""

    def __init__(self, pushes: Pushes) -> None:
        self._pushes = pushes

    def take(self, call: Call) -> JsonObject:
        """Read them, once."""
        taken, more = self._pushes.take_failed(call.app)
        listed: list[JsonObject] = []
        for one in taken:
            headers = one.push.frame.headers
            kind, born = headers["eventType"], int(headers["eventBornTime"])
            listed.append({"event_time": born, "call_back_tag": kind, kind: one.push.frame.data})
        return {"errcode": 0, "errmsg": "ok", "has_more": more, "failed_list": listed}
