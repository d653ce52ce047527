"""What a browser tab asks for, read strictly."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime

import orjson

from sandbox.presets import preset
from sandbox.wecom.shape import JsonObject

_NAMES = {"image": "照片.png", "voice": "语音.amr", "file": "文件", "video": "视频.mp4"}
_TYPES = {
    "image": "image/png",
    "voice": "audio/amr",
    "file": "application/octet-stream",
    "video": "video/mp4",
}


class BadAsk(ValueError):
    """The page asked for something that cannot be; says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One frame from the page."""

    type: str
    fields: JsonObject

    @classmethod
    def read(cls, frame: str) -> Ask:
        """Parse a frame. Raises BadAsk."""
        try:
            fields = orjson.loads(frame)
        except orjson.JSONDecodeError as error:
            raise BadAsk("请求不是 JSON") from error
        if not isinstance(fields, dict) or not isinstance(fields.get("type"), str):
            raise BadAsk("请求缺少 type")
        return cls(fields["type"], fields)

    def get(self, name: str) -> object:
        """A field, or None."""
        return self.fields.get(name)

    def selected(self) -> dict[str, list[str]]:
        """The choices of a form: question key to option ids; a single id counts as a list of one."""
        value = self.fields.get("selected") or {}
        if not isinstance(value, dict):
            raise BadAsk("selected 的格式不对")
        return {str(name): _ids(ids) for name, ids in value.items()}

    def beside(self) -> set[str]:
        """The keys of the chats that stay open beside the one that is opened."""
        value = self.fields.get("beside") or []
        if not isinstance(value, list):
            raise BadAsk("beside 的格式不对")
        return {str(one) for one in value}


def words(ask: Ask, name: str) -> str:
    """A text; absent is "". Raises BadAsk."""
    value = ask.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadAsk(f"{name} 应为文字")
    return value


def media_of(ask: Ask, kind: str) -> tuple[str, str, bytes]:
    """Name, content type and bytes; `data` is base64 or a data: URL. Raises BadAsk."""
    head, comma, data = words(ask, "data").rpartition(",")
    try:
        found = base64.b64decode(data, validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadAsk("文件内容不是 base64") from error
    declared = head.removeprefix("data:").removesuffix(";base64") if comma else ""
    return words(ask, "name") or _NAMES[kind], declared or _TYPES[kind], found


def location(ask: Ask) -> tuple[float, float, str]:
    """Latitude, longitude, label. Raises BadAsk."""
    lat, lng = ask.get("lat"), ask.get("lng")
    if not isinstance(lat, int | float) or not isinstance(lng, int | float):
        raise BadAsk("位置需要经纬度")
    if not (-90 <= lat <= 90 and -180 <= lng <= 180):
        raise BadAsk("经纬度超出范围")
    return float(lat), float(lng), words(ask, "label")


def moment(ask: Ask, now: datetime) -> datetime:
    """Where to jump: a preset or an ISO time with its zone. Raises BadAsk."""
    if name := words(ask, "preset"):
        try:
            return preset(name, now)
        except KeyError as error:
            raise BadAsk("没有这个快进选项") from error
    try:
        to = datetime.fromisoformat(words(ask, "to"))
    except ValueError as error:
        raise BadAsk("时间格式不对，例如 2026-03-05T09:30:00+08:00") from error
    if to.tzinfo is None:
        raise BadAsk("时间需要带时区，例如 2026-03-05T09:30:00+08:00")
    return to


def _ids(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
