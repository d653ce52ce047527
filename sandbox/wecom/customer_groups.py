"""Groups with customers in them (客户群): externalcontact/groupchat/… (pages 92120, 92122)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, needed, number, obj

MEMBER, OUTSIDER = 1, 2
BY_INVITATION = 1


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    """A group: `userids` of members (the owner is one), `externals` external ids. `created` is a Unix time.

    `status` 0 is normal, 1 to 3 that its owner has left and what became of it.
    """

    chat_id: str
    name: str
    owner: str
    userids: tuple[str, ...] = ()
    externals: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    status: int = 0
    created: int = 0
    notice: str = ""


@dataclass(slots=True)
class CustomerGroups:
    """Answers about customers' groups, as far as their owners are in the app's sight."""

    world: World
    groups: list[CustomerGroup] = field(default_factory=list)
    most_without_filter: int = limits.GROUPS_WITHOUT_FILTER

    def listed(self, call: Call) -> JsonObject:
        """externalcontact/groupchat/list. Raises Refused (40058, 81017, 60111)."""
        body = call.body()
        status = number(body, "status_filter", 0, (0, 1, 2, 3))
        low, high = limits.GROUP_PAGE
        size = body.get("limit")
        if isinstance(size, bool) or not isinstance(size, int) or not low <= size <= high:
            raise bad("limit", f"{low} to {high}")
        cursor = str(body.get("cursor") or "0")
        if not cursor.isdecimal():
            raise Refused(Code.BAD_CURSOR)
        owners = self._owners(call, body)
        found = [one for one in self.groups if one.owner in owners and status in (0, one.status)]
        end = int(cursor) + size
        page = [{"chat_id": one.chat_id, "status": one.status} for one in found[int(cursor) : end]]
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "group_chat_list": page}
        return {**answer, "next_cursor": str(end)} if end < len(found) else answer

    def get(self, call: Call) -> JsonObject:
        """externalcontact/groupchat/get. Raises Refused (40050)."""
        body = call.body()
        wanted, named = needed(body, "chat_id"), number(body, "need_name", 0, (0, 1)) == 1
        for one in self.groups:
            if one.chat_id == wanted and call.app.sees(one.owner):
                return {"errcode": 0, "errmsg": "ok", "group_chat": self._whole(one, named=named)}
        raise Refused(Code.UNKNOWN_GROUP)

    def _owners(self, call: Call, body: JsonObject) -> set[str]:
        chosen = obj(body, "owner_filter")
        given = (chosen or {}).get("userid_list") or []
        if not isinstance(given, list) or len(given) > limits.GROUP_OWNERS:
            raise bad("owner_filter.userid_list", f"at most {limits.GROUP_OWNERS} userids")
        seen = {one.userid for one in self.world.corp.users if call.app.sees(one.userid)}
        if not given:
            if len(seen) > self.most_without_filter:
                raise Refused(Code.TOO_MANY_GROUP_MEMBERS)
            return seen
        users = [self.world.user(str(one)) for one in given]
        if None in users:
            raise Refused(Code.UNKNOWN_USER)
        return {one.userid for one in users if one is not None} & seen

    def _whole(self, group: CustomerGroup, *, named: bool) -> JsonObject:
        members: list[JsonObject] = []
        for userid in dict.fromkeys((group.owner, *group.userids)):
            user = self.world.user(userid)
            members.append(_member(group, userid, MEMBER, user.name if user and named else ""))
        names = {one.external_userid: one.name for one in self.world.corp.externals}
        members += [
            _member(group, one, OUTSIDER, names.get(one, "") if named else "") for one in group.externals
        ]
        return {
            "chat_id": group.chat_id,
            "name": group.name,
            "owner": group.owner,
            "create_time": group.created,
            "notice": group.notice,
            "member_list": members,
            "admin_list": [{"userid": one} for one in group.admins],
            "member_version": f"{len(members)}",
        }


def _member(group: CustomerGroup, id_: str, kind: int, name: str) -> JsonObject:
    row: JsonObject = {"userid": id_, "type": kind, "join_time": group.created}
    row |= {"join_scene": BY_INVITATION, "invitor": {"userid": group.owner}, "group_nickname": ""}
    return {**row, "name": name} if name else row
