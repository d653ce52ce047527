"""The externalcontact/… calls that read: who may own external contacts, and whom they own.

The two ways of reading differ as the platform's do: one by one, `follow_user` is a list of everybody who
has added the person, with tags in full; in batches, `follow_info` is one object with bare tag ids. A page
of a batch may be empty in the middle of the list.
"""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.externals import External, Follow
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, text

CORP_TAG = 1


class ExternalContacts:
    """Answers about external contacts. `unlicensed` members have no licence for the calls: a batch leaves
    them out and says so."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.unlicensed: set[str] = set()

    def followers(self, call: Call) -> JsonObject:
        """The members who may own customers, with or without any: everybody whom the app sees."""
        return _ok(follow_user=[one.userid for one in self._world.corp.users if call.app.sees(one.userid)])

    def of_member(self, call: Call) -> JsonObject:
        """The ids of a member's external contacts. Raises Refused (41009, 60111, 84061)."""
        userid = self._member(call.query.get("userid", ""))
        found = [one.external_userid for one, _ in self._owned([userid])]
        if not found:
            raise Refused(Code.NO_EXTERNAL_RELATION)
        return _ok(external_userid=found)

    def get(self, call: Call) -> JsonObject:
        """One external contact and who has added him, 500 at a time. Raises Refused (84061, 50100)."""
        wanted, cursor = call.query.get("external_userid", ""), call.query.get("cursor", "") or "0"
        if not cursor.isdecimal():
            raise Refused(Code.BAD_CURSOR)
        for one in self._world.corp.externals:
            seen = [follow for follow in one.follows if call.app.sees(follow.userid)]
            if one.external_userid == wanted and seen:
                end = int(cursor) + limits.FOLLOWERS_PER_PAGE
                whole = [self._whole_follow(follow) for follow in seen[int(cursor) : end]]
                answer = _ok(external_contact=_whole(one), follow_user=whole)
                return {**answer, "next_cursor": str(end)} if end < len(seen) else answer
        raise Refused(Code.NO_EXTERNAL_RELATION)

    def batch(self, call: Call) -> JsonObject:
        """The external contacts of up to 100 members, page by page. Raises Refused (40058, 84061, …)."""
        body = call.body()
        given = body.get("userid_list")
        names = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
        if not 1 <= len(names) <= limits.EXTERNAL_USERIDS:
            raise bad("userid_list", f"1 to {limits.EXTERNAL_USERIDS} userids")
        size = body.get("limit", limits.EXTERNAL_PAGE_DEFAULT)
        if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= limits.EXTERNAL_PAGE:
            raise bad("limit", f"1 to {limits.EXTERNAL_PAGE}")
        users = [self._member(name) for name in names]
        failed = [one for one in users if one in self.unlicensed]
        owned = self._owned(one for one in users if one not in self.unlicensed)
        if not owned and not failed:
            raise Refused(Code.NO_EXTERNAL_RELATION)
        rows, following = _page(owned, text(body, "cursor"), size)
        listed = [
            {"external_contact": _whole(one), "follow_info": _short_follow(with_)} for one, with_ in rows
        ]
        answer = _ok(external_contact_list=listed, next_cursor=following)
        return {**answer, "fail_info": {"unlicensed_userid_list": failed}} if failed else answer

    def _member(self, userid: str) -> str:
        if not userid:
            raise Refused(Code.NO_USERID)
        user = self._world.user(userid)
        if user is None:
            raise Refused(Code.UNKNOWN_USER)
        return user.userid

    def _owned(self, userids: Iterable[str]) -> list[tuple[External, Follow]]:
        wanted = {one.lower() for one in userids}
        return [
            (one, follow)
            for one in self._world.corp.externals
            for follow in one.follows
            if follow.userid.lower() in wanted
        ]

    def _whole_follow(self, follow: Follow) -> JsonObject:
        names = {tag.id: tag for tag in self._world.corp.tags}
        tags = [
            {
                "group_name": names[one].group,
                "tag_name": names[one].name,
                "tag_id": one,
                "type": CORP_TAG,
            }
            for one in follow.tags
            if one in names
        ]
        return {**_follow(follow), "tags": tags}


def _page(
    owned: list[tuple[External, Follow]], cursor: str, size: int
) -> tuple[list[tuple[External, Follow]], str]:
    """A page and the next cursor. Between the first page and the rest an empty one comes, with a cursor."""
    mark, _, start = cursor.partition("-")
    if cursor and (mark not in ("empty", "from") or not start.isdecimal()):
        raise bad("cursor", "unknown")
    begin = int(start or 0)
    if mark == "empty":
        return [], f"from-{begin}"
    end = begin + size
    if end >= len(owned):
        return owned[begin:], ""
    return owned[begin:end], f"{'empty' if begin == 0 else 'from'}-{end}"


def _whole(one: External) -> JsonObject:
    found: JsonObject = {
        "external_userid": one.external_userid,
        "name": one.name,
        "avatar": "",
        "type": one.kind,
        "gender": one.gender,
    }
    if one.kind == 2:
        found |= {"position": one.position, "corp_name": one.corp_name, "corp_full_name": one.corp_name}
    return found


def _follow(follow: Follow) -> JsonObject:
    return {
        "userid": follow.userid,
        "remark": follow.remark,
        "description": follow.description,
        "createtime": follow.createtime,
        "remark_corp_name": follow.remark_corp_name,
        "remark_mobiles": list(follow.remark_mobiles),
        "oper_userid": follow.userid,
        "add_way": follow.add_way,
        "state": follow.state,
    }


def _short_follow(follow: Follow) -> JsonObject:
    return {**_follow(follow), "tag_id": list(follow.tags)}


def _ok(**parts: object) -> JsonObject:
    return {"errcode": 0, "errmsg": "ok", **parts}
