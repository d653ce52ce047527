"""Customers' groups of WeCom: the calls' bodies and answers [92120, 92122, 92127, 95703]."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from orjson import dumps

from bot.wecom.transport import Call, Transport

MOST_IDS: Final = 100
"""Groups in one transfer [92127, 95703]."""
PAGE: Final = 1000
"""Groups in one page of the list [92120]."""
OWNER_IS_HERE: Final = 90500
"""The group's owner has not left: the other call is for it [92127]."""
LIST: Final = "externalcontact/groupchat/list"
GET: Final = "externalcontact/groupchat/get"
PATHS: Final = {
    True: "externalcontact/groupchat/transfer",
    False: "externalcontact/groupchat/onjob_transfer",
}
"""By whether the owner has left."""
OUTSIDE: Final = 2

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """A group with customers in it: their external ids."""

    chat_id: str
    name: str
    externals: tuple[str, ...] = ()


async def owned_by(api: Transport, userid: str) -> list[str]:
    """The ids of the groups that a member owns, or owned when he left."""
    found: list[str] = []
    cursor = ""
    while True:
        body = {"status_filter": 0, "owner_filter": {"userid_list": [userid]}, "limit": PAGE}
        answer = await api.answer(Call(LIST, body=dumps({**body, "cursor": cursor} if cursor else body)))
        found += [one["chat_id"] for one in _rows(answer, "group_chat_list")]
        following = answer.get("next_cursor")
        if not isinstance(following, str) or following in ("", cursor):
            return found
        cursor = following


async def read(api: Transport, chat_id: str) -> Group:
    """One group with its name and who of outside is in it."""
    answer = await api.answer(Call(GET, body=dumps({"chat_id": chat_id, "need_name": 0})))
    row = answer.get("group_chat")
    chat: _Row = row if isinstance(row, dict) else {}
    members = chat.get("member_list")
    listed = [one for one in members if isinstance(one, dict)] if isinstance(members, list) else []
    outside = [str(one.get("userid") or "") for one in listed if one.get("type") == OUTSIDE]
    return Group(chat_id, str(chat.get("name") or ""), tuple(filter(None, outside)))


async def give(api: Transport, chat_ids: Sequence[str], userid: str, *, resigned: bool) -> dict[str, int]:
    """Give up to 100 groups to another member, at once; by chat id, why some did not go over."""
    body = dumps({"chat_id_list": list(chat_ids), "new_owner": userid})
    answer = await api.answer(Call(PATHS[resigned], body=body))
    return {one["chat_id"]: _code(one) for one in _rows(answer, "failed_chat_list")}


def _rows(answer: _Row, name: str) -> list[_Row]:
    rows = answer.get(name)
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return [row for row in listed if isinstance(row.get("chat_id"), str)]


def _code(row: _Row) -> int:
    value = row.get("errcode")
    return value if isinstance(value, int) and not isinstance(value, bool) and value else -1
