"""A file in chunks over the long connection (page 101463): begin, chunks in any order, finish."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import secrets
from dataclasses import dataclass, field

from sandbox.company import SmartBot
from sandbox.state import World
from sandbox.wecom.aibot import limits
from sandbox.wecom.aibot.flow import Sliding
from sandbox.wecom.aibot.frames import Frame, present
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.media import SIZES, MediaStore
from sandbox.wecom.shape import JsonObject, bad, needed, text


@dataclass(slots=True)
class _Upload:
    bot_id: str
    kind: str
    name: str
    size: int
    chunks: int
    md5: str
    begun: float
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    """All uploads under way."""

    def __init__(self, world: World, media: MediaStore) -> None:
        self._world, self._media = world, media
        self._uploads: dict[str, _Upload] = {}
        self._rate = Sliding(limits.UPLOADS_PER_MINUTE, limits.UPLOADS_PER_HOUR)

    def begin(self, bot: SmartBot, frame: Frame) -> JsonObject:
        """`aibot_upload_media_init`. Raises Refused (40004, 40006, 40058, 45009)."""
        body = frame.body
        kind, name = present(body, "body.type"), present(body, "body.filename")
        if kind not in SIZES:
            raise Refused(Code.BAD_MEDIA_TYPE, "type: file, image, voice or video")
        if not 0 < len(name.encode()) <= limits.UPLOAD_NAME_BYTES:
            raise bad("filename", f"1 to {limits.UPLOAD_NAME_BYTES} bytes are allowed")
        chunks = _whole(body, "total_chunks", 1, limits.UPLOAD_CHUNKS)
        size = _whole(body, "total_size", 0, limits.UPLOAD_CHUNKS * limits.UPLOAD_CHUNK_BYTES)
        low, high = limits.UPLOAD_MIN_BYTES, SIZES[kind]
        if not low <= size <= high:
            raise Refused(Code.BAD_MEDIA_SIZE, f"total_size: {low} to {high} bytes")
        if size > chunks * limits.UPLOAD_CHUNK_BYTES:
            raise bad("total_chunks", "too few for total_size")
        self._rate.count(bot.bot_id, self._world.seconds())
        upload_id, md5 = secrets.token_hex(16), text(body, "md5").lower()
        self._uploads[upload_id] = _Upload(bot.bot_id, kind, name, size, chunks, md5, self._world.seconds())
        return {"upload_id": upload_id}

    def chunk(self, bot: SmartBot, frame: Frame) -> None:
        """`aibot_upload_media_chunk`; the same one may come again. Raises Refused (40058)."""
        upload = self._upload(bot, frame.body)
        index = _whole(frame.body, "chunk_index", 0, upload.chunks - 1)
        try:
            data = base64.b64decode(needed(frame.body, "base64_data"), validate=True)
        except (ValueError, binascii.Error) as error:
            raise bad("base64_data", "is no base64") from error
        if len(data) > limits.UPLOAD_CHUNK_BYTES:
            raise bad("base64_data", f"{len(data)} bytes, {limits.UPLOAD_CHUNK_BYTES} are allowed")
        upload.parts[index] = data

    def finish(self, bot: SmartBot, frame: Frame) -> JsonObject:
        """`aibot_upload_media_finish`. Raises Refused (40058, and what the media store raises)."""
        upload = self._upload(bot, frame.body)
        if missing := set(range(upload.chunks)) - set(upload.parts):
            raise bad("chunk_index", f"{len(missing)} chunks are missing, the first is {min(missing)}")
        data = b"".join(upload.parts[index] for index in range(upload.chunks))
        if len(data) != upload.size:
            raise bad("total_size", f"{len(data)} bytes came, {upload.size} were announced")
        if upload.md5 and hashlib.md5(data).hexdigest() != upload.md5:  # noqa: S324 (the vendor's choice)
            raise bad("md5", "does not fit the data")
        declared = mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        least = limits.UPLOAD_MIN_BYTES
        media = self._media.put(upload.kind, upload.name, declared, data, least=least)
        del self._uploads[text(frame.body, "upload_id")]
        return {"type": media.type, "media_id": media.id, "created_at": int(media.created)}

    def _upload(self, bot: SmartBot, body: JsonObject) -> _Upload:
        upload = self._uploads.get(present(body, "body.upload_id"))
        if upload is None or upload.bot_id != bot.bot_id:
            raise bad("upload_id", "unknown")
        if self._world.seconds() - upload.begun > limits.UPLOAD_LIFE:
            raise bad("upload_id", f"begun more than {limits.UPLOAD_LIFE} s ago")
        return upload


def _whole(body: JsonObject, name: str, low: int, high: int) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise bad(name, f"must be {low} to {high}")
    return value
