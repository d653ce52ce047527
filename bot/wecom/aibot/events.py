"""What the smart bot is told, as an Incoming [100719 messages, 101027 events].

As with the app's callback, whatever is genuine becomes something; only what nobody could act on is
Ignored. Nothing here is acknowledged to the platform, and nothing is repeated by it as far as is known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from bot.wecom.aibot.frames import EVENT, MESSAGE, Frame
from bot.wecom.events import PLATFORM, Ignored
from handlers.incoming import Attachment, Incoming, Kind

_MENTION: Final = re.compile(r"^\s*@\S+\s*")
_DEEPEST: Final = 4
Json = Mapping[str, Any]


def to_incoming(frame: Frame, app: str, now: datetime) -> Incoming | Ignored:
    """Read a callback frame. `app` is our name of the bot, `now` (aware UTC) stands in for a missing time.

    `sender` may be an opaque id that is in no address book, and its case matters. A group's conversation
    is its chatid. Never raises.
    """
    body = frame.body
    sender = _word(_part(body, "from"), "userid")
    chat_id, is_group = _word(body, "chatid"), _word(body, "chattype") == "group"
    if frame.cmd not in (MESSAGE, EVENT):
        return Ignored("no_callback")
    if not sender:
        return Ignored("no_sender")
    if is_group and not chat_id:
        return Ignored("no_chat")
    base = Incoming(
        platform=PLATFORM,
        app=app,
        conversation=chat_id if is_group else sender,
        sender=sender,
        kind=Kind.EVENT,
        delivery_id=_delivery_id(body),
        sent_at=_sent_at(body.get("create_time"), now),
        is_group=is_group,
    )
    return _event(frame, base) if frame.cmd == EVENT else _message(body, base)


def _delivery_id(body: Json) -> str:
    """The platform's msgid under the bot's id; of what has none, a hash of everything it says."""
    bot, message = _word(body, "aibotid"), _word(body, "msgid")
    if not message:
        everything = orjson.dumps(dict(body), option=orjson.OPT_SORT_KEYS)
        message = hashlib.sha256(everything).hexdigest()
    return f"{bot}:{message}"


def _sent_at(seconds: object, now: datetime) -> datetime:
    if not isinstance(seconds, int) or seconds <= 0:
        return now
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return now


def _event(frame: Frame, base: Incoming) -> Incoming | Ignored:
    name, inner = frame.event, _part(frame.body, "event")
    if not name:
        return Ignored("no_event_type")
    if name == "enter_chat":
        return replace(base, kind=Kind.ENTER, event=name)
    about = _part(inner, name)
    if name == "template_card_event":
        return replace(
            base,
            kind=Kind.ACTION,
            event=name,
            action=_word(about, "event_key"),
            card_id=_word(about, "task_id"),
            fields=_selected(about),
        )
    return replace(base, event=name, fields=_flat(about))


def _selected(about: Json) -> dict[str, tuple[str, ...]]:
    """Question key to the ids that were chosen."""
    chosen: dict[str, tuple[str, ...]] = {}
    for item in _items(_part(about, "selected_items"), "selected_item"):
        key = _word(item, "question_key")
        ids = _part(item, "option_ids").get("option_id")
        given = ids if isinstance(ids, list) else [ids]
        if key:
            chosen[key] = chosen.get(key, ()) + tuple(one for one in given if isinstance(one, str) and one)
    return chosen


def _flat(about: Json) -> dict[str, tuple[str, ...]]:
    """The event's own values by name; lists in order, nested objects left out."""
    flat: dict[str, tuple[str, ...]] = {}
    for name, value in about.items():
        given = value if isinstance(value, list) else [value]
        words = tuple(str(one) for one in given if isinstance(one, str | int | float) and one != "")
        if words:
            flat[name] = words
    return flat


def _message(body: Json, base: Incoming) -> Incoming | Ignored:
    msg_type = _word(body, "msgtype")
    if not msg_type:
        return Ignored("no_type")
    read = _MESSAGES.get(msg_type)
    if read is None:
        return replace(base, event=f"message.{msg_type}", fields=_flat(_part(body, msg_type)))
    quoted = "\n".join(_words(_part(body, "quote"), 0))
    return replace(read(body, base), quoted=quoted)


def _text(body: Json, base: Incoming) -> Incoming:
    return replace(base, kind=Kind.TEXT, text=_own_words(_word(_part(body, "text"), "content"), base))


def _voice(body: Json, base: Incoming) -> Incoming:
    """The platform has written down what was said: it is a text to us."""
    return replace(base, kind=Kind.TEXT, text=_word(_part(body, "voice"), "content").strip(), event="voice")


def _mixed(body: Json, base: Incoming) -> Incoming:
    """Texts and pictures in one message: a text with attachments, or pictures where no word was said."""
    texts = _own_words("\n".join(_words(body, 0)), base)
    items = list(_items(_part(body, "mixed"), "msg_item"))
    held = tuple(_attachment(item, Kind.IMAGE) for item in items if _word(item, "msgtype") == "image")
    return replace(base, kind=Kind.TEXT if texts or not held else Kind.IMAGE, text=texts, attachments=held)


def _file(kind: Kind) -> Callable[[Json, Incoming], Incoming]:
    def read(body: Json, base: Incoming) -> Incoming:
        return replace(base, kind=kind, attachments=(_attachment(body, kind),))

    return read


def _attachment(body: Json, kind: Kind) -> Attachment:
    """An encrypted file at an address that works for five minutes; its key is its own."""
    held = _part(body, kind.value)
    return Attachment(
        media_id="",
        kind=kind,
        name=_word(held, "filename") or _word(held, "name"),
        url=_word(held, "url"),
        aes_key=_word(held, "aeskey"),
    )


def _words(body: Json, depth: int) -> Iterator[str]:
    """The words of a message or of a quoted one, item by item."""
    msg_type = _word(body, "msgtype")
    if msg_type in ("text", "voice"):
        if words := _word(_part(body, msg_type), "content").strip():
            yield words
    elif msg_type == "mixed" and depth < _DEEPEST:
        for item in _items(_part(body, "mixed"), "msg_item"):
            yield from _words(item, depth + 1)


def _own_words(text: str, base: Incoming) -> str:
    """In a group every message begins with the mention of the bot."""
    return (_MENTION.sub("", text, count=1) if base.is_group else text).strip()


def _part(body: Json, name: str) -> Json:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _word(body: Json, name: str) -> str:
    word = body.get(name)
    return word if isinstance(word, str) else ""


def _items(body: Json, name: str) -> Iterator[Json]:
    items = body.get(name)
    given = items if isinstance(items, list) else [items]
    return (item for item in given if isinstance(item, dict))


_MESSAGES: Final[Mapping[str, Callable[[Json, Incoming], Incoming]]] = {
    "text": _text,
    "voice": _voice,
    "mixed": _mixed,
    "image": _file(Kind.IMAGE),
    "file": _file(Kind.FILE),
    "video": _file(Kind.VIDEO),
}
