"""Putting a file on the platform, in chunks over the connection [101463]."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.errors import RateLimited, Rejected, Unreachable
from bot.timing import Timing
from bot.wecom.aibot import limits
from bot.wecom.aibot.answering import Requests
from bot.wecom.aibot.frames import UPLOAD_CHUNK, UPLOAD_FINISH, UPLOAD_INIT
from bot.wecom.aibot.pauses import backoff
from bot.wecom.limits import MEDIA_MAX_BYTES
from bot.wecom.pace import Pace
from cards.fit import cut_bytes
from handlers.incoming import Kind

_KINDS: Final = frozenset({Kind.IMAGE, Kind.VOICE, Kind.VIDEO, Kind.FILE})


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """A file to upload: its kind, the name that people see, and its content."""

    kind: Kind
    name: str
    data: bytes


class Uploads:
    """Uploads files of one bot, within its rate. `clock` gives aware UTC."""

    def __init__(self, connection: Requests, timing: Timing, clock: Callable[[], datetime]) -> None:
        self._connection = connection
        self._timing = timing
        self._pace = Pace(clock, limits.UPLOADS_PER_MINUTE, limits.UPLOADS_PER_HOUR)

    async def upload(self, file: Upload) -> str:
        """The media id, good for three days and this bot.

        Raises ValueError for a kind, size or name that the platform does not take, and VendorFault.
        """
        _check(file)
        wait = self._pace.take("")
        if wait:
            raise RateLimited(UPLOAD_INIT, retry_after=wait)
        chunks = range(0, len(file.data), limits.CHUNK_BYTES)
        begun = await self._ask(
            UPLOAD_INIT,
            {
                "type": file.kind.value,
                "filename": cut_bytes(file.name, limits.FILE_NAME_BYTES, ""),
                "total_size": len(file.data),
                "total_chunks": len(chunks),
                "md5": hashlib.md5(file.data, usedforsecurity=False).hexdigest(),
            },
        )
        upload_id = _given(begun, "upload_id", UPLOAD_INIT)
        for index, start in enumerate(chunks):
            part = b64encode(file.data[start : start + limits.CHUNK_BYTES]).decode("ascii")
            body = {"upload_id": upload_id, "chunk_index": index, "base64_data": part}
            await self._ask(UPLOAD_CHUNK, body)
        return _given(await self._ask(UPLOAD_FINISH, {"upload_id": upload_id}), "media_id", UPLOAD_FINISH)

    async def _ask(self, cmd: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """One step, again over the next connection where this one is lost: a repeat changes nothing."""
        for failures in range(1, limits.CHUNK_TRIES):
            try:
                return await self._step(cmd, body)
            except Unreachable:
                await self._timing.sleep(backoff(self._timing, failures))
        return await self._step(cmd, body)

    async def _step(self, cmd: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        await self._connection.ready(limits.UPLOAD_TIMEOUT)
        return await self._connection.request(cmd, body, patience=limits.UPLOAD_TIMEOUT)


def _check(file: Upload) -> None:
    if file.kind not in _KINDS:
        raise ValueError("only images, voices, videos and files are uploaded")
    most = min(MEDIA_MAX_BYTES[file.kind.value], limits.CHUNK_BYTES * limits.CHUNKS)
    if not limits.UPLOAD_MIN_BYTES <= len(file.data) <= most:
        raise ValueError(f"a {file.kind.value} has {limits.UPLOAD_MIN_BYTES} to {most} bytes")
    if not file.name:
        raise ValueError("a file has a name")


def _given(answer: Mapping[str, Any], name: str, cmd: str) -> str:
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise Rejected(cmd)
    return value
