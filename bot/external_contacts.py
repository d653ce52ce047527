"""Reading WeCom's external contacts: all of them in batches, or one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.wecom import limits
from bot.wecom.client import WeComClient
from crm.directory import Source
from crm.externals import External


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and the userids (lower case) of which everything was."""

    people: tuple[External, ...]
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExternalReader:
    """The external contacts that one app may see."""

    source: Source
    client: WeComClient

    async def whole(self) -> Read:
        """Everything. A batch in which the platform left somebody out proves nobody gone."""
        tags = await self.client.external_tags()
        people: list[External] = []
        owners: list[str] = []
        for batch in _batches(await self.client.external_owners()):
            cursor, failed = "", False
            while True:
                page = await self.client.list_externals(batch, cursor, tags)
                people += page.externals
                failed = failed or bool(page.failed)
                if page.cursor in ("", cursor):
                    failed = failed or bool(page.cursor)  # it leads nowhere
                    break
                cursor = page.cursor
            if not failed:
                owners += [one.lower() for one in batch]
        return Read(tuple(people), tuple(owners))

    async def one(self, external_id: str) -> External | None:
        """One external contact; None where nobody has added him any more."""
        return await self.client.get_external(external_id)


def _batches(userids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(userids), limits.EXTERNAL_USERIDS):
        yield userids[start : start + limits.EXTERNAL_USERIDS]
