"""WeCom's API as typed calls of one self-built app [90236, 94888, 96484, 96255, 96067, 90238].

Every call may raise the faults of `bot.errors`. Bodies of messages are bytes that somebody rendered
before: what goes out a second time is the same to the byte, and the platform's duplicate check sees it.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import Any, Final, Literal, TypeVar

import orjson
from aiohttp import ClientSession, FormData

from bot.errors import Misconfigured, Rejected, Unreachable
from bot.sink import Sink
from bot.wecom import groups, limits, transfers
from bot.wecom.codes import NO_EXTERNALS
from bot.wecom.directory import Department, Member, department, member
from bot.wecom.externals import Page, page, tag_names, whole
from bot.wecom.transport import Call, Clock, Sleep, Transport
from cards.fit import clean_line
from crm.externals import External

MediaType = Literal["image", "voice", "video", "file"]
_WRONG_SIZE: Final = 40006


@dataclass(frozen=True, slots=True)
class Sent:
    """A message was taken. `response_code` updates its card once; `invalid_users` are lower-cased userids
    that it will not reach (unknown, out of range or without licence)."""

    msgid: str
    response_code: str
    invalid_users: tuple[str, ...]


class WeComClient:
    """`secret` is the app's, `base_url` https://qyapi.weixin.qq.com or a sandbox; `clock` gives aware UTC."""

    def __init__(
        self,
        session: ClientSession,
        base_url: str,
        corp_id: str,
        secret: str,
        agent_id: int,
        clock: Clock,
        *,
        sleep: Sleep = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.agent_id = agent_id
        self._api = Transport(session, base_url, corp_id, secret, clock, sleep=sleep, jitter=jitter)

    async def send_message(self, payload: bytes) -> Sent:
        """message/send with the body as given. Beyond the member's rate the platform drops it and says ok."""
        answer = await self._api.answer(Call("message/send", body=payload))
        unreached = (*_joined(answer.get("invaliduser")), *_joined(answer.get("unlicenseduser")))
        return Sent(
            msgid=_string(answer, "msgid"),
            response_code=_string(answer, "response_code"),
            invalid_users=tuple(user.lower() for user in unreached),
        )

    async def update_template_card(self, payload: bytes) -> tuple[str, ...]:
        """message/update_template_card with the body as given; returns who (lower-cased) lacks the card."""
        answer = await self._api.answer(Call("message/update_template_card", body=payload))
        return tuple(user.lower() for user in _strings(answer.get("invaliduser")))

    async def recall(self, msgid: str) -> None:
        """Take a message back, within 24 h."""
        await self._api.answer(Call("message/recall", body=orjson.dumps({"msgid": msgid})))

    async def upload_media(self, kind: MediaType, name: str, data: bytes, content_type: str) -> str:
        """Upload a file and return its media_id, good for three days. Sizes are checked before sending.

        The name goes as it is, in UTF-8: escaped, it is shown with its escapes.
        """
        if not limits.MEDIA_MIN_BYTES < len(data) <= limits.MEDIA_MAX_BYTES[kind]:
            raise Rejected("media/upload", _WRONG_SIZE)

        def form() -> FormData:
            filled = FormData(quote_fields=False)
            filled.add_field("media", BytesIO(data), filename=clean_line(name), content_type=content_type)
            return filled

        answer = await self._api.answer(Call("media/upload", query={"type": kind}, form=form))
        return _string(answer, "media_id")

    async def get_media(self, media_id: str, sink: Sink) -> str:
        """Download a file that a member sent or that was uploaded, within three days; the name it has.

        Raises TooLarge besides the faults.
        """
        return (await self._api.call(Call("media/get", query={"media_id": media_id}, sink=sink))).file_name

    async def get_user(self, userid: str) -> Member:
        """One member. Raises ReceiverGone when there is none or they are out of the app's range."""
        answer = await self._api.answer(Call("user/get", query={"userid": userid}))
        return _read("user/get", member, [answer])[0]

    async def list_users(self, department_id: int) -> tuple[Member, ...]:
        """The members directly in a department that the app may see."""
        answer = await self._api.answer(Call("user/list", query={"department_id": str(department_id)}))
        return _read("user/list", member, _rows(answer.get("userlist")))

    async def list_departments(self) -> tuple[Department, ...]:
        """Every department that the app may see. Slow on a large tree: keep the result."""
        answer = await self._api.answer(Call("department/list"))
        return _read("department/list", department, _rows(answer.get("department")))

    async def create_menu(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Give the app this menu in place of the one it has [90231]."""
        query = {"agentid": str(self.agent_id)}
        await self._api.answer(Call("menu/create", query, orjson.dumps({"button": list(entries)})))

    async def get_department(self, department_id: int) -> Department:
        """One department. Raises Rejected where there is none."""
        answer = await self._api.answer(Call("department/get", query={"id": str(department_id)}))
        row = answer.get("department")
        return _read("department/get", department, [row if isinstance(row, dict) else {}])[0]

    async def external_owners(self) -> tuple[str, ...]:
        """The userids of the members who may own external contacts."""
        answer = await self._api.answer(Call("externalcontact/get_follow_user_list"))
        return tuple(_strings(answer.get("follow_user")))

    async def list_externals(self, userids: Sequence[str], cursor: str, tags: Mapping[str, str]) -> Page:
        """A page of the external contacts of up to 100 members; it may be empty and not the last.

        `tags` are the names of the organisation's tags by id: here the platform tells ids alone.
        """
        body = {"userid_list": list(userids), "cursor": cursor, "limit": limits.EXTERNAL_PAGE}
        path = "externalcontact/batch/get_by_user"
        try:
            answer = await self._api.answer(Call(path, body=orjson.dumps(body)))
        except Misconfigured as fault:
            if fault.code == NO_EXTERNALS:  # none of them has any
                return Page()
            raise
        return _read(path, partial(page, tags=tags), [answer])[0]

    async def get_external(self, external_id: str) -> External | None:
        """One external contact with everybody who has added him; None where nobody has any more."""
        path, cursor = "externalcontact/get", ""
        found: External | None = None
        while True:
            try:
                query = {"external_userid": external_id, "cursor": cursor}
                answer = await self._api.answer(Call(path, query=query))
            except Misconfigured as fault:
                if fault.code == NO_EXTERNALS:
                    return found
                raise
            part = _read(path, whole, [answer])[0]
            found = part if found is None else replace(found, follows=found.follows + part.follows)
            following = _string(answer, "next_cursor")
            if following in ("", cursor):
                return found
            cursor = following

    async def external_tags(self) -> dict[str, str]:
        """The names of the organisation's tags by id."""
        return tag_names(await self._api.answer(Call("externalcontact/get_corp_tag_list", body=b"{}")))

    async def transfer_externals(
        self, from_userid: str, to_userid: str, external_ids: Sequence[str], *, resigned: bool
    ) -> dict[str, int]:
        """Give up to 100 external contacts to another member; the code of each, 0 that it has begun.

        It takes effect after 24 hours. `resigned` where the former one has left: 40097 says that he has not.
        """
        ask, _ = transfers.PATHS[resigned]
        body = orjson.dumps(transfers.body(from_userid, to_userid, external_ids))
        return transfers.codes(await self._api.answer(Call(ask, body=body)))

    async def transfer_results(self, from_userid: str, to_userid: str, *, resigned: bool) -> dict[str, int]:
        """What became of all that was given by one to the other: status by external id [94082, 94097]."""
        _, look = transfers.PATHS[resigned]
        found: dict[str, int] = {}
        cursor = ""
        while True:
            body = {"handover_userid": from_userid, "takeover_userid": to_userid, "cursor": cursor}
            part = transfers.page(await self._api.answer(Call(look, body=orjson.dumps(body))))
            found |= part.statuses
            if part.cursor in ("", cursor):
                return found
            cursor = part.cursor

    async def groups_of(self, userid: str) -> list[str]:
        """The ids of the customers' groups that a member owns, also after he has left."""
        return await groups.owned_by(self._api, userid)

    async def get_group(self, chat_id: str) -> groups.Group:
        """A customers' group: its name and who of outside is in it. Raises Rejected where there is none."""
        return await groups.read(self._api, chat_id)

    async def transfer_groups(
        self, chat_ids: Sequence[str], userid: str, *, resigned: bool
    ) -> dict[str, int]:
        """Give up to 100 groups to another member, at once; by id, the code of those that did not go over.

        `resigned` where the owner has left: 90500 says that he has not.
        """
        return await groups.give(self._api, chat_ids, userid, resigned=resigned)

    async def callback_ips(self) -> tuple[str, ...]:
        """Addresses that callbacks come from; the last part may be `*`."""
        return tuple(_strings((await self._api.answer(Call("getcallbackip"))).get("ip_list")))


_T = TypeVar("_T")
_Row = dict[str, Any]


def _read(path: str, reader: Callable[[_Row], _T], rows: Iterable[_Row]) -> tuple[_T, ...]:
    try:
        return tuple(reader(row) for row in rows)
    except KeyError:
        raise Unreachable(path, cause="unexpected_shape") from None


def _rows(value: object) -> list[_Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _strings(value: object) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _joined(value: object) -> list[str]:
    """userids joined by `|`."""
    return [part for part in value.split("|") if part] if isinstance(value, str) else []


def _string(answer: _Row, name: str) -> str:
    value = answer.get(name, "")
    return value if isinstance(value, str) else ""
