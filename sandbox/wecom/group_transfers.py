"""Customers' groups that get another owner: 分配离职成员的客户群 (92127) and 分配在职成员的客户群 (95703).

Takes effect at once; the answer names only the groups that did not go over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sandbox.company import Status
from sandbox.state import World
from sandbox.wecom.call import Call
from sandbox.wecom.customer_groups import CustomerGroup, CustomerGroups
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject, bad, needed

MOST_GROUPS: Final = 100  # 92127, 95703 -> 40058
OWNER_IS_HERE: Final = 90500  # 92127
NOT_A_CUSTOMER_GROUP: Final = 90501  # 92127, 95703
MESSAGES: Final = {
    OWNER_IS_HERE: "the owner of this chat is not resigned",
    NOT_A_CUSTOMER_GROUP: "chat is not external group chat",
    Code.NOT_RESIGNED: "the owner of this chat is resigned",
}
TAKEN_OVER: Final = 3
"""The status of a group whose owner had left, once somebody has it."""


@dataclass(slots=True)
class GroupTransfers:
    """Answers the two calls. `unverified` are userids without a verified name, `closed` those without
    客户联系."""

    world: World
    groups: CustomerGroups
    unverified: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)

    def calls(self) -> dict[str, tuple[str, Callable[[Call], JsonObject]]]:
        """By path below externalcontact/, the method and who answers."""
        return {
            "groupchat/transfer": ("POST", self.leaving),
            "groupchat/onjob_transfer": ("POST", self.staying),
        }

    def leaving(self, call: Call) -> JsonObject:
        """externalcontact/groupchat/transfer, for owners who have left. Raises Refused (40058, 60111, …)."""
        return self._transfer(call, resigned=True)

    def staying(self, call: Call) -> JsonObject:
        """externalcontact/groupchat/onjob_transfer, for owners who are here. Raises Refused."""
        return self._transfer(call, resigned=False)

    def _transfer(self, call: Call, *, resigned: bool) -> JsonObject:
        body = call.body()
        owner = self._receiver(call, needed(body, "new_owner"))
        ids = body.get("chat_id_list")
        if not isinstance(ids, list) or not all(isinstance(one, str) and one for one in ids):
            raise bad("chat_id_list", "must be a list of texts")
        if not 1 <= len(ids) <= MOST_GROUPS:
            raise bad("chat_id_list", f"1 to {MOST_GROUPS} ids")
        failed: list[JsonObject] = []
        for chat_id in dict.fromkeys(ids):
            code = self._give(call, chat_id, owner, resigned=resigned)
            if code:
                failed.append({"chat_id": chat_id, "errcode": code, "errmsg": MESSAGES[code]})
        return {"errcode": 0, "errmsg": "ok", "failed_chat_list": failed}

    def _give(self, call: Call, chat_id: str, owner: str, *, resigned: bool) -> int:
        """0, or why the group stays with its owner."""
        rows = self.groups.groups
        place = next((n for n, one in enumerate(rows) if one.chat_id == chat_id), None)
        if place is None or not call.app.sees(rows[place].owner):
            return NOT_A_CUSTOMER_GROUP
        user = self.world.user(rows[place].owner)
        left = user is None or user.status is Status.LEFT
        if left != resigned:
            return OWNER_IS_HERE if resigned else Code.NOT_RESIGNED
        rows[place] = _given(rows[place], owner, resigned=resigned)
        return 0

    def _receiver(self, call: Call, userid: str) -> str:
        user = self.world.user(userid)
        if user is None or user.status is Status.LEFT:
            raise Refused(Code.UNKNOWN_USER)
        if not call.app.sees(user.userid):
            raise Refused(Code.NOT_VISIBLE)
        if user.userid in self.unverified:
            raise Refused(Code.NOT_VERIFIED)
        if user.userid in self.closed:
            raise Refused(Code.NO_EXTERNAL_SERVICE)
        return user.userid


def _given(group: CustomerGroup, owner: str, *, resigned: bool) -> CustomerGroup:
    """A leaver is in the group no more; an owner who is here stays as a member."""
    kept = tuple(one for one in group.userids if not (resigned and one == group.owner))
    status = TAKEN_OVER if resigned else group.status
    return replace(group, owner=owner, userids=tuple(dict.fromkeys((*kept, owner))), status=status)
