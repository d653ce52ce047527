"""Sending files: each is put on the platform before the message that names it is sent.

A letter with a file holds the message with a place in it for the media id, and what is said instead where
the file cannot be sent. A repeat sends the same media id again, so that the platform sees the repeat.
"""

from __future__ import annotations

import asyncio
import mimetypes
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

import orjson
import structlog

from bot.errors import Misconfigured, RateLimited, ReceiverGone, Rejected, VendorFault
from crm.attached import KeptFile
from scheduler.delivery import Delivered, Gathering, Limited, Outcome, Refused, Retry, Sender, Stopped
from store.outbox import Parcel
from store.rates import Wanted

PLACE: Final = "genjin:media"
"""Stands in the message where the media id goes."""
_BEGIN: Final = b'{"genjin_file":'
_MEDIA_ID: Final = re.compile(r"[\w@\-$.+/=]{1,200}", re.ASCII)
SECONDS: Final = 40.0  # for an upload; a letter is leased for a minute
SOON: Final = 2.0
REMEMBERED: Final = 500
log = structlog.get_logger()

Upload = Callable[[KeptFile, str, bytes, str], Awaitable[str]]
"""Puts a file on the platform: the file, its kind there, its bytes, their type; its media id.

Raises VendorFault, and ValueError for what the platform does not take.
"""


@dataclass(frozen=True, slots=True)
class Carried:
    """What a letter with a file holds."""

    file: KeptFile
    kind: str
    message: bytes
    otherwise: bytes


def packed(file: KeptFile, kind: str, message: bytes, otherwise: bytes) -> bytes:
    """The bytes of a letter: always the same for the same."""
    letters = {"message": orjson.Fragment(message), "otherwise": orjson.Fragment(otherwise)}
    return orjson.dumps({"genjin_file": file, "kind": kind, **letters})


def unpacked(body: bytes) -> Carried | None:
    """What a letter holds, or None where it has no file."""
    if not body.startswith(_BEGIN):
        return None
    held = orjson.loads(body)
    return Carried(
        KeptFile(**held["genjin_file"]),
        held["kind"],
        orjson.dumps(held["message"]),
        orjson.dumps(held["otherwise"]),
    )


class Carrying:
    """A sender that can send files as well: `folder` is where they lie, `upload` the platform's way."""

    def __init__(self, sender: Sender, upload: Upload, folder: Path) -> None:
        self.sender = sender
        self._upload = upload
        self._folder = folder
        self._media: OrderedDict[int, str] = OrderedDict()

    @property
    def ready(self) -> bool:
        """As the sender."""
        return self.sender.ready

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel over; the file of one that has a file goes first."""
        carried = unpacked(parcel.body)
        if carried is None:
            return await self.sender.send(parcel)
        media = await self._placed(parcel, carried)
        if not isinstance(media, str):
            return await self._instead(parcel, carried, media) if isinstance(media, Refused) else media
        body = carried.message.replace(PLACE.encode(), media.encode())
        outcome = await self.sender.send(replace(parcel, body=body))
        if isinstance(outcome, Delivered):
            self._media.pop(parcel.id, None)
        return await self._instead(parcel, carried, outcome) if isinstance(outcome, Refused) else outcome

    async def _instead(self, parcel: Parcel, carried: Carried, refused: Refused) -> Outcome:
        """The words, where the platform does not take the file."""
        log.warning("files.not_sent", attachment=carried.file.id, reason=refused.reason)
        return await self.sender.send(replace(parcel, body=carried.otherwise))

    async def _placed(self, parcel: Parcel, carried: Carried) -> str | Outcome:
        """The media id of the parcel's file, or why there is none."""
        known = self._media.get(parcel.id)
        if known is not None:
            return known
        try:
            data = await asyncio.to_thread((self._folder / carried.file.path).read_bytes)
        except OSError:
            return Refused("the file is not in the folder any more")
        outcome = await self._uploaded(carried, data)
        if isinstance(outcome, str):
            self._media[parcel.id] = outcome
            if len(self._media) > REMEMBERED:
                self._media.popitem(last=False)
        return outcome

    async def _uploaded(self, carried: Carried, data: bytes) -> str | Outcome:
        content_type = mimetypes.guess_type(carried.file.name)[0] or "application/octet-stream"
        try:
            async with asyncio.timeout(SECONDS):
                media = await self._upload(carried.file, carried.kind, data, content_type)
        except RateLimited as fault:
            return Retry(fault.retry_after, str(fault), counts=False)
        except Misconfigured as fault:
            return Stopped(str(fault), fault.hint)
        except (Rejected, ReceiverGone, ValueError) as fault:
            return Refused(str(fault))
        except (VendorFault, TimeoutError) as fault:
            return Retry(SOON, str(fault) or "upload took too long")
        return media if _MEDIA_ID.fullmatch(media) else Refused("no media id")


class LimitedCarrying(Carrying):
    """The same over a sender with limits that all replicas keep."""

    def under(self, parcel: Parcel) -> Wanted[Parcel]:
        """The limits of the message; one with a file goes alone."""
        sender, carried = cast("Limited", self.sender), unpacked(parcel.body)
        if carried is None:
            return sender.under(parcel)
        wanted = sender.under(replace(parcel, body=carried.message))
        return replace(wanted, what=parcel, alike="", together=1)


class GatheringCarrying(LimitedCarrying):
    """The same over one that hands several parcels over in one call."""

    @property
    def together(self) -> int:
        """As the sender."""
        return cast("Gathering", self.sender).together

    def alike(self, parcel: Parcel) -> str:
        """Nothing is alike to a letter with a file."""
        return "" if unpacked(parcel.body) is not None else cast("Gathering", self.sender).alike(parcel)

    async def send_together(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        """Parcels that are alike have no files."""
        return await cast("Gathering", self.sender).send_together(parcels)


def carrying(sender: Sender, upload: Upload, folder: Path) -> Carrying:
    """The sender with files, as much of a sender as it was."""
    kinds = ((Gathering, GatheringCarrying), (Limited, LimitedCarrying))
    made = next((ours for protocol, ours in kinds if isinstance(sender, protocol)), Carrying)
    return made(sender, upload, folder)
