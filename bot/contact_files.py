"""Contact cards that come as a file (.vcf): fetched before the turn is written, so that it can read them.

A turn that waits for this too long is acknowledged with its inbox row, as every slow one is. A platform
that does not name its files gives no more than the first bytes away: they show what it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Final

import structlog

from bot.errors import Unreachable, VendorFault
from bot.plan import Plan
from bot.sink import TooLarge
from bot.sources import Source
from bot.wecom.aibot.media import Undecipherable
from crm import vcards
from handlers.incoming import Attachment, Fault, Incoming, Kind

MOST_BYTES: Final = 512 * 1024
TRIES: Final = 2
SECONDS: Final = 20.0
HEAD: Final = 80  # bytes that show whether it is a card
SUFFIX: Final = ".vcf"
log = structlog.get_logger()

App = tuple[str, str]


class NoCard(Exception):
    """The file is something else."""


class ContactFiles:
    """Reads contact files of all apps, each from its own source."""

    def __init__(self, sources: Mapping[App, Source]) -> None:
        self._sources = sources

    async def opened(self, plan: Plan) -> Plan:
        """The plan with the cards as the message's text, or with the fault of the file. Never raises."""
        file = _file_of(plan)
        source = self._sources.get((plan.incoming.platform, plan.incoming.app))
        if file is None or source is None:
            return plan
        try:
            async with asyncio.timeout(SECONDS):
                text = vcards.text_of(await _content(source, file))
        except NoCard:
            return plan
        except TooLarge:
            return _faulty(plan, file, Fault.LARGE)
        except (VendorFault, Undecipherable, TimeoutError) as fault:
            log.warning("contact_files.lost", kind=type(fault).__name__)
            return _faulty(plan, file, Fault.LOST)
        except Exception as error:  # the boundary of a file: what is in it must not stop the message
            log.error("contact_files.failed", kind=type(error).__name__, exc_info=error)
            return _faulty(plan, file, Fault.LOST)
        plan.incoming = replace(plan.incoming, text=text)
        return plan


class _Memory:
    """Takes a small file that begins as a card does; ends all others. Raises NoCard and TooLarge."""

    def __init__(self) -> None:
        self.data = bytearray()

    async def restart(self) -> None:
        """Begin anew."""
        self.data.clear()

    async def write(self, part: bytes) -> None:
        """The next part."""
        self.data += part
        if len(self.data) >= HEAD:
            self.check()
        if len(self.data) > MOST_BYTES:
            raise TooLarge

    def check(self) -> bytes:
        """What came, if it begins as a card does."""
        if not vcards.begins(bytes(self.data[:HEAD])):
            raise NoCard
        return bytes(self.data)


async def _content(source: Source, file: Attachment) -> bytes:
    reference = {name: value for name, value in asdict(file).items() if isinstance(value, str)}
    sink = _Memory()
    for left in reversed(range(TRIES)):
        try:
            await source.fetch(reference, sink)
            break
        except Unreachable:
            if not left:
                raise
            await sink.restart()
    return sink.check()


def _file_of(plan: Plan) -> Attachment | None:
    """The file of a member's message that may be a contact card: by its name, or where it has none."""
    incoming: Incoming = plan.incoming
    if plan.actor is None or incoming.kind is not Kind.FILE or incoming.text:
        return None
    names = (one for one in incoming.attachments if not one.name or one.name.lower().endswith(SUFFIX))
    return next(names, None)


def _faulty(plan: Plan, file: Attachment, fault: Fault) -> Plan:
    """The same with the fault written to the file, where it is known to be a contact file."""
    if file.name or fault is Fault.LARGE:  # what was too large has begun as a card
        held = tuple(replace(a, fault=fault) if a is file else a for a in plan.incoming.attachments)
        plan.incoming = replace(plan.incoming, attachments=held)
    return plan
