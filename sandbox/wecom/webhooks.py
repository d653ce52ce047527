"""Group robots (消息推送, page 91770): one way, by a key in the address, into one group."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.state import APP, World
from sandbox.wecom import content, limits
from sandbox.wecom.aibot.places import group_room
from sandbox.wecom.content import Content
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.flow import MINUTE, Flow
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import JsonObject, bad, needed, obj, text

CARDS = ("text_notice", "news_notice")
_MENTION = re.compile(r"<@([^<>]{1,64})>")


@dataclass(slots=True)
class Robot:
    """A robot in a group. What it has uploaded, nobody else can send."""

    chatid: str
    name: str = "群机器人"
    disabled: bool = False
    media: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Webhooks:
    """All group robots by their key."""

    world: World
    store: MediaStore
    flow: Flow
    robots: dict[str, Robot] = field(default_factory=dict)

    def send(self, query: Mapping[str, str], body: JsonObject) -> JsonObject:
        """webhook/send: 20 a minute, and failures count. Raises Refused (93000, 93004, 45009, 40008 …)."""
        robot = self._robot(query)
        name = f"webhook {query['key']}"
        self.flow.check_rate(name, limits.WEBHOOK_PER_MINUTE, MINUTE, self.world.seconds())
        said = self._read(robot, body)
        for userid in self.world.corp.group(robot.chatid).members:
            room = group_room(self.world, robot.chatid, userid)
            parts: dict[str, object] = {"text": said.text, "card": said.card, "media": said.media}
            message = self.world.message(APP, 0, said.kind, author=robot.name, state=said.state(), **parts)
            self.world.add(room, message)
        return {"errcode": 0, "errmsg": "ok"}

    def upload(self, query: Mapping[str, str], name: str, content_type: str, data: bytes) -> JsonObject:
        """webhook/upload_media: files and voice. Raises Refused (93000, 93004, 40004, 40006, 45007)."""
        robot = self._robot(query)
        kind = query.get("type", "")
        if kind not in ("file", "voice"):
            raise Refused(Code.BAD_MEDIA_TYPE, "type: file or voice")
        media = self.store.put(kind, name, content_type, data)
        robot.media.add(media.id)
        answer: JsonObject = {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media.id}
        return {**answer, "created_at": str(int(media.created))}

    def _robot(self, query: Mapping[str, str]) -> Robot:
        robot = self.robots.get(query.get("key", ""))
        if robot is None:
            raise Refused(Code.BAD_WEBHOOK)
        if robot.disabled:
            raise Refused(Code.WEBHOOK_DISABLED)
        return robot

    def _read(self, robot: Robot, body: JsonObject) -> Content:
        kind = text(body, "msgtype")
        part = obj(body, kind) or {}
        if kind == "text":
            return self._text(part)
        if kind in ("markdown", "markdown_v2"):
            return Content("markdown", self._named(_words(part, limits.WEBHOOK_MARKDOWN_BYTES)))
        if kind == "image":
            return self._image(part)
        if kind in ("file", "voice"):
            if needed(part, "media_id", f"{kind}.") not in robot.media:
                raise Refused(Code.BAD_MEDIA_ID, "not this robot's")
            return content.read(body, self.store)
        if kind == "template_card" and part.get("card_type") not in CARDS:
            raise bad("template_card.card_type", f"must be one of {list(CARDS)}")
        if kind in ("news", "template_card"):
            return content.read(body, self.store)
        raise Refused(Code.BAD_MSGTYPE, f"msgtype: {kind!r}")

    def _text(self, part: JsonObject) -> Content:
        """A text; mentions by mobile number reach nobody here, since members have none."""
        words = _words(part, limits.WEBHOOK_TEXT_BYTES)
        given = part.get("mentioned_list") or []
        if not isinstance(given, list):
            raise bad("text.mentioned_list", "must be a list")
        called = ["@所有人" if one == "@all" else self._named(f"<@{one}>") for one in given]
        return Content("text", " ".join([words, *called]))

    def _image(self, part: JsonObject) -> Content:
        try:
            data = base64.b64decode(needed(part, "base64", "image."), validate=True)
        except (ValueError, binascii.Error) as error:
            raise bad("image.base64", "no base64") from error
        if len(data) > limits.WEBHOOK_IMAGE_BYTES:
            raise Refused(Code.BAD_IMAGE_SIZE, f"{limits.WEBHOOK_IMAGE_BYTES} bytes are allowed")
        if hashlib.md5(data, usedforsecurity=False).hexdigest() != text(part, "md5").lower():
            raise Refused(Code.BAD_MD5)
        return Content("image", media=self.store.put("image", "图片.png", "image/png", data).view())

    def _named(self, words: str) -> str:
        def name(found: re.Match[str]) -> str:
            user = self.world.user(found.group(1))
            return f"@{user.name if user else found.group(1)}"

        return _MENTION.sub(name, words)


def _words(part: JsonObject, most: int) -> str:
    words = text(part, "content")
    if not words.strip():
        raise Refused(Code.EMPTY_TEXT)
    if len(words.encode()) > most:
        raise Refused(Code.TOO_LONG, f"{len(words.encode())} bytes, {most} are allowed")
    return words
