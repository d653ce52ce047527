"""DingTalk's APIs as typed calls of one app.

Every call may raise the faults of `bot.errors` and of `bot.dingtalk.codes`. Bodies of messages and cards
are bytes that somebody rendered before: what goes out a second time is the same to the byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Literal, TypeVar
from urllib.parse import urlsplit

import orjson
from aiohttp import FormData

from bot.dingtalk import limits
from bot.dingtalk.codes import SessionGone, number
from bot.dingtalk.directory import Department, Member, department, member
from bot.dingtalk.transport import Call, Json, Transport
from bot.errors import Rejected, Unreachable
from bot.sink import Sink

MediaType = Literal["image", "voice", "video", "file"]

SINGLE: Final = "v1.0/robot/oToMessages/batchSend"
GROUP: Final = "v1.0/robot/groupMessages/send"
CARD: Final = "v1.0/card/instances/createAndDeliver"
UPDATE: Final = "v1.0/card/instances"
REGISTER: Final = "v1.0/card/callbacks/register"
WEBHOOK: Final = "robot/sendBySession"
DOWNLOAD: Final = "v1.0/robot/messageFiles/download"
UPLOAD: Final = "media/upload"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message was taken. `invalid` and `throttled` are userIds that it will not reach, lower-cased."""

    key: str
    invalid: tuple[str, ...] = ()
    throttled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A card was made. `failed` are the spaces that it did not reach, of `spaces` in all."""

    key: str
    spaces: int
    failed: tuple[str, ...]


class DingTalkClient:
    """`webhook_base` is where sessionWebhooks may point, https://oapi.dingtalk.com or a sandbox."""

    def __init__(self, transport: Transport, robot_code: str, webhook_base: str) -> None:
        self.robot_code = robot_code
        self._api = transport
        self._webhook_origin = _origin(webhook_base)

    async def send_single(self, body: bytes) -> Sent:
        """Message up to 20 members in their chats with the robot."""
        answer = await self._api.answer(Call(SINGLE, body=body, may_repeat=False))
        return Sent(
            key=_string(answer, "processQueryKey"),
            invalid=_lowered(answer.get("invalidStaffIdList")),
            throttled=_lowered(answer.get("flowControlledStaffIdList")),
        )

    async def send_group(self, body: bytes) -> Sent:
        """Message a group that the robot is in."""
        answer = await self._api.answer(Call(GROUP, body=body, may_repeat=False))
        return Sent(_string(answer, "processQueryKey"))

    async def create_card(self, body: bytes) -> Placed:
        """Make a card and deliver it. HTTP 200 with `success: false` for a space is a normal failure."""
        result = _object(await self._api.answer(Call(CARD, body=body)), "result")
        listed = result.get("deliverResults")
        rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
        failed = tuple(_string(row, "spaceId") for row in rows if row.get("success") is not True)
        key = next((_string(row, "carrierId") for row in rows if row.get("success") is True), "")
        return Placed(key, len(rows), failed)

    async def update_card(self, body: bytes) -> None:
        """Change a card for everybody who has it."""
        await self._api.answer(Call(UPDATE, "PUT", body=body))

    async def register_card_callback(self, route_key: str, url: str, secret: str) -> None:
        """Have clicks of cards with this route key pushed to `url`, signed with `secret`
        [register-card-callback-address]; said again it changes nothing."""
        body = {"callbackRouteKey": route_key, "callbackUrl": url, "apiSecret": secret, "forceUpdate": True}
        await self._api.answer(Call(REGISTER, body=orjson.dumps(body)))

    async def reply(self, url: str, body: bytes) -> None:
        """Answer a message at its sessionWebhook; free of the quota of API calls. Raises SessionGone."""
        if _origin(url) != self._webhook_origin:
            raise SessionGone(WEBHOOK)
        await self._api.post_to(url, WEBHOOK, body)

    async def download(self, code: str, sink: Sink) -> None:
        """Download a file that somebody sent to the robot, by its downloadCode.

        Raises TooLarge besides the faults.
        """
        body = orjson.dumps({"downloadCode": code, "robotCode": self.robot_code})
        url = _string(await self._api.answer(Call(DOWNLOAD, body=body)), "downloadUrl")
        if not url.startswith(("https://", "http://")):
            raise Unreachable(DOWNLOAD, cause="unexpected_shape")
        await self._api.fetch(url, DOWNLOAD, sink)

    async def upload(self, kind: MediaType, name: str, data: bytes, content_type: str) -> str:
        """Upload a file and return its media id, which does not expire. The size is checked before."""
        if not 0 < len(data) <= limits.MEDIA_MAX_BYTES[kind]:
            raise Rejected(UPLOAD)

        def form() -> FormData:
            filled = FormData()
            filled.add_field("media", BytesIO(data), filename=name, content_type=content_type)
            return filled

        return _string(
            await self._api.answer(Call(UPLOAD, is_old=True, query={"type": kind}, form=form)), "media_id"
        )

    async def get_user(self, userid: str) -> Member:
        """One member. Raises ReceiverGone when there is none."""
        path = "topapi/v2/user/get"
        return _read(path, member, _object(await self._old(path, userid=userid, language="zh_CN"), "result"))

    async def userid_of_union(self, unionid: str) -> str:
        """The userid of a unionid. Raises ReceiverGone for somebody outside."""
        path = "topapi/user/getbyunionid"
        return _string(_object(await self._old(path, unionid=unionid), "result"), "userid")

    async def userid_of_code(self, code: str) -> str:
        """The userid of who opened a page inside DingTalk; the code works once, for 5 min."""
        return _string(_object(await self._old("topapi/v2/user/getuserinfo", code=code), "result"), "userid")

    async def get_department(self, dept_id: int) -> Department:
        """One department, with its managers."""
        path = "topapi/v2/department/get"
        return _read(path, department, _object(await self._old(path, dept_id=dept_id), "result"))

    async def list_departments(self, parent_id: int) -> tuple[Department, ...]:
        """The departments directly below one."""
        path = "topapi/v2/department/listsub"
        rows = (await self._old(path, dept_id=parent_id)).get("result")
        listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return tuple(_read(path, department, row) for row in listed)

    async def list_userids(self, dept_id: int) -> tuple[str, ...]:
        """The members directly in a department."""
        result = _object(await self._old("topapi/user/listid", dept_id=dept_id), "result")
        listed = result.get("userid_list")
        return tuple(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else ()

    async def list_users(self, dept_id: int, cursor: int = 0) -> tuple[tuple[Member, ...], int]:
        """A page of the members directly in a department, and the next cursor; 0 after the last page."""
        path = "topapi/v2/user/list"
        result = _object(await self._old(path, dept_id=dept_id, cursor=cursor, size=100), "result")
        rows = result.get("list")
        listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        following = number(result.get("next_cursor")) if result.get("has_more") is True else 0
        return tuple(_read(path, member, row) for row in listed), following

    async def _old(self, path: str, **values: object) -> Json:
        return await self._api.answer(Call(path, is_old=True, body=orjson.dumps(values)))


_T = TypeVar("_T")


def _read(path: str, reader: Callable[[Json], _T], row: Json) -> _T:
    try:
        return reader(row)
    except KeyError:
        raise Unreachable(path, cause="unexpected_shape") from None


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()


def _object(answer: Json, name: str) -> Json:
    value: Any = answer.get(name)
    return value if isinstance(value, dict) else {}


def _lowered(value: object) -> tuple[str, ...]:
    return tuple(one.lower() for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _string(answer: Json, name: str) -> str:
    value = answer.get(name, "")
    return value if isinstance(value, str) else ""
