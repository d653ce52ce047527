"""An `Incoming` as JSON, for the inbox, and back for a replay."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from handlers.incoming import Attachment, Incoming, Kind, Place


def to_json(incoming: Incoming) -> dict[str, Any]:
    """The whole message as plain values; empty ones are left out."""
    values = {name: v for name in _PLAIN if (v := getattr(incoming, name)) not in _EMPTY}
    if incoming.attachments:
        values["attachments"] = [asdict(one) for one in incoming.attachments]
    if incoming.place is not None:
        values["place"] = asdict(incoming.place)
    values["sent_at"] = incoming.sent_at.isoformat()
    values["kind"] = incoming.kind.value
    if incoming.reply_until is not None:
        values["reply_until"] = incoming.reply_until.isoformat()
    if incoming.fields:
        values["fields"] = {k: list(v) for k, v in incoming.fields.items()}
    return values


def from_json(values: dict[str, Any]) -> Incoming:
    """The message again."""
    place = values.get("place")
    until = values.get("reply_until")
    return Incoming(
        **{**dict.fromkeys(_NEEDED, ""), **{k: v for k, v in values.items() if k not in _SHAPED}},
        kind=Kind(values["kind"]),
        sent_at=datetime.fromisoformat(values["sent_at"]),
        fields={k: tuple(v) for k, v in values.get("fields", {}).items()},
        attachments=tuple(
            Attachment(**{**a, "kind": Kind(a["kind"])}) for a in values.get("attachments", ())
        ),
        place=Place(**place) if place else None,
        reply_until=datetime.fromisoformat(until) if until else None,
    )


_NEEDED = ("app", "conversation", "sender", "delivery_id")  # left out by `to_json` where empty
_SHAPED = frozenset({"kind", "sent_at", "fields", "attachments", "place", "reply_until"})
_PLAIN = tuple(one.name for one in fields(Incoming) if one.name not in _SHAPED)
_EMPTY = ("", False)
