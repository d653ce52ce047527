"""Temporary media: upload, fetch, three days of life (page 96484)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from sandbox.state import World
from sandbox.wecom import amr, limits
from sandbox.wecom.call import Blob, Call
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject
from sandbox.wecom.uploading import read_upload

SIZES = {
    "image": limits.IMAGE_BYTES,
    "voice": limits.VOICE_BYTES,
    "video": limits.VIDEO_BYTES,
    "file": limits.FILE_BYTES,
}
# How the formats that are taken begin (page 96484): JPG, PNG; AMR. MP4 has a length before its mark.
_STARTS: dict[str, tuple[bytes, ...]] = {
    "image": (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"),
    "voice": (b"#!AMR",),
}
NAME_CHARS = 255
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/]')
_CONTENT_TYPE = re.compile(r"[\w.+\-]{1,60}/[\w.+\-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Media:
    """A file held by the platform. `created` is a Unix time."""

    id: str
    type: str
    name: str
    content_type: str
    data: bytes
    created: float

    def view(self) -> JsonObject:
        """What the page needs to show it."""
        shown = {"type": self.type, "name": self.name, "size": len(self.data), "url": f"/media/{self.id}"}
        return {**shown, "media_id": self.id}


class MediaStore:
    """All media of the organisation; its apps share them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._media: dict[str, Media] = {}

    def put(
        self, kind: str, name: str, content_type: str, data: bytes, *, least: int = limits.MEDIA_MIN_BYTES + 1
    ) -> Media:
        """Keep a file of `least` bytes or more. Raises Refused (40004 type, 40006 / 40009 size, 45007)."""
        if kind not in SIZES:
            raise Refused(Code.BAD_MEDIA_TYPE, "type: image, voice, video or file")
        if len(data) < least:
            raise Refused(Code.BAD_MEDIA_SIZE, f"{least} bytes or more are needed")
        if len(data) > SIZES[kind]:
            code = Code.BAD_IMAGE_SIZE if kind == "image" else Code.BAD_MEDIA_SIZE
            raise Refused(code, f"{len(data)} bytes, {SIZES[kind]} are allowed")
        if not data.startswith(_STARTS.get(kind, (b"",))) or (kind == "video" and data[4:8] != b"ftyp"):
            raise Refused(Code.BAD_MEDIA_TYPE, f"the file is no {kind} in a format that is taken")
        if kind == "voice" and amr.seconds(data) > limits.VOICE_SECONDS:
            raise Refused(Code.VOICE_TOO_LONG, f"{limits.VOICE_SECONDS} seconds are allowed")
        media_id, clean = secrets.token_urlsafe(40), _UNSAFE.sub("_", name)[:NAME_CHARS] or kind
        declared = content_type if _CONTENT_TYPE.fullmatch(content_type) else "application/octet-stream"
        media = Media(media_id, kind, clean, declared, data, self._world.seconds())
        self._media[media.id] = media
        return media

    def upload(self, call: Call) -> JsonObject:
        """media/upload. Raises Refused (41005, and as `put`)."""
        found = read_upload(call.request.headers.get("Content-Type", ""), call.raw)
        media = self.put(call.query.get("type", ""), *found)
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "type": media.type, "media_id": media.id}
        return {**answer, "created_at": str(int(media.created))}

    def fetch(self, call: Call) -> Blob:
        """media/get. Raises Refused (40007)."""
        media = self.get(call.query.get("media_id", ""))
        return Blob(media.data, media.content_type, media.name)

    def get(self, media_id: str, kind: str | None = None) -> Media:
        """A file that still lives. Raises Refused (40007)."""
        media = self._media.get(media_id)
        if media is None or media.created + limits.MEDIA_LIFE <= self._world.seconds():
            raise Refused(Code.BAD_MEDIA_ID, "unknown or older than three days")
        if kind is not None and media.type != kind:
            raise Refused(Code.BAD_MEDIA_ID, f"is a {media.type}, not a {kind}")
        return media
