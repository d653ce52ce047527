"""Reading the address book: old calls, exempt from the monthly quota.

Pages query-user-details, query-users-by-phone-number, query-a-user-by-the-union-id,
query-department-details0-v2, user-management-acquires-the-list-departments,
obtain-the-userid-of-a-user-by-using-the-log-free.
"""

from __future__ import annotations

import secrets

import orjson

from sandbox.company import Department
from sandbox.dingtalk import limits
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.company import Staff
from sandbox.dingtalk.errors import old
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import Space

ROOT = 1
CODE_LIFE = limits.LOGIN_CODE_LIFE
USER_SCOPE, DEPARTMENT_SCOPE, MOBILE_SCOPE = "qyapi_get_member", "qyapi_get_department_list", "fieldMobile"


class Contacts:
    """Answers about colleagues and departments, as far as the app may see them."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._codes: dict[str, tuple[str, float]] = {}

    def login_code(self, staff_id: str) -> str:
        """What a page inside of the client gets for its visitor; good once, for five minutes."""
        code = secrets.token_hex(16)
        self._codes[code] = (self._space.person(staff_id).staff_id, self._space.world.seconds() + CODE_LIFE)
        return code

    def user_by_code(self, call: Call) -> JsonObject:
        """Who stands behind a login code. Raises Refused (40078)."""
        staff_id, end = self._codes.pop(_text(call, "code"), ("", 0.0))
        person = self._space.staff(staff_id)
        if person is None or end <= self._space.world.seconds():
            raise old(40078, "不存在的临时授权码")
        found: JsonObject = {"userid": person.staff_id, "unionid": person.union_id, "name": person.name}
        return _ok({**found, "sys": person.admin, "sys_level": int(person.admin), "device_id": "sandbox"})

    def user_get(self, call: Call) -> JsonObject:
        """One colleague. Raises Refused (400002, 33012, 60011)."""
        call.needs_scope(USER_SCOPE)
        return _ok(self._whole(call, self._visible(call, _text(call, "userid"))))

    def user_by_mobile(self, call: Call) -> JsonObject:
        """A userid by mobile number. Raises Refused (40104, 60121)."""
        call.needs_scope(USER_SCOPE)
        mobile = _text(call, "mobile")
        if not mobile.isdigit():
            raise old(40104, "无效手机号")
        for one in self._staff(call):
            if one.mobile == mobile:
                return _ok({"userid": one.staff_id})
        raise old(60121, "找不到该用户")

    def user_by_union(self, call: Call) -> JsonObject:
        """A userid by union id. Raises Refused (60121)."""
        call.needs_scope(USER_SCOPE)
        person = self._space.by_union(_text(call, "unionid"))
        if person is None:
            raise old(60121, "找不到该用户")
        return _ok({"contact_type": int(person.external), "userid": person.staff_id})

    def user_ids(self, call: Call) -> JsonObject:
        """The userids of a department. Raises Refused."""
        call.needs_scope(USER_SCOPE)
        members = self._members(call, self._department(call).id)
        return _ok({"userid_list": [one.staff_id for one in members]})

    def user_list(self, call: Call) -> JsonObject:
        """The colleagues of a department, page by page; in short where the path says so. Raises Refused."""
        call.needs_scope(USER_SCOPE)
        start, size = _number(call, "cursor", 0), _number(call, "size", 10)
        if not 1 <= size <= limits.PAGE_SIZE:
            raise old(400002, f"无效的参数：size 应为 1 到 {limits.PAGE_SIZE}")
        members = self._members(call, self._department(call).id)
        page, end = members[start : start + size], start + size
        short = call.path.endswith("listsimple")
        shown = [
            {"userid": one.staff_id, "name": one.name} if short else self._whole(call, one) for one in page
        ]
        result: JsonObject = {"has_more": end < len(members), "list": shown}
        return _ok({**result, "next_cursor": end} if end < len(members) else result)

    def department_get(self, call: Call) -> JsonObject:
        """One department. Raises Refused (60003)."""
        call.needs_scope(DEPARTMENT_SCOPE)
        one = self._department(call)
        managers = [who for who in one.leaders if self._space.staff(who)]
        return _ok({**_short(one), "dept_manager_userid_list": managers, "order": one.order})

    def department_sub(self, call: Call) -> JsonObject:
        """The departments directly below one. Raises Refused (60003)."""
        call.needs_scope(DEPARTMENT_SCOPE)
        parent = self._department(call).id
        below = [one for one in self._space.organisation.departments if one.parent_id == parent]
        return _ok([_short(one) for one in below])

    def department_sub_ids(self, call: Call) -> JsonObject:
        """The ids of the departments directly below one. Raises Refused (60003)."""
        call.needs_scope(DEPARTMENT_SCOPE)
        parent = self._department(call).id
        below = [one.id for one in self._space.organisation.departments if one.parent_id == parent]
        return _ok({"dept_id_list": below})

    def _staff(self, call: Call) -> list[Staff]:
        return [
            one for one in self._space.organisation.staff if not one.external and call.app.sees(one.staff_id)
        ]

    def _visible(self, call: Call, userid: str) -> Staff:
        if not userid:
            raise old(400002, "无效的参数：userid")
        for one in self._staff(call):
            if one.staff_id == userid:
                return one
        raise old(33012, "无效的USERID")

    def _members(self, call: Call, department: int) -> list[Staff]:
        members = [one for one in self._staff(call) if department in one.department_ids]
        return sorted(members, key=lambda one: one.staff_id)

    def _department(self, call: Call) -> Department:
        wanted = _number(call, "dept_id", ROOT)
        for one in self._space.organisation.departments:
            if one.id == wanted:
                return one
        raise old(60003, "部门不存在")

    def _whole(self, call: Call, one: Staff) -> JsonObject:
        leads = {d.id for d in self._space.organisation.departments if one.staff_id in d.leaders}
        whole: JsonObject = {
            "userid": one.staff_id,
            "unionid": one.union_id,
            "name": one.name,
            "avatar": "",
            "title": one.title,
            "job_number": "",
            "hired_date": 0,
            "dept_id_list": list(one.department_ids),
            "dept_order_list": [{"dept_id": dept, "order": 1} for dept in one.department_ids],
            "leader_in_dept": [{"dept_id": dept, "leader": dept in leads} for dept in one.department_ids],
            "role_list": [],
            "admin": one.admin,
            "boss": False,
            "senior": False,
            "active": one.active,
            "real_authed": one.active,
            "hide_mobile": False,
            "extension": orjson.dumps({}).decode(),
            "remark": "",
            "work_place": "",
        }
        if one.manager and self._space.staff(one.manager):
            whole["manager_userid"] = one.manager
        if one.mobile and (call.app.scopes is None or MOBILE_SCOPE in call.app.scopes):
            whole |= {"mobile": one.mobile, "state_code": "86"}
        return whole


def _short(one: Department) -> JsonObject:
    return {
        "dept_id": one.id,
        "name": one.name,
        "parent_id": one.parent_id,
        "create_dept_group": False,
        "auto_add_user": False,
    }


def _ok(result: object) -> JsonObject:
    return {"errcode": 0, "errmsg": "ok", "result": result, "request_id": secrets.token_hex(6)}


def _text(call: Call, name: str) -> str:
    value = {**call.query, **call.body()}.get(name)
    return value if isinstance(value, str) else ""


def _number(call: Call, name: str, default: int) -> int:
    value = {**call.query, **call.body()}.get(name, default)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise old(400002, f"无效的参数：{name}")
    return value
