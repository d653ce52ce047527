"""What a bot may say besides streams: markdown, cards, files, and the text of a welcome (101031, 101463)."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.wecom.aibot import cards, limits
from sandbox.wecom.aibot.frames import inside, present
from sandbox.wecom.content import Content
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import JsonObject, bad, cut_bytes, text

FILES = frozenset({"file", "image", "voice", "video"})
ANSWERS = FILES | {"markdown", "template_card"}
LATER = frozenset({"markdown", "template_card"})
WELCOMES = frozenset({"text", "template_card"})


def read(body: JsonObject, store: MediaStore, allowed: frozenset[str]) -> Content:
    """Check the part that msgtype names. Raises Refused (40008 for a msgtype that is not `allowed`)."""
    kind = present(body, "body.msgtype")
    if kind not in allowed:
        raise Refused(Code.BAD_MSGTYPE, f"msgtype: {kind!r}")
    if kind in FILES:
        return _file(kind, body, store)
    return _READERS[kind](inside(body, kind))


def _text(part: JsonObject) -> Content:
    return Content("text", _words(present(part, "body.text.content")))


def _markdown(part: JsonObject) -> Content:
    words = _words(present(part, "body.markdown.content"))
    if len(words.encode()) > limits.MARKDOWN_BYTES:
        raise bad("markdown.content", f"{len(words.encode())} bytes, {limits.MARKDOWN_BYTES} are allowed")
    cards.check_feedback(part)
    return Content("markdown", words)


def _template_card(part: JsonObject) -> Content:
    cards.check(part)
    return Content("card", raw=part, card=cards.drawn(part))


def _file(kind: str, body: JsonObject, store: MediaStore) -> Content:
    part = inside(body, kind) if body.get(kind) else {}
    media = store.get(present(part, f"body.{kind}.media_id"), kind)
    title = cut_bytes(text(part, "title", f"{kind}."), limits.VIDEO_TITLE_BYTES)
    shown = "file" if kind == "video" else kind
    return Content(shown, title or (media.name if shown == "file" else ""), media=media.view())


def _words(words: str) -> str:
    if not words.strip():
        raise Refused(Code.EMPTY_TEXT)
    return words


_READERS: dict[str, Callable[[JsonObject], Content]] = {
    "text": _text,
    "markdown": _markdown,
    "template_card": _template_card,
}
