"""Giving external contacts to another member: 分配在职 and 离职成员的客户 (94096, 94081) and their results.

Taken at once for each contact with a code of its own; effective 24 hours later, unless the person outside
refuses or the receiver is full. Just after asking, the result knows nothing of it yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sandbox.company import Status, User
from sandbox.externals import External, Follow
from sandbox.state import World
from sandbox.wecom import limits
from sandbox.wecom.call import Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, needed, text

DONE, WAITING, REFUSED, FULL = 1, 2, 3, 4


@dataclass(slots=True)
class Transfer:
    """One contact on its way. `at` is when it was asked for, Unix time."""

    handover: str
    takeover: str
    external: str
    resigned: bool
    at: float
    status: int = WAITING


@dataclass(slots=True)
class Transfers:
    """Answers the four calls. `refusing` are external ids of people who do not want another one, `full`
    userids that can take nobody more, `unverified` those without a verified name, `closed` those without
    客户联系."""

    world: World
    refusing: set[str] = field(default_factory=set)
    full: set[str] = field(default_factory=set)
    unverified: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    page: int = limits.TRANSFER_PAGE
    asked: list[Transfer] = field(default_factory=list)

    def staying(self, call: Call) -> JsonObject:
        """externalcontact/transfer_customer, for a member who is here. Raises Refused."""
        body = call.body()
        message = text(body, "transfer_success_msg")
        if len(message) > limits.TRANSFER_MESSAGE_CHARS:
            raise bad("transfer_success_msg", f"more than {limits.TRANSFER_MESSAGE_CHARS} characters")
        handover = self._here(call, needed(body, "handover_userid"))
        return self._ask(call, body, handover.userid, resigned=False)

    def leaving(self, call: Call) -> JsonObject:
        """externalcontact/resigned/transfer_customer, for one who has left. Raises Refused (40097, …)."""
        body = call.body()
        handover = needed(body, "handover_userid")
        user = self.world.user(handover)
        if user is not None and user.status is not Status.LEFT:
            raise Refused(Code.NOT_RESIGNED)
        if user is None and not self._known(handover):
            raise Refused(Code.UNKNOWN_USER)
        return self._ask(call, body, handover, resigned=True)

    def staying_result(self, call: Call) -> JsonObject:
        """externalcontact/transfer_result. Raises Refused."""
        return self._result(call, resigned=False)

    def leaving_result(self, call: Call) -> JsonObject:
        """externalcontact/resigned/transfer_result. Raises Refused."""
        return self._result(call, resigned=True)

    def settle(self) -> None:
        """Let everything that is 24 hours old take effect."""
        now = self.world.seconds()
        for one in self.asked:
            if one.status != WAITING or now < one.at + limits.TRANSFER_EFFECT:
                continue
            if one.external in self.refusing:
                one.status = REFUSED
            elif one.takeover.lower() in {name.lower() for name in self.full}:
                one.status = FULL
            else:
                one.status = DONE
                self._move(one)

    def _ask(self, call: Call, body: JsonObject, handover: str, *, resigned: bool) -> JsonObject:
        takeover = self._here(call, needed(body, "takeover_userid")).userid
        if takeover in self.unverified:
            raise Refused(Code.NOT_VERIFIED)
        if takeover in self.closed:
            raise Refused(Code.NO_EXTERNAL_SERVICE)
        ids = body.get("external_userid")
        if not isinstance(ids, list) or not all(isinstance(one, str) and one for one in ids):
            raise bad("external_userid", "must be a list of texts")
        if not 1 <= len(ids) <= limits.TRANSFER_IDS:
            raise bad("external_userid", f"1 to {limits.TRANSFER_IDS} ids")
        self.settle()
        rows: list[JsonObject] = []
        for one in ids:
            code = self._code(handover, takeover, one, resigned=resigned)
            if code == Code.OK:
                now = self.world.seconds()
                self.asked.append(Transfer(handover, takeover, one, resigned, now))
            rows.append({"external_userid": one, "errcode": int(code)})
        return _ok(customer=rows)

    def _code(self, handover: str, takeover: str, external: str, *, resigned: bool) -> Code:
        found = next((one for one in self.world.corp.externals if one.external_userid == external), None)
        if found is None:
            return Code.BAD_EXTERNAL
        if handover.lower() == takeover.lower():
            return Code.SAME_FOLLOWER
        if handover.lower() not in {follow.userid.lower() for follow in found.follows}:
            return Code.NOT_A_FOLLOWER
        earlier = [one for one in self.asked if one.external == external]
        if any(one.status == WAITING for one in earlier):
            return Code.IN_TRANSFER if resigned else Code.BEING_TRANSFERRED
        since = self.world.seconds() - limits.TRANSFER_PAUSE
        if not resigned and any(one.status == DONE and one.at > since for one in earlier):
            return Code.TRANSFERRED_TOO_OFTEN
        return Code.OK

    def _result(self, call: Call, *, resigned: bool) -> JsonObject:
        body = call.body()
        handover, takeover = needed(body, "handover_userid"), needed(body, "takeover_userid")
        cursor = text(body, "cursor")
        if cursor and not cursor.isdecimal():
            raise bad("cursor", "unknown")
        self.settle()
        known_from = self.world.seconds() - limits.TRANSFER_LAG
        found = [
            one
            for one in self.asked
            if (one.handover.lower(), one.takeover.lower()) == (handover.lower(), takeover.lower())
            and one.resigned == resigned
            and one.at <= known_from
        ]
        begin = int(cursor or 0)
        rows = [_row(one) for one in found[begin : begin + self.page]]
        more = begin + self.page < len(found)
        return _ok(customer=rows, next_cursor=str(begin + self.page) if more else "")

    def _here(self, call: Call, userid: str) -> User:
        user = self.world.user(userid)
        if user is None or user.status is Status.LEFT:
            raise Refused(Code.UNKNOWN_USER)
        if not call.app.sees(user.userid):
            raise Refused(Code.NOT_VISIBLE)
        return user

    def _known(self, userid: str) -> bool:
        """Whether anybody outside has ever been in touch with him."""
        return any(
            follow.userid.lower() == userid.lower()
            for one in self.world.corp.externals
            for follow in one.follows
        )

    def _move(self, one: Transfer) -> None:
        corp = self.world.corp
        moved = tuple(
            _given(person, one) if person.external_userid == one.external else person
            for person in corp.externals
        )
        self.world.change_corp(replace(corp, externals=moved))


def _given(person: External, by: Transfer) -> External:
    both = (by.handover.lower(), by.takeover.lower())
    kept = [one for one in person.follows if one.userid.lower() not in both]
    former = next((one for one in person.follows if one.userid.lower() == both[0]), Follow(by.handover))
    given = replace(former, userid=by.takeover, add_way=limits.ADDED_BY_TRANSFER)
    return replace(person, follows=(*kept, given))


def _row(one: Transfer) -> JsonObject:
    times = {DONE: one.at + limits.TRANSFER_EFFECT, WAITING: one.at + limits.TRANSFER_EFFECT}
    return {
        "external_userid": one.external,
        "status": one.status,
        "takeover_time": int(times.get(one.status, 0)),
    }


def _ok(**parts: object) -> JsonObject:
    return {"errcode": 0, "errmsg": "ok", **parts}
