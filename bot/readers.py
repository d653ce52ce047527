"""Reading the platforms' directories whole, page by page, or one entry at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.dingtalk import directory as dingtalk
from bot.dingtalk.client import DingTalkClient
from bot.errors import ReceiverGone, Rejected
from bot.wecom import directory as wecom
from bot.wecom.client import WeComClient
from crm.directory import Colleague, Department, Directory, Source
from handlers.incoming import legible

log = structlog.get_logger()


class Reader(Protocol):
    """The directory of one app. Every method may raise the faults of `bot.errors`."""

    @property
    def source(self) -> Source:
        """Whose directory it is."""
        ...

    async def whole(self) -> Directory:
        """All that the app may see."""
        ...

    async def user(self, userid: str) -> Colleague | None:
        """One colleague; None where there is none in the app's sight."""
        ...

    async def department(self, external_id: str) -> Department | None:
        """One department; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class WeComReader:
    """WeCom's address book: the whole tree in one call, then each department's members."""

    source: Source
    client: WeComClient

    async def whole(self) -> Directory:
        """All departments and members within the app's visible range."""
        tree = await self.client.list_departments()
        people: dict[str, Colleague] = {}
        complete = True
        for one in tree:
            try:
                members = await self.client.list_users(one.id)
            except (Rejected, ReceiverGone) as fault:  # removed meanwhile, or out of range
                log.warning("directory.department_unread", app=self.source.app, code=fault.code)
                complete = False
                continue
            people.update((member.userid.lower(), _of_wecom(member)) for member in members)
        return Directory(tuple(_wecom_department(one) for one in tree), tuple(people.values()), complete)

    async def user(self, userid: str) -> Colleague | None:
        """One member."""
        try:
            return _of_wecom(await self.client.get_user(userid))
        except ReceiverGone:
            return None

    async def department(self, external_id: str) -> Department | None:
        """One department."""
        try:
            return _wecom_department(await self.client.get_department(int(external_id)))
        except (Rejected, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class DingTalkReader:
    """DingTalk's address book: level by level, each department's managers and members."""

    source: Source
    client: DingTalkClient

    async def whole(self) -> Directory:
        """All departments and members within the app's range."""
        tree: dict[int, dingtalk.Department] = {}
        people: dict[str, Colleague] = {}
        waiting, complete = [dingtalk.ROOT], True
        while waiting:
            at = waiting.pop()
            if at in tree:
                continue
            try:
                tree[at] = await self.client.get_department(at)
                waiting += [one.id for one in await self.client.list_departments(at)]
                for member in await self._members(at):
                    people[member.userid.lower()] = _of_dingtalk(member)
            except Rejected as fault:  # removed meanwhile, or out of range
                log.warning("directory.department_unread", app=self.source.app, code=fault.code)
                complete = False
        departments = tuple(_dingtalk_department(one) for one in tree.values())
        return Directory(departments, tuple(people.values()), complete)

    async def user(self, userid: str) -> Colleague | None:
        """One member."""
        try:
            return _of_dingtalk(await self.client.get_user(userid))
        except ReceiverGone:
            return None

    async def department(self, external_id: str) -> Department | None:
        """One department."""
        try:
            return _dingtalk_department(await self.client.get_department(int(external_id)))
        except (Rejected, ValueError):
            return None

    async def _members(self, department_id: int) -> list[dingtalk.Member]:
        """All members directly in a department, page by page."""
        found, following = await self.client.list_users(department_id)
        members, cursor = list(found), 0
        while following > cursor:
            cursor = following
            found, following = await self.client.list_users(department_id, cursor)
            members += found
        return members


def _of_wecom(one: wecom.Member) -> Colleague:
    places = tuple(str(name) for name in one.departments)
    leads = tuple(name for name, flag in zip(places, one.leads, strict=False) if flag)
    return Colleague(
        userid=one.userid.lower(),
        name=legible(one.name),
        departments=places,
        main=str(one.main_department or ""),
        leads=leads,
        leaders=_lower(one.direct_leaders),
        position=legible(one.position),
        active=one.active,
        address=one.userid,
    )


def _wecom_department(one: wecom.Department) -> Department:
    return Department(str(one.id), legible(one.name), str(one.parent_id or ""), _lower(one.leaders))


def _of_dingtalk(one: dingtalk.Member) -> Colleague:
    places = tuple(str(name) for name in one.departments)
    return Colleague(
        userid=one.userid.lower(),
        name=legible(one.name),
        departments=places,
        main=places[0] if places else "",
        leads=tuple(str(name) for name in one.leads),
        leaders=_lower((one.manager,)) if one.manager else (),
        position=legible(one.title),
        active=one.active,
        address=one.userid,
    )


def _dingtalk_department(one: dingtalk.Department) -> Department:
    return Department(str(one.id), legible(one.name), str(one.parent_id or ""), _lower(one.managers))


def _lower(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(one.lower() for one in ids)
