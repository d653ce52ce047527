"""Reading the address book (pages 96255, 96260, 96067, 36260, 90344), as far as new apps may.

Apps made after 2022-06-20 receive no avatar, gender, mobile, e-mail, QR code or address.
"""

from __future__ import annotations

from sandbox.company import Department, User
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad


class Contacts:
    """Answers about members, departments and tags. `sync` are the agent ids that stand for 通讯录同步."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.sync: set[int] = set()

    def user_get(self, call: Call) -> JsonObject:
        """One member. Raises Refused (41009, 60111, 60021)."""
        userid = call.query.get("userid", "")
        if not userid:
            raise Refused(Code.NO_USERID)
        user = self._world.user(userid)
        if user is None:
            raise Refused(Code.UNKNOWN_USER)
        if not call.app.sees(user.userid):
            raise Refused(Code.NOT_VISIBLE)
        return {"errcode": 0, "errmsg": "ok", **self._whole(call, user)}

    def user_list(self, call: Call) -> JsonObject:
        """The members of a department, in full. Raises Refused (60123)."""
        return _ok(userlist=[self._whole(call, one) for one in self._members(call)])

    def user_simplelist(self, call: Call) -> JsonObject:
        """The members of a department, in short. Raises Refused (60123)."""
        users = self._members(call)
        return _ok(
            userlist=[
                {"userid": one.userid, "name": one.name, "department": list(one.department_ids)}
                for one in users
            ]
        )

    def department_list(self, call: Call) -> JsonObject:
        """A department and all below it; without an id the whole tree. Raises Refused (60123)."""
        return _ok(department=[_whole(one) for one in self._departments(call)])

    def department_simplelist(self, call: Call) -> JsonObject:
        """The same tree as bare ids. Raises Refused (60123)."""
        found = self._departments(call)
        return _ok(
            department_id=[{"id": one.id, "parentid": one.parent_id, "order": one.order} for one in found]
        )

    def department_get(self, call: Call) -> JsonObject:
        """One department. Raises Refused (60123)."""
        return _ok(department=_whole(self._department(call.query.get("id", ""))))

    def user_list_id(self, call: Call) -> JsonObject:
        """All members and their departments, for 通讯录同步 alone. Raises Refused (48002, 50100)."""
        if call.app.agent_id not in self.sync:
            raise Refused(Code.NOT_PERMITTED, "for 通讯录同步 alone")
        body = call.body()
        size, cursor = body.get("limit", limits.LIST_ID_PAGE), str(body.get("cursor") or "0")
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= limits.LIST_ID_PAGE:
            raise bad("limit", f"1 to {limits.LIST_ID_PAGE}")
        if not cursor.isdecimal():
            raise Refused(Code.BAD_CURSOR)
        found = [(one.userid, number) for one in self._world.corp.users for number in one.department_ids]
        end = int(cursor) + size
        page = [{"userid": userid, "department": number} for userid, number in found[int(cursor) : end]]
        return _ok(dept_user=page, next_cursor=str(end) if end < len(found) else "")

    def tag_list(self, _call: Call) -> JsonObject:
        """The tags of the address book."""
        tags = [{"tagid": one.id, "tagname": one.name} for one in self._world.corp.member_tags]
        return _ok(taglist=tags)

    def tag_get(self, call: Call) -> JsonObject:
        """Who has a tag. Raises Refused (40068)."""
        for one in self._world.corp.member_tags:
            if str(one.id) == call.query.get("tagid", ""):
                users = [self._world.user(userid) for userid in one.userids]
                seen = [user for user in users if user is not None and call.app.sees(user.userid)]
                people = [{"userid": user.userid, "name": user.name} for user in seen]
                return _ok(tagname=one.name, userlist=people, partylist=list(one.department_ids))
        raise Refused(Code.BAD_TAG)

    def _whole(self, call: Call, user: User) -> JsonObject:
        leaders = [one for one in user.direct_leader if call.app.sees(one)]
        return {
            "userid": user.userid,
            "name": user.name,
            "department": list(user.department_ids),
            "order": [0] * len(user.department_ids),
            "position": user.position,
            "is_leader_in_dept": [int(one in user.is_leader_in) for one in user.department_ids],
            "direct_leader": leaders,
            "main_department": user.department_ids[0],
            "status": int(user.status),
            "alias": user.alias,
            "telephone": "",
            "extattr": {"attrs": []},
            "external_position": "",
        }

    def _members(self, call: Call) -> list[User]:
        department = self._department(call.query.get("department_id", ""))
        ids = {department.id}
        if call.query.get("fetch_child") == "1":
            ids = self._world.corp.below(department.id)
        inside = [one for one in self._world.corp.users if ids & set(one.department_ids)]
        return [one for one in inside if call.app.sees(one.userid)]

    def _departments(self, call: Call) -> list[Department]:
        given = call.query.get("id", "")
        if not given:
            return list(self._world.corp.departments)
        below = self._world.corp.below(self._department(given).id)
        return [one for one in self._world.corp.departments if one.id in below]

    def _department(self, given: str) -> Department:
        for one in self._world.corp.departments:
            if str(one.id) == given:
                return one
        raise Refused(Code.UNKNOWN_DEPARTMENT)


def _whole(department: Department) -> JsonObject:
    return {
        "id": department.id,
        "name": department.name,
        "name_en": "",
        "department_leader": list(department.leaders),
        "parentid": department.parent_id,
        "order": department.order,
    }


def _ok(**parts: object) -> JsonObject:
    return {"errcode": 0, "errmsg": "ok", **parts}
