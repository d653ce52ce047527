"""Drives the transfers of customers' groups at a hand-over: each goes to who gets most of its people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from sqlmodel import Session

from bot.errors import ReceiverGone, Rejected, VendorFault
from bot.wecom.client import WeComClient
from bot.wecom.groups import MOST_IDS, OWNER_IS_HERE, Group
from config.business import Business
from config.clock import Clock
from crm import group_transfers
from crm.context import SYSTEM, Context
from crm.group_transfers import Wanted
from crm.transfers import NO_ACCOUNT
from store.writer import Writer

AT_ONCE: Final = 3  # hand-overs in one run
MOST_GROUPS: Final = 300  # in one run: WeCom lets one member get so many a day [92127]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class GroupDriver:
    """Gives away the groups that a leaver owns in WeCom. `clients` are the self-built apps by name."""

    writer: Writer
    clock: Clock
    business: Business
    clients: Mapping[str, WeComClient]

    async def run(self) -> None:
        """Take hold of what is due. What cannot be done now comes again within the hour."""
        take = partial(group_transfers.take, now=self.clock.now(), apps=list(self.clients), most=AT_ONCE)
        for wanted in await self.writer.run(take):
            try:
                left = await self._hand_over(wanted)
            except VendorFault as fault:
                log.warning("groups.failed", app=wanted.app, fault=str(fault))
                if not isinstance(fault, Rejected | ReceiverGone):
                    continue
                left = 0  # the platform knows nobody of that name any more
            if not left:
                await self.writer.run(partial(self._finished, wanted))

    async def _hand_over(self, wanted: Wanted) -> int:
        """Give away all groups, or the first of very many; how many are left. Raises VendorFault."""
        client = self.clients[wanted.app]
        ids = await client.groups_of(wanted.from_userid)
        parts: dict[int | None, list[Group]] = defaultdict(list)
        for chat_id in ids[:MOST_GROUPS]:
            group = await client.get_group(chat_id)
            parts[wanted.receiver(group.externals)].append(group)
        for to_id, groups in parts.items():
            for start in range(0, len(groups), MOST_IDS):
                await self._give(wanted, to_id, groups[start : start + MOST_IDS])
        return len(ids[MOST_GROUPS:])

    async def _give(self, wanted: Wanted, to_id: int | None, groups: Sequence[Group]) -> None:
        """Give some groups to one member, and write down what became of each. Raises VendorFault."""
        userid = wanted.userids.get(to_id or 0, "")
        ids = [one.chat_id for one in groups]
        failed = dict.fromkeys(ids, NO_ACCOUNT)
        if userid:
            failed = await self._ask(wanted, userid, ids)
        chats = {one.chat_id: (one.name, failed.get(one.chat_id, 0)) for one in groups}
        await self.writer.run(partial(self._given, wanted, to_id, chats))
        log.info("groups.given", app=wanted.app, count=len(chats) - len(failed))

    async def _ask(self, wanted: Wanted, userid: str, ids: Sequence[str]) -> dict[str, int]:
        """By chat id, why some did not go over; who has not left the platform yet is asked the other way."""
        client = self.clients[wanted.app]
        try:
            failed = await client.transfer_groups(ids, userid, resigned=wanted.resigned)
            here = [one for one, code in failed.items() if code == OWNER_IS_HERE and wanted.resigned]
            if here:
                again = await client.transfer_groups(here, userid, resigned=False)
                failed = {one: code for one, code in failed.items() if one not in here} | again
        except (Rejected, ReceiverGone) as fault:
            return dict.fromkeys(ids, fault.code)
        return failed

    def _given(
        self, wanted: Wanted, to_id: int | None, chats: Mapping[str, tuple[str, int]], session: Session
    ) -> None:
        group_transfers.given(self._context(session), wanted, to_id, chats)

    def _finished(self, wanted: Wanted, session: Session) -> None:
        group_transfers.finished(self._context(session), wanted.handover_id)

    def _context(self, session: Session) -> Context:
        return Context(session, SYSTEM, self.clock.now(), None, self.business)
