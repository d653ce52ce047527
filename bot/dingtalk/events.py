"""What DingTalk tells us, as an Incoming [receive-message, event-callback-card, protocol].

The bodies are the same over Stream and over HTTP. Whatever is genuine becomes something: what we do not
know is an event, and it is for the dispatcher to shrug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.dingtalk.forms import chosen, pressed
from handlers.incoming import Attachment, Incoming, Kind

PLATFORM: Final = "dingtalk"
OVER_QUOTA: Final = "message.over_quota"
"""The event of a message that came without its content: the organisation's pushes are used up."""
GROUP: Final = "2"
OUTSIDE: Final = "outside:"
"""Stands before the sender where he has no userId: he is outside the organisation, or the robot is not
published. Nothing can be sent to him but the answer to his message."""

Body = Mapping[str, Any]


class NotUnderstood(ValueError):
    """Genuine, but not the shape that the platform's pages promise."""


def message(body: Body, app: str, now: datetime) -> Incoming:
    """A message to the robot. `app` is our name of the app. Raises NotUnderstood.

    A single chat is named by its sender, not by its conversationId: a pressed card tells only who pressed
    it, and what is asked there must be answered here.
    """
    delivery = _text(body, "msgId")
    if not delivery:
        raise NotUnderstood("no msgId")
    sender = _sender(body)
    is_group = _text(body, "conversationType") == GROUP
    base = Incoming(
        platform=PLATFORM,
        app=app,
        conversation=_text(body, "conversationId") if is_group else sender,
        sender=sender,
        kind=Kind.EVENT,
        delivery_id=delivery,
        sent_at=_moment(body.get("createAt")) or now,
        is_group=is_group,
        reply_url=_text(body, "sessionWebhook"),
        reply_until=_moment(body.get("sessionWebhookExpiredTime")),
    )
    if _text(body, "errorCode"):
        return replace(base, event=OVER_QUOTA, fields={"errorCode": (_text(body, "errorCode"),)})
    name = _text(body, "msgtype")
    read = _MESSAGES.get(name)
    return read(body, base) if read else replace(base, event=f"message.{name or 'unknown'}")


def card(body: Body, app: str, delivery_id: str, now: datetime) -> Incoming:
    """A pressed button or a submitted form. Raises NotUnderstood."""
    user = _text(body, "userId")
    if not user or not delivery_id:
        raise NotUnderstood("no userId")
    params = pressed(body)
    if params is None:
        raise NotUnderstood("no params")
    action, fields = chosen(params)
    return Incoming(
        platform=PLATFORM,
        app=app,
        conversation=user,
        sender=user,
        kind=Kind.ACTION,
        delivery_id=f"card:{delivery_id}",
        sent_at=now,
        action=action,
        fields=fields,
        card_id=_text(body, "outTrackId"),
        event="card",
    )


def event(name: str, event_id: str, born: object, data: Body, app: str, now: datetime) -> Incoming:
    """A subscribed event, its values flat in `fields`. `born` is milliseconds. Raises NotUnderstood."""
    if not name or not event_id:
        raise NotUnderstood("no event id")
    flat = _flat(data)
    who = next((flat[key][0] for key in ("userId", "userid", "staffId", "UserId") if key in flat), "")
    return Incoming(
        platform=PLATFORM,
        app=app,
        conversation=who or name,
        sender=who,
        kind=Kind.EVENT,
        delivery_id=event_id,
        sent_at=_moment(born) or now,
        event=name,
        fields=flat,
    )


def _sender(body: Body) -> str:
    """The userId; outsiders and users of an unpublished robot have none, only ids that reach nobody."""
    staff = _text(body, "senderStaffId")
    other = _text(body, "senderUnionId") or _text(body, "senderId")
    if not staff and not other:
        raise NotUnderstood("no sender")
    return staff or f"{OUTSIDE}{other}"


def _said(body: Body, base: Incoming) -> Incoming:
    """A blank is left where the mention of the robot was taken out."""
    return replace(base, kind=Kind.TEXT, text=_text(_inner(body, "text"), "content").strip())


def _rich(body: Body, base: Incoming) -> Incoming:
    """Words and pictures together; without words it is a picture."""
    listed = _inner(body, "content").get("richText")
    parts = [part for part in listed if isinstance(part, dict)] if isinstance(listed, list) else []
    words = "".join(_text(part, "text") for part in parts).strip()
    pictures = tuple(_attachment(part, Kind.IMAGE) for part in parts if _code(part))
    kind = Kind.TEXT if words or not pictures else Kind.IMAGE
    return replace(base, kind=kind, text=words, attachments=pictures)


def _file(kind: Kind) -> Callable[[Body, Incoming], Incoming]:
    def read(body: Body, base: Incoming) -> Incoming:
        content = _inner(body, "content")
        return replace(base, kind=kind, attachments=(_attachment(content, kind),))

    return read


def _spoken(body: Body, base: Incoming) -> Incoming:
    """A recording; the platform has written down what was said."""
    content = _inner(body, "content")
    words = _text(content, "recognition").strip()
    return replace(base, kind=Kind.VOICE, text=words, attachments=(_attachment(content, Kind.VOICE),))


_MESSAGES: Final[dict[str, Callable[[Body, Incoming], Incoming]]] = {
    "text": _said,
    "richText": _rich,
    "picture": _file(Kind.IMAGE),
    "audio": _spoken,
    "video": _file(Kind.VIDEO),
    "file": _file(Kind.FILE),
}


def _attachment(content: Body, kind: Kind) -> Attachment:
    suffix = _text(content, "videoType")
    name = _text(content, "fileName") or (f"video.{suffix}" if suffix.isalnum() else "")
    return Attachment(media_id=_code(content), kind=kind, name=name)


def _code(content: Body) -> str:
    return _text(content, "downloadCode") or _text(content, "pictureDownloadCode")


def _inner(body: Body, name: str) -> Body:
    inner = body.get(name)
    return inner if isinstance(inner, dict) else {}


def _text(body: Body, name: str) -> str:
    """A text without NUL, which no database takes."""
    value = body.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    """Milliseconds since 1970, a number or digits, as aware UTC."""
    try:
        return datetime.fromtimestamp(int(value) / 1000, UTC) if isinstance(value, int | str) else None
    except (ValueError, OverflowError, OSError):
        return None


_DEEPEST: Final = 6


def _flat(data: Body) -> dict[str, tuple[str, ...]]:
    """Every value by its dotted path, repeats in order."""
    found: dict[str, tuple[str, ...]] = {}
    for path, value in _leaves(data, "", _DEEPEST):
        found[path] = (*found.get(path, ()), value)
    return found


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth < 0:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            key = str(name).replace("\0", "")
            yield from _leaves(inner, f"{path}.{key}" if path else key, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth - 1)
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif value is not None and value != "":
        yield path, str(value).replace("\0", "")
