"""Files: uploaded media that never expires, and what people send to a robot behind download codes.

Pages upload-media-files, download-the-file-content-of-the-robot-receiving-message.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser

from sandbox.dingtalk import limits
from sandbox.dingtalk.errors import Refused, old
from sandbox.dingtalk.shape import JsonObject
from sandbox.dingtalk.state import Space

SIZES = {
    "image": limits.IMAGE_BYTES,
    "voice": limits.VOICE_BYTES,
    "video": limits.FILE_BYTES,
    "file": limits.FILE_BYTES,
}
URL_LIFE = 3600.0  # not published; the link carries its end
_PARSER = BytesHeaderParser(policy=policy.HTTP)


@dataclass(frozen=True, slots=True)
class Media:
    """A file held by the platform. `robot_code` names the robot it was sent to, or ""."""

    id: str
    type: str
    name: str
    content_type: str
    data: bytes
    robot_code: str = ""

    def view(self) -> JsonObject:
        """What a page needs to show it."""
        return {"type": self.type, "name": self.name, "size": len(self.data), "media_id": self.id}


class MediaStore:
    """All files of the organisation."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._media: dict[str, Media] = {}
        self._codes: dict[str, Media] = {}
        self._links: dict[str, tuple[Media, float]] = {}

    def put(self, kind: str, name: str, content_type: str, data: bytes, robot_code: str = "") -> Media:
        """Keep a file. Raises Refused (40004 type, 40006 / 40009 size)."""
        if kind not in SIZES:
            raise old(40004, "不合法的媒体文件类型")
        if not data:
            raise old(40006, "不合法的文件大小")
        if len(data) > SIZES[kind]:
            raise old(40009 if kind == "image" else 40006, "不合法的文件大小")
        media = Media(f"@lAD{secrets.token_urlsafe(30)}", kind, name or kind, content_type, data, robot_code)
        self._media[media.id] = media
        return media

    def get(self, media_id: str) -> Media | None:
        """A file by its media id."""
        return self._media.get(media_id)

    def code_for(self, media: Media) -> str:
        """A download code, as robot messages carry it."""
        code = secrets.token_urlsafe(48)
        self._codes[code] = media
        return code

    def link(self, code: str, robot_code: str) -> str:
        """The key of a temporary link for a download code. Raises Refused."""
        media = self._codes.get(code)
        if media is None:
            raise Refused("invalidParameter.downloadCode.invalid", "downloadCode 无效")
        if media.robot_code != robot_code:
            raise Refused("invalidParameter.robotCode.auth", "robotCode 无权下载该文件")
        key = secrets.token_urlsafe(24)
        self._links[key] = (media, self._space.world.seconds() + URL_LIFE)
        return key

    def linked(self, key: str) -> Media | None:
        """The file behind a link that still lives."""
        media, end = self._links.get(key, (None, 0.0))
        return media if end > self._space.world.seconds() else None


def read_upload(content_type: str, raw: bytes) -> tuple[dict[str, str], tuple[str, str, bytes] | None]:
    """The text fields of a multipart body, and name, content type and bytes of its field `media`."""
    fields: dict[str, str] = {}
    found: tuple[str, str, bytes] | None = None
    boundary = _header(b"Content-Type: " + content_type.encode()).get_boundary()
    if not boundary:
        return fields, None
    for part in (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())[1:]:
        head, blank, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        if not blank:
            continue
        header = _header(head)
        name = header.get_param("name", header="content-disposition")
        if name == "media":
            found = (header.get_filename() or "media", header.get_content_type(), data)
        elif isinstance(name, str):
            fields[name] = data.decode("utf-8", "replace")
    return fields, found


def _header(lines: bytes) -> EmailMessage:
    found = _PARSER.parsebytes(lines + b"\r\n\r\n")
    return found if isinstance(found, EmailMessage) else EmailMessage()
