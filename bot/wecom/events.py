"""What the platform tells us, as an Incoming [90239 messages, 90240 events].

Whatever is genuine becomes something: an event that we do not know is an event all the same, and it is
for the dispatcher to shrug. Only what nobody could act on is Ignored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from bot.wecom.quotes import split_quote
from bot.wecom.xml import Element, parse
from handlers.incoming import Attachment, Incoming, Kind, Place

PLATFORM: Final = "wecom"
_CARD_EVENTS: Final = frozenset({"template_card_event", "template_card_menu_event"})
_FLOODS: Final = frozenset({"location"})
_COMMON: Final = frozenset({"ToUserName", "FromUserName", "CreateTime", "MsgType", "AgentID", "Event"})


@dataclass(frozen=True, slots=True)
class Ignored:
    """Genuine, yet nothing to act on. `reason` is one constant word."""

    reason: str


def to_incoming(inner: bytes, app: str, now: datetime) -> Incoming | Ignored:
    """Read the decrypted XML. `app` is our name of the app, `now` stands in for a missing time.

    Raises BadXml when it is not the platform's XML.
    """
    root = parse(inner)
    sender, msg_type = root.get("FromUserName"), root.get("MsgType").lower()
    if not sender or not msg_type:
        return Ignored("no_sender" if msg_type else "no_type")
    base = Incoming(
        platform=PLATFORM,
        app=app,
        conversation=sender,
        sender=sender,
        kind=Kind.EVENT,
        delivery_id=_delivery_id(root, inner),
        sent_at=_sent_at(root.get("CreateTime"), now),
    )
    if msg_type == "event":
        return _event(root, base)
    read = _MESSAGES.get(msg_type)
    return read(root, base) if read else replace(base, event=f"message.{msg_type}", fields=_flat(root))


def _delivery_id(root: Element, inner: bytes) -> str:
    """The same for a repeated delivery, different for any two real ones.

    MsgIds have been seen twice with different senders. Events have none, and two of them in the same
    second are common, so the page's advice (sender and time) would lose one: a repeat carries the same
    plaintext, which is hashed instead.
    """
    corp, agent, msg_id = root.get("ToUserName"), root.get("AgentID"), root.get("MsgId")
    if msg_id and root.get("MsgType").lower() != "event":
        return f"{corp}:{agent}:{msg_id}:{root.get('FromUserName')}"
    return f"{corp}:{agent}:{hashlib.sha256(inner).hexdigest()}"


def _sent_at(seconds: str, now: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return now


def _event(root: Element, base: Incoming) -> Incoming | Ignored:
    name = root.get("Event").lower()
    if name in _FLOODS:
        return Ignored("location_report")
    if name == "enter_agent":
        return replace(base, kind=Kind.ENTER, event=name)
    if name in _CARD_EVENTS:
        return replace(
            base,
            kind=Kind.ACTION,
            event=name,
            action=root.get("EventKey"),
            card_id=root.get("TaskId"),
            response_code=root.get("ResponseCode"),
            fields=_selected(root),
        )
    if name == "click":
        return replace(base, kind=Kind.ACTION, event=name, action=root.get("EventKey"))
    return replace(base, event=name, fields=_flat(root))


def _selected(root: Element) -> dict[str, tuple[str, ...]]:
    """Question key to the ids that were chosen."""
    chosen: dict[str, tuple[str, ...]] = {}
    for item in root.each("SelectedItems", "SelectedItem"):
        key = item.get("QuestionKey")
        if key:
            ids = tuple(option.text for option in item.each("OptionIds", "OptionId") if option.text)
            chosen[key] = chosen.get(key, ()) + ids
    return chosen


def _flat(root: Element) -> dict[str, tuple[str, ...]]:
    """Every value by its dotted path below the root, the common ones left out, repeats in order."""
    flat: dict[str, tuple[str, ...]] = {}
    for path, value in root.leaves():
        if path not in _COMMON and value:
            flat[path] = (*flat.get(path, ()), value)
    return flat


def _text(root: Element, base: Incoming) -> Incoming:
    quoted, text = split_quote(root.get("Content"))
    return replace(base, kind=Kind.TEXT, text=text, quoted=quoted)


def _file(kind: Kind) -> Callable[[Element, Incoming], Incoming]:
    def read(root: Element, base: Incoming) -> Incoming:
        held = Attachment(
            media_id=root.get("MediaId"),
            kind=kind,
            name=root.get("FileName") or root.get("Title") or _voice_name(root),
            url=root.get("PicUrl"),
        )
        return replace(base, kind=kind, attachments=(held,))

    return read


def _voice_name(root: Element) -> str:
    """A name that shows the format of a recording: the platform gives amr or speex, and no name."""
    form = root.get("Format").lower()
    return f"voice.{form}" if form.isalnum() else ""


def _location(root: Element, base: Incoming) -> Incoming:
    """Location_X is the latitude [90239]."""
    label = root.get("Label")
    try:
        place = Place(float(root.get("Location_X")), float(root.get("Location_Y")), label)
    except ValueError:
        return replace(base, kind=Kind.LOCATION, text=label)
    return replace(base, kind=Kind.LOCATION, text=label, place=place)


def _link(root: Element, base: Incoming) -> Incoming:
    """A shared page: its title as text, its address as attachment."""
    shared = Attachment(media_id="", kind=Kind.LINK, name=root.get("Title"), url=root.get("Url"))
    words = "\n".join(part for part in (root.get("Title"), root.get("Description")) if part)
    return replace(base, kind=Kind.LINK, text=words, attachments=(shared,))


_MESSAGES: Final[dict[str, Callable[[Element, Incoming], Incoming]]] = {
    "text": _text,
    "image": _file(Kind.IMAGE),
    "voice": _file(Kind.VOICE),
    "video": _file(Kind.VIDEO),
    "file": _file(Kind.FILE),
    "location": _location,
    "link": _link,
}
