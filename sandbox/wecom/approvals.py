"""The oa/… calls of the built-in 审批 app (pages 91853, 91982, 91983, 91816, 90269)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.company import User
from sandbox.presets import ZONE
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.approval_case import ALL, ANY, Act, Case, Opinion, Step
from sandbox.wecom.approval_forms import EXPENSE, Template, check_contents, refused
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.flow import MINUTE, Flow
from sandbox.wecom.shape import JsonObject, needed, number, rows

MOST_STEPS = 20
_FILTERS: dict[str, Callable[[Case, str], bool]] = {
    "template_id": lambda case, value: case.template.id == value,
    "creator": lambda case, value: case.applicant.lower() == value.lower(),
    "department": lambda case, value: str(case.department) == value,
    "sp_status": lambda case, value: str(int(case.state)) == value,
    "record_type": lambda _case, _value: False,  # leave and travel only, which templates here are not
}


@dataclass(slots=True)
class Approvals:
    """All approvals. `apps` may call (None: all apps); `submitted` is told of a new one."""

    world: World
    flow: Flow
    apps: frozenset[int] | None = None
    templates: dict[str, Template] = field(default_factory=lambda: {EXPENSE.id: EXPENSE})
    cases: dict[str, Case] = field(default_factory=dict)
    submitted: Callable[[Case, Act], None] | None = None

    def template(self, call: Call) -> JsonObject:
        """oa/gettemplatedetail. Raises Refused (301055, 301026)."""
        template = self.templates.get(needed(self._body(call), "template_id"))
        if template is None:
            raise Refused(Code.NO_TEMPLATE)
        return {"errcode": 0, "errmsg": "ok", **template.view()}

    def apply(self, call: Call) -> JsonObject:
        """oa/applyevent: hand in for a member. Raises Refused (301055, 45009, 301025, 60111, 60021)."""
        body = self._body(call)
        now = self.world.seconds()
        self.flow.check_rate("oa/applyevent", limits.APPLY_PER_MINUTE, MINUTE, now)
        applicant = self._applicant(call, needed(body, "creator_userid"))
        template = self.templates.get(needed(body, "template_id"))
        if template is None:
            raise refused("template_id", "unknown")
        data = body.get("apply_data")
        contents = rows(data, "contents", (1, 1000), "apply_data.") if isinstance(data, dict) else []
        case = Case(
            self._next_number(),
            template,
            applicant.userid,
            applicant.department_ids[0],
            call.app.agent_id,
            int(now),
            check_contents(template, contents),
            self._steps(body, template),
            [self._person(one, "notifyer") for one in _texts(body, "notifyer")],
            rows(body, "summary_list", (0, 1000)),
        )
        number(body, "notify_type", 1, (1, 2, 3))
        if len(case.summary) > limits.APPROVAL_SUMMARIES:
            raise refused("summary_list", f"at most {limits.APPROVAL_SUMMARIES} rows")
        self.cases[case.number] = case
        if self.submitted is not None:
            self.submitted(case, Act.SUBMIT)
        return {"errcode": 0, "errmsg": "ok", "sp_no": case.number}

    def detail(self, call: Call) -> JsonObject:
        """oa/getapprovaldetail. Raises Refused (301055, 301025)."""
        case = self.cases.get(needed(self._body(call), "sp_no"))
        if case is None:
            raise refused("sp_no", "unknown")
        return {"errcode": 0, "errmsg": "ok", "info": case.detail()}

    def numbers(self, call: Call) -> JsonObject:
        """oa/getapprovalinfo: the numbers of what was handed in within 31 days. Raises Refused."""
        body = self._body(call)
        size = body.get("size", limits.APPROVAL_PAGE)
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= limits.APPROVAL_PAGE:
            raise refused("size", f"1 to {limits.APPROVAL_PAGE}")
        cursor = str(body.get("new_cursor") or 0)
        if not cursor.isdecimal():
            raise refused("new_cursor", "unknown")
        found = self._handed_in(body)
        for one in rows(body, "filters", (0, 100)):
            fits = _FILTERS.get(str(one.get("key")))
            if fits is None:
                raise refused("filters.key", f"one of {sorted(_FILTERS)}")
            found = [case for case in found if fits(case, str(one.get("value", "")))]
        end = int(cursor) + size
        answer: JsonObject = {"errcode": 0, "errmsg": "ok"}
        answer["sp_no_list"] = [one.number for one in found[int(cursor) : end]]
        return {**answer, "new_next_cursor": str(end)} if end < len(found) else answer

    def data(self, call: Call) -> JsonObject:
        """corp/getapprovaldata, the old way of reading, with a rate of its own. Raises Refused."""
        body = self._body(call)
        now = self.world.seconds()
        self.flow.check_rate("getapprovaldata", limits.APPROVAL_DATA_PER_MINUTE, MINUTE, now)
        found = self._handed_in(body)
        after = str(body.get("next_spnum") or "")
        rest = [one for one in found if one.number > after]
        shown = [_old_view(one) for one in rest[: limits.APPROVAL_PAGE]]
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "count": len(shown), "total": len(found)}
        last = rest[len(shown) - 1].number if shown else ""
        return {**answer, "next_spnum": last, "data": shown}

    def _body(self, call: Call) -> JsonObject:
        if self.apps is not None and call.app.agent_id not in self.apps:
            raise Refused(Code.NO_APPROVAL_RIGHT)
        return call.body()

    def _applicant(self, call: Call, userid: str) -> User:
        user = self.world.user(userid)
        if user is None:
            raise Refused(Code.UNKNOWN_USER)
        if not call.app.sees(user.userid):
            raise Refused(Code.NOT_VISIBLE)
        return user

    def _person(self, userid: str, where: str) -> str:
        user = self.world.user(userid)
        if user is None:
            raise refused(where, f"{userid} is unknown")
        return user.userid

    def _steps(self, body: JsonObject, template: Template) -> list[Step]:
        if number(body, "use_template_approver", 0, (0, 1)):
            steps = list(template.flow)
        else:
            given = rows(body, "approver", (0, MOST_STEPS))
            ways = [number(one, "attr", ANY, (ANY, ALL), "approver.") for one in given]
            steps = [(way, tuple(_texts(one, "userid"))) for way, one in zip(ways, given, strict=True)]
        if not steps or not all(userids for _, userids in steps):
            raise refused("approver", "nobody")
        return [Step(way, [Opinion(self._person(one, "approver")) for one in who]) for way, who in steps]

    def _handed_in(self, body: JsonObject) -> list[Case]:
        begin, end = (str(body.get(name, "")) for name in ("starttime", "endtime"))
        if not begin.isdecimal() or not end.isdecimal():
            raise refused("starttime, endtime", "Unix times are needed")
        if not 0 < int(end) - int(begin) <= limits.APPROVAL_SPAN:
            raise refused("endtime", "later than starttime, and not more than 31 days")
        return [one for one in self.cases.values() if int(begin) <= one.at <= int(end)]

    def _next_number(self) -> str:
        day = datetime.fromtimestamp(self.world.seconds(), ZONE).strftime("%Y%m%d")
        return f"{day}{1 + sum(one.startswith(day) for one in self.cases):04}"


def _texts(body: JsonObject, name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise refused(name, "must be a list of userids")
    return value


def _old_view(case: Case) -> JsonObject:
    return {
        "spname": case.template.name,
        "apply_name": case.applicant,
        "apply_user_id": case.applicant,
        "sp_status": int(case.state),
        "sp_num": int(case.number),
        "apply_time": case.at,
        "approval_name": [one.userid for step in case.steps for one in step.opinions],
        "notify_name": case.copies,
    }
